using System.Linq;
using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Requests;
using Zab.Testing.Simulation;

namespace Zab.Mutants.Scenarios;

/// <content>Section 2.E: elections and availability.</content>
internal static partial class KnownBugs
{
    private static void AddElections()
    {
        s_scenarios.Add("ZB-50", NewerEpochAgainstLongerHistory);
        s_scenarios.Add("ZB-51", JoinMembersThatJoinedAtDifferentTimes);
        s_scenarios.Add("ZB-52a", VoterGoesAsItsCandidateBegins);
        s_scenarios.Add("ZB-52b", CandidateGoesAsItsVoterFollows);
        s_scenarios.Add("ZB-53", OneVoterIsNeverThere);
        s_scenarios.Add("ZB-54", DyingPeerSendsHalfANotification);
        s_scenarios.Add("ZB-55a", LeadersDiskHangs);
        s_scenarios.Add("ZB-55b", FollowersDiskHangs);
        s_scenarios.Add("ZB-56", DyingPeerSendsACorruptLength);
        s_scenarios.Add("ZB-57", SnapshotTakesLongerThanTheLimit);
        s_scenarios.Add("ZB-58a", DeafFollowerWhileManyWrite);
        s_scenarios.Add("ZB-58b", FloodOnASlowDisk);
        s_scenarios.Add("ZB-61", BestCandidateIsHeardByOne);
        s_scenarios.Add("ZB-62", FollowerLosesOnlyItsLeader);
        s_scenarios.Add("ZB-63", FollowerRestartsAgainAndAgain);
        s_scenarios.Add("ZB-64a", ZombieLeaderIsAskedForABarrier);
        s_scenarios.Add("ZB-64b", DeafFollowerIsAskedForABarrier);
        s_scenarios.Add("ZB-65", FollowerLosesItsLeaderSilently);
    }

    /// <summary>A leader writes alone and dies; the others begin a newer epoch, and write nothing in it. Then
    /// all vote: one has the longer history, two the newer epoch, which alone counts.</summary>
    private static void NewerEpochAgainstLongerHistory()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer old = s.Leader;
        _ = s.Write(old, "/before");
        s.Isolate(old);
        _ = s.Create(old, "/a");
        _ = s.Create(old, "/b");
        s.Run(20);
        s.Crash(old);
        _ = s.RunUntilLeaderIsNot(old);
        s.Crash([.. s.World.Servers]);
        s.Heal();
        s.Start();
        s.RunUntil(() => s.World.Servers.All(Scenario.Serves), limitMs: 800);
        s.Finish();
    }

    /// <summary>The followers restart one after the other, so each voted in another round and with another
    /// zxid. An observer that comes later must join them all the same.</summary>
    private static void JoinMembersThatJoinedAtDifferentTimes()
    {
        Scenario s = new(voters: 3, observers: 1);
        s.StartAll();
        SimulatedServer observer = s[4];
        _ = s.Write(s.Leader, "/a");
        foreach (SimulatedServer follower in s.But(s.Leader, observer))
        {
            s.Crash(follower);
            _ = s.Write(s.Leader, $"/a/{follower.Id}");
            s.Start(follower);
            s.RunUntilServing(follower);
        }

        s.Crash(observer);
        s.Start(observer);
        s.RunUntilServing(observer);
        s.Finish();
    }

    /// <summary>Two of three elect one; just then its only voter is out of reach, and a better candidate
    /// comes. The first must give up at once, not at its deadline.</summary>
    private static void VoterGoesAsItsCandidateBegins()
    {
        Scenario s = new(voters: 3);
        s.Start(s[1], s[2]);
        s.RunUntil(() => s[2].Replica!.Status.State == ServerState.Leading);
        s.Isolate(s[1]);
        s.Start(s[3]);
        s.RunUntil(() => Scenario.Serves(s[2]) && Scenario.Serves(s[3]), limitMs: 3_000);
        s.Finish();
    }

    /// <summary>Two of three elect one; just then it is out of reach of its only voter, and a better
    /// candidate comes. The voter must give up at once, not at its deadline.</summary>
    private static void CandidateGoesAsItsVoterFollows()
    {
        Scenario s = new(voters: 3);
        s.Start(s[1], s[2]);
        s.RunUntil(() => s[1].Replica!.Status.State == ServerState.Following);
        s.Isolate(s[2]);
        s.Start(s[3]);
        s.RunUntil(() => Scenario.Serves(s[1]) && Scenario.Serves(s[3]), limitMs: 3_000);
        s.Finish();
    }

    /// <summary>Two of three servers start, and cannot reach the third. That must not keep them from each
    /// other.</summary>
    private static void OneVoterIsNeverThere()
    {
        Scenario s = new(voters: 3);
        s.Start(s[2], s[3]);
        s.RunUntilServing(s[2], s[3]);
        s.Finish();
    }

    /// <summary>A peer dies in the middle of a notification. It may cost the link, and nothing
    /// else.</summary>
    private static void DyingPeerSendsHalfANotification()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedLink link = s.World.Links.First(link => link.Kind == LinkKind.Election);
        s.World.EndWithNonsense(link.AtoB, new Message { Type = MessageType.Notification });
        s.Run(1_000);
        s.Finish();
    }

    /// <summary>The leader's disk hangs with a write under way, while its links are fine. The others must
    /// not wait for it.</summary>
    private static void LeadersDiskHangs()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer leader = s.Leader;
        _ = s.Write(leader, "/before");
        leader.IsDiskHung = true;
        _ = s.Create(leader, "/a");
        _ = s.RunUntilLeaderIsNot(leader);
        s.Finish();
    }

    /// <summary>A follower's disk hangs, while its links are fine. Its client must be told, and not wait for
    /// ever.</summary>
    private static void FollowersDiskHangs()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer follower = s.But(s.Leader)[0];
        _ = s.Write(follower, "/before");
        follower.IsDiskHung = true;
        _ = s.Await(follower, s.Create(follower, "/a"));
        s.Finish();
    }

    /// <summary>A follower dies in the middle of a heartbeat, so that a list has an impossible
    /// length.</summary>
    private static void DyingPeerSendsACorruptLength()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedLink link = s.World.Links.First(link => link.Kind == LinkKind.Quorum);
        SimulatedLink.Wire wire = link.AtoB.To == s.Leader ? link.AtoB : link.BtoA;
        s.World.EndWithNonsense(wire, new Message { Type = MessageType.Ping, Body = new byte[9] });
        s.Run(1_000);
        s.Finish();
    }

    /// <summary>A follower with a slow disk needs a snapshot of many pieces. It makes progress all the time,
    /// and takes longer than the limit of joining.</summary>
    private static void SnapshotTakesLongerThanTheLimit()
    {
        Scenario s = new(voters: 3, change: settings => settings with
        {
            HistoryEntriesMax = 1,
            Roles = settings.Roles with { InFlightBytesMax = 1_000 },
        });
        s.StartAll();
        SimulatedServer follower = s.But(s.Leader)[0];
        s.Crash(follower);
        for (int i = 0; i < 10; i++)
        {
            _ = s.Await(s.Leader, s.Ask(s.Leader, new ClientRequest
            {
                Op = OpCode.Create2, Path = $"/{i}", Data = new byte[150_000], Version = -1,
            }));
        }

        follower.FlushUs = (1_900_000, 1_900_000);
        s.Start(follower);
        s.RunUntilServing(follower);
        s.Finish();
    }

    /// <summary>A follower does not hear its leader for a moment, while clients write a lot. What waits for
    /// it stays within the limit.</summary>
    private static void DeafFollowerWhileManyWrite()
    {
        Scenario s = new(voters: 3, change: settings => settings with
        {
            Roles = settings.Roles with { InFlightEntriesMax = 8 },
        });
        s.StartAll();
        SimulatedServer leader = s.Leader;
        SimulatedServer follower = s.But(leader)[0];
        s.World.CutOneWay(leader, follower);
        for (int i = 0; i < 20; i++)
        {
            _ = s.Write(leader, $"/{i}");
        }

        s.World.Heal(leader, follower);
        s.Finish();
    }

    /// <summary>Clients ask for more than a slow disk can take. The leader refuses what is too
    /// much.</summary>
    private static void FloodOnASlowDisk()
    {
        Scenario s = new(voters: 1, change: settings => settings with { OutstandingMax = 4 });
        s.StartAll();
        _ = s.Write(s.Leader, "/before");
        s.Leader.FlushUs = (500_000, 500_000);
        for (int i = 0; i < 20; i++)
        {
            _ = s.Create(s.Leader, $"/{i}");
        }

        s.Run(1_000);
        s.Finish();
    }

    /// <summary>Of five, the best candidate is linked with one other only. The four that are linked with each
    /// other must elect one of themselves.</summary>
    private static void BestCandidateIsHeardByOne()
    {
        Scenario s = new(voters: 5);
        s.World.Cut(s[5], s[1], noticed: true);
        s.World.Cut(s[5], s[2], noticed: true);
        s.World.Cut(s[5], s[4], noticed: true);
        s.Start();
        s.RunUntil(
            () => new[] { s[1], s[2], s[3], s[4] }.All(Scenario.Serves), limitMs: 2_000);
        s.Finish();
    }

    /// <summary>A follower cannot reach the leader, and still reaches the other follower. It looks again and
    /// again, and must not disturb the two.</summary>
    private static void FollowerLosesOnlyItsLeader()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer leader = s.Leader;
        int epoch = s.World.Ghost.NewestEpoch;
        s.World.Cut(s.But(leader)[0], leader, noticed: true);
        s.Run(10_000);
        s.Check(
            s.World.Leader == leader && s.World.Ghost.NewestEpoch == epoch,
            "L4: a server without a leader deposed that of the others");
        s.Finish();
    }

    /// <summary>A follower restarts again and again. No epoch is used up by that.</summary>
    private static void FollowerRestartsAgainAndAgain()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer follower = s.But(s.Leader)[0];
        for (int i = 0; i < 10; i++)
        {
            s.Crash(follower);
            s.Start(follower);
            s.RunUntilServing(follower);
        }

        s.Finish();
    }

    /// <summary>A leader with a slow clock is cut off. The others elect another, and write; a client of the
    /// old one asks for a barrier, which nobody can confirm.</summary>
    private static void ZombieLeaderIsAskedForABarrier()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer old = s.Leader;
        _ = s.Write(old, "/before");
        old.TickUs *= 2;
        s.Isolate(old, noticed: false);
        _ = s.Write(s.RunUntilLeaderIsNot(old), "/a");
        _ = s.Ask(old, new ClientRequest { Op = OpCode.Sync, Path = "/" });
        s.Run(1_000);
        s.Finish();
    }

    /// <summary>A follower does not hear its leader, and a write is done without it. A client of the follower
    /// asks for a barrier.</summary>
    private static void DeafFollowerIsAskedForABarrier()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        SimulatedServer leader = s.Leader;
        SimulatedServer follower = s.But(leader)[0];
        _ = s.Write(follower, "/before");
        s.World.CutOneWay(leader, follower);
        _ = s.Write(leader, "/a");
        _ = s.Ask(follower, new ClientRequest { Op = OpCode.Sync, Path = "/" });
        s.Run(1_000);
        s.Finish();
    }

    /// <summary>A follower is cut off, and no link breaks. It must stop serving within its limit.</summary>
    private static void FollowerLosesItsLeaderSilently()
    {
        Scenario s = new(voters: 3);
        s.StartAll();
        s.Isolate(s.But(s.Leader)[0], noticed: false);
        s.Run(5_000);
        s.Finish();
    }
}
