using Zab.Authentication;
using Zab.Core;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Watches;
using Zab.Server.Connections;
using Zab.Tests.Hosting;

namespace Zab.Server.Tests.Port;

/// <summary>What one client may cost the others, and what it is not shown too early.</summary>
public sealed class BoundsTests
{
    [Fact]
    public async Task A_client_may_be_so_many_and_no_more()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();
        for (int i = 0; i < 63; i++) // and its address
        {
            Assert.Equal(0, (await client.CallAsync(-4, 100, Digest($"user{i}:x"))).Error);
        }

        Assert.Equal(0, (await client.CallAsync(-4, 100, Digest("user0:x"))).Error); // that one it is already
        Assert.Equal(-115, (await client.CallAsync(-4, 100, Digest("one-too-many:x"))).Error);
        Assert.Null(await client.ReceiveAsync());
    }

    [Fact]
    public async Task A_name_that_is_too_long_to_go_with_each_request_is_refused()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();

        Assert.Equal(-115, (await client.CallAsync(-4, 100, Digest(new string('u', 900_000)))).Error);
        Assert.Null(await client.ReceiveAsync());
    }

    [Fact]
    public async Task A_multi_read_of_more_than_memory_should_hold_is_refused()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();
        await client.CreateAsync(1, "/b", new string('x', 200_000));

        Assert.Equal(0, (await client.CallAsync(2, 22, Reads("/b", 80))).Error);
        Assert.Equal(-127, (await client.CallAsync(3, 22, Reads("/b", 2000))).Error);
        Assert.Equal(0, (await client.CallAsync(4, 4, new Body().Text("/b").Byte(0))).Error);
    }

    [Fact]
    public async Task Watches_on_long_paths_are_fewer()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();
        string longName = new('x', 900_000);
        int errors = 0;
        for (int i = 0; i < 20; i++)
        {
            int error = (await client.CallAsync(i, 3, new Body().Text($"/{i}{longName}").Byte(1))).Error;
            errors += error == -127 ? 1 : 0;
        }

        Assert.Equal(11, errors); // nine are 8.1 million letters
    }

    [Fact]
    public async Task Limits_may_be_as_large_as_numbers_are()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(
            1,
            options => options with { HandshakeTimeout = TimeSpan.MaxValue },
            options => options with { SessionWatchesMax = int.MaxValue, SessionRequestsMax = int.MaxValue });
        using WireClient client = await served.ClientAsync();

        Assert.Equal(0, (await client.CreateAsync(1, "/a")).Error);
    }

    [Fact]
    public async Task Large_requests_are_taken_by_their_bytes()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();
        using ManualResetEventSlim held = new();
        using ManualResetEventSlim go = new();
        Task<bool> looking = served.Nodes[1].Loop.LookAsync(
            _ =>
            {
                held.Set();
                return go.Wait(Safety.Limit);
            },
            Safety.Token);
        Assert.True(held.Wait(Safety.Limit));
        byte[] large = WireClient.Request(1, 5, new Body().Text("/a").Buffer(new byte[1_000_000]).Int(-1));
        Task sending = client.SendRawAsync([.. Enumerable.Repeat(large, 20).SelectMany(bytes => bytes)]);

        while (served[1].Listener.Counters is { Outstanding: < 5 } or { OutstandingBytes: < 4 << 20 })
        {
            await Task.Yield();
        }

        Assert.Equal(5, served[1].Listener.Counters.Outstanding);
        go.Set();
        Assert.True(await looking);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(-101, (await client.ReceiveAsync())!.Error);
        }

        await sending;
        Assert.Equal(0, served[1].Listener.Counters.OutstandingBytes);
    }

    [Fact]
    public async Task What_was_asked_before_a_slow_proof_is_answered_meanwhile_and_what_is_behind_it_waits()
    {
        SlowProvider slow = new();
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(
            1, changeNode: options => options with { AuthenticationProviders = [slow] });
        using WireClient client = await served.ClientAsync();

        await client.SendRawAsync(
        [
            .. WireClient.Request(1, 1, WireClient.CreateBody("/a")),
            .. WireClient.Request(-4, 100, new Body().Int(0).Text("slow").Buffer([1])),
            .. WireClient.Request(2, 107),
        ]);

        Assert.Equal(1, (await client.ReceiveAsync())!.Xid);
        slow.Go.SetResult();
        Assert.Equal((-4, 0), ((await client.ReceiveAsync()) is { } proved ? (proved.Xid, proved.Error) : default));
        Packet who = (await client.ReceiveAsync())!;
        Assert.Equal((2, 2), (who.Xid, who.IntAt(0)));
    }

    [Fact]
    public async Task No_event_is_shown_before_the_state_that_it_tells_of()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();
        ClientConnection connection = Assert.Single(served[1].Listener.Connections.All);
        Zxid future = new(served.Nodes[1].Loop.Published.State.LastZxid.Value + 1);
        WatchEvent told = new(WatchEventType.NodeDataChanged, "/a", future);
        WatchEvent missed = new(WatchEventType.NodeDataChanged, "/b", Zxid.None);

        connection.Add(new ClientOutput(connection.Session, fired: told));
        connection.Add(new ClientOutput(connection.Session, fired: missed) { ToldAt = future });

        Assert.Equal(-2, (await client.CallAsync(-2, 11)).Xid);
        await client.SendAsync(1, 1, WireClient.CreateBody("/c"));
        Assert.Equal("/a", (await client.ReceiveAsync())!.TextAt(8));
        Assert.Equal("/b", (await client.ReceiveAsync())!.TextAt(8));
        Assert.Equal(1, (await client.ReceiveAsync())!.Xid);
    }

    [Fact]
    public async Task A_client_that_is_served_no_more_gets_what_is_on_its_way_first()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();
        using WireClient other = await served.ClientAsync();
        ClientConnection connection = served[1].Listener.Connections.All.Single(
            one => one.Session.Value == client.Session);
        Zxid next = new(served.Nodes[1].Loop.Published.State.LastZxid.Value + 1);

        connection.Add(new ClientOutput(connection.Session, fired: new(WatchEventType.NodeCreated, "/a", next)));
        connection.End();
        Assert.Equal(0, (await other.CreateAsync(1, "/a")).Error);
        connection.Wake();

        Assert.Equal("/a", (await client.ReceiveAsync())!.TextAt(8));
        Assert.Null(await client.ReceiveAsync());
    }

    private static Body Digest(string credentials) =>
        new Body().Int(0).Text("digest").Buffer(System.Text.Encoding.UTF8.GetBytes(credentials));

    private static Body Reads(string path, int count)
    {
        byte[] read = new Body().Int(4).Byte(0).Int(-1).Text(path).Byte(0).ToArray();
        return new Body().Raw([.. Enumerable.Repeat(read, count).SelectMany(bytes => bytes)])
            .Int(-1).Byte(1).Int(-1);
    }

    private sealed class SlowProvider : IAuthenticationProvider
    {
        public string Scheme => "slow";

        public bool IsAuthenticated => true;

        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsValid(string id) => true;

        public bool Matches(string identity, string id) => identity == id;

        public async ValueTask<IReadOnlyList<Identity>?> AuthenticateAsync(
            ReadOnlyMemory<byte> credentials, CancellationToken cancellationToken)
        {
            await Go.Task.WaitAsync(cancellationToken);
            return [new Identity("slow", "proved")];
        }
    }
}
