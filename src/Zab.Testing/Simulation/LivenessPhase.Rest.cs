using Zab.Core.Primitives;
using Zab.Core.Sessions;
using Zab.Core.Tree;
using Zab.Testing.Simulation.Checks;
using Zab.Testing.Simulation.Clients;

namespace Zab.Testing.Simulation;

/// <content>The end: clients are silent, all come to one state, and bring it through a loss of all
/// power.</content>
internal sealed partial class LivenessPhase
{
    /// <summary>Without clients, everyone comes to the same state, and only living sessions are left
    /// (L6).</summary>
    private void Settle()
    {
        clients.IsActive = false;
        RunUntil(
            () => clients.LongestWaitUs(_ => true) == 0,
            LeaderLimitUs + BacklogLimitUs,
            "L2: a request is not answered");
        long expiry = 10 * SecondUs + (2 * world.Settings.Roles.PingTicks * world.Settings.TickMs * 1_000L);
        long sweepsUs = long.Min(expiry, 3L * world.Settings.SweepTicks * world.Settings.TickMs * 1_000);
        world.RunUntil(world.NowUs + expiry + SecondUs - sweepsUs);
        Zxid beforeSweeps = world.ClientChecks.Model.Last;
        world.RunUntil(world.NowUs + sweepsUs);
        RunUntil(AllAreEqual, JoinLimitUs, "L5: the servers do not come to one state");
        HashSet<SessionId> living = [.. clients.Sessions];
        foreach (SessionRecord session in CoreLeader()!.Replica!.Committed.Sessions.All)
        {
            Rule.Holds(
                living.Contains(session.Id), $"L6: session {session.Id} has no client, and does not expire");
        }

        CheckNodesAreEnded(CoreLeader()!, beforeSweeps, sweepsUs);
    }

    /// <summary>What was over by the leader's clock before it began to look at all nodes twice is gone
    /// (L6).</summary>
    /// <remarks>A node is not over while it has children: the state of that time counts too.</remarks>
    private void CheckNodesAreEnded(SimulatedServer leader, Zxid beforeSweeps, long sweepsUs)
    {
        long timeMs = ((world.NowUs - sweepsUs) / 1_000) + leader.WallOffsetMs;
        ReferenceModel model = world.ClientChecks.Model;
        foreach ((string path, ZnodeView view) in leader.Replica!.Committed.Tree.Descendants("/"))
        {
            Rule.Holds(
                model.NodeAt(path, model.Last)?.IsOver(timeMs) != true
                    || model.NodeAt(path, beforeSweeps)?.IsOver(timeMs) != true,
                $"L6: {path} is over at {timeMs} ms, and nobody deletes it: {view.Stat}");
        }
    }

    private bool AllAreEqual()
    {
        foreach (SimulatedServer server in world.Servers)
        {
            if (server.Replica?.Status is not { IsServing: true } status
                || status.Applied != world.Ghost.Committed.Last.Zxid)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>All lose their power at once; what was acknowledged is there when they are back (K1,
    /// D23).</summary>
    private void RestartAll()
    {
        world.Trace.Note(world.NowUs, "-- the power of all is lost");
        LogPosition last = world.Ghost.Committed.Last;
        foreach (SimulatedServer server in world.Servers)
        {
            world.LosePower(server);
        }

        foreach (SimulatedServer server in world.Servers.OrderBy(_ => prng.Next()))
        {
            Rule.Holds(world.Start(server), $"S24: server {server.Id} does not start on a disk in order");
        }

        RunUntil(CoreServes, LeaderLimitUs + JoinLimitUs, "L1: no leader after a loss of all power");
        RunUntil(AllAreEqual, JoinLimitUs, "L5: the servers do not come to one state");
        Rule.Holds(
            world.Ghost.Committed.Contains(last) && world.Ghost.Committed.Last.Zxid >= last.Zxid,
            $"K1: {last} was committed, and the ensemble came back at {world.Ghost.Committed.Last}");
        world.ClientChecks.OnEnd(
            world.Servers.Select(server => (server.Id, server.Replica!.Committed)));
    }
}
