using Zab.Core.Requests;
using Zab.Testing.Scripts;

namespace Zab.Core.Tests.Replicas;

public sealed class SnapshotUnderLoadTests
{
    private const int WritesPerTick = 5;
    private const int MessagesPerTick = 8;

    /// <summary>More is written while the snapshot is on its way than the leader's window holds (ZB-57).</summary>
    [Fact]
    public void A_learner_that_needs_a_snapshot_joins_once_while_writes_go_on()
    {
        Cluster cluster = new(3, 0);
        foreach (ScriptedServer server in cluster.Servers)
        {
            server.HistoryEntriesMax = 20;
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
        cluster.Start(1);
        for (int tick = 0; tick < 150; tick++)
        {
            Write(cluster, WritesPerTick);
            cluster.TickAll(1);
            cluster.Deliver(1, from: null, MessagesPerTick);
            cluster.Persist(1);
            Others(cluster);
        }

        Assert.True(cluster[1].Replica!.Status.IsServing);
        Assert.Single(cluster.Trace.Take(), line => line.StartsWith("3→1 Snap", StringComparison.Ordinal));
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
