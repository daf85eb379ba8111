using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Wire.Tests;

/// <summary>The byte vectors of ZooKeeper's requests, length and all.</summary>
public sealed class ByteVectorTests
{
    [Theory]
    [InlineData(
        "00000032 00000001 0000000f 00000002 2f61 00000001 78 00000001 0000001f 00000005 776f726c64 00000006"
            + " 616e796f6e65 00000000",
        1,
        OpCode.Create2)]
    [InlineData("00000008 00000005 fffffff5", 5, OpCode.CloseSession)]
    [InlineData(
        "00000037 00000002 0000000e 0000000d 00 ffffffff 00000002 2f61 ffffffff 00000002 00 ffffffff 00000002"
            + " 2f62 ffffffff ffffffff 01 ffffffff",
        2,
        OpCode.Multi)]
    public void A_request_is_read_and_written_byte_for_byte(string vector, int xid, object op)
    {
        byte[] bytes = BytesOf(vector);

        Assert.Equal(ErrorCode.Ok, RequestFormat.TryRead(bytes.AsMemory(4), out WireRequest request));

        Assert.Equal((xid, (OpCode)op), (request.Xid, request.Operation!.Value.Op));
        JuteWriter writer = new(64);
        RequestFormat.Write(writer, xid, request.Operation.Value);
        Assert.Equal(bytes[4..], writer.Written.ToArray());
        Assert.Equal(bytes.Length - 4, bytes[3]);
    }

    [Fact]
    public void A_ping_is_written_byte_for_byte()
    {
        JuteWriter writer = new(8);

        RequestFormat.WritePing(writer);

        Assert.Equal(BytesOf("fffffffe 0000000b"), writer.Written.ToArray());
    }

    private static byte[] BytesOf(string vector) =>
        Convert.FromHexString(vector.Replace(" ", "", StringComparison.Ordinal));
}
