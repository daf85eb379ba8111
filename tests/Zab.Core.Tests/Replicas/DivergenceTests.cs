using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Watches;
using Zab.Testing.Scripts;

namespace Zab.Core.Tests.Replicas;

/// <summary>A server whose state differs from its leader's serves nobody with it (R25).</summary>
public sealed class DivergenceTests
{
    [Fact]
    public void A_follower_that_differs_leaves_and_comes_back_with_a_snapshot()
    {
        Cluster cluster = new(3, 0);
        cluster.Start(1, 2, 3);
        Assert.True(cluster.Stabilize());
        int leader = cluster.Leader!.Id.Value;
        int follower = leader == 1 ? 2 : 1;
        cluster.OpenSession(leader, 1_000_000);
        cluster.Settle();
        cluster.OpenSession(follower, 1_000_000);
        cluster.Submit(follower, new ClientRequest
        {
            Op = OpCode.AddWatch,
            Path = "/",
            WatchMode = WatchMode.PersistentRecursive,
        });
        cluster.Settle();
        _ = cluster.Trace.Take();

        cluster.Submit(leader, new ClientRequest { Op = OpCode.Create2, Path = "/a" });
        Spoil(cluster, follower);
        Assert.True(cluster.Stabilize());

        // It shows nothing of what it could not do, until it has it from the leader.
        string[] lines = [.. cluster.Trace.Take()];
        int left = Array.FindIndex(lines, line => line.StartsWith($"{follower} is looking: ", StringComparison.Ordinal));
        int snap = Array.FindIndex(lines, line => line.StartsWith($"{leader}→{follower} Snap", StringComparison.Ordinal));
        int seen = Array.FindIndex(
            lines, line => line.StartsWith($"client {follower}: NodeCreated /a", StringComparison.Ordinal));
        Assert.InRange(left, 0, snap - 1);
        Assert.Contains("differs", lines[left], StringComparison.Ordinal);
        Assert.InRange(snap, left + 1, seen - 1);
        Assert.Equal(
            cluster[leader].Replica!.Committed.Digest, cluster[follower].Replica!.Committed.Digest);
        Assert.True(cluster[follower].Replica!.Committed.Tree.TryGet("/a", out _));

        // It asks for one once.
        cluster.Crash(follower);
        cluster.Start(follower);
        Assert.True(cluster.Stabilize());
        Assert.DoesNotContain(
            cluster.Trace.Take(), line => line.StartsWith($"{leader}→{follower} Snap", StringComparison.Ordinal));
    }

    [Fact]
    public void A_server_that_differs_does_not_lead_though_its_id_is_the_highest()
    {
        Cluster cluster = new(3, 0);
        cluster.Start(1, 2, 3);
        Assert.True(cluster.Stabilize());
        Assert.Equal(3, cluster.Leader!.Id.Value);
        cluster.OpenSession(3, 1_000_000);
        cluster.Settle();

        cluster.Submit(3, new ClientRequest { Op = OpCode.Create2, Path = "/a" });
        Spoil(cluster, follower: 2);
        for (int i = 0; i < 100 && cluster[2].Replica!.Status.State == ServerState.Following; i++)
        {
            for (int id = 1; id <= 3; id++)
            {
                cluster.Persist(id);
                cluster.Deliver(id, from: null, count: 1);
            }
        }

        Assert.Contains("differs", cluster[2].Replica!.Status.Reason, StringComparison.Ordinal);
        Zxid written = cluster[1].Replica!.Log.Last.Zxid;
        cluster.Crash(3);
        Assert.True(cluster.Stabilize());

        Assert.Equal(1, cluster.Leader!.Id.Value);
        Assert.Equal(written, cluster[2].Replica!.Committed.LastZxid);
        Assert.Equal(cluster[1].Replica!.Committed.Digest, cluster[2].Replica!.Committed.Digest);
    }

    [Fact]
    public void A_log_that_leads_elsewhere_than_its_leader_said_is_not_started_from()
    {
        Zab.Core.Tests.Requests.Workbench bench = new();
        byte[] open = bench.LastTxn.ToArray();
        Zxid zxid = bench.Last!.Zxid;
        Assert.Equal(zxid, new DataWriter(DataState.Initial).Apply(zxid, open).Zxid);

        open[^1] ^= 1;

        StateDivergedException diverged =
            Assert.Throws<StateDivergedException>(() => new DataWriter(DataState.Initial).Apply(zxid, open));
        Assert.Equal(zxid, diverged.Zxid);
    }

    /// <summary>Changes the digest in the proposal that is under way to a follower, and its hash with
    /// it.</summary>
    private static void Spoil(Cluster cluster, int follower)
    {
        ScriptedNetwork.Wire wire = Enumerable.Range(0, 100)
            .Select(choice => cluster.AnyWire(choice)!)
            .First(wire => wire.ReceiverLink.Kind == LinkKind.Quorum
                && wire.SenderLink.Peer.Value == follower
                && wire.UnderWay.Any(message => message.Type == MessageType.Proposal));
        Message[] messages = [.. wire.UnderWay];
        wire.UnderWay.Clear();
        foreach (Message message in messages)
        {
            if (message.Type != MessageType.Proposal)
            {
                wire.UnderWay.Enqueue(message);
                continue;
            }

            byte[] body = message.Body.ToArray();
            body[^1] ^= 1;
            LogPosition position = cluster[follower].Replica!.Log.History.PositionAfter(message.Zxid, body);
            wire.UnderWay.Enqueue(message with { Body = body, Chain = position.Chain });
        }
    }
}
