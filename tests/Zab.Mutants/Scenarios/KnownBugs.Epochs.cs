using System.Linq;
using Zab.Core.Messages;
using Zab.Testing.Simulation;

namespace Zab.Mutants.Scenarios;

/// <content>Section 2.A: epochs and discovery; and a few of others as models.</content>
internal static partial class KnownBugs
{
    private static void AddEpochs()
    {
        s_scenarios.Add("ZB-01a", PromiseLostInACrash);
        s_scenarios.Add("ZB-01b", EpochThatNobodyWroteIn);
        s_scenarios.Add("ZB-02a", OnePromiseCountedTwice);
        s_scenarios.Add("ZB-02b", PromiseOnASecondLink);
        s_scenarios.Add("ZB-03", CrashBeforeUpToDate);
        s_scenarios.Add("ZB-04", ObserversAroundALonelyLeader);
        s_scenarios.Add("ZB-05", CrashAtEachDiskOperationOfAJoin);
        s_scenarios.Add("ZB-06", RestartInAnEpochWithoutEntries);
        s_scenarios.Add("ZB-07", LaggardBeforeTheFirstProposal);
        s_scenarios.Add("ZB-49", AckBeforeTheLeadersOwnDisk);
    }

    /// <summary>Server 2 leads epoch 2 with server 1, whose disk is slow, writes alone, and both crash: the
    /// promise of server 1 must be there when server 3, which knows nothing of epoch 2, comes back.</summary>
    private static void PromiseLostInACrash()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer old = s.Leader;
        _ = s.Write(old, "/a");
        s[1].FlushUs = (50_000, 50_000);
        s.Crash(old);
        SimulatedServer second = s.RunUntilLeaderIsNot(old);
        s.Propose(second);
        s.Run(5);
        s.Crash(second, s[1]);
        s.Start(old, s[1]);
        s.RunUntilServing(old, s[1]);
        _ = s.Write(s.Leader, "/b");
        s.Finish();
    }

    /// <summary>Server 2 leads epoch 2, logs an entry that no one else hears of, and crashes. The next leader
    /// has promised epoch 2, and no entry of it: its epoch must be 3 all the same.</summary>
    private static void EpochThatNobodyWroteIn()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer first = s.Leader;
        _ = s.Write(first, "/a");
        s.Run(50);
        s.Crash(first);
        SimulatedServer second = s.RunUntilLeaderIsNot(first);
        s.World.CutOneWay(second, s.But(first, second)[0]);
        s.Propose(second);
        s.Run(10);
        s.Crash(second);
        s.Heal();
        s.Start(first);
        SimulatedServer third = s.RunUntilLeaderIsNot(second);
        _ = s.Write(third, "/b");
        s.Finish();
    }

    /// <summary>Of five servers only one has promised the epoch beside the leader, as the disks of the others
    /// are slow: two are no quorum, however often one of them is heard.</summary>
    private static void OnePromiseCountedTwice()
    {
        Scenario s = new(voters: 5);
        foreach (SimulatedServer slow in new[] { s[1], s[2], s[3] })
        {
            slow.FlushUs = (300_000, 300_000);
        }

        s.StartAll();
        s.Finish();
    }

    /// <summary>A follower loses its link to the leader of an epoch that it has promised, and comes back to
    /// the same one: it may follow, and its second promise counts for nothing.</summary>
    private static void PromiseOnASecondLink()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer follower = s.But(s.Leader)[0];
        s.World.BreakAll(s.Leader, follower, "the link was reset");
        s.Run(50);
        s.RunUntilServing(follower);
        s.Finish();
    }

    /// <summary>A new epoch has the acks of a quorum, and one of its followers has got as far as UPTODATE,
    /// when that one and the leader crash. Those that acknowledged NEWLEADER crash, too: all of them must
    /// come back in the new epoch.</summary>
    private static void CrashBeforeUpToDate()
    {
        Scenario s = new(voters: 5);
        s.StartAll();
        SimulatedServer old = s.Leader;
        _ = s.Write(old, "/a");
        s.Crash(old);
        bool isEstablished = false;
        s.AtMessage(MessageType.UpToDate, 2, wire =>
        {
            isEstablished = true;
            s.Crash(wire.To);
        });
        s.RunUntil(() => isEstablished);
        SimulatedServer leader = s.Leader;
        _ = s.Write(leader, "/b");
        s.Crash([.. s.World.Servers.Where(server => server.IsUp)]);
        s.Start(s.But(leader));
        s.RunUntilServing(s.But(leader));
        s.Finish();
    }

    /// <summary>A leader has the promises of a quorum, then only an observer still hears it: an observer that
    /// takes over the epoch makes no quorum.</summary>
    private static void ObserversAroundALonelyLeader()
    {
        Scenario s = new(voters: 3, observers: 1);
        s.StartAll();
        SimulatedServer old = s.Leader;
        _ = s.Write(old, "/a");
        s.Run(50);
        s.Crash(old);
        bool isCut = false;
        s.AtMessage(MessageType.NewLeader, 1, wire =>
        {
            isCut = true;
            SimulatedServer follower = s.But(old, wire.From, s[4])[0];
            s.World.Cut(wire.From, follower, noticed: false);
        });
        s.RunUntil(() => isCut);
        s.Run(1_000);
        s.Finish();
    }

    /// <summary>A follower that joins loses its power at its k-th operation on the disk, for each k: whatever
    /// it has written by then, it starts again.</summary>
    private static void CrashAtEachDiskOperationOfAJoin()
    {
        for (int k = 1; k <= 16; k++)
        {
            Scenario s = new(voters: 3);
            s.StartAll();
            SimulatedServer leader = s.Leader;
            SimulatedServer follower = s.But(leader)[0];
            s.Crash(follower);
            _ = s.Write(leader, "/a");
            follower.Disk.PowerLossAt = follower.Disk.Operations + k;
            s.Start(follower);
            s.Run(500);
            follower.Disk.PowerLossAt = 0;
            s.Finish();
        }
    }

    /// <summary>All have taken over epoch 2, in which nothing was written, and restart: what they promised is
    /// not in the log's zxids.</summary>
    private static void RestartInAnEpochWithoutEntries()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer old = s.Leader;
        _ = s.Write(old, "/a");
        s.Crash(old);
        _ = s.RunUntilLeaderIsNot(old);
        s.Crash(s.But(old));
        s.Start();
        s.RunUntilServing([.. s.World.Servers]);
        s.Finish();
    }

    /// <summary>A follower that missed entries of epoch 1 joins the leader of epoch 2 before that one has
    /// proposed anything: it is behind, though the leader's epoch has no entry yet.</summary>
    private static void LaggardBeforeTheFirstProposal()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer old = s.Leader;
        s.Crash(s[1]);
        s.WriteMany(old, "/a", 3);
        s.Run(50);
        s.Crash(old);
        s.Start(s[1]);
        s.RunUntilServing(s[1], s[2]);
        s.Finish();
    }

    /// <summary>One server alone: the write is acknowledged only when its own disk has it.</summary>
    private static void AckBeforeTheLeadersOwnDisk()
    {
        Scenario s = new(voters: 1);
        s.StartAll();
        SimulatedServer only = s.Leader;
        _ = s.Write(only, "/before");
        only.FlushUs = (50_000, 50_000);
        _ = s.Create(only, "/a");
        s.Run(10);
        s.Crash(only);
        s.Finish();
    }
}
