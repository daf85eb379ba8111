using System;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Testing.Simulation;

namespace Zab.Mutants.Scenarios;

/// <content>Section 2.F: sessions, watches, and the order of what a client is told.</content>
internal static partial class KnownBugs
{
    private static void AddSessions()
    {
        s_scenarios.Add("ZB-66", CreateBehindTheEndOfItsSession);
        s_scenarios.Add("ZB-67a", WatchedNodeIsMadeAnewMeanwhile);
        s_scenarios.Add("ZB-67b", WatchedNodeChangesTwice);
        s_scenarios.Add("ZB-67c", WatchedNodeChangesUnderTheNextLeader);
        s_scenarios.Add("ZB-67d", WatchedNodeIsMadeAnewMeanwhile);
        s_scenarios.Add("ZB-67e", ClientMakesTheNodeThatItWatches);
        s_scenarios.Add("ZB-68a", ReadBetweenTwoWrites);
        s_scenarios.Add("ZB-68b", ReadBetweenTwoWrites);
        s_scenarios.Add("ZB-68c", ReadBetweenABarrierAndAWrite);
        s_scenarios.Add("ZB-69", LeaderStandsStillAsLongAsASession);
        s_scenarios.Add("ZB-75", LeaderGoesWithARequestUnderWay);
    }

    /// <summary>A session is closed, and before that is committed, an ephemeral node of it is asked
    /// for.</summary>
    private static void CreateBehindTheEndOfItsSession()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer follower = s.But(s.Leader)[0];
        _ = s.Write(follower, "/before");
        _ = s.Ask(follower, new ClientRequest { Op = OpCode.CloseSession });
        _ = s.Create(follower, "/a", CreateMode.Ephemeral);
        s.Run(100);
        s.Finish();
    }

    /// <summary>A server with a watching client is away while the node is deleted and made anew. It comes
    /// back by a snapshot, and owes its client both events.</summary>
    private static void WatchedNodeIsMadeAnewMeanwhile()
    {
        Scenario s = new(voters: 3, change: settings => settings with { HistoryEntriesMax = 1 });
        s.StartAll();
        SimulatedServer leader = s.Leader;
        SimulatedServer follower = s.But(leader)[0];
        _ = s.Write(leader, "/a");
        s.RunUntil(s.AllAreEqual);
        Watch(s, follower, "/a");
        s.Isolate(follower);
        _ = s.Await(leader, s.Ask(leader, new ClientRequest
        {
            Op = OpCode.Delete, Path = "/a", Version = -1,
        }));
        _ = s.Write(leader, "/a");
        for (int i = 0; i < 20; i++)
        {
            _ = s.Write(leader, $"/{i}");
        }

        s.Heal();
        s.RunUntil(s.AllAreEqual);
        s.Finish();
    }

    /// <summary>A node with a one-shot watch changes twice: one event.</summary>
    private static void WatchedNodeChangesTwice()
    {
        Scenario s = new(voters: 1);
        s.StartAll();
        Watch(s, s.Leader, "/a");
        _ = s.Write(s.Leader, "/a");
        _ = s.Await(s.Leader, s.Ask(s.Leader, new ClientRequest
        {
            Op = OpCode.SetData, Path = "/a", Data = new byte[1], Version = -1,
        }));
        s.Finish();
    }

    /// <summary>A client watches a node, and its server gets another leader, under whom the node
    /// changes.</summary>
    private static void WatchedNodeChangesUnderTheNextLeader()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer old = s.Leader;
        SimulatedServer follower = s.But(old)[0];
        Watch(s, follower, "/a");
        s.Crash(old);
        SimulatedServer leader = s.RunUntilLeaderIsNot(old);
        s.RunUntilServing(s.But(old));
        _ = s.Write(leader, "/a");
        s.Finish();
    }

    /// <summary>A client makes the node that it watches: it must see the event, then the reply.</summary>
    private static void ClientMakesTheNodeThatItWatches()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer follower = s.But(s.Leader)[0];
        Watch(s, follower, "/a");
        _ = s.Write(follower, "/a");
        s.Finish();
    }

    /// <summary>A client writes, reads and writes without waiting. All three come back together; the read
    /// shows the first write, and not the second.</summary>
    private static void ReadBetweenTwoWrites()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer follower = s.But(s.Leader)[0];
        _ = s.Write(follower, "/before");
        _ = s.Create(follower, "/a");
        _ = s.Ask(follower, new ClientRequest { Op = OpCode.GetChildren, Path = "/" });
        _ = s.Await(follower, s.Create(follower, "/b"));
        s.Finish();
    }

    /// <summary>A client asks for a barrier, reads and writes without waiting. The read must not show the
    /// write, so the write waits for the barrier.</summary>
    private static void ReadBetweenABarrierAndAWrite()
    {
        Scenario s = new(voters: 3, change: settings => settings with { FlushUs = (0, 0) });
        s.StartAll();
        SimulatedServer follower = s.But(s.Leader)[0];
        _ = s.Write(follower, "/before");
        _ = s.Ask(follower, new ClientRequest { Op = OpCode.Sync, Path = "/" });
        _ = s.Ask(follower, new ClientRequest { Op = OpCode.GetChildren, Path = "/" });
        _ = s.Await(follower, s.Create(follower, "/b"));
        s.Finish();
    }

    /// <summary>A leader stands still for longer than the timeout of a session, though not for so long that
    /// it lost its followers. The session's client was there all the time.</summary>
    private static void LeaderStandsStillAsLongAsASession()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer leader = s.Leader;
        _ = s.OpenSession(s.But(leader)[0], timeoutMs: 1_000);
        s.World.Pause(leader, inTurn: false);
        s.Run(1_500);
        s.World.Resume(leader);
        s.Run(1_000);
        s.Finish();
    }

    /// <summary>A leader dies with a follower's request under way. The client must learn that nobody
    /// knows.</summary>
    private static void LeaderGoesWithARequestUnderWay()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer leader = s.Leader;
        SimulatedServer follower = s.But(leader)[0];
        _ = s.Write(follower, "/before");
        int cxid = s.Create(follower, "/a");
        s.Crash(leader);
        _ = s.Await(follower, cxid);
        s.Finish();
    }

    private static void Watch(Scenario s, SimulatedServer server, string path) =>
        _ = s.Await(server, s.Ask(server, new ClientRequest { Op = OpCode.Exists, Path = path, Watch = true }));
}
