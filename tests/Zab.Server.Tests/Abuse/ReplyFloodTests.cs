using Zab.Server.Connections;
using Zab.Server.Tests.Port;

namespace Zab.Server.Tests.Abuse;

/// <summary>Section 7.2: small requests with large answers, and answers that nobody reads.</summary>
[Collection(Alone.Name)]
public sealed class ReplyFloodTests
{
    private const int SocketBytes = 16 * 1024 * 1024; // more than the system takes between two ends

    [Fact]
    public async Task A_client_that_reads_nothing_is_answered_no_more_than_fits()
    {
        const int Requests = 300;
        const int DataBytes = 1_000_000;
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient deaf = await served.ClientAsync();
        using WireClient honest = await served.ClientAsync();
        await honest.CreateAsync(1, "/large", new string('d', DataBytes));
        ClientConnection connection = Of(served, deaf);
        byte[] get = new Body().Text("/large").Byte(0).ToArray();

        await deaf.SendRawAsync(
            [.. Enumerable.Range(1, Requests).SelectMany(xid => WireClient.Request(xid, 4, new Body().Raw(get)))]);
        long seen = -1;
        for (int quiet = 0; quiet < 100; quiet++)
        {
            Assert.Equal(-2, (await honest.CallAsync(-2, 11)).Xid);
            quiet = connection.Counts.Received == seen ? quiet : 0;
            seen = connection.Counts.Received;
            Assert.InRange(seen, 0, SocketBytes / DataBytes); // the greeting counts, too
        }

        for (int xid = 1; xid <= Requests; xid++)
        {
            Packet reply = (await deaf.ReceiveAsync())!;
            Assert.Equal((xid, DataBytes), (reply.Xid, reply.IntAt(0)));
        }
    }

    [Fact]
    public async Task Pings_whose_answers_nobody_reads_wait_with_their_sender()
    {
        const int Pings = 300_000;
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient deaf = await served.ClientAsync();
        using WireClient honest = await served.ClientAsync();
        ClientConnection connection = Of(served, deaf);
        byte[] ping = WireClient.Request(-2, 11);

        Task sending = deaf.SendRawAsync([.. Enumerable.Repeat(ping, Pings).SelectMany(bytes => bytes)]);
        long seen = -1;
        for (int quiet = 0; quiet < 100; quiet++)
        {
            Assert.Equal(0, (await honest.CallAsync(1, 3, new Body().Text("/").Byte(0))).Error);
            quiet = connection.Counts.Received == seen ? quiet : 0;
            seen = connection.Counts.Received;
            Assert.InRange(seen, 0, Pings - 1);
        }

        for (int i = 0; i < Pings; i++)
        {
            Assert.Equal(-2, (await deaf.ReceiveAsync())!.Xid);
        }

        await sending;
    }

    [Fact]
    public async Task Lists_of_a_wide_directory_are_made_one_at_a_time()
    {
        const int Names = 25_000;
        const int Requests = 100;
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient deaf = await served.ClientAsync();
        using WireClient honest = await served.ClientAsync();
        await Ephemerals.CreateAsync(honest, "/wide", Names);
        ClientConnection connection = Of(served, deaf);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        // Behind a write that is under way, each of them goes through the node's loop.
        await deaf.SendRawAsync(
        [
            .. WireClient.Request(1, 1, WireClient.CreateBody("/write")),
            .. Enumerable.Range(2, Requests)
                .SelectMany(xid => WireClient.Request(xid, 8, new Body().Text("/").Byte((byte)(xid % 2)))),
        ]);
        while (connection.Counts.Received < 3)
        {
            await Task.Yield();
        }

        for (int xid = 1; xid <= 50; xid++)
        {
            Assert.Equal(0, (await honest.CreateAsync(xid, $"/honest{xid}")).Error);
        }

        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.InRange(held, long.MinValue, 64 << 20); // all at once they take twice that
        Assert.Equal(1, (await deaf.ReceiveAsync())!.Xid);
        for (int xid = 2; xid < 2 + Requests; xid++)
        {
            Packet reply = (await deaf.ReceiveAsync())!;
            while (reply.Xid == -1)
            {
                reply = (await deaf.ReceiveAsync())!; // its watch has fired
            }

            Assert.Equal((xid, 0), (reply.Xid, reply.Error));
            Assert.InRange(reply.IntAt(0), Names + 2, Names + 52);
        }
    }

    [Fact]
    public async Task Syncs_are_under_way_only_by_the_number_that_a_session_may_have()
    {
        const int Syncs = 5000;
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(
            3, changeNode: options => options with { SessionRequestsMax = 8 });
        int leader = served.Nodes.LeaderId;
        int follower = leader == 1 ? 2 : 1;
        using WireClient client = await served.ClientAsync(follower);
        byte[] sync = new Body().Text("/").ToArray();

        Task sending = client.SendRawAsync(
            [.. Enumerable.Range(1, Syncs).SelectMany(xid => WireClient.Request(xid, 9, new Body().Raw(sync)))]);

        for (int xid = 1; xid <= Syncs; xid++)
        {
            Assert.InRange(served[follower].Listener.Counters.Outstanding, 0, 8);
            Packet reply = (await client.ReceiveAsync())!;
            Assert.Equal((xid, 0), (reply.Xid, reply.Error));
            if (xid % 500 == 0)
            {
                int pending = await served.Nodes[leader].Loop.LookAsync(
                    replica => replica.Leadership?.PendingSyncs ?? 0, CancellationToken.None);
                Assert.InRange(pending, 0, 8);
            }
        }

        await sending;
    }

    private static ClientConnection Of(ServedEnsemble served, WireClient client) =>
        served[1].Listener.Connections.All.Single(connection => connection.Session.Value == client.Session);
}
