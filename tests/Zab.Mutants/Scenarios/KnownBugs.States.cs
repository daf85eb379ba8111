using System;
using System.Linq;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Testing.Simulation;

namespace Zab.Mutants.Scenarios;

/// <content>Section 2.C and its kin: sessions, snapshots, replay, the state machine.</content>
internal static partial class KnownBugs
{
    private static void AddStates()
    {
        s_scenarios.Add("ZB-26", ASnapshotOfWhatIsOnlyLogged);
        s_scenarios.Add("ZB-27a", AClosedSessionIsReplayed);
        s_scenarios.Add("ZB-27b", ASessionOutlivesItsLeader);
        s_scenarios.Add("ZB-34", ASnapshotOfWhatIsOnlyProposed);
        s_scenarios.Add("ZB-35a", ASnapshotWhileTheTreeChanges);
        s_scenarios.Add("ZB-35b", TwoProposalsUnderWay);
        s_scenarios.Add("ZB-39", ASessionWithVeryLongPaths);
        s_scenarios.Add("ZB-40", APathThatCannotBe);
        s_scenarios.Add("ZB-41", TheLastZxidsOfAnEpoch);
        s_scenarios.Add("ZB-42", AReadBehindAWrite);
        s_scenarios.Add("ZB-76", () => AServerThatDiffers(isForgiven: false));
    }

    /// <summary>A follower's disk has an entry that no other disk has, when a snapshot is due. The entry is lost
    /// to all others, and the follower is to cut it off: no snapshot may bring it back.</summary>
    private static void ASnapshotOfWhatIsOnlyLogged()
    {
        Scenario s = new(voters: 3, change: settings => settings with { SnapshotEvery = 1 });
        s.StartAll();
        SimulatedServer leader = s.Leader;
        SimulatedServer follower = s.But(leader)[0];
        _ = s.Write(leader, "/before");
        s.Run(50);
        s.Isolate(s.But(leader, follower)[0]);
        s.Run(50);
        _ = s.Create(leader, "/committed");
        leader.FlushUs = (200_000, 200_000);
        s.Run(1);
        _ = s.Create(leader, "/logged");
        s.Run(20);
        s.Crash(leader);
        s.Isolate(follower);
        s.World.Heal(leader, s.But(leader, follower)[0]);
        leader.FlushUs = s.World.Settings.FlushUs;
        s.Start(leader);
        s.RunUntilServing(leader, s.But(leader, follower)[0]);
        _ = s.Write(s.Leader, "/new");
        s.Finish();
    }

    /// <summary>A session with an ephemeral node is closed; then a server replays its log. The session must be
    /// gone there too.</summary>
    private static void AClosedSessionIsReplayed()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer server = s.Leader;
        _ = s.Await(server, s.Create(server, "/e", CreateMode.Ephemeral));
        _ = s.Await(server, s.Ask(server, new ClientRequest { Op = OpCode.CloseSession }));
        s.WriteMany(s.But(server)[0], "/n", 3);
        s.Finish();
    }

    /// <summary>A client and its server, the leader, are gone. The next leader must end the session, and with it
    /// its ephemeral node.</summary>
    private static void ASessionOutlivesItsLeader()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer server = s.Leader;
        SessionId session = s.OpenSession(server, timeoutMs: 2_000);
        _ = s.Await(server, s.Create(server, "/e", CreateMode.Ephemeral));
        s.Crash(server);
        SimulatedServer leader = s.RunUntilLeaderIsNot(server);
        s.Run(10_000);
        if (leader.Replica!.Committed.Sessions.Contains(session))
        {
            throw new ViolationException($"L6: session {session} has no client, and does not expire");
        }

        s.Finish();
    }

    /// <summary>A leader is to take a snapshot when it has a proposal that no follower's disk has. Then the
    /// proposal is lost: the snapshot must not have it.</summary>
    private static void ASnapshotOfWhatIsOnlyProposed()
    {
        Scenario s = new(voters: 3, change: settings => settings with { SnapshotEvery = 1 });
        s.StartAll();
        SimulatedServer leader = s.Leader;
        SimulatedServer[] followers = s.But(leader);
        _ = s.Write(leader, "/before");
        s.Run(50);
        _ = s.Create(leader, "/committed");
        s.Run(1);
        Array.ForEach(followers, follower => follower.FlushUs = (200_000, 200_000));
        _ = s.Create(leader, "/proposed");
        s.Run(100);
        s.Isolate(leader);
        s.Crash(followers);
        Array.ForEach(followers, follower => follower.FlushUs = s.World.Settings.FlushUs);
        s.Start(followers);
        s.RunUntilServing(followers);
        _ = s.Write(s.RunUntilLeaderIsNot(leader), "/new");
        s.Finish();
    }

    /// <summary>A follower's slow disk writes a snapshot while more is committed: it shows the state at its
    /// zxid, and nothing newer.</summary>
    private static void ASnapshotWhileTheTreeChanges()
    {
        Scenario s = new(voters: 3, change: settings => settings with { SnapshotEvery = 1 });
        s.StartAll();
        SimulatedServer leader = s.Leader;
        _ = s.Write(leader, "/before");
        s.But(leader)[0].FlushUs = (20_000, 20_000);
        for (int i = 0; i < 10; i++)
        {
            _ = s.Create(leader, $"/n{i}");
            s.Run(15);
        }

        s.Finish();
    }

    /// <summary>Two proposals are under way; when the first is committed, the state shows it and not the
    /// second.</summary>
    private static void TwoProposalsUnderWay()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer leader = s.Leader;
        _ = s.Write(leader, "/before");
        _ = s.Create(leader, "/one");
        s.Run(1);
        _ = s.Create(leader, "/two");
        s.Run(50);
        s.Finish();
    }

    /// <summary>A session owns nodes with very long paths: each create is small enough, and closing the session
    /// lists them all in one record.</summary>
    private static void ASessionWithVeryLongPaths()
    {
        Scenario s = new(voters: 1);
        s.StartAll();
        SimulatedServer only = s.Leader;
        for (int i = 0; i < 4; i++)
        {
            _ = s.Await(only, s.Create(only, $"/{i}{new string('x', 600_000)}", CreateMode.Ephemeral));
        }

        _ = s.Await(only, s.Ask(only, new ClientRequest { Op = OpCode.CloseSession }));
        s.Finish();
    }

    /// <summary>A client asks for a node whose name no path may have.</summary>
    private static void APathThatCannotBe()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer server = s.But(s.Leader)[0];
        _ = s.Write(server, "/a");
        _ = s.Create(server, "/a/..");
        s.Run(50);
        s.Finish();
    }

    /// <summary>The ensemble begins near the last zxid of an epoch: the next one follows it, not the next
    /// number.</summary>
    private static void TheLastZxidsOfAnEpoch()
    {
        Scenario s = new(voters: 3, change: settings => settings with
        {
            Start = new LogPosition(Zxid.Of(5, uint.MaxValue - 4), new ChainHash(7)),
            StartEpochs = new Epochs(4, 4),
        });
        s.StartAll();
        for (int i = 0; i < 10; i++)
        {
            s.RunUntilServing([.. s.World.Servers]);
            _ = s.Create(s.Leader, $"/n{i}");
            s.Run(20);
        }

        s.Finish();
    }

    /// <summary>A client reads behind a write of its own, without waiting.</summary>
    private static void AReadBehindAWrite()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer server = s.But(s.Leader)[0];
        _ = s.Write(server, "/before");
        _ = s.Create(server, "/a");
        int read = s.Ask(server, new ClientRequest { Op = OpCode.GetData, Path = "/a" });
        _ = s.Await(server, read);
        s.Finish();
    }

    /// <summary>A node's data is set while server 2 follows. Where that server's state comes to differ, it must
    /// say nothing of it, and serve again once it has the leader's whole state.</summary>
    /// <param name="isForgiven">Whether differing is no violation by itself.</param>
    public static void AServerThatDiffers(bool isForgiven)
    {
        Scenario s = new(voters: 3);
        s.World.Ghost.ForgivesDivergence = isForgiven;
        s.StartAll();
        s.Check(s.Leader != s[2], "L1: server 2 is to follow, so the scenario is wrong");
        _ = s.Write(s[2], "/a");
        Watch(s, s[2], "/a");
        _ = s.Await(s.Leader, s.Ask(s.Leader, new ClientRequest
        {
            Op = OpCode.SetData, Path = "/a", Data = new byte[1], Version = -1,
        }));
        s.RunUntil(s.AllAreEqual);
        _ = s.Write(s[2], "/b");
        s.Finish();
    }
}
