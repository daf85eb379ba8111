using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Wire.Tests;

public sealed class MultiReplyTests
{
    /// <summary>The answer of ZooKeeper 3.8.0 to a multi of one create2 (15), recorded.</summary>
    private const string Recorded =
        "00000006000000000000004800000000000000010000000000000000022f61ffffffff01ffffffff";

    [Fact]
    public void ZooKeeper_answers_a_create2_in_a_multi_as_a_create()
    {
        ClientRequest create = new() { Op = OpCode.Create2, Path = "/a" };
        ClientRequest multi = new() { Op = OpCode.Multi, Operations = [create] };

        Assert.True(ReplyFormat.TryRead(Convert.FromHexString(Recorded), multi, out ClientReply reply));

        OpResult result = Assert.Single(reply.Results!);
        Assert.Equal(("/a", ErrorCode.Ok), (result.Path, result.Error));
    }
}
