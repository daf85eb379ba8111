using Zab.Core.Recovery;
using Zab.Core.Requests;
using Zab.Testing.Scripts;

namespace Zab.Core.Tests.Replicas;

public sealed class SnapshotUnderLoadTests
{
    private const int WritesPerTick = 5;
    private const int MessagesPerTick = 8;

    /// <summary>More is written while the snapshot is on its way than the leader's window holds, or even many windows
    /// (ZB-57).</summary>
    [Theory]
    [InlineData(20)]
    [InlineData(1)]
    public void A_learner_that_needs_a_snapshot_joins_once_while_writes_go_on(int historyEntriesMax)
    {
        Cluster cluster = WithoutServer1(historyEntriesMax);
        cluster.Start(1);
        Load(cluster, ticks: 150, MessagesPerTick);

        Assert.True(cluster[1].Replica!.Status.IsServing);
        Assert.Single(cluster.Trace.Take(), line => line.StartsWith("3→1 Snap", StringComparison.Ordinal));
    }

    /// <summary>Memory is spent only on who takes in what it is sent (R19).</summary>
    [Fact]
    public void A_learner_that_takes_in_nothing_of_its_snapshot_costs_a_few_windows_at_most()
    {
        Cluster cluster = WithoutServer1(historyEntriesMax: 1);
        cluster.Start(1);
        Assert.True(ReachesSnapshot(cluster));
        long most = 0;
        for (int tick = 0; tick < 30; tick++)
        {
            Load(cluster, ticks: 1, messagesPerTick: 0);
            History history = cluster[3].Replica!.Log.History;
            most = long.Max(most, history.EndIndex - history.FirstIndex);
        }

        Assert.InRange(most, 5, 12);
    }

    private static Cluster WithoutServer1(int historyEntriesMax)
    {
        Cluster cluster = new(3, 0);
        foreach (ScriptedServer server in cluster.Servers)
        {
            server.HistoryEntriesMax = historyEntriesMax;
        }

        cluster.Start(1, 2, 3);
        Assert.True(cluster.Stabilize());
        cluster.OpenSession(3, 1_000_000);
        cluster.Settle();
        cluster.Crash(1);
        for (int i = 0; i < 24; i++)
        {
            Submit(cluster, new ClientRequest { Op = OpCode.Create2, Path = $"/n{i}", Data = new byte[900_000] });
            cluster.Settle();
        }

        Write(cluster, 100);
        _ = cluster.Trace.Take();
        return cluster;
    }

    /// <summary>Goes on until the learner has been told of its snapshot, and has received none of it.</summary>
    private static bool ReachesSnapshot(Cluster cluster)
    {
        for (int tick = 0; tick < 100; tick++)
        {
            Load(cluster, ticks: 1, messagesPerTick: 1);
            if (cluster.Trace.Take().Any(line => line.StartsWith("3→1 Snap ", StringComparison.Ordinal)))
            {
                return true;
            }
        }

        return false;
    }

    private static void Load(Cluster cluster, int ticks, int messagesPerTick)
    {
        for (int tick = 0; tick < ticks; tick++)
        {
            Write(cluster, WritesPerTick);
            cluster.TickAll(1);
            cluster.Deliver(1, from: null, messagesPerTick);
            if (messagesPerTick > 0)
            {
                cluster.Persist(1);
            }

            Others(cluster);
        }
    }

    private static void Write(Cluster cluster, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Submit(cluster, new ClientRequest { Op = OpCode.SetData, Path = "/", Version = -1 });
            Others(cluster);
        }
    }

    private static void Submit(Cluster cluster, ClientRequest request) =>
        cluster.Submit(3, request with { Version = -1 });

    /// <summary>The leader and its other follower keep up.</summary>
    private static void Others(Cluster cluster)
    {
        cluster.Deliver(2);
        cluster.Persist(2);
        cluster.Persist(3);
        cluster.Deliver(3);
        cluster.Persist(3);
    }
}
