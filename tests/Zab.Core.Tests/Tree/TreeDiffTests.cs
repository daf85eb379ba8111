using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Tree;

/// <summary>What watches are told when a snapshot replaces a state.</summary>
public sealed class TreeDiffTests
{
    [Fact]
    public void The_root_is_compared_like_every_other_node()
    {
        DataWriter writer = new(DataState.Initial);
        SessionId session = new(1);
        Do(writer, new ClientRequest { Op = OpCode.CreateSession, Session = session, TimeoutMs = 1 }, 1);
        DataState before = writer.Freeze();

        Do(writer, new ClientRequest { Op = OpCode.SetData, Session = session, Path = "/", Version = -1 }, 2);
        List<ZnodeChange> changes = TreeDiff.Between(before.Tree, writer.Freeze().Tree);

        Assert.Equal([new ZnodeChange(ZnodeChangeKind.DataChanged, "/")], changes);
    }

    private static void Do(DataWriter writer, ClientRequest request, uint counter)
    {
        Zxid zxid = Zxid.Of(1, counter);
        ErrorCode error = RequestPreparer.Prepare(request, writer, zxid, 1, out ReadOnlyMemory<byte> txn);
        Assert.Equal(ErrorCode.Ok, error);
        _ = writer.Apply(zxid, txn);
    }
}
