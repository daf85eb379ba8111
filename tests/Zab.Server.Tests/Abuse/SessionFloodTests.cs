using Zab.Core.Primitives;
using Zab.Server.Tests.Port;
using Zab.Tests.Hosting;

namespace Zab.Server.Tests.Abuse;

/// <summary>Section 7.2: many sessions with many ephemeral nodes, all over at once.</summary>
[Collection(Alone.Name)]
public sealed class SessionFloodTests
{
    private const int RecordBytesMax = 2 * 1_048_575;

    [Fact]
    public async Task Sessions_that_expire_at_once_take_their_nodes_along_and_pings_are_answered()
    {
        const int Sessions = 50;
        const int NodesOfEach = 500;
        HandClock clock = new();
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(
            1, changeNode: options => options with { TimeProvider = clock });
        clock.Stop();
        using WireClient honest = await served.ClientAsync(timeoutMs: 5000);
        List<WireClient> flood = [];
        for (int i = 0; i < Sessions; i++)
        {
            WireClient client = await served.ClientAsync(timeoutMs: 5000);
            flood.Add(client);
            await Ephemerals.CreateAsync(client, $"/s{i:d3}-", NodesOfEach);
        }

        Assert.Equal(Sessions * NodesOfEach, ChildrenOfRoot(served) - 1);

        while (served.Nodes[1].Loop.Published.State.Sessions.Count > 1)
        {
            Assert.Equal(-2, (await honest.CallAsync(-2, 11)).Xid);
            await clock.PassAsync(served.Nodes[1], TimeSpan.FromMilliseconds(400));
        }

        Assert.Equal(0, (await honest.CreateAsync(1, "/honest", flags: 1)).Error);
        Assert.Equal(2, ChildrenOfRoot(served)); // and zookeeper
        foreach (WireClient client in flood)
        {
            Assert.Null(await client.ReceiveAsync());
            client.Dispose();
        }
    }

    [Fact]
    public async Task A_session_has_no_more_ephemerals_than_one_transaction_can_delete()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(3);
        using WireClient client = await served.ClientAsync();
        string name = new('e', 200_000);
        int created = 0;
        while (await client.CreateAsync(created, $"/{created}{name}", flags: 1) is var reply && reply.Error == 0)
        {
            created++;
        }

        Assert.Equal(-125, (await client.CreateAsync(99, $"/{99}{name}", flags: 1)).Error);
        Assert.Equal(RecordBytesMax / (name.Length + 6), created);
        Assert.Equal(0, (await client.CallAsync(100, -11)).Error);

        await RestartAsync(served);
        await using IZabSession session = await served.Nodes[2].OpenSessionAsync(cancellationToken: Safety.Token);
        await session.SyncAsync("/");
        Assert.Equal(["zookeeper"], await session.GetChildrenAsync("/"));
    }

    [Fact]
    public async Task Nothing_that_a_client_may_ask_keeps_a_server_from_starting_again()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(3);
        Zxid last = default;
        foreach ((int type, Body body) in Abuses())
        {
            using WireClient client = await served.ClientAsync();
            await client.TrySendRawAsync(WireClient.Request(1, type, body));
            last = await client.ReceiveAsync() is { Zxid: > 0 } reply ? new Zxid(reply.Zxid) : last;
        }

        IReadOnlyList<string> before = await ChildrenAsync(served, last);
        await RestartAsync(served);

        Assert.Equal(before, await ChildrenAsync(served, last));
    }

    /// <summary>What is large, nested, or not for clients.</summary>
    private static IEnumerable<(int Type, Body Body)> Abuses()
    {
        byte[] check = new Body().Int(13).Byte(0).Int(-1).Text("/").Int(-1).ToArray();
        byte[] create = new Body().Int(1).Byte(0).Int(-1)
            .Raw(WireClient.CreateBody("/m-", flags: 2).ToArray()).ToArray();
        byte[] inner = new Body().Int(14).Byte(0).Int(-1).Raw(check).Int(-1).Byte(1).Int(-1).ToArray();
        foreach (int type in (int[])[-1, -10, -11, -12, 0, 10, 13, 20, 999])
        {
            yield return (type, new Body().Text("/zookeeper").Int(-1));
        }

        yield return (14, End(new Body().Raw(inner)));
        yield return (22, End(new Body().Raw(inner)));
        yield return (14, End(Repeated(check, 100_000))); // longer than a request may be
        yield return (14, End(Repeated(check, 40_000)));
        yield return (14, End(Repeated(create, 18_000)));
        yield return (1, WireClient.CreateBody("/large", new string('d', 1_000_000)));
        yield return (5, new Body().Text("/large").Buffer(new byte[1_000_000]).Int(-1));
        yield return (1, WireClient.CreateBody("/" + new string('n', 1_000_000), flags: 2));
    }

    private static Body Repeated(byte[] part, int count) =>
        new Body().Raw([.. Enumerable.Repeat(part, count).SelectMany(bytes => bytes)]);

    private static Body End(Body multi) => multi.Int(-1).Byte(1).Int(-1);

    private static int ChildrenOfRoot(ServedEnsemble served) =>
        served.Nodes[1].Loop.Published.State.Tree.TryGet("/", out Core.Tree.ZnodeView root)
            ? root.Stat.NumChildren
            : 0;

    private static async Task<IReadOnlyList<string>> ChildrenAsync(ServedEnsemble served, Zxid atLeast)
    {
        await using IZabSession session = await served.Nodes[2].OpenSessionAsync(cancellationToken: Safety.Token);
        Assert.True(await session.SyncAsync("/") >= atLeast);
        return await session.GetChildrenAsync("/");
    }

    private static async Task RestartAsync(ServedEnsemble served)
    {
        for (int id = 1; id <= 3; id++)
        {
            await served.Nodes[id].DisposeAsync();
        }

        for (int id = 1; id <= 3; id++)
        {
            _ = await served.Nodes.StartAsync(id);
        }

        await served.Nodes[2].ServingAsync();
    }
}
