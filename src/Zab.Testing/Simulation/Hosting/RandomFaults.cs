using Zab.Core.Primitives;

namespace Zab.Testing.Simulation.Hosting;

/// <summary>Faults by chance, of the kinds that happen to every ensemble; nothing that was written is
/// lost.</summary>
/// <remarks>Half of them strike the leader. A fault may begin before the one before it is mended, so a
/// majority can be gone for some time; everything is mended again and again.</remarks>
internal sealed class RandomFaults(EnsembleHost host)
{
    private readonly List<SimulatedFaults> _kinds = [];
    private IEnumerator<long>? _steps;

    private World World => host.World;

    private Prng Prng => host.Prng;

    /// <summary>Begins.</summary>
    public void Start(SimulatedFaults kinds)
    {
        _kinds.Clear();
        _kinds.AddRange(Enum.GetValues<SimulatedFaults>().Where(
            kind => System.Numerics.BitOperations.IsPow2((int)kind) && kinds.HasFlag(kind)));
        if (_kinds.Count > 0)
        {
            _steps = Steps().GetEnumerator();
            Next(_steps);
        }
    }

    /// <summary>Ends, and mends everything.</summary>
    public void Stop()
    {
        _steps = null;
        Mend();
    }

    private void Next(IEnumerator<long> steps)
    {
        if (steps == _steps && steps.MoveNext())
        {
            World.PlanClient(steps.Current, new Action(() => Next(steps)));
        }
    }

    private IEnumerable<long> Steps()
    {
        while (true)
        {
            yield return Ms(200, 6_000);
            foreach (long wait in StepsOf(_kinds[Prng.Below(_kinds.Count)]))
            {
                yield return wait;
            }

            if (Prng.OneIn(2))
            {
                Mend();
                yield return Ms(1_000, 15_000);
            }
        }
    }

    private IEnumerable<long> StepsOf(SimulatedFaults kind) => kind switch
    {
        SimulatedFaults.Crashes => Crashes(),
        SimulatedFaults.Partitions => Partitions(),
        SimulatedFaults.Pauses => Pauses(),
        SimulatedFaults.SlowDisks => SlowDisks(),
        SimulatedFaults.None or SimulatedFaults.All or _ => [],
    };

    private IEnumerable<long> Crashes()
    {
        if (Prng.OneIn(8))
        {
            host.Note("the power of all fails");
            foreach (SimulatedServer server in World.Servers)
            {
                Crash(server);
            }

            yield return Ms(10, 5_000);
            foreach (SimulatedServer server in World.Servers)
            {
                StartIfDown(server);
                yield return Ms(0, 1_000);
            }

            yield break;
        }

        SimulatedServer victim = Victim();
        Crash(victim);
        yield return Prng.OneIn(2) ? Ms(50, 1_000) : Ms(1_000, 20_000);
        if (!Prng.OneIn(3))
        {
            StartIfDown(victim);
            yield return Ms(0, 3_000);
        }
    }

    private IEnumerable<long> Partitions()
    {
        SimulatedServer victim = Victim();
        int way = Prng.Below(4);
        foreach (SimulatedServer other in World.Servers)
        {
            if (other == victim)
            {
                continue;
            }

            if (way == 0)
            {
                host.Do(victim, $"is not heard by {other.Id}", from => World.CutOneWay(from, other));
            }
            else if (way == 1)
            {
                host.Do(victim, $"does not hear {other.Id}", to => World.CutOneWay(other, to));
            }
            else
            {
                bool noticed = way == 2;
                host.Do(victim, $"is cut off from {other.Id}", one => World.Cut(one, other, noticed));
            }
        }

        yield return Ms(200, 20_000);
        if (!Prng.OneIn(4))
        {
            host.Note("the network is healed");
            _ = host.Enter(HealNetwork);
        }
    }

    private IEnumerable<long> Pauses()
    {
        SimulatedServer victim = Victim();
        host.Do(victim, "stands still", server => World.Pause(server, inTurn: Prng.OneIn(2)));
        yield return Prng.OneIn(2) ? Ms(50, 2_000) : Ms(2_000, 30_000);
        host.Do(victim, "goes on", World.Resume);
    }

    private IEnumerable<long> SlowDisks()
    {
        SimulatedServer victim = Victim();
        host.Do(victim, "has a slow disk", server => server.FlushUs = (20_000, 1_000_000));
        yield return Ms(1_000, 20_000);
        host.Do(victim, "has a fast disk", server => server.FlushUs = World.Settings.FlushUs);
    }

    private long Ms(int min, int max) => (min + Prng.Below(max - min + 1)) * 1_000L;

    private SimulatedServer Victim() =>
        Prng.OneIn(2) && World.Leader is { } leader ? leader : World[1 + Prng.Below(World.Servers.Count)];

    private void Crash(SimulatedServer server)
    {
        if (server.Replica is null)
        {
            return;
        }

        if (Prng.OneIn(2))
        {
            host.Do(server, "is killed", World.Kill);
        }
        else
        {
            host.Do(server, "loses its power", running => World.LosePower(running));
        }
    }

    private void StartIfDown(SimulatedServer server)
    {
        if (server.Replica is null)
        {
            host.Start(server);
        }
    }

    private void Mend()
    {
        host.Note("everything is mended");
        _ = host.Enter(HealNetwork);
        foreach (SimulatedServer server in World.Servers)
        {
            server.FlushUs = World.Settings.FlushUs;
            _ = host.Enter(() =>
            {
                World.Resume(server);
                return true;
            });
            StartIfDown(server);
        }
    }

    private bool HealNetwork()
    {
        World.HealAll();
        return true;
    }
}
