using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Testing.Simulation;

namespace Zab.Core.Tests.Simulation.Enumerations;

/// <summary>A synchronisation that ends at any of its packets, after which any server that can leads: nothing is lost, and all come to one
/// state (the first macro schedule of the catalogue: ZB-05, 12 to 25, 30 to 33, 44).</summary>
public sealed class SyncCutTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const int PacketsMin = 12;

    /// <summary>What happens at the packet.</summary>
    private enum Deed
    {
        /// <summary>The link between the leader and the learner breaks.</summary>
        LinkBreaks = 1,

        /// <summary>The learner loses its power.</summary>
        LearnerDies = 2,

        /// <summary>The leader loses its power.</summary>
        LeaderDies = 3,
    }

    /// <summary>How many servers vote, who joins, by what, whether with entries that nobody else has, and after how many writes.</summary>
    public static TheoryData<int, int, string, bool, int> Syncs => new()
    {
        { 3, 1, "Diff", false, 3 },
        { 3, 3, "Diff", false, 3 },
        { 3, 3, "Trunc", true, 2 },
        { 3, 1, "Snap", false, 10 },
        { 3, 3, "Snap", false, 10 },
        { 3, 3, "Snap", true, 10 },
        { 5, 1, "Diff", false, 3 },
        { 5, 5, "Diff", false, 3 },
        { 5, 5, "Trunc", true, 2 },
        { 5, 1, "Snap", false, 10 },
        { 5, 5, "Snap", false, 10 },
        { 5, 5, "Snap", true, 10 },
    };

    [Theory]
    [MemberData(nameof(Syncs))]
    public void A_sync_that_ends_at_any_packet_is_mended_under_any_next_leader(
        int voters, int learner, string mode, bool hasTail, int writes)
    {
        bool isSnap = mode == "Snap";
        WorldSettings settings = ScriptedRun.Settings(voters) with
        {
            HistoryEntriesMax = isSnap ? 2 : 1_000,
            SnapshotEvery = isSnap ? 3 : 1_000,
        };
        string name = $"{mode}{(hasTail ? " over a tail" : "")} of server {learner} of {voters} after {writes} writes";
        int packets = CountPackets(name, settings, Enum.Parse<MessageType>(mode), run => Prepare(run, run[learner], hasTail, writes));
        int cases = 0;
        SortedSet<int> leaders = [];
        int[][] quorums = [.. Quorums(voters)];
        foreach (Deed deed in Enum.GetValues<Deed>())
        {
            for (int k = 1; k <= packets; k++)
            {
                for (int i = 0; i < quorums.Length; i++)
                {
                    (int[] first, int[] second) = (quorums[i], quorums[(i + k) % quorums.Length]);
                    string what = $"{name}, {deed} at packet {k} of {packets}, "
                        + $"then {string.Join(' ', first)} alone, then {string.Join(' ', second)} alone";
                    ScriptedRun.Judge(what, settings, seed: 1, run =>
                    {
                        Prepare(run, run[learner], hasTail, writes);
                        leaders.UnionWith(Cut(run, run[learner], k, deed, first, second));
                    });
                    cases++;
                }
            }
        }

        output.WriteLine($"{cases} cases, led by {string.Join(' ', leaders)}");
        Assert.True(packets >= PacketsMin, $"only {packets} packets");
        Assert.True(leaders.Count >= voters - 1, $"only {string.Join(' ', leaders)} led afterwards");
    }

    /// <summary>The learner is down, and the others have written without it.</summary>
    private static void Prepare(ScriptedRun run, SimulatedServer learner, bool hasTail, int writes)
    {
        run.StartAll();
        run.Write(run.Leader, 2);
        run.RunUntilServing([.. run.World.Servers]);
        if (hasTail)
        {
            Assert.Equal(learner, run.Leader);
            run.LeaveWithTail(learner, 2);
        }
        else
        {
            run.Crash(learner);
            run.RunUntilServing([.. run.But(learner)]);
        }

        run.Write(run.Leader, writes);
    }

    /// <summary>Counts the packets of the sync, in both directions, up to a few after it.</summary>
    private int CountPackets(string name, WorldSettings settings, MessageType mode, Action<ScriptedRun> prepare)
    {
        int packets = 0;
        ScriptedRun.Judge(name, settings, seed: 1, run =>
        {
            prepare(run);
            SimulatedServer learner = run.World.Servers.Single(server => server.Replica is null);
            List<MessageType> seen = [];
            run.World.OnPacket = (wire, message) => seen.AddRange(IsSync(wire, learner) ? [message.Type] : []);
            Sync(run, learner);
            run.RunUntilServing(learner);
            run.Run(10);
            packets = seen.Count;
            output.WriteLine(string.Join(' ', seen));
            Assert.Contains(mode, seen);
            run.Finish();
        });
        return packets;
    }

    private static bool IsSync(SimulatedLink.Wire wire, SimulatedServer learner) =>
        wire.Owner.Kind == LinkKind.Quorum && (wire.From == learner || wire.To == learner);

    /// <summary>The learner comes while there are writes.</summary>
    private static void Sync(ScriptedRun run, SimulatedServer learner)
    {
        SimulatedServer leader = run.Leader;
        bool hasWritten = false;
        Action<SimulatedLink.Wire, Message>? next = run.World.OnPacket;
        run.World.OnPacket = (wire, message) =>
        {
            if (!hasWritten && wire.To == leader && message.Type == MessageType.AckEpoch)
            {
                hasWritten = true;
                run.World.PlanNext(1_500);
            }

            next?.Invoke(wire, message);
        };
        run.World.OnPlan = () =>
        {
            if (leader.Replica?.Status is { IsServing: true, State: ServerState.Leading })
            {
                _ = run.Ask(leader);
                _ = run.Ask(leader);
            }
        };
        run.Start(learner);
    }

    /// <returns>Who led then.</returns>
    private static int[] Cut(ScriptedRun run, SimulatedServer learner, int k, Deed deed, int[] first, int[] second)
    {
        bool isDone = false;
        run.World.OnPacket = (wire, _) =>
        {
            if (!IsSync(wire, learner) || --k > 0 || isDone)
            {
                return;
            }

            isDone = true;
            Do(run, wire, deed, learner);
            run.Separate([.. first.Select(id => run[id])]);
        };
        Sync(run, learner);
        run.RunUntil(() => isDone, "the packet comes");
        run.World.OnPacket = null;
        run.Start([.. run.World.Servers]);
        int firstLeader = GoOn(run, first);
        run.World.HealAll();
        run.Separate([.. second.Select(id => run[id])]);
        int secondLeader = GoOn(run, second);
        run.Finish();
        return [firstLeader, secondLeader];
    }

    /// <summary>The quorum must serve and write.</summary>
    private static int GoOn(ScriptedRun run, int[] quorum)
    {
        SimulatedServer[] servers = [.. quorum.Select(id => run[id])];
        run.RunUntil(() => servers.Contains(run.World.Leader), "a quorum alone has a leader");
        run.RunUntilServing(servers);
        SimulatedServer leader = run.Leader;
        run.Write(leader, 1);
        return leader.Id.Value;
    }

    private static void Do(ScriptedRun run, SimulatedLink.Wire wire, Deed deed, SimulatedServer learner)
    {
        switch (deed)
        {
            case Deed.LinkBreaks:
                run.World.BreakLink(wire.Owner, "it is cut");
                break;
            case Deed.LearnerDies:
                run.Crash(learner);
                break;
            case Deed.LeaderDies:
                run.Crash(wire.From == learner ? wire.To : wire.From);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(deed));
        }
    }

    /// <summary>The smallest quorums.</summary>
    private static IEnumerable<int[]> Quorums(int voters)
    {
        for (int set = 0; set < 1 << voters; set++)
        {
            int[] members = [.. Enumerable.Range(1, voters).Where(id => ((set >> (id - 1)) & 1) != 0)];
            if (members.Length == (voters / 2) + 1)
            {
                yield return members;
            }
        }
    }
}
