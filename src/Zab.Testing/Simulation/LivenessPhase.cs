using Zab.Core;
using Zab.Core.Primitives;
using Zab.Core.Roles;
using Zab.Testing.Simulation.Checks;
using Zab.Testing.Simulation.Clients;
using Zab.Testing.Simulation.Disks;

namespace Zab.Testing.Simulation;

/// <summary>After the faults: a core of the ensemble is healed, the rest stays broken as it is, and within
/// bounds the core must serve; then the rest is healed too, and all must be equal (L1 to L8).</summary>
/// <remarks>Bounds are in simulated time and generous: they tell a stuck ensemble from a slow one. Idea: the
/// liveness mode of TigerBeetle's simulator.</remarks>
internal sealed partial class LivenessPhase(World world, Prng prng, ClientCrowd clients)
{
    private const long SecondUs = 1_000_000;
    private const long ChunkLimitUs = 4 * SecondUs; // there and back, on a distant link
    private const long DistantDelayUs = 1_100_000;
    private const int ElectionsMax = 3;
    private readonly HashSet<SimulatedServer> _core = [];
    private readonly List<SimulatedServer> _outside = [];
    private SimulatedServer? _flapping;
    private int _flaps;
    private long _delayUs = world.Settings.DelayUs.Max;

    /// <summary>The longest time to a leader: ten silent followers, and one failed attempt.</summary>
    private long LeaderLimitUs =>
        ((10L * world.Settings.Roles.SyncLimitTicks) + (2L * world.Settings.Roles.InitLimitTicks))
        * world.Settings.TickMs * 1_000;

    /// <summary>After this time whoever lost its leader or its followers knows.</summary>
    private long SilenceUs => 2L * world.Settings.Roles.SyncLimitTicks * world.Settings.TickMs * 1_000;

    private long JoinLimitUs => 2L * world.Settings.Roles.InitLimitTicks * world.Settings.TickMs * 1_000;

    /// <summary>How much longer than usual what waits now may wait: where very little may be under way at
    /// once, there is a way to the leader and back, and a write on either side of it, for each few
    /// requests.</summary>
    /// <remarks>Nothing with the windows of an ordinary host. The times are twice those of one
    /// request.</remarks>
    private long BacklogLimitUs =>
        clients.WindowsWaiting() * 4 * (world.Settings.DelayUs.Max + world.Settings.FlushUs.Max);

    /// <summary>Runs the phase to its end.</summary>
    public void Run()
    {
        (world.OnPacket, world.OnPurge, world.OnTurnEnded) = (null, null, null);
        ChooseCore();
        Freeze();
        clients.MayUse = server => _core.Contains(server) || server.IsDiskHung;
        clients.IsActive = true;
        int elections = world.Ghost.Elections;
        string core = string.Join(' ', _core.Select(server => server.Id));
        world.Trace.Note(world.NowUs, $"-- healed: {core}");
        world.RunUntil(world.NowUs + SilenceUs);
        RunUntil(() => CoreLeader() is not null, LeaderLimitUs, "L1: no leader in the core");
        AwaitCatchUp(JoinLimitUs, "L3: a server of the core does not serve");
        int elected = world.Ghost.Elections - elections;
        Rule.Holds(
            elected <= ElectionsMax + _flaps,
            $"L8: {elected} leaders were elected among healthy servers, and a link failed {_flaps} times");
        RunQuietly(prng.OneIn(16) ? 300 * SecondUs : 15 * SecondUs);
        Unfreeze();
        AwaitCatchUp(LeaderLimitUs + MakeDistant(), "L5: a healed server does not catch up");
        world.HealAll();
        clients.IsActive = true;
        Settle();
        RestartAll();
    }

    /// <summary>The servers that decide: a quorum that the rules let decide, links between them
    /// mended.</summary>
    private void ChooseCore()
    {
        List<SimulatedServer> voters = [.. world.Servers.Where(server => world.Verifier.IsVoter(server.Id))];
        List<SimulatedServer> members = [.. voters.Where(server => HasJoined(server))];
        int quorum = (voters.Count / 2) + 1;
        if (members.Count < quorum)
        {
            // Some never joined, or lost their disks: with all voters there, none of it matters (R17).
            members = voters;
            quorum = voters.Count;
        }

        for (int size = quorum + prng.Below(members.Count - quorum + 1); _core.Count < size;)
        {
            _ = _core.Add(members[prng.Below(members.Count)]);
        }

        foreach (SimulatedServer server in world.Servers)
        {
            if (!world.Verifier.IsVoter(server.Id) && prng.OneIn(2))
            {
                _ = _core.Add(server);
            }
            else if (!_core.Contains(server))
            {
                _outside.Add(server);
            }
        }
    }

    private bool HasJoined(SimulatedServer server) =>
        !server.IsRefused && world.Ghost[server.Id].Durable.Epochs.Current > 0;

    /// <summary>Heals the core, and leaves the rest as broken as it is, or breaks it.</summary>
    private void Freeze()
    {
        foreach (SimulatedServer server in _core)
        {
            Mend(server);
            foreach (SimulatedServer other in _core)
            {
                if (server.Id.Value < other.Id.Value)
                {
                    world.Heal(server, other);
                }
            }
        }

        foreach (SimulatedServer server in _outside)
        {
            switch (prng.Below(6))
            {
                case 0 when server.Replica is not null:
                    world.LosePower(server);
                    break;
                case 1:
                    world.Pause(server, inTurn: false);
                    break;
                case 2 when _flapping is null:
                    _flapping = server;
                    break;
                case 3:
                    server.IsDiskHung = true; // and its links are fine
                    _core.ToList().ForEach(other => world.Heal(server, other));
                    break;
                default:
                    CutOff(server);
                    break;
            }
        }

        world.OnPlan = Flap;
        world.PlanNext(SecondUs);
    }

    /// <summary>An outsider whose links come and go for ever.</summary>
    private void Flap()
    {
        if (_flapping is not { } server)
        {
            return;
        }

        // All at once: with links that come and go in turns it would always have a quorum, and rightly lead.
        foreach (SimulatedServer other in _core)
        {
            if (_flaps % 2 == 1)
            {
                world.Heal(server, other);
            }
            else
            {
                world.Cut(server, other, noticed: true);
            }
        }

        _flaps++;
        world.PlanNext(world.Between((300_000, 4 * SecondUs)));
    }

    /// <summary>An outsider that the core does not hear, or that does not hear the core, or both; its links
    /// stay up.</summary>
    /// <remarks>All of the core, so that it cannot lead a part of it: that would be right, and leave the rest
    /// of the core without a leader that it can reach.</remarks>
    private void CutOff(SimulatedServer server)
    {
        int ways = prng.Below(3);
        foreach (SimulatedServer other in _core)
        {
            if (ways != 0)
            {
                world.CutOneWay(server, other);
            }

            if (ways != 1)
            {
                world.CutOneWay(other, server);
            }
        }
    }

    private void Mend(SimulatedServer server)
    {
        SimulatedDisk disk = server.Disk;
        (disk.CapacityBytes, disk.ErrorIn, disk.ErrorAt) = (null, null, 0);
        (disk.PowerLossIn, disk.PowerLossAt, disk.PowerLossSkips) = (null, 0, 0);
        server.FlushUs = world.Settings.FlushUs;
        server.TickUs = world.Settings.TickMs * 1000L;
        world.ResumeDisk(server);
        world.Resume(server);
        if (server.Replica is null)
        {
            if (server.IsRefused)
            {
                world.Wipe(server);
            }

            Rule.Holds(world.Start(server), $"S24: server {server.Id} does not start on a disk in order");
        }
    }

    /// <summary>The leader: of the core, or an outsider that hears and is heard by all of the
    /// core.</summary>
    private SimulatedServer? CoreLeader() =>
        world.Leader is { IsPaused: false } leader && IsWell(leader) ? leader : null;

    private bool IsWell(SimulatedServer server)
    {
        foreach (SimulatedServer other in _core)
        {
            if (world.IsCut(server.Id.Value, other.Id.Value) || world.IsCut(other.Id.Value, server.Id.Value))
            {
                return false;
            }
        }

        return server != _flapping && !server.IsDiskHung;
    }

    private bool CoreServes()
    {
        if (CoreLeader() is not { } leader)
        {
            return false;
        }

        ReplicaStatus leads = leader.Replica!.Status;
        foreach (SimulatedServer server in _core)
        {
            if (server.Replica?.Status is not { IsServing: true } status || status.Leader != leader.Id
                || status.Applied < leads.Applied || server.IsPaused)
            {
                return false;
            }
        }

        return true;
    }

    private void RunUntil(Func<bool> holds, long limitUs, string failure) => Rule.Holds(
        TryRunUntil(holds, limitUs), $"{failure} within {limitUs / SecondUs} s: {Describe()}");

    private bool TryRunUntil(Func<bool> holds, long limitUs)
    {
        for (long deadline = world.NowUs + limitUs; !holds(); world.RunUntil(world.NowUs + 100_000))
        {
            if (world.NowUs >= deadline)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Nothing changes the leadership any more (L4), no session ends whose client is heard,
    /// and every request is answered (L2).</summary>
    private void RunQuietly(long timeUs)
    {
        SimulatedServer? leader = CoreLeader();
        int epoch = world.Ghost.NewestEpoch;
        bool mayBeUsedUp = !HasUsedUpEpoch(leader);
        long backlogEnd = world.NowUs + BacklogLimitUs;
        for (long end = world.NowUs + timeUs; world.NowUs < end;)
        {
            world.RunUntil(world.NowUs + SecondUs);
            clients.MustKeep = _core.Contains; // a second later, all who were heard are known to the leader
            if (mayBeUsedUp && HasUsedUpEpoch(leader))
            {
                mayBeUsedUp = false; // An epoch ends once in a world that began near its last zxid.
                RunUntil(() => CoreLeader() is not null, LeaderLimitUs, "L1: no leader in the core");
                AwaitCatchUp(JoinLimitUs, "L3: a server of the core does not serve");
                (leader, epoch) = (CoreLeader(), world.Ghost.NewestEpoch);
            }

            Rule.Holds(
                CoreLeader() == leader && world.Ghost.NewestEpoch == epoch,
                $"L4: the leadership changed from server {leader?.Id} among healthy servers: {Describe()}");
            long waitedUs = clients.LongestWaitUs(server => server.IsUp);
            Rule.Holds(
                waitedUs < LeaderLimitUs || world.NowUs < backlogEnd,
                $"L2: a request was not answered for {waitedUs / SecondUs} s: {Describe()}");
            CheckSizes();
        }

        clients.MustKeep = null;
    }

    private static bool HasUsedUpEpoch(SimulatedServer? leader) =>
        leader?.Replica?.Status.Reason == Leader.EpochUsedUp;

    /// <summary>In a steady state nothing grows (L7).</summary>
    private void CheckSizes()
    {
        foreach (SimulatedServer server in _core)
        {
            world.CheckWindow(server);
            Rule.Holds(
                server.Waiting.Count < 10_000 && server.LogWork.Count < 10_000,
                $"L7: {server.Waiting.Count} messages of server {server.Id} wait for its disk");
        }

        foreach (SimulatedLink link in world.Links)
        {
            Rule.Holds(
                link.AtoB.UnderWay.Count < 20_000 && link.BtoA.UnderWay.Count < 20_000,
                $"L7: {link.AtoB.UnderWay.Count} messages wait between {link.AtoB.From.Id} and "
                + $"{link.AtoB.To.Id}");
        }
    }

    /// <summary>Now and then the way back is long and slow, longer than any limit: what counts is that it
    /// goes on (ZB-57).</summary>
    /// <returns>How long joining may take: much longer than usual, and longer yet when the state goes there
    /// in many pieces.</returns>
    private long MakeDistant()
    {
        if (_outside.Count == 0 || !prng.OneIn(4))
        {
            return JoinLimitUs;
        }

        SimulatedServer distant = _outside[prng.Below(_outside.Count)];
        foreach (SimulatedServer other in world.Servers)
        {
            if (other != distant)
            {
                world.Slow(distant, other, 900_000, DistantDelayUs);
                world.Slow(other, distant, 900_000, DistantDelayUs);
            }
        }

        _delayUs = DistantDelayUs;

        clients.IsActive = false; // under load it may fall out of a tiny window again and again
        int chunks = CoreLeader() is { } leader
            ? leader.Replica!.Committed.ToChunks(world.Settings.SnapshotChunkBytesMax).Count()
            : 0;
        return (30 * JoinLimitUs) + (chunks * ChunkLimitUs);
    }

    private void Unfreeze()
    {
        _flapping = null;
        world.HealAll();
        foreach (SimulatedServer server in _outside)
        {
            Mend(server);
            _ = _core.Add(server);
        }

        world.Trace.Note(world.NowUs, "-- all healed");
        clients.MayUse = null;
    }

    private string Describe() => string.Join(
        "; ",
        world.Servers.Select(server => server.Replica is { } replica
            ? $"{server.Id}{(_core.Contains(server) ? "*" : "")} {replica.Status}"
            : $"{server.Id} is down"));
}
