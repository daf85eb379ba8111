using System.Text;
using Zab.Core.Primitives;

namespace Zab.Server.Tests.Port;

/// <summary>Section 2.15: what a client may rely on. <see cref="RequestTests"/> has the order of replies, and
/// events before replies.</summary>
public sealed class OrderingTests
{
    private const int Rounds = 300;

    [Fact]
    public async Task A_write_that_was_answered_is_seen_by_every_client_of_that_server()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(3);
        int follower = served.Nodes.LeaderId == 1 ? 2 : 1;
        using WireClient writer = await served.ClientAsync(follower);
        using WireClient reader = await served.ClientAsync(follower);
        await writer.CreateAsync(1, "/a");

        for (int i = 0; i < Rounds; i++)
        {
            Packet set = await writer.CallAsync(i, 5, new Body().Text("/a").Buffer(Data(i)).Int(-1));
            Packet read = await reader.CallAsync(i, 4, new Body().Text("/a").Byte(0));
            Assert.True(read.TextAt(0) == $"{i}" && read.Zxid >= set.Zxid, $"round {i}: {read}");
        }
    }

    [Fact]
    public async Task No_read_sees_half_of_a_transaction()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(3);
        int follower = served.Nodes.LeaderId == 1 ? 2 : 1;
        using WireClient writer = await served.ClientAsync(served.Nodes.LeaderId);
        using WireClient reader = await served.ClientAsync(follower);
        await writer.CreateAsync(1, "/a", "0");
        await writer.CreateAsync(2, "/b", "0");
        await reader.CallAsync(1, 9, new Body().Text("/"));

        await writer.SendRawAsync([.. Enumerable.Range(1, Rounds).SelectMany(SetBoth)]);
        int last = 0;
        for (int i = 0; last < Rounds; i++)
        {
            Packet both = await reader.CallAsync(i, 22, new Body()
                .Int(4).Byte(0).Int(-1).Text("/a").Byte(0).Int(4).Byte(0).Int(-1).Text("/b").Byte(0)
                .Int(-1).Byte(1).Int(-1));
            string a = both.TextAt(9);
            string b = both.TextAt(9 + 4 + a.Length + 68 + 9);
            Assert.Equal(a, b);
            last = int.Parse(a, System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public async Task A_read_that_leaves_a_watch_sees_a_change_or_is_told_of_it()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient writer = await served.ClientAsync();
        using WireClient reader = await served.ClientAsync();
        await writer.CreateAsync(1, "/a", "-1");
        for (int i = 0; i < Rounds; i++)
        {
            await writer.SendAsync(i, 5, new Body().Text("/a").Buffer(Data(i)).Int(-1));
            Packet read = await reader.CallAsync(i, 4, new Body().Text("/a").Byte(1));
            Packet set = (await writer.ReceiveAsync())!;
            if (read.TextAt(0) != $"{i}")
            {
                Packet fired = (await reader.ReceiveAsync())!;
                Assert.Equal((-1, set.Zxid), (fired.Xid, fired.Zxid));
            }
            else
            {
                // It is used up by the next change: taken back, so that each round is like the first.
                Assert.Equal(0, (await reader.CallAsync(i, 18, new Body().Text("/a").Int(3))).Error);
            }
        }
    }

    [Fact]
    public async Task The_events_of_one_change_come_from_the_node_up_and_once()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();
        await client.CreateAsync(1, "/p");
        await client.CallAsync(2, 3, new Body().Text("/p/d").Byte(1));
        await client.CallAsync(3, 8, new Body().Text("/p").Byte(1));
        await client.SendAsync(4, 1, WireClient.CreateBody("/p/d"));

        Assert.Equal([(1, "/p/d"), (4, "/p")], await EventsBeforeAsync(client, xid: 4));

        await client.CallAsync(5, 4, new Body().Text("/p/d").Byte(1));
        await client.CallAsync(6, 8, new Body().Text("/p/d").Byte(1));
        await client.CallAsync(7, 8, new Body().Text("/p").Byte(1));
        await client.SendAsync(8, 2, new Body().Text("/p/d").Int(-1));

        Assert.Equal([(2, "/p/d"), (4, "/p")], await EventsBeforeAsync(client, xid: 8));

        await client.CallAsync(9, 3, new Body().Text("/x").Byte(1));
        await client.CallAsync(10, 3, new Body().Text("/y").Byte(1));
        await client.SendAsync(11, 14, new Body()
            .Int(1).Byte(0).Int(-1).Raw(WireClient.CreateBody("/y").ToArray())
            .Int(1).Byte(0).Int(-1).Raw(WireClient.CreateBody("/x").ToArray())
            .Int(-1).Byte(1).Int(-1));

        Assert.Equal([(1, "/y"), (1, "/x")], await EventsBeforeAsync(client, xid: 11));
    }

    [Fact]
    public async Task A_client_never_goes_back_to_a_server_that_has_seen_less_than_it()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(3);
        int follower = served.Nodes.LeaderId == 1 ? 2 : 1;
        using WireClient before = await served.ClientAsync(served.Nodes.LeaderId);
        using WireClient behind = await WireClient.ConnectAsync(served[follower].EndPoint);

        await using (HeldLoop held = HeldLoop.Of(served.Nodes[follower]))
        {
            long seen = (await before.CreateAsync(1, "/new")).Zxid;
            Assert.True(new Zxid(seen) > served.Nodes[follower].Loop.Published.State.LastZxid);
            Assert.Null(await behind.GreetAsync(before.Session, before.Password, seen: seen));
        }

        Assert.Equal(0, (await before.CallAsync(2, 3, new Body().Text("/new").Byte(0))).Error);
    }

    [Fact]
    public async Task A_read_behind_a_sync_sees_what_was_committed_before_it()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(3);
        int follower = served.Nodes.LeaderId == 1 ? 2 : 1;
        using WireClient writer = await served.ClientAsync(served.Nodes.LeaderId);
        using WireClient reader = await served.ClientAsync(follower);
        await writer.CreateAsync(1, "/a");
        for (int i = 0; i < Rounds; i++)
        {
            await writer.CallAsync(i, 5, new Body().Text("/a").Buffer(Data(i)).Int(-1));
            await reader.SendRawAsync(
            [
                .. WireClient.Request(1, 9, new Body().Text("/a")),
                .. WireClient.Request(2, 4, new Body().Text("/a").Byte(0)),
            ]);

            Assert.Equal("/a", (await reader.ReceiveAsync())!.TextAt(0));
            Assert.Equal($"{i}", (await reader.ReceiveAsync())!.TextAt(0));
        }
    }

    [Fact]
    public async Task Refusals_stand_in_the_order_of_the_requests_and_write_nothing()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();
        Packet first = await client.CreateAsync(1, "/a");
        await client.SendRawAsync(
        [
            .. WireClient.Request(2, 1, WireClient.CreateBody("/a")),
            .. WireClient.Request(3, 1, WireClient.CreateBody("/b")),
            .. WireClient.Request(4, 2, new Body().Text("/none").Int(-1)),
            .. WireClient.Request(5, 1, WireClient.CreateBody("/c")),
        ]);

        List<(int, int)> replies = [];
        Packet? last = null;
        while (last?.Xid != 5)
        {
            last = await client.ReceiveAsync();
            replies.Add((last!.Xid, last.Error));
        }

        Assert.Equal([(2, -110), (3, 0), (4, -101), (5, 0)], replies);
        Assert.Equal(first.Zxid + 2, last.Zxid);
    }

    private static byte[] Data(int i) => Encoding.UTF8.GetBytes($"{i}");

    private static byte[] SetBoth(int i) => WireClient.Request(i, 14, new Body()
        .Int(5).Byte(0).Int(-1).Text("/a").Buffer(Data(i)).Int(-1)
        .Int(5).Byte(0).Int(-1).Text("/b").Buffer(Data(i)).Int(-1)
        .Int(-1).Byte(1).Int(-1));

    /// <summary>The events that come before an answer.</summary>
    private static async Task<List<(int Type, string Path)>> EventsBeforeAsync(WireClient client, int xid)
    {
        List<(int, string)> events = [];
        while (await client.ReceiveAsync() is { } packet && packet.Xid != xid)
        {
            Assert.Equal(-1, packet.Xid);
            events.Add((packet.IntAt(0), packet.TextAt(8)));
        }

        return events;
    }
}
