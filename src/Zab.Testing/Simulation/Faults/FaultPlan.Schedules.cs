using Zab.Core.Messages;
using Zab.Core.Ports;

namespace Zab.Testing.Simulation.Faults;

/// <content>The schedules of crashes, links and pauses.</content>
internal sealed partial class FaultPlan
{
    private const int PacketsMax = 24;

    /// <summary>A learner falls behind, comes back, and something happens at the k-th packet or disk
    /// operation of its way back.</summary>
    private IEnumerable<long> InterruptedSync()
    {
        SimulatedServer learner = AnyBut(_prng.OneIn(4) ? null : _world.Leader);
        bool crash = _prng.OneIn(2);
        if (crash)
        {
            Crash(learner);
        }
        else
        {
            Isolate(learner, noticed: _prng.OneIn(2));
        }

        yield return Ms(50, 4_000);
        if (_prng.OneIn(3) && _world.Leader is { } old)
        {
            Crash(old);
            yield return Ms(0, 3_000);
            StartIfDown(old);
            yield return Ms(0, 2_000);
        }

        StrikeAtPacket(learner, 1 + _prng.Below(PacketsMax));
        if (_prng.OneIn(4) && learner.Replica is null)
        {
            learner.Disk.PowerLossAt = learner.Disk.Operations + 1 + _prng.Below(40);
        }
        else if (_prng.OneIn(4) && learner.Replica is not null)
        {
            learner.Disk.ErrorAt = learner.Disk.Operations + 1 + _prng.Below(12);
        }

        Rejoin(learner);
        StartIfDown(learner);
        yield return Ms(100, 3_000);
        _world.OnPacket = null;
        if (_prng.OneIn(2) && _world.Leader is { } leader)
        {
            Crash(leader);
            yield return Ms(300, 4_000);
            StartIfDown(learner);
            yield return Ms(0, 3_000);
            StartIfDown(leader);
        }
    }

    /// <summary>Something happens at the k-th packet between a learner and its leader, or at the one that
    /// says how the learner is brought up to date: what follows it may never come.</summary>
    private void StrikeAtPacket(SimulatedServer learner, int packets)
    {
        int deed = _prng.Below(7);
        bool atHeader = _prng.OneIn(4);
        _world.OnPacket = (wire, message) =>
        {
            bool isHeader = message.Type is MessageType.Diff or MessageType.Trunc or MessageType.Snap;
            if (wire.Owner.Kind == LinkKind.Quorum && (wire.To == learner || wire.From == learner)
                && (atHeader ? isHeader : --packets == 0))
            {
                _world.OnPacket = null;
                Strike(wire, learner, deed);
            }
        };
    }

    private void Strike(SimulatedLink.Wire wire, SimulatedServer learner, int deed)
    {
        SimulatedServer other = wire.From == learner ? wire.To : wire.From;
        switch (deed)
        {
            case 0:
            case 1:
                _world.BreakLink(wire.Owner, "a packet was lost");
                break;
            case 2:
                Crash(learner);
                break;
            case 3:
                Crash(other);
                break;
            case 4:
                Crash(learner);
                Crash(other);
                break;
            case 5 when learner.Replica is not null:
                learner.Disk.ErrorAt = learner.Disk.Operations + 1 + _prng.Below(3);
                break;
            default:
                _world.Cut(learner, other, noticed: false);
                break;
        }
    }

    /// <summary>A leader that a quorum does not hear goes on writing, dies, and comes back late.</summary>
    private IEnumerable<long> LonelyLeader()
    {
        if (_world.Leader is not { } leader)
        {
            yield return Ms(500, 3_000);
            yield break;
        }

        if (_prng.OneIn(4))
        {
            foreach (long wait in Zombie(leader))
            {
                yield return wait;
            }

            yield break;
        }

        bool keepsOne = _world.Settings.Voters > 3 && _prng.OneIn(2);
        Isolate(leader, noticed: _prng.OneIn(3), but: keepsOne ? AnyBut(leader) : null);
        _clients.WriteNow(leader, 1 + _prng.Below(4));
        yield return Ms(1, 1_500);
        _clients.WriteNow(leader, _prng.Below(3));
        yield return Ms(0, 50);
        bool crash = !_prng.OneIn(4);
        if (crash)
        {
            Crash(leader);
        }

        bool quiet = _prng.OneIn(3);
        _clients.IsActive = !quiet;
        yield return Ms(500, 6_000);
        if (_prng.OneIn(3))
        {
            SimulatedServer other = AnyBut(leader);
            Crash(other);
            yield return Ms(0, 1_000);
            Rejoin(leader);
            StartIfDown(leader);
            yield return Ms(0, 5_000);
            _clients.IsActive = true;
            StartIfDown(other);
        }

        foreach (long wait in ComeLate(leader))
        {
            yield return wait;
        }
    }

    /// <summary>The way back of a lonely leader: a cut, then what the others wrote.</summary>
    private IEnumerable<long> ComeLate(SimulatedServer leader)
    {
        if (_prng.OneIn(3))
        {
            StrikeAtPacket(leader, 1 + _prng.Below(8));
        }

        if (_prng.OneIn(6) && leader.Replica is not null)
        {
            leader.Disk.ErrorAt = leader.Disk.Operations + 1 + _prng.Below(8);
        }

        Rejoin(leader);
        StartIfDown(leader);
        yield return Ms(200, 3_000);
        _world.OnPacket = null;
        _clients.IsActive = true;
        yield return Ms(0, 1_000);
        if (_prng.OneIn(3))
        {
            Crash(leader);
            yield return Ms(0, 1_000);
            StartIfDown(leader);
        }
    }

    /// <summary>A leader with a slow clock is cut off, and believes in itself when there is another already.
    /// Its clients read (R23).</summary>
    private IEnumerable<long> Zombie(SimulatedServer leader)
    {
        _clients.Readers = leader;
        yield return Ms(100, 1_000);
        leader.TickUs *= 2;
        Isolate(leader, noticed: false);
        yield return Ms(2_000, 5_000);
        _clients.Readers = null;
        leader.TickUs = _world.Settings.TickMs * 1000L;
        Rejoin(leader);
        yield return Ms(200, 2_000);
    }

    /// <summary>Many crash at once, when something has just become safe; not all of them come back at
    /// once.</summary>
    private IEnumerable<long> MassCrash()
    {
        MessageType after = (_prng.Below(4)) switch
        {
            0 => MessageType.NewLeader,
            1 => MessageType.UpToDate,
            2 => MessageType.Ack,
            _ => MessageType.Commit,
        };
        bool electFirst = after is MessageType.NewLeader or MessageType.UpToDate;
        int count = 1 + _prng.Below(3);
        bool struck = false;
        SimulatedServer? spared = _prng.OneIn(2) ? AnyVoter() : null;
        _world.OnPacket = (wire, message) =>
        {
            if (message.Type == after && --count == 0)
            {
                _world.OnPacket = null;
                struck = true;
                CrashAllBut(spared);
            }
        };
        if (electFirst && _world.Leader is { } leader)
        {
            Crash(leader);
            yield return Ms(0, 1_000);
            StartIfDown(leader);
        }

        for (int i = 0; i < 40 && !struck; i++)
        {
            yield return Ms(20, 100);
        }

        _world.OnPacket = null;
        if (!struck)
        {
            CrashAllBut(spared);
        }

        foreach (long wait in ComeBack())
        {
            yield return wait;
        }
    }

    private void CrashAllBut(SimulatedServer? spared)
    {
        foreach (SimulatedServer server in _world.Servers)
        {
            if (server != spared)
            {
                Crash(server);
            }
        }
    }

    /// <summary>The servers come back in some order, perhaps the spared one last or after a crash of its
    /// own.</summary>
    private IEnumerable<long> ComeBack()
    {
        List<SimulatedServer> down = [.. _world.Servers.Where(server => server.Replica is null)];
        while (down.Count > 0)
        {
            yield return _prng.OneIn(3) ? Ms(0, 4_000) : Ms(0, 100);
            int index = _prng.Below(down.Count);
            StartIfDown(down[index]);
            down.RemoveAt(index);
            if (_prng.OneIn(6))
            {
                SimulatedServer again = Any();
                Crash(again);
                down.Add(again);
            }
        }

        yield return Ms(200, 3_000);
    }

    /// <summary>Links fail: an arbitrary graph, perhaps in one direction only, perhaps flapping.</summary>
    private IEnumerable<long> PartialPartitions()
    {
        bool oneWay = _prng.OneIn(3);
        bool noticed = _prng.OneIn(2);
        int density = 1 + _prng.Below(4);
        foreach (SimulatedServer a in _world.Servers)
        {
            foreach (SimulatedServer b in _world.Servers)
            {
                if (a == b || !(_prng.Below(6) < density))
                {
                    continue;
                }

                if (oneWay)
                {
                    _world.CutOneWay(a, b);
                }
                else if (a.Id.Value < b.Id.Value)
                {
                    _world.Cut(a, b, noticed);
                }
            }
        }

        yield return Ms(500, 8_000);
        for (int flaps = _prng.OneIn(3) ? 1 + _prng.Below(8) : 0; flaps > 0; flaps--)
        {
            (SimulatedServer a, SimulatedServer b) = (Any(), Any());
            if (a != b)
            {
                _world.Cut(a, b, noticed: true);
                yield return Ms(100, 3_000);
                _world.Heal(a, b);
                yield return Ms(100, 1_000);
            }
        }

        for (int slow = _prng.Below(3); slow > 0; slow--)
        {
            (SimulatedServer a, SimulatedServer b) = (Any(), Any());
            if (a != b)
            {
                _world.Slow(a, b, 10_000, 10_000 + Ms(1, 400));
            }
        }

        yield return Ms(0, 2_000);
        _world.HealAll();
        yield return Ms(200, 2_000);
    }

    /// <summary>Processes stand still for longer than all limits, and go on with their queues full.</summary>
    private IEnumerable<long> Pauses()
    {
        for (int i = 1 + _prng.Below(3); i > 0; i--)
        {
            SimulatedServer server = _prng.OneIn(3) ? Any() : _world.Leader ?? Any();
            SimulatedServer drifting = Any();
            drifting.TickUs = drifting.TickUs * (5 + _prng.Below(11)) / 10;
            drifting.WallOffsetMs = _prng.OneIn(2) ? (_prng.Below(2_000_000) - 1_000_000) * 60_000L : 0;
            _clients.WriteNow(server, _prng.Below(2));
            _world.Pause(server, inTurn: _prng.OneIn(2));
            _clients.WriteNow(server, _prng.Below(3));
            yield return _prng.OneIn(3) ? Ms(100, 1_500) : Ms(1_500, 12_000);
            if (_prng.OneIn(5))
            {
                Crash(Any());
            }

            _world.Resume(server);
            yield return Ms(0, 2_000);
            drifting.TickUs = _world.Settings.TickMs * 1000L;
        }
    }

    /// <summary>Servers start and crash in quick succession.</summary>
    private IEnumerable<long> Churn()
    {
        SimulatedServer? always = _prng.OneIn(2) ? Any() : null;
        for (int i = 4 + _prng.Below(16); i > 0; i--)
        {
            SimulatedServer server = always ?? Any();
            if (server.Replica is null)
            {
                StartIfDown(server);
            }
            else
            {
                Crash(server);
            }

            yield return Ms(1, 1_200);
        }
    }
}
