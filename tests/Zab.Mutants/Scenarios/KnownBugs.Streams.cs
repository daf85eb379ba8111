using Zab.Core.Messages;
using Zab.Core.Primitives;
using Zab.Testing.Simulation;

namespace Zab.Mutants.Scenarios;

/// <content>The end of section 2.B: what a leader sends to a learner.</content>
internal static partial class KnownBugs
{
    private static void AddStreams()
    {
        s_scenarios.Add("ZB-28", AWindowThatMovesOn);
        s_scenarios.Add("ZB-29", ALeaderWithAHoleInItsWindow);
        s_scenarios.Add("ZB-30", AnEmptyLearnerAndAFreshWindow);
        s_scenarios.Add("ZB-31", AProposalBetweenNewLeaderAndItsAck);
        s_scenarios.Add("ZB-32a", ACommitBetweenNewLeaderAndUpToDate);
        s_scenarios.Add("ZB-32b", ALearnerThatCatchesUp);
        s_scenarios.Add("ZB-33", AnOldLeaderIsHeardLate);
    }

    /// <summary>A follower stands still while the others go on, with room for few messages under way. What it
    /// needs next leaves the leader's window; nothing may be left out of its stream.</summary>
    private static void AWindowThatMovesOn()
    {
        Scenario s = new(voters: 3, change: settings => settings with
        {
            HistoryEntriesMax = 1,
            Roles = settings.Roles with { InFlightEntriesMax = 8 },
        });
        s.StartAll();
        SimulatedServer leader = s.Leader;
        SimulatedServer slow = s.But(leader)[0];
        _ = s.Write(leader, "/before");
        s.World.Pause(slow, inTurn: false);
        leader.FlushUs = (100_000, 100_000);
        for (int i = 0; i < 40; i++)
        {
            _ = s.Create(leader, $"/n{i}");
            s.Run(1);
        }

        s.Run(500);
        leader.FlushUs = s.World.Settings.FlushUs;
        s.World.Resume(slow);
        s.Finish();
    }

    /// <summary>A voter gets a snapshot while it still holds older entries, and becomes the leader. An observer
    /// comes back at one of those older entries: between them and the newer ones is a hole.</summary>
    private static void ALeaderWithAHoleInItsWindow()
    {
        Scenario s = new(voters: 3, observers: 1, change: settings => settings with { HistoryEntriesMax = 16 });
        s.StartAll();
        SimulatedServer first = s.Leader;
        SimulatedServer observer = s[4];
        SimulatedServer next = s.But(first, observer)[^1];
        s.WriteMany(first, "/a", 4);
        s.Isolate(observer);
        s.Run(3_000);
        s.WriteMany(first, "/b", 3);
        s.Isolate(next);
        s.Run(3_000);
        s.WriteMany(first, "/c", 40);
        foreach (SimulatedServer other in s.But(next, observer))
        {
            s.World.Heal(next, other);
        }

        s.RunUntilServing(next);
        _ = s.Write(first, "/d");
        s.Run(20);
        s.Crash(first);
        _ = s.RunUntilLeaderIsNot(first);
        _ = s.Write(next, "/e");
        s.Finish();
    }

    /// <summary>All restart from snapshots, so that their windows begin in the middle of history. A server with
    /// an empty disk joins: it needs all of it.</summary>
    private static void AnEmptyLearnerAndAFreshWindow()
    {
        Scenario s = new(voters: 3, change: settings => settings with { SnapshotEvery = 2 });
        s.StartAll();
        WriteBig(s, s.Leader, "/a", 12);
        SimulatedServer[] all = [.. s.World.Servers];
        s.Crash(all);
        s.Start(all[1], all[2]);
        s.RunUntilServing(all[1], all[2]);
        s.World.Wipe(all[0]);
        s.Finish();
    }

    /// <summary>A follower catches up; while it writes what came with NEWLEADER, the leader proposes. The
    /// proposal must reach the follower before the next one.</summary>
    private static void AProposalBetweenNewLeaderAndItsAck()
    {
        (Scenario s, SimulatedServer leader) = CatchUpTo(flushMs: 1);
        _ = s.Create(leader, "/between");
        s.Run(20);
        _ = s.Write(leader, "/after");
        s.Finish();
    }

    /// <summary>A follower with a slow disk catches up; before it acknowledges NEWLEADER, more is committed. It
    /// may serve only with all of that.</summary>
    private static void ACommitBetweenNewLeaderAndUpToDate()
    {
        (Scenario s, SimulatedServer leader) = CatchUpTo(flushMs: 100);
        _ = s.Write(leader, "/between");
        s.Finish();
    }

    /// <summary>A follower catches up with some entries: each reaches it once.</summary>
    private static void ALearnerThatCatchesUp()
    {
        (Scenario s, _) = CatchUpTo(flushMs: 1);
        s.Finish();
    }

    /// <summary>Nobody hears the leader any more, so the others elect another. Then the old leader's messages
    /// arrive, on the old connections: they are of no interest.</summary>
    private static void AnOldLeaderIsHeardLate()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer old = s.Leader;
        _ = s.Write(old, "/before");
        foreach (SimulatedServer other in s.But(old))
        {
            s.World.CutOneWay(old, other);
        }

        _ = s.Create(old, "/late");
        _ = s.RunUntilLeaderIsNot(old);
        SimulatedServer leader = s.Leader;
        _ = s.Write(leader, "/new");
        s.Finish();
    }

    /// <summary>A follower was cut off, comes back, and has just got NEWLEADER.</summary>
    private static (Scenario Scenario, SimulatedServer Leader) CatchUpTo(int flushMs)
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer leader = s.Leader;
        SimulatedServer late = s.But(leader)[0];
        _ = s.Write(leader, "/before");
        s.Isolate(late);
        s.WriteMany(leader, "/n", 3);
        late.FlushUs = (flushMs * 1_000, flushMs * 1_000);
        bool hasCome = false;
        s.AtMessage(MessageType.NewLeader, 1, _ => hasCome = true);
        s.Heal();
        s.RunUntil(() => hasCome);
        return (s, leader);
    }
}
