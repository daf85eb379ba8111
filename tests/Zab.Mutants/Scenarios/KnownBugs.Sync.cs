using System.Linq;
using Zab.Core.Messages;
using Zab.Testing.Simulation;

namespace Zab.Mutants.Scenarios;

/// <content>Section 2.B, first half: how a learner is brought to its leader's history.</content>
internal static partial class KnownBugs
{
    private static void AddSync()
    {
        s_scenarios.Add("ZB-08", LonelyEntryAmongLaterOnes);
        s_scenarios.Add("ZB-09", LonelyEntryAmongLaterOnes);
        s_scenarios.Add("ZB-10", LonelyEntryAmongLaterOnes);
        s_scenarios.Add("ZB-11", LonelyEntryBeforeTheFirstProposal);
        s_scenarios.Add("ZB-12", LonelyLeaderKeepsRunning);
        s_scenarios.Add("ZB-13", LonelyEntryBecomesInitialHistory);
        s_scenarios.Add("ZB-14", EpochWithoutItsHistory);
        s_scenarios.Add("ZB-15", HistoryOnASlowDisk);
        s_scenarios.Add("ZB-16", ProposalBetweenNewLeaderAndUpToDate);
        s_scenarios.Add("ZB-17", LongDiff);
        s_scenarios.Add("ZB-18", LeaderLostWithAFullQueue);
        s_scenarios.Add("ZB-19", FreshlySyncedLeader);
        s_scenarios.Add("ZB-20a", CommitBeforeTheOwnDisk);
        s_scenarios.Add("ZB-20b", FlushThatFailsOnce);
        s_scenarios.Add("ZB-21", TruncThenNothing);
        s_scenarios.Add("ZB-22", SnapshotThenNothing);
        s_scenarios.Add("ZB-23", SnapshotThenPowerLoss);
        s_scenarios.Add("ZB-24", ProposalWhileASnapshotBegins);
        s_scenarios.Add("ZB-25", SnapshotHeaderThenNothing);
    }

    /// <summary>A leader logs an entry that no one else hears of, and crashes; the others elect a leader
    /// without it.</summary>
    private static SimulatedServer LoseALonelyLeader(Scenario s)
    {
        s.StartAll();
        SimulatedServer lonely = s.Leader;
        s.WriteMany(lonely, "/a", 2);
        s.Run(50);
        s.Isolate(lonely, noticed: false);
        _ = s.Create(lonely, "/lonely");
        s.Run(10);
        s.Crash(lonely);
        s.ResetLinks(lonely);
        s.Heal();
        _ = s.RunUntilLeaderIsNot(lonely);
        return lonely;
    }

    /// <summary>A follower is down while others write more than the leader keeps in memory: only a snapshot
    /// can bring it back.</summary>
    private static (Scenario Scenario, SimulatedServer Laggard) LeaveALaggardBehind()
    {
        Scenario s = new(
            voters: 3, change: settings => settings with { HistoryEntriesMax = 1, SnapshotEvery = 4 });
        s.StartAll();
        SimulatedServer laggard = s.But(s.Leader)[0];
        _ = s.Write(s.Leader, "/a");
        s.Run(50);
        s.Crash(laggard);
        s.WriteMany(s.Leader, "/b", 12);
        return (s, laggard);
    }

    /// <summary>The lonely leader comes back when the others have written on: its entry lies between the ends
    /// of their history, and is none of it. It must be cut, and that only, and what then comes must be on the
    /// disk.</summary>
    private static void LonelyEntryAmongLaterOnes()
    {
        Scenario s = new(voters: 3);
        SimulatedServer lonely = LoseALonelyLeader(s);
        s.WriteMany(s.Leader, "/b", 3);
        s.Start(lonely);
        s.RunUntilServing(lonely);
        _ = s.Write(s.Leader, "/c");
        s.Finish();
    }

    /// <summary>The lonely leader comes back before the next has proposed anything, and that one keeps next
    /// to nothing in memory: the entry is older than the new epoch, and must be cut.</summary>
    private static void LonelyEntryBeforeTheFirstProposal()
    {
        Scenario s = new(
            voters: 3, change: settings => settings with { HistoryEntriesMax = 1, SnapshotEvery = 2 });
        SimulatedServer lonely = LoseALonelyLeader(s);
        s.Start(lonely);
        s.RunUntilServing(lonely);
        s.Finish();
    }

    /// <summary>The lonely leader never stops, and joins the next one: its position is the end of its log,
    /// not that of the state which it shows. Then it restarts.</summary>
    private static void LonelyLeaderKeepsRunning()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer lonely = s.Leader;
        _ = s.Write(lonely, "/a");
        s.Run(50);
        s.Isolate(lonely, noticed: false);
        _ = s.Create(lonely, "/lonely");
        SimulatedServer next = s.RunUntilLeaderIsNot(lonely);
        _ = s.Write(next, "/b");
        s.ResetLinks(lonely);
        s.Heal();
        s.RunUntilServing(lonely);
        s.Crash(lonely);
        s.Finish();
    }

    /// <summary>An entry of one server alone becomes the initial history of the next epoch, and committed,
    /// when the two others acknowledge NEWLEADER. Then all crash, and its first owner stays away.</summary>
    private static void LonelyEntryBecomesInitialHistory()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer owner = s.Leader;
        _ = s.Write(owner, "/a");
        s.Isolate(owner, noticed: false);
        _ = s.Create(owner, "/t");
        s.Run(10);
        s.Crash([.. s.World.Servers]);
        s.Heal();
        s.Start();
        bool isEstablished = false;
        s.AtMessage(MessageType.UpToDate, 1, _ => isEstablished = true);
        s.RunUntil(() => isEstablished);
        s.Crash([.. s.World.Servers]);
        s.Start(s.But(owner));
        s.RunUntilServing(s.But(owner));
        s.Finish();
    }

    /// <summary>Two servers have an entry; the third takes it by a DIFF, and crashes with its leader just
    /// after NEWLEADER came. It must not be in the new epoch without the entry when it meets the server that
    /// has it in the old one.</summary>
    private static void EpochWithoutItsHistory()
    {
        (Scenario s, SimulatedServer leader, SimulatedServer laggard, SimulatedServer owner) = OneLacksAnEntry();
        bool hasCome = false;
        s.AtMessage(MessageType.NewLeader, 1, _ => hasCome = true);
        s.Start(leader, laggard);
        s.RunUntil(() => hasCome);
        s.Crash(leader, laggard);
        s.Start(laggard, owner);
        s.RunUntilServing(laggard, owner);
        s.Finish();
    }

    /// <summary>As before, with a disk so slow that the history is long handed over, and not on it, when its
    /// server crashes.</summary>
    private static void HistoryOnASlowDisk()
    {
        (Scenario s, SimulatedServer leader, SimulatedServer laggard, SimulatedServer owner) = OneLacksAnEntry();
        bool hasCome = false;
        s.AtMessage(MessageType.NewLeader, 1, wire =>
        {
            hasCome = true;
            wire.To.FlushUs = (500_000, 500_000);
        });
        s.Start(leader, laggard);
        s.RunUntil(() => hasCome);
        s.Run(100);
        s.Crash(leader, laggard);
        s.Start(laggard, owner);
        s.RunUntilServing(laggard, owner);
        s.Finish();
    }

    /// <summary>A leader and a follower have an entry that the third server lacks; all are down.</summary>
    private static (Scenario Scenario, SimulatedServer Leader, SimulatedServer Laggard, SimulatedServer Owner)
        OneLacksAnEntry()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer leader = s.Leader;
        s.Crash(s[1]);
        _ = s.Write(leader, "/t");
        s.Crash(leader, s[2]);
        return (s, leader, s[1], s[2]);
    }

    /// <summary>The leader proposes and commits while a follower, whose disk is slow, has NEWLEADER and not
    /// yet UPTODATE: what comes between the two must be in its log like all else.</summary>
    private static void ProposalBetweenNewLeaderAndUpToDate()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer leader = s.Leader;
        SimulatedServer laggard = s.But(leader)[0];
        s.Crash(laggard);
        _ = s.Write(leader, "/a");
        s.AtMessage(MessageType.NewLeader, 1, wire =>
        {
            wire.To.FlushUs = (50_000, 50_000);
            _ = s.Create(leader, "/b");
        });
        s.Start(laggard);
        s.Run(500);
        s.RunUntilServing(laggard);
        _ = s.Write(leader, "/c");
        s.Finish();
    }

    /// <summary>A follower needs more entries than may be under way to it: they reach its disk in parts, and
    /// it acknowledges nothing before NEWLEADER.</summary>
    private static void LongDiff()
    {
        Scenario s = new(
            voters: 3,
            change: settings => settings with { Roles = settings.Roles with { InFlightEntriesMax = 8 } });
        s.StartAll();
        SimulatedServer leader = s.Leader;
        SimulatedServer follower = s[1];
        s.Crash(follower);
        s.WriteMany(leader, "/a", 20);
        s.Run(50);
        s.Crash(leader);
        s.Start(follower);
        s.RunUntilServing(follower);
        s.Finish();
    }

    /// <summary>A follower loses its leader while its disk is far behind: its vote names the end of what it
    /// has handed over, and waits for it.</summary>
    private static void LeaderLostWithAFullQueue()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer leader = s.Leader;
        SimulatedServer slow = s[1];
        slow.FlushUs = (400_000, 400_000);
        s.WriteMany(leader, "/a", 5);
        s.Crash(leader);
        _ = s.RunUntilLeaderIsNot(leader);
        s.Finish();
    }

    /// <summary>Server 4 takes entries in a synchronisation, leads at once, and brings server 1, which misses
    /// them too, to its history: without a hole.</summary>
    private static void FreshlySyncedLeader()
    {
        Scenario s = new(voters: 5);
        s.StartAll();
        _ = s.Write(s[5], "/a");
        s.Crash(s[1], s[4]);
        s.WriteMany(s[5], "/b", 4);
        s.Run(50);
        s.Crash(s[5]);
        s.Start(s[4]);
        s.RunUntilServing(s[2], s[3], s[4]);
        s.Crash(s[3]);
        s.Start(s[1]);
        s.RunUntilServing(s[1], s[2], s[4]);
        s.Finish();
    }

    /// <summary>A leader commits with the one follower whose disk is quick; the other learns of it while its
    /// own disk has not got the entry, and crashes.</summary>
    private static void CommitBeforeTheOwnDisk()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer slow = s.But(s.Leader)[0];
        slow.FlushUs = (500_000, 500_000);
        s.WriteMany(s.Leader, "/a", 3);
        s.Run(20);
        s.Crash(slow);
        s.Finish();
    }

    /// <summary>One flush of a follower's log fails, and the next ones do not: the server ends, and comes
    /// back with what is really there.</summary>
    private static void FlushThatFailsOnce()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer follower = s.But(s.Leader)[0];
        follower.Disk.ErrorIn = "flush log";
        _ = s.Write(s.Leader, "/a");
        s.Run(20);
        follower.Disk.ErrorIn = null;
        s.Start(follower);
        s.RunUntilServing(follower);
        _ = s.Write(s.Leader, "/b");
        s.Run(50);
        s.Crash(follower);
        s.Finish();
    }

    /// <summary>The lonely leader comes back, is told to cut its entry, and hears nothing more: it looks for
    /// a leader with the history that it has then.</summary>
    private static void TruncThenNothing()
    {
        Scenario s = new(voters: 3);
        SimulatedServer lonely = LoseALonelyLeader(s);
        s.WriteMany(s.Leader, "/b", 3);
        bool isCut = false;
        s.AtMessage(MessageType.Trunc, 1, wire =>
        {
            isCut = true;
            s.World.BreakLink(wire.Owner, "the link was reset");
        });
        s.Start(lonely);
        s.RunUntil(() => isCut);
        s.Run(1_000);
        s.RunUntilServing(lonely);
        s.Crash(lonely);
        s.Finish();
    }

    /// <summary>A laggard has got its snapshot, whole, when the link breaks, before NEWLEADER: it goes on
    /// from what is on its disk.</summary>
    private static void SnapshotThenNothing()
    {
        (Scenario s, SimulatedServer laggard) = LeaveALaggardBehind();
        bool isOver = false;
        s.World.OnPacket = (wire, message) =>
        {
            if (message is { Type: MessageType.SnapChunk, Flag: true } && !isOver)
            {
                isOver = true;
                s.World.BreakLink(wire.Owner, "the link was reset");
            }
        };
        s.Start(laggard);
        s.RunUntil(() => isOver);
        s.Run(1_000);
        s.RunUntilServing(laggard);
        s.Crash(laggard);
        s.Finish();
    }

    /// <summary>A laggard has got its snapshot, serves, and loses its power: the snapshot is still
    /// there.</summary>
    private static void SnapshotThenPowerLoss()
    {
        (Scenario s, SimulatedServer laggard) = LeaveALaggardBehind();
        s.Start(laggard);
        s.RunUntilServing(laggard);
        s.Crash(laggard);
        s.Start(laggard);
        s.RunUntilServing(laggard);
        s.Finish();
    }

    /// <summary>The leader proposes in the moment in which it decides for a snapshot: what the snapshot does
    /// not have must come after it.</summary>
    private static void ProposalWhileASnapshotBegins()
    {
        (Scenario s, SimulatedServer laggard) = LeaveALaggardBehind();
        SimulatedServer leader = s.Leader;
        leader.FlushUs = (20_000, 20_000);
        s.AtMessage(MessageType.AckEpoch, 1, _ => s.Create(leader, "/c"));
        s.Start(laggard);
        s.RunUntilServing(laggard);
        s.Finish();
    }

    /// <summary>A laggard has got the header of a snapshot when the link breaks: it stands where it stood
    /// before.</summary>
    private static void SnapshotHeaderThenNothing()
    {
        (Scenario s, SimulatedServer laggard) = LeaveALaggardBehind();
        bool hasBegun = false;
        s.AtMessage(MessageType.Snap, 1, wire =>
        {
            hasBegun = true;
            s.World.BreakLink(wire.Owner, "the link was reset");
        });
        s.Start(laggard);
        s.RunUntil(() => hasBegun);
        s.Run(1_000);
        s.RunUntilServing(laggard);
        s.Finish();
    }
}
