using System.Text;

namespace Zab.Server.Tests.Port;

/// <summary>Sections 2.4 to 2.11 and 2.15: requests, their order, and events.</summary>
public sealed class RequestTests
{
    [Fact]
    public async Task Replies_come_in_the_order_of_the_requests_and_reads_see_the_writes_before_them()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(3);
        using WireClient client = await served.ClientAsync(2);
        await client.CreateAsync(1, "/a");
        List<byte> all = [];
        for (int i = 0; i < 500; i++)
        {
            byte[] data = Encoding.UTF8.GetBytes($"{i}");
            all.AddRange(WireClient.Request(2 + (3 * i), 5, new Body().Text("/a").Buffer(data).Int(-1)));
            all.AddRange(WireClient.Request(3 + (3 * i), 4, new Body().Text("/a").Byte(0)));
            all.AddRange(WireClient.Request(4 + (3 * i), 3, new Body().Text("/none").Byte(0)));
        }

        await client.SendRawAsync([.. all]);

        long zxid = 0;
        for (int i = 0; i < 500; i++)
        {
            Packet? set = await client.ReceiveAsync();
            Packet? get = await client.ReceiveAsync();
            Packet? exists = await client.ReceiveAsync();
            Assert.Equal((2 + (3 * i), 0), (set!.Xid, set.Error));
            Assert.Equal((3 + (3 * i), $"{i}"), (get!.Xid, get.TextAt(0)));
            Assert.Equal((4 + (3 * i), -101), (exists!.Xid, exists.Error));
            Assert.True(set.Zxid > zxid && get.Zxid >= set.Zxid && exists.Zxid >= get.Zxid);
            zxid = exists.Zxid;
        }
    }

    [Fact]
    public async Task The_event_of_a_change_comes_before_the_reply_that_reveals_it()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();
        using WireClient other = await served.ClientAsync();
        await client.CreateAsync(1, "/a");
        Assert.Equal(0, (await client.CallAsync(2, 4, new Body().Text("/a").Byte(1))).Error);

        await client.SendAsync(3, 5, new Body().Text("/a").Buffer([]).Int(-1));

        Packet? fired = await client.ReceiveAsync();
        Packet? reply = await client.ReceiveAsync();
        Assert.Equal((-1, 0), (fired!.Xid, fired.Error));
        Assert.Equal((3, 3, "/a"), (fired.IntAt(0), fired.IntAt(4), fired.TextAt(8)));
        Assert.Equal((3, fired.Zxid), (reply!.Xid, reply.Zxid));

        _ = await client.CallAsync(4, 4, new Body().Text("/a").Byte(1));
        await other.CallAsync(1, 5, new Body().Text("/a").Buffer([1]).Int(-1));
        Packet? fromOther = await client.ReceiveAsync();
        Assert.Equal(-1, fromOther!.Xid);
    }

    [Theory]
    [InlineData(13)]
    [InlineData(20)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(-10)]
    [InlineData(-12)]
    [InlineData(10)]
    [InlineData(999)]
    public async Task What_clients_may_not_ask_is_answered_and_the_connection_closed(int type)
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();
        await client.SendRawAsync(
        [
            .. WireClient.Request(1, 1, WireClient.CreateBody("/before")),
            .. WireClient.Request(2, type, new Body().Text("/before").Int(-1)),
            .. WireClient.Request(3, 1, WireClient.CreateBody("/behind")),
        ]);

        Assert.Equal((1, 0), await HeadAsync(client));
        Assert.Equal((2, -6), await HeadAsync(client));
        Assert.Null(await client.ReceiveAsync());

        using WireClient again = await WireClient.ConnectAsync(served[1].EndPoint);
        Assert.Equal(client.Session, (await again.GreetAsync(client.Session, client.Password))!.Session);
        Assert.Equal(0, (await again.CallAsync(1, 3, new Body().Text("/before").Byte(0))).Error);
    }

    [Fact]
    public async Task What_cannot_be_read_is_answered_in_its_turn_and_the_connection_goes_on()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();
        await client.SendRawAsync(
        [
            .. WireClient.Request(1, 1, WireClient.CreateBody("/a")),
            .. WireClient.Request(2, 4, new Body().Int(int.MaxValue)),
            .. WireClient.Request(3, 106, new Body().Text("/a").Int(2)),
            .. WireClient.Request(4, 18, new Body().Text("/a").Int(9)),
            .. WireClient.Request(5, 1, WireClient.CreateBody("/b", flags: 99)),
            .. WireClient.Request(6, 14, new Body().Int(4).Byte(0).Int(-1).Text("/a").Byte(0).Int(-1).Byte(1).Int(-1)),
            .. WireClient.Request(7, 16, new Body().Int(-1).Int(-1).Int(-1).Long(-1)),
            .. WireClient.Request(8, 1, WireClient.CreateBody("a")),
            .. WireClient.Request(9, 4, new Body().Text("/a").Byte(0)),
        ]);

        Assert.Equal((1, 0), await HeadAsync(client));
        Assert.Equal((2, -5), await HeadAsync(client));
        Assert.Equal((3, -5), await HeadAsync(client));
        Assert.Equal((4, -5), await HeadAsync(client));
        Assert.Equal((5, -8), await HeadAsync(client));
        Assert.Equal((6, -5), await HeadAsync(client));
        Assert.Equal((7, -123), await HeadAsync(client));
        Assert.Equal((8, -8), await HeadAsync(client));
        Assert.Equal((9, 0), await HeadAsync(client));
    }

    [Fact]
    public async Task A_ping_is_answered()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();
        Packet created = await client.CreateAsync(1, "/a");

        Packet pong = await client.CallAsync(-2, 11);

        Assert.Equal((created.Zxid, 0, 0), (pong.Zxid, pong.Error, pong.Body.Length));
    }

    [Fact]
    public async Task A_client_becomes_who_it_proves_to_be()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();
        Packet auth = await client.CallAsync(
            -4, 100, new Body().Int(0).Text("digest").Buffer(Encoding.UTF8.GetBytes("bob:secret")));
        Assert.Equal((0L, 0, 0), (auth.Zxid, auth.Error, auth.Body.Length));
        Body forCreator = new Body().Text("/mine").Buffer([]).Int(1).Int(31).Text("auth").Text("").Int(0);
        Assert.Equal(0, (await client.CallAsync(1, 1, forCreator)).Error);
        Assert.Equal(0, (await client.CallAsync(2, 4, new Body().Text("/mine").Byte(0))).Error);

        Packet who = await client.CallAsync(3, 107);
        Assert.Equal((2, "ip", "127.0.0.1"), (who.IntAt(0), who.TextAt(4), who.TextAt(10)));

        using WireClient other = await served.ClientAsync();
        Assert.Equal(-102, (await other.CallAsync(1, 4, new Body().Text("/mine").Byte(0))).Error);
    }

    [Theory]
    [InlineData("none", "x")]
    [InlineData("", "")]
    public async Task Who_proves_nothing_is_cut_off(string scheme, string token)
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();

        Packet auth = await client.CallAsync(
            -4, 100, new Body().Int(0).Text(scheme).Buffer(Encoding.UTF8.GetBytes(token)));

        Assert.Equal(-115, auth.Error);
        Assert.Null(await client.ReceiveAsync());
    }

    [Fact]
    public async Task Watches_of_a_client_that_comes_back_are_set_and_what_it_missed_is_told_before_the_reply()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();
        Packet a = await client.CreateAsync(1, "/a");
        await client.CreateAsync(2, "/b");
        await client.CallAsync(3, 5, new Body().Text("/b").Buffer([1]).Int(-1));
        Body watches = new Body().Long(a.Zxid)
            .Int(2).Text("/a").Text("/b").Int(1).Text("/c").Int(1).Text("/gone").Int(1).Text("/p").Int(0);

        await client.SendAsync(-8, 105, watches);

        Packet? changed = await client.ReceiveAsync();
        Packet? gone = await client.ReceiveAsync();
        Packet? reply = await client.ReceiveAsync();
        Assert.Equal((-1, -1L, 3, "/b"), (changed!.Xid, changed.Zxid, changed.IntAt(0), changed.TextAt(8)));
        Assert.Equal((-1, 2, "/gone"), (gone!.Xid, gone.IntAt(0), gone.TextAt(8)));
        Assert.Equal((-8, 0, 0), (reply!.Xid, reply.Error, reply.Body.Length));
        await client.SendAsync(4, 1, WireClient.CreateBody("/c"));
        Packet? created = await client.ReceiveAsync();
        Assert.Equal((-1, 1, "/c"), (created!.Xid, created.IntAt(0), created.TextAt(8)));
    }

    [Fact]
    public async Task A_multi_that_fails_tells_of_each_operation()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();
        await client.CreateAsync(1, "/a");
        Body multi = new Body()
            .Int(13).Byte(0).Int(-1).Text("/a").Int(-1)
            .Int(2).Byte(0).Int(-1).Text("/b").Int(-1)
            .Int(2).Byte(0).Int(-1).Text("/a").Int(-1)
            .Int(-1).Byte(1).Int(-1);

        Packet reply = await client.CallAsync(2, 14, multi);

        Assert.Equal(0, reply.Error);
        byte[] expected = new Body()
            .Int(-1).Byte(0).Int(0).Int(0)
            .Int(-1).Byte(0).Int(-101).Int(-101)
            .Int(-1).Byte(0).Int(-2).Int(-2)
            .Int(-1).Byte(1).Int(-1).ToArray();
        Assert.Equal(expected, reply.Body);
    }

    [Fact]
    public async Task Lists_behind_a_write_are_those_of_their_turn_and_of_who_asks()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(3);
        using WireClient client = await served.ClientAsync();
        Body bob = new Body().Int(0).Text("digest").Buffer(Encoding.UTF8.GetBytes("bob:secret"));
        Body reads = new Body().Int(8).Byte(0).Int(-1).Text("/mine").Byte(0).Int(-1).Byte(1).Int(-1);

        await client.SendRawAsync(
        [
            .. WireClient.Request(-4, 100, bob),
            .. WireClient.Request(1, 1, new Body().Text("/mine").Buffer([]).Int(1).Int(31).Text("auth").Text("").Int(0)),
            .. WireClient.Request(2, 8, new Body().Text("/mine").Byte(0)),
            .. WireClient.Request(3, 1, WireClient.CreateBody("/mine/e", flags: 1)),
            .. WireClient.Request(4, 8, new Body().Text("/mine").Byte(0)),
            .. WireClient.Request(5, 22, reads),
            .. WireClient.Request(6, 103, new Body().Text("/mine")),
            .. WireClient.Request(7, 2, new Body().Text("/mine/e").Int(-1)),
            .. WireClient.Request(8, 12, new Body().Text("/mine").Byte(0)),
            .. WireClient.Request(9, 8, new Body().Text("/none").Byte(0)),
        ]);

        Assert.Equal((-4, 0), await HeadAsync(client));
        Assert.Equal((1, 0), await HeadAsync(client));
        Assert.Equal(new Body().Int(0).ToArray(), (await client.ReceiveAsync())!.Body);
        Assert.Equal((3, 0), await HeadAsync(client));
        Assert.Equal(new Body().Int(1).Text("e").ToArray(), (await client.ReceiveAsync())!.Body);
        Assert.Equal(
            new Body().Int(8).Byte(0).Int(0).Int(1).Text("e").Int(-1).Byte(1).Int(-1).ToArray(),
            (await client.ReceiveAsync())!.Body);
        Assert.Equal(new Body().Int(1).Text("/mine/e").ToArray(), (await client.ReceiveAsync())!.Body);
        Assert.Equal((7, 0), await HeadAsync(client));
        Packet last = (await client.ReceiveAsync())!;
        Assert.Equal((8, 0, 4 + 68), (last.Xid, last.IntAt(0), last.Body.Length));
        Assert.Equal((9, -101), await HeadAsync(client));
    }

    [Fact]
    public async Task A_client_that_does_not_read_its_replies_is_not_read_any_more()
    {
        const int Requests = 20_000;
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(
            1, changeNode: options => options with { SessionRequestsMax = 8 });
        using WireClient client = await served.ClientAsync();
        await client.CreateAsync(1, "/a", new string('x', 1000));
        using MemoryStream all = new();
        for (int i = 0; i < Requests; i++)
        {
            all.Write(i % 2 == 0
                ? WireClient.Request(2 + i, 4, new Body().Text("/a").Byte(0))
                : WireClient.Request(2 + i, 9, new Body().Text("/a")));
        }

        Task sending = client.SendRawAsync(all.ToArray());

        for (int i = 0; i < Requests; i++)
        {
            Assert.InRange(served[1].Listener.Counters.Outstanding, 0, 8);
            Assert.Equal((2 + i, 0), await HeadAsync(client));
        }

        await sending;
    }

    [Fact]
    public async Task One_that_has_too_many_watches_gets_no_more()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(
            1, changeNode: options => options with { SessionWatchesMax = 2 });
        using WireClient client = await served.ClientAsync();

        Assert.Equal(-101, (await client.CallAsync(1, 3, new Body().Text("/a").Byte(1))).Error);
        Assert.Equal(-101, (await client.CallAsync(2, 3, new Body().Text("/b").Byte(1))).Error);
        Assert.Equal(-127, (await client.CallAsync(3, 3, new Body().Text("/c").Byte(1))).Error);
        Assert.Equal(-101, (await client.CallAsync(4, 3, new Body().Text("/c").Byte(0))).Error);
        Body three = new Body().Long(0).Int(3).Text("/x").Text("/y").Text("/z").Int(0).Int(0);
        Assert.Equal(-127, (await client.CallAsync(-8, 101, three)).Error);
    }

    private static async Task<(int Xid, int Error)> HeadAsync(WireClient client)
    {
        Packet? packet = await client.ReceiveAsync();
        Assert.NotNull(packet);
        return (packet.Xid, packet.Error);
    }
}
