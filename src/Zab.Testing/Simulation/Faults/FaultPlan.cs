using Zab.Core.Primitives;
using Zab.Testing.Simulation.Clients;
using Zab.Testing.Simulation.Disks;

namespace Zab.Testing.Simulation.Faults;

/// <summary>What goes wrong in a run, step by step: each macro schedule is a sequence of deeds and of waits
/// between them, in microseconds.</summary>
/// <remarks>This part: the frame, and small deeds that the schedules are made of.</remarks>
internal sealed partial class FaultPlan
{
    private readonly World _world;
    private readonly Prng _prng;
    private readonly ClientCrowd _clients;
    private readonly DamageBudget _budget;
    private readonly IEnumerator<long> _steps;

    /// <summary>A plan that begins at once.</summary>
    public FaultPlan(World world, Prng prng, ClientCrowd clients)
    {
        _world = world;
        _prng = prng;
        _clients = clients;
        _budget = new DamageBudget(world);
        _steps = Steps().GetEnumerator();
        world.OnPlan = Next;
        world.OnPurge = StrikePurge;
        Next();
    }

    /// <summary>Whether all of it has been done.</summary>
    public bool IsOver { get; private set; }

    private void Next()
    {
        if (_steps.MoveNext())
        {
            _world.PlanNext(_steps.Current);
        }
        else
        {
            IsOver = true;
        }
    }

    private IEnumerable<long> Steps()
    {
        foreach (SimulatedServer server in _world.Servers)
        {
            if (_prng.OneIn(3))
            {
                yield return Ms(0, 800);
            }

            StartIfDown(server);
        }

        yield return Ms(500, 3_000);
        FaultClass favourite = Draw();
        for (int rounds = 3 + _prng.Below(6); rounds > 0; rounds--)
        {
            FaultClass fault = _prng.OneIn(3) ? Draw() : favourite;
            _world.Trace.Note(_world.NowUs, $"-- {fault}");
            Intrude();
            foreach (long wait in StepsOf(fault))
            {
                yield return wait;
            }

            if (_prng.OneIn(2))
            {
                Mend();
                yield return Ms(500, 6_000);
            }
        }
    }

    private FaultClass Draw() => _prng.Below(23) switch
    {
        < 5 => FaultClass.InterruptedSync,
        < 9 => FaultClass.LonelyLeader,
        < 12 => FaultClass.MassCrash,
        < 14 => FaultClass.BadDisks,
        < 16 => FaultClass.SlowDisks,
        < 18 => FaultClass.PartialPartitions,
        < 19 => FaultClass.Pauses,
        < 20 => FaultClass.LostCandidates,
        < 22 => FaultClass.Laggards,
        _ => FaultClass.Churn,
    };

    private IEnumerable<long> StepsOf(FaultClass fault) => fault switch
    {
        FaultClass.InterruptedSync => InterruptedSync(),
        FaultClass.LonelyLeader => LonelyLeader(),
        FaultClass.MassCrash => MassCrash(),
        FaultClass.BadDisks => BadDisks(),
        FaultClass.SlowDisks => SlowDisks(),
        FaultClass.PartialPartitions => PartialPartitions(),
        FaultClass.Pauses => Pauses(),
        FaultClass.Churn => Churn(),
        FaultClass.LostCandidates => LostCandidates(),
        FaultClass.Laggards => Laggards(),
    };

    private long Ms(int min, int max) => (min + _prng.Below(max - min + 1)) * 1_000L;

    private SimulatedServer Any() => _world[1 + _prng.Below(_world.Servers.Count)];

    private SimulatedServer AnyVoter() => _world[1 + _prng.Below(_world.Settings.Voters)];

    /// <summary>A server other than the given one; the same when there is no other.</summary>
    private SimulatedServer AnyBut(SimulatedServer? not)
    {
        if (_world.Servers.Count == 1 || not is null)
        {
            return Any();
        }

        int id = 1 + _prng.Below(_world.Servers.Count - 1);
        return _world[id >= not.Id.Value ? id + 1 : id];
    }

    private void StartIfDown(SimulatedServer server)
    {
        if (server.Replica is not null)
        {
            return;
        }

        if (server.IsRefused)
        {
            _world.Wipe(server);
        }

        _ = _world.Start(server);
    }

    private void Crash(SimulatedServer server)
    {
        if (server.Replica is null)
        {
            return;
        }

        if (_prng.OneIn(4))
        {
            _world.Kill(server);
        }
        else
        {
            _world.LosePower(server);
        }
    }

    /// <summary>Cuts a server off from the others; from all, or but for one.</summary>
    private void Isolate(SimulatedServer server, bool noticed, SimulatedServer? but = null)
    {
        foreach (SimulatedServer other in _world.Servers)
        {
            if (other != server && other != but)
            {
                _world.Cut(server, other, noticed);
            }
        }
    }

    private void Rejoin(SimulatedServer server)
    {
        foreach (SimulatedServer other in _world.Servers)
        {
            if (other != server)
            {
                _world.Heal(server, other);
            }
        }
    }

    /// <summary>Ends every fault that ends by itself in practice.</summary>
    private void Mend()
    {
        _world.OnPacket = null;
        _world.HealAll();
        foreach (SimulatedServer server in _world.Servers)
        {
            MendServer(server);
        }
    }

    private void MendServer(SimulatedServer server)
    {
        server.Disk.CapacityBytes = null;
        (server.Disk.ErrorIn, server.Disk.ErrorAt) = (null, 0);
        SimulatedDisk disk = server.Disk;
        (disk.PowerLossIn, disk.PowerLossAt, disk.PowerLossSkips) = (null, 0, 0);
        server.FlushUs = _world.Settings.FlushUs;
        server.TickUs = _world.Settings.TickMs * 1000L;
        if (server.IsDiskHung)
        {
            _world.ResumeDisk(server);
        }

        _world.Resume(server);
        StartIfDown(server);
    }
}
