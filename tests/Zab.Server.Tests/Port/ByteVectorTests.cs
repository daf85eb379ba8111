using System.Buffers.Binary;

namespace Zab.Server.Tests.Port;

/// <summary>Section 2.17: the byte vectors of the protocol, sent and received as they stand there. Zxids,
/// session ids and passwords are the server's own.</summary>
public sealed class ByteVectorTests
{
    private const string Zeros = "00000000000000000000000000000000";
    private const string Connect = "0000002d 00000000 0000000000000000 00007530 0000000000000000 00000010" + Zeros + "00";

    private const string Create2 = "00000032 00000001 0000000f 00000002 2f61 00000001 78 00000001 0000001f"
        + "00000005 776f726c64 00000006 616e796f6e65 00000000";

    private const string Multi = "00000037 00000002 0000000e 0000000d 00 ffffffff 00000002 2f61 ffffffff 00000002"
        + "00 ffffffff 00000002 2f62 ffffffff ffffffff 01 ffffffff";

    [Fact]
    public async Task A_session_from_its_first_byte_to_its_last()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(
            1, changeNode: options => options with { MaxSessionTimeout = TimeSpan.FromSeconds(30) });
        using WireClient client = await WireClient.ConnectAsync(served[1].EndPoint);

        byte[] opened = await AskAsync(client, Connect);
        long session = BinaryPrimitives.ReadInt64BigEndian(opened.AsSpan(8));
        byte[] password = opened[20..36];
        Assert.Equal(Bytes($"00000000 00007530 {session:x16} 00000010 {Convert.ToHexString(password)} 00"), opened);
        Assert.NotEqual(0, session);
        Assert.NotEqual(new byte[16], password);

        byte[] created = await AskAsync(client, Create2);
        long zxid = ZxidOf(created);
        Assert.Equal(Bytes($"00000001 {zxid:x16} 00000000 00000002 2f61 {zxid:x16} {zxid:x16}"), created[..38]);
        Assert.Equal(16 + 6 + 68, created.Length);

        byte[] pong = await AskAsync(client, "00000008 fffffffe 0000000b");
        Assert.Equal(Bytes($"fffffffe {zxid:x16} 00000000"), pong);

        byte[] failed = await AskAsync(client, Multi);
        Assert.Equal(
            Bytes($"00000002 {ZxidOf(failed):x16} 00000000 ffffffff 00 00000000 00000000 ffffffff 00 ffffff9b ffffff9b ffffffff 01 ffffffff"),
            failed);

        byte[] closed = await AskAsync(client, "00000008 00000005 fffffff5");
        Assert.Equal(Bytes($"00000005 {ZxidOf(closed):x16} 00000000"), closed);
        Assert.Null(await client.ReceiveFrameAsync());

        using WireClient late = await WireClient.ConnectAsync(served[1].EndPoint);
        byte[] expired = await AskAsync(
            late, $"0000002d 00000000 0000000000000000 00007530 {session:x16} 00000010 {Convert.ToHexString(password)} 00");
        Assert.Equal(Bytes($"00000000 00000000 0000000000000000 00000010 {Zeros} 00"), expired);
        Assert.Null(await late.ReceiveFrameAsync());
    }

    [Fact]
    public async Task An_event_is_sent_byte_for_byte()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();
        using WireClient other = await served.ClientAsync();
        await client.CreateAsync(1, "/a");
        Assert.Equal(0, (await client.CallAsync(2, 4, new Body().Text("/a").Byte(1))).Error);

        Packet set = await other.CallAsync(1, 5, new Body().Text("/a").Buffer([1]).Int(-1));

        Assert.Equal(
            Bytes($"ffffffff {set.Zxid:x16} 00000000 00000003 00000003 00000002 2f61"),
            await client.ReceiveFrameAsync());
    }

    [Theory]
    [InlineData("72756f6b", "imok")]
    [InlineData("73727672", "Zookeeper version: ")]
    [InlineData("73746174", "Zookeeper version: ")]
    [InlineData("6d6e7472", "zk_version\t")]
    [InlineData("6973726f", "rw")]
    [InlineData("636f6e66", "clientPort=")]
    [InlineData("64756d70", "SessionTracker dump:\n")]
    public async Task A_word_is_the_number_in_place_of_a_length(string word, string answer)
    {
        string[] all = ["*"];
        await using ServedEnsemble served =
            await ServedEnsemble.OfAsync(1, options => options with { FourLetterWords = all });
        using WireClient client = await WireClient.ConnectAsync(served[1].EndPoint);

        await client.SendRawAsync(Bytes(word));

        byte[] received = await client.ReceiveToEndAsync();
        Assert.StartsWith(answer, System.Text.Encoding.UTF8.GetString(received), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_word_behind_the_first_packet_is_a_length_that_is_too_long()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();

        await client.SendRawAsync(Bytes("73727672"));

        Assert.Empty(await client.ReceiveToEndAsync());
    }

    private static async Task<byte[]> AskAsync(WireClient client, string vector)
    {
        await client.SendRawAsync(Bytes(vector));
        return await client.ReceiveFrameAsync() ?? throw new InvalidOperationException("the connection is closed");
    }

    private static long ZxidOf(byte[] reply) => BinaryPrimitives.ReadInt64BigEndian(reply.AsSpan(4));

    private static byte[] Bytes(string vector) =>
        Convert.FromHexString(vector.Replace(" ", "", StringComparison.Ordinal));
}
