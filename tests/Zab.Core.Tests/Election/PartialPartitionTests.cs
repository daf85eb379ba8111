using Zab.Core.Messages;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Testing.Scripts;

namespace Zab.Core.Tests.Election;

/// <summary>Every way in which links among servers can be missing: where a quorum is fully linked, somebody leads (ZB-61, L1).</summary>
public sealed class PartialPartitionTests
{
    private const int TicksMax = 600;

    public static TheoryData<int, int[], int[]> Orders => new()
    {
        { 3, [], [] },
        { 5, [], [] },
        { 5, [3, 1, 5, 2, 4], [] },
        { 3, [], [3] },
        { 5, [], [5] },
        { 5, [5, 4, 3, 2, 1], [4, 1] },
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public void A_fully_linked_quorum_elects_a_leader_whatever_other_links_are_missing(
        int servers, int[] startOrder, int[] lagging)
    {
        (int A, int B)[] pairs =
        [
            .. from a in Enumerable.Range(1, servers) from b in Enumerable.Range(1, servers) where a < b select (a, b),
        ];
        List<string> stuck = [];
        for (int graph = 0; graph < 1 << pairs.Length; graph++)
        {
            HashSet<(int, int)> missing = [.. pairs.Where((_, index) => ((graph >> index) & 1) == 0)];
            if (HasLinkedQuorum(servers, missing) && !Elects(servers, missing, startOrder, lagging))
            {
                stuck.Add(string.Join(' ', pairs.Where(pair => !missing.Contains(pair))));
            }
        }

        Assert.True(stuck.Count == 0, $"{stuck.Count} graphs elect nobody, such as {stuck.FirstOrDefault()}");
    }

    [Fact]
    public void An_established_leader_is_not_disturbed_by_a_server_that_cannot_reach_it()
    {
        Cluster cluster = new(3, 0);
        cluster.Start(1, 2, 3);
        Assert.True(cluster.Stabilize());

        cluster.CutLink(1, 3);
        cluster.Pass(300);

        Assert.Equal(new ServerId(3), cluster.Leader?.Id);
        Assert.Equal(1, cluster[3].Replica!.Status.Epoch);
        Assert.Equal(ServerState.Looking, cluster[1].Replica!.Status.State);
    }

    /// <summary>Gives the servers a history, in which some lack the newest entries, and ends them all.</summary>
    private static void Live(Cluster cluster, int servers, int[] lagging)
    {
        cluster.Start([.. Enumerable.Range(1, servers)]);
        Assert.True(cluster.Stabilize());
        int writer = Enumerable.Range(1, servers).First(id => !lagging.Contains(id));
        cluster.OpenSession(writer, 100_000);
        cluster.Settle();
        Array.ForEach(lagging, id => cluster.Crash(id));
        Assert.True(cluster.Stabilize());
        cluster.Submit(writer, new ClientRequest { Op = OpCode.Create2, Path = "/newest", Version = -1 });
        cluster.Settle();
        foreach (int id in Enumerable.Range(1, servers).Except(lagging))
        {
            cluster.Crash(id);
        }
    }

    private static bool Elects(
        int servers, HashSet<(int A, int B)> missing, int[] startOrder, int[] lagging)
    {
        Cluster cluster = new(servers, 0);
        if (lagging.Length > 0)
        {
            Live(cluster, servers, lagging);
        }

        foreach ((int a, int b) in missing)
        {
            cluster.CutLink(a, b);
        }

        if (startOrder.Length == 0)
        {
            cluster.Start([.. Enumerable.Range(1, servers)]);
        }

        foreach (int id in startOrder)
        {
            cluster.Start(id);
            cluster.Settle();
        }

        for (int tick = 0; tick < TicksMax; tick++)
        {
            cluster.Settle();
            if (cluster.Leader is not null)
            {
                cluster.Check();
                return true;
            }

            cluster.TickAll(1);
        }

        return false;
    }

    private static bool HasLinkedQuorum(int servers, HashSet<(int A, int B)> missing)
    {
        for (int set = 0; set < 1 << servers; set++)
        {
            int[] members = [.. Enumerable.Range(1, servers).Where(id => ((set >> (id - 1)) & 1) != 0)];
            if (2 * members.Length > servers
                && !missing.Any(link => members.Contains(link.A) && members.Contains(link.B)))
            {
                return true;
            }
        }

        return false;
    }
}
