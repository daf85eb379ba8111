using Zab.Core.Watches;
using Zab.Server.Tests.Port;

namespace Zab.Server.Tests.Abuse;

/// <summary>Section 7.2: very many watches, and one change that fires them. A session may have
/// <see cref="ZabNodeOptions.SessionWatchesMax"/>, and all together
/// <see cref="ZabNodeOptions.WatchesMax"/>.</summary>
[Collection(Alone.Name)]
public sealed class WatchBombTests
{
    private const int PathsInOneRequest = 50_000;

    [Fact]
    public async Task A_session_has_only_so_many_watches_however_it_asks()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();

        Assert.Equal(0, (await client.CallAsync(-8, 101, Waiting("a", PathsInOneRequest))).Error);
        Assert.Equal(0, (await client.CallAsync(-8, 101, Waiting("b", PathsInOneRequest))).Error);
        Assert.Equal(-127, (await client.CallAsync(1, 3, new Body().Text("/c").Byte(1))).Error);
        Assert.Equal(-127, (await client.CallAsync(2, 106, new Body().Text("/c").Int(1))).Error);
        Assert.Equal(-101, (await client.CallAsync(3, 3, new Body().Text("/a00001").Byte(1))).Error); // has it

        Body same = new Body().Long(0).Int(0).Int(150_000);
        for (int i = 0; i < 150_000; i++)
        {
            _ = same.Int(1).Byte((byte)'/');
        }

        Assert.Equal(0, (await client.CallAsync(4, 18, new Body().Text("/a00002").Int(3))).Error);
        Assert.Equal(0, (await client.CallAsync(-8, 101, Waiting("c", 1))).Error);
        Assert.Equal(2 * PathsInOneRequest, await WatchesAsync(served));
        Assert.Equal(-127, (await client.CallAsync(-8, 101, same.Int(0))).Error);
    }

    /// <summary>Nobody looks at the answer, so a client that was merely told so would wait for events that never come.</summary>
    [Fact]
    public async Task A_client_whose_watches_are_not_taken_is_cut_off_and_goes_on_elsewhere()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(
            1, changeNode: options => options with { WatchesMax = 500 });
        using WireClient client = await served.ClientAsync();

        await client.SendAsync(-8, 101, Waiting("a", 501));
        await client.SendAsync(1, 1, WireClient.CreateBody("/a"));

        Assert.Equal((-8, -127), await client.ReceiveAsync() is { } refused ? (refused.Xid, refused.Error) : default);
        Assert.Null(await client.ReceiveAsync());
        using WireClient again = await WireClient.ConnectAsync(served[1].EndPoint);
        Assert.Equal(client.Session, (await again.GreetAsync(client.Session, client.Password))!.Session);
    }

    [Fact]
    public async Task All_sessions_together_have_only_so_many_watches()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(
            1, changeNode: options => options with { WatchesMax = 1000 });
        using WireClient first = await served.ClientAsync();
        using WireClient second = await served.ClientAsync();

        Assert.Equal(0, (await first.CallAsync(-8, 101, Waiting("a", 600))).Error);
        using WireClient third = await served.ClientAsync();
        Assert.Equal(-127, (await third.CallAsync(-8, 101, Waiting("a", 600))).Error);
        Assert.Equal(0, (await second.CallAsync(-8, 101, Waiting("a", 400))).Error);
        Assert.Equal(-127, (await second.CallAsync(1, 106, new Body().Text("/b").Int(0))).Error);
        Assert.Equal(-127, (await second.CallAsync(2, 3, new Body().Text("/b").Byte(1))).Error);
        Assert.Equal(-101, (await second.CallAsync(3, 3, new Body().Text("/b").Byte(0))).Error);
        Assert.Equal(-101, (await second.CallAsync(4, 3, new Body().Text("/a00000").Byte(1))).Error); // has it

        Assert.Equal(0, (await first.CallAsync(1, -11)).Error); // its watches make room
        Assert.Equal(0, (await second.CallAsync(5, 106, new Body().Text("/b").Int(0))).Error);
        Assert.Equal(401, await WatchesAsync(served));
    }

    [Fact]
    public async Task Whoever_takes_all_watches_takes_none_from_a_client_that_asks_for_little()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(
            1, changeNode: options => options with { WatchesMax = 1000 });
        using WireClient greedy = await served.ClientAsync();
        using WireClient modest = await served.ClientAsync();
        Assert.Equal(0, (await greedy.CallAsync(-8, 101, Waiting("a", 1000))).Error);

        Assert.Equal(0, (await modest.CallAsync(-8, 101, Waiting("a", 99))).Error);
        Assert.Equal(-127, (await modest.CallAsync(1, 3, new Body().Text("/" + new string('x', 16_384)).Byte(1))).Error);
        Assert.Equal(0, (await modest.CallAsync(2, 106, new Body().Text("/b").Int(0))).Error);
        Assert.Equal(-127, (await modest.CallAsync(3, 106, new Body().Text("/c").Int(0))).Error);

        Assert.Equal(1100, await WatchesAsync(served));
    }

    [Fact]
    public async Task The_paths_of_all_watches_are_only_so_long()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(
            1, changeNode: options => options with { WatchesMax = 10_000 });
        using WireClient first = await served.ClientAsync();
        using WireClient second = await served.ClientAsync();
        using WireClient third = await served.ClientAsync();

        Assert.Equal(-101, (await first.CallAsync(1, 3, LongPath(400_000))).Error);
        Assert.Equal(-127, (await second.CallAsync(1, 3, LongPath(240_000))).Error);
        Assert.Equal(-101, (await second.CallAsync(2, 3, LongPath(239_998))).Error);
        Assert.Equal(-101, (await third.CallAsync(1, 3, LongPath(16_000))).Error);
        Assert.Equal(0, (await first.CallAsync(2, -11)).Error); // makes room
        Assert.Equal(-101, (await third.CallAsync(2, 3, LongPath(240_000))).Error);

        static Body LongPath(int letters) => new Body().Text("/" + new string('x', letters)).Byte(1);
    }

    [Fact]
    public async Task Several_watches_on_one_node_count_among_those_of_all_sessions()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(
            1, changeNode: options => options with { WatchesMax = 201 });
        using WireClient client = await served.ClientAsync();
        Assert.Equal(0, (await client.CallAsync(-8, 101, Waiting("a", 200))).Error);

        Assert.Equal(0, (await client.CallAsync(1, 106, new Body().Text("/a00000").Int(0))).Error);
        Assert.Equal(-127, (await client.CallAsync(2, 106, new Body().Text("/a00000").Int(1))).Error);
        Assert.Equal(-127, (await client.CallAsync(3, 106, new Body().Text("/a00001").Int(0))).Error);
        Assert.Equal(0, (await client.CallAsync(4, 106, new Body().Text("/a00000").Int(0))).Error); // has it

        Assert.Equal(201, await WatchesAsync(served));
    }

    [Fact]
    public async Task A_session_comes_back_with_all_the_watches_that_it_could_have()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(
            1, changeNode: options => options with { SessionWatchesMax = 2, WatchesMax = 4 });
        using WireClient client = await served.ClientAsync();
        foreach (string path in new[] { "/a", "/b" })
        {
            await client.CreateAsync(1, path);
            Assert.Equal(0, (await client.CallAsync(2, 4, new Body().Text(path).Byte(1))).Error);
            Assert.Equal(0, (await client.CallAsync(3, 8, new Body().Text(path).Byte(1))).Error);
        }

        using WireClient again = await WireClient.ConnectAsync(served[1].EndPoint);
        Assert.Equal(client.Session, (await again.GreetAsync(client.Session, client.Password))!.Session);
        Body all = new Body().Long(long.MaxValue)
            .Int(2).Text("/a").Text("/b").Int(0).Int(2).Text("/a").Text("/b");

        Assert.Equal(0, (await again.CallAsync(-8, 101, all)).Error);
        Assert.Equal(4, await WatchesAsync(served));
    }

    [Fact]
    public async Task One_change_fires_them_all_while_others_are_served()
    {
        const int Watchers = 10;
        const int Nodes = 10_000;
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient owner = await served.ClientAsync();
        using WireClient honest = await served.ClientAsync();
        await Ephemerals.CreateAsync(owner, "/w", Nodes);
        List<WireClient> watchers = [];
        for (int i = 0; i < Watchers; i++)
        {
            WireClient watcher = await served.ClientAsync();
            watchers.Add(watcher);
            Packet set = await watcher.CallAsync(-8, 101, Ephemerals.Watching("/w", Nodes, long.MaxValue));
            Assert.Equal(0, set.Error);
        }

        Assert.Equal(Watchers * Nodes, await WatchesAsync(served));
        Packet closed = await owner.CallAsync(1_000_000, -11); // one transaction, and nobody reads its events

        for (int xid = 1; xid <= 20; xid++)
        {
            Assert.Equal(0, (await honest.CreateAsync(xid, $"/honest{xid}")).Error);
        }

        Assert.Equal(0, await WatchesAsync(served));
        foreach (WireClient watcher in watchers)
        {
            HashSet<string> gone = [];
            await watcher.SendAsync(7, 9, new Body().Text("/"));
            for (int i = 0; i < Nodes; i++)
            {
                Packet fired = (await watcher.ReceiveAsync())!;
                bool isEvent = fired.Xid == -1 && fired.Zxid == closed.Zxid
                    && fired.IntAt(0) == (int)WatchEventType.NodeDeleted;
                Assert.True(isEvent && gone.Add(fired.TextAt(8)), $"{fired}");
            }

            Assert.Equal(7, (await watcher.ReceiveAsync())!.Xid);
            watcher.Dispose();
        }
    }

    [Fact]
    public async Task A_client_that_does_not_read_its_events_is_cut_off()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(
            1, changeNode: options => options with { SessionWatchesMax = 5, SessionRequestsMax = 5 });
        using WireClient deaf = await served.ClientAsync();
        using WireClient honest = await served.ClientAsync();
        string name = "/" + new string('x', 200_000);
        await honest.CreateAsync(1, name);
        Assert.Equal(0, (await deaf.CallAsync(1, 106, new Body().Text(name).Int(0))).Error);

        int changes = 0;
        while (served[1].Connections == 2)
        {
            await honest.CallAsync(changes++, 5, new Body().Text(name).Buffer([]).Int(-1));
        }

        Assert.InRange(changes, 15, 10_000);
        Assert.Equal(0, (await honest.CreateAsync(changes, "/honest")).Error);
        using WireClient again = await WireClient.ConnectAsync(served[1].EndPoint);
        Assert.Equal(deaf.Session, (await again.GreetAsync(deaf.Session, deaf.Password))!.Session);
    }

    private static Task<int> WatchesAsync(ServedEnsemble served) =>
        served.Nodes[1].Loop.LookAsync(replica => replica.Clients.Watches.Count, CancellationToken.None);

    /// <summary>Watches for nodes to be created.</summary>
    private static Body Waiting(string name, int count)
    {
        Body watches = new Body().Long(0).Int(0).Int(count);
        for (int i = 0; i < count; i++)
        {
            _ = watches.Text($"/{name}{i:d5}");
        }

        return watches.Int(0);
    }
}
