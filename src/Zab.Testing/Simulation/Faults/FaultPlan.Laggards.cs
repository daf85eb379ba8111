namespace Zab.Testing.Simulation.Faults;

/// <content>The schedules of learners that do not keep up.</content>
internal sealed partial class FaultPlan
{
    private const int BurstsMax = 30;

    /// <summary>Learners fall behind their leader: one that is too slow for a burst of writes, or several
    /// that were away, each since another time.</summary>
    private IEnumerable<long> Laggards() => _prng.OneIn(2) ? SlowLearner() : LongAway();

    /// <summary>A learner stands still or is slow for less than the limits, while the others write all that
    /// they can: what it needs next may leave the leader's window (ZB-28).</summary>
    private IEnumerable<long> SlowLearner()
    {
        if (_world.Leader is not { } leader)
        {
            yield return Ms(500, 3_000);
            yield break;
        }

        SimulatedServer learner = AnyBut(leader);
        switch (_prng.Below(4))
        {
            case 0:
                _world.Pause(learner, inTurn: _prng.OneIn(2));
                break;
            case 1:
                learner.IsDiskHung = true;
                break;
            case 2:
                learner.FlushUs = (100_000, 1_000_000);
                break;
            default:
                _world.Slow(leader, learner, 100_000, 100_000 + Ms(100, 1_500));
                break;
        }

        for (int bursts = 5 + _prng.Below(BurstsMax); bursts > 0; bursts--)
        {
            WriteEverywhereBut(learner);
            yield return Ms(5, 60);
        }

        MendServer(learner);
        _world.HealAll();
        yield return Ms(100, 3_000);
        if (_prng.OneIn(3))
        {
            Crash(leader);
            yield return Ms(300, 3_000);
            StartIfDown(leader);
        }
    }

    /// <summary>A minority and the observers leave one by one, while the others write; these may begin again,
    /// with what their snapshots hold. The absent ones come back in another order, and under other leaders:
    /// one of them may lead the next (ZB-29).</summary>
    private IEnumerable<long> LongAway()
    {
        List<SimulatedServer> away = [];
        int votersLeft = (_world.Settings.Voters - 1) / 2;
        foreach (SimulatedServer server in Shuffled())
        {
            bool votes = _world.Verifier.IsVoter(server.Id);
            if (server == _world.Leader || (votes && votersLeft == 0) || away.Count == 3)
            {
                continue;
            }

            votersLeft -= votes ? 1 : 0;
            away.Add(server);
            Isolate(server, noticed: _prng.OneIn(2));
            foreach (long wait in Bursts(server))
            {
                yield return wait;
            }
        }

        if (_prng.OneIn(2))
        {
            List<SimulatedServer> present = [.. _world.Servers.Except(away)];
            present.ForEach(Crash);
            yield return Ms(0, 500);
            present.ForEach(StartIfDown);
            yield return Ms(500, 3_000);
        }

        while (away.Count > 0)
        {
            SimulatedServer next = away[_prng.Below(away.Count)];
            _ = away.Remove(next);
            Rejoin(next);
            away.ForEach(other => Isolate(other, noticed: true));
            yield return Ms(200, 3_000);
            if (_prng.OneIn(2) && _world.Leader is { } leader)
            {
                Crash(leader);
                yield return Ms(300, 4_000);
                StartIfDown(leader);
            }
        }
    }

    private IEnumerable<long> Bursts(SimulatedServer except)
    {
        for (int bursts = _prng.Below(BurstsMax); bursts > 0; bursts--)
        {
            WriteEverywhereBut(except);
            yield return Ms(5, 60);
        }
    }

    private void WriteEverywhereBut(SimulatedServer except)
    {
        foreach (SimulatedServer server in _world.Servers)
        {
            if (server != except)
            {
                _clients.WriteNow(server, 1 + _prng.Below(3));
            }
        }
    }

    private List<SimulatedServer> Shuffled()
    {
        List<SimulatedServer> servers = [.. _world.Servers];
        for (int i = servers.Count - 1; i > 0; i--)
        {
            int other = _prng.Below(i + 1);
            (servers[i], servers[other]) = (servers[other], servers[i]);
        }

        return servers;
    }
}
