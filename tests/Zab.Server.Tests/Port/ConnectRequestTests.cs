namespace Zab.Server.Tests.Port;

/// <summary>Section 7.2, the connect request: a defined reply or a close, and no session for what is no
/// valid request.</summary>
public sealed class ConnectRequestTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public async Task The_protocol_version_means_nothing(int version)
    {
        byte[]? answer = await AnswerAsync(
            new Body().Int(version).Long(0).Int(10_000).Long(0).Buffer(new byte[16]).Byte(0));

        Assert.Equal(new Body().Int(0).Int(10_000).ToArray(), answer![..8]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(1000)]
    public async Task A_new_session_needs_no_password_of_any_length(int bytes)
    {
        Body password = bytes < 0 ? new Body().Int(-1) : new Body().Buffer(new byte[bytes]);

        byte[]? answer = await AnswerAsync(
            new Body().Int(0).Long(0).Int(10_000).Long(0).Raw(password.ToArray()).Byte(0));

        Assert.Equal(37, answer!.Length);
    }

    [Fact]
    public async Task Bytes_behind_the_last_field_do_not_count()
    {
        byte[]? answer = await AnswerAsync(
            new Body().Int(0).Long(0).Int(10_000).Long(0).Buffer(new byte[16]).Byte(0).Raw(new byte[100]));

        Assert.Equal(37, answer!.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(0x0100000000000001)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public async Task A_guessed_session_is_answered_as_one_that_is_over(long session)
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync(); // so that the ensemble has its secret
        using WireClient guesser = await WireClient.ConnectAsync(served[1].EndPoint);

        Greeting? greeting = await guesser.GreetAsync(session, new byte[16]);

        Assert.Equal((0, 0L, 37), (greeting!.TimeoutMs, greeting.Session, greeting.Bytes));
        Assert.Null(await guesser.ReceiveAsync());
        Assert.Equal(1, served.Nodes[1].Loop.Published.State.Sessions.Count);
    }

    [Fact]
    public async Task A_request_that_is_cut_off_at_any_byte_opens_no_session()
    {
        byte[] request = new Body().Int(0).Long(0).Int(10_000).Long(0).Buffer(new byte[16]).Byte(0).Frame();
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        Core.Primitives.Zxid before = served.Nodes[1].Loop.Published.State.LastZxid;
        for (int length = 0; length < request.Length; length++)
        {
            using WireClient client = await WireClient.ConnectAsync(served[1].EndPoint);
            await client.SendRawAsync(request[..length]);
            client.EndSending();
            Assert.Empty(await client.ReceiveToEndAsync());
        }

        for (int length = 0; length < request.Length - 4 - 1; length++)
        {
            using WireClient client = await WireClient.ConnectAsync(served[1].EndPoint);
            await client.SendRawAsync(new Body().Raw(request[4..(4 + length)]).Frame());
            Assert.Empty(await client.ReceiveToEndAsync());
        }

        Assert.Equal(0, served.Nodes[1].Loop.Published.State.Sessions.Count);
        Assert.Equal(before, served.Nodes[1].Loop.Published.State.LastZxid);
    }

    [Fact]
    public async Task What_comes_behind_the_request_is_done_in_order_once_the_session_is_there()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(3);
        using WireClient client = await WireClient.ConnectAsync(served[1].EndPoint);
        byte[] digest = System.Text.Encoding.UTF8.GetBytes("bob:secret");

        Greeting? greeting = await client.GreetAsync(behind:
        [
            .. WireClient.Request(-4, 100, new Body().Int(0).Text("digest").Buffer(digest)),
            .. WireClient.Request(-8, 101, new Body().Long(0).Int(0).Int(1).Text("/a").Int(0)),
            .. WireClient.Request(1, 1, WireClient.CreateBody("/a")),
            .. WireClient.Request(2, 107),
        ]);

        Assert.NotEqual(0, greeting!.Session);
        List<int> xids = [];
        Packet? last = null;
        while (last?.Xid != 2)
        {
            last = await client.ReceiveAsync();
            Assert.Equal(0, last!.Error);
            xids.Add(last.Xid);
        }

        Assert.Equal([-4, -8, -1, 1, 2], xids);
        Assert.Equal(2, last.IntAt(0)); // its address and bob
    }

    private static async Task<byte[]?> AnswerAsync(Body request)
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await WireClient.ConnectAsync(served[1].EndPoint);
        await client.SendRawAsync(request.Frame());
        byte[]? answer = await client.ReceiveFrameAsync();
        await client.SendAsync(1, 3, new Body().Text("/").Byte(0));
        Assert.Equal(1, (await client.ReceiveAsync())!.Xid);
        return answer;
    }
}
