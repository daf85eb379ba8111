using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Testing.Scripts;

namespace Zab.Core.Tests.Replicas;

public sealed class StrangeAnswerTests
{
    /// <summary>No entry has the zxid that the answer waits for: the state never stops at it (R20).</summary>
    [Theory]
    [InlineData(1, 1_000)]
    [InlineData(2, 0)]
    public void An_answer_that_waits_for_no_entry_holds_up_nobody(int epoch, uint counter)
    {
        Cluster cluster = new(2, 0);
        cluster.Start(1, 2);
        Assert.True(cluster.Stabilize());
        cluster.OpenSession(1, 1_000_000);
        cluster.Settle();
        cluster.Crash(2);
        cluster.Start(2);
        Assert.True(cluster.Stabilize());
        Assert.Equal(new ServerId(2), cluster.Leader!.Id);
        ScriptedNetwork.Wire wire = Enumerable.Range(0, 100)
            .Select(choice => cluster.AnyWire(choice)!)
            .First(wire => wire.ReceiverLink is { Kind: LinkKind.Quorum, Peer.Value: 2 });

        wire.UnderWay.Enqueue(
            PeerMessages.Refusal(Zxid.Of(epoch, counter), new SessionId(7), 1, new Refusal(ErrorCode.NoNode)));
        cluster.Submit(1, new ClientRequest { Op = OpCode.Create2, Path = "/a" });
        cluster.Settle();

        Assert.Equal(ErrorCode.Ok, cluster.Replies[^1].Reply.Error);
        Assert.Equal(Zxid.Of(2, 1), cluster[1].Replica!.Status.Applied);
    }
}
