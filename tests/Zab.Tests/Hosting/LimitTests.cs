using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Tests.Hosting;

public sealed class LimitTests
{
    private static readonly byte[] s_data = [1];

    [Fact]
    public async Task All_sessions_of_a_node_together_have_only_so_many_calls_under_way()
    {
        await using TestEnsemble ensemble = new(voters: 3);
        ZabNode node = await ensemble.StartAsync(
            1, change: options => options with { RequestsMax = 3, SessionRequestsMax = 2 });

        // Without a leader, calls wait. The calls that open sessions count, too.
        Task<IZabSession>[] taken = [.. Enumerable.Range(0, 3).Select(_ => node.OpenSessionAsync())];
        RequestThrottledException refused =
            await Assert.ThrowsAsync<RequestThrottledException>(() => node.OpenSessionAsync());
        await ensemble.StartAsync(2);
        IZabSession[] sessions = await Task.WhenAll(taken);

        Assert.Contains("The sessions of this node have 3 calls", refused.Message, StringComparison.Ordinal);
        for (int i = 0; i < 20; i++)
        {
            _ = await sessions[i % 3].CreateAsync($"/n{i}"); // every call gives its place back
        }
    }

    [Fact]
    public async Task A_call_that_is_given_up_or_fails_gives_its_place_back()
    {
        await using TestEnsemble ensemble = new(voters: 1);
        ZabNode node = await ensemble.StartAsync(1, change: options => options with { RequestsMax = 4 });
        await node.ServingAsync();
        for (int i = 0; i < 10; i++)
        {
            IZabSession session = await node.OpenSessionAsync(cancellationToken: Safety.Token);
            await Assert.ThrowsAsync<NoNodeException>(() => session.DeleteAsync("/none"));
            using CancellationTokenSource giveUp = new();
            Task<Stat?> abandoned = session.ExistsAsync("/", ReadConsistency.Linearizable, giveUp.Token).AsTask();
            await giveUp.CancelAsync();
            await abandoned.ContinueWith(static _ => { }, TaskScheduler.Default);
            ZabWatch watch = await session.OpenWatchAsync("/", WatchMode.Persistent, Safety.Token);
            await watch.DisposeAsync();
            await session.DisposeAsync();
        }

        await using IZabSession last = await node.OpenSessionAsync(cancellationToken: Safety.Token);
        Task<string>[] calls = [.. Enumerable.Range(0, 4).Select(i => last.CreateAsync($"/n{i}"))];
        Assert.Equal(["/n0", "/n1", "/n2", "/n3"], await Task.WhenAll(calls));
    }

    [Fact]
    public async Task A_request_that_is_too_long_is_refused_and_the_session_goes_on()
    {
        await using TestEnsemble ensemble = new(voters: 1);
        ZabNode node = await ensemble.StartAsync(1, change: options => options with { RequestBytesMax = 1024 });
        await node.ServingAsync();
        await using IZabSession session = await node.OpenSessionAsync(cancellationToken: Safety.Token);

        RequestTooLargeException refused = await Assert.ThrowsAsync<RequestTooLargeException>(
            () => session.CreateAsync("/a", new byte[1023]));

        Assert.Equal((ErrorCode.BadArguments, "/a"), (refused.ErrorCode, refused.Path));
        Assert.Equal("/a", await session.CreateAsync("/a", new byte[1022]));
        await Assert.ThrowsAsync<RequestTooLargeException>(() => session.SetAsync("/a", new byte[1023]));
        await Assert.ThrowsAsync<RequestTooLargeException>(
            () => session.SyncAsync("/" + new string('x', 1024)));
    }

    [Fact]
    public async Task A_session_has_only_so_many_watches_and_used_ones_make_room()
    {
        await using TestEnsemble ensemble = new(voters: 1);
        ZabNode node = await ensemble.StartAsync(1, change: options => options with { SessionWatchesMax = 2 });
        await node.ServingAsync();
        await using IZabSession session = await node.OpenSessionAsync(cancellationToken: Safety.Token);
        await using IZabSession other = await node.OpenSessionAsync(cancellationToken: Safety.Token);
        await session.CreateAsync("/a", s_data);
        ZabWatch stays = await session.OpenWatchAsync("/", WatchMode.Persistent, Safety.Token);
        Watched<ZnodeSnapshot> oneShot = await session.GetAndWatchAsync("/a", Safety.Token);

        TooManyWatchesException refused = await Assert.ThrowsAsync<TooManyWatchesException>(
            () => session.ExistsAndWatchAsync("/b", Safety.Token));
        await Assert.ThrowsAsync<TooManyWatchesException>(
            () => session.OpenWatchAsync("/b", WatchMode.Persistent, Safety.Token));
        _ = await other.ExistsAndWatchAsync("/b", Safety.Token);
        await session.SetAsync("/a", s_data);
        _ = await oneShot.Changed;
        _ = await session.ExistsAndWatchAsync("/b", Safety.Token);
        await stays.DisposeAsync();
        _ = await session.GetChildrenAndWatchAsync("/", Safety.Token);

        Assert.Equal((ErrorCode.ThrottledOp, "/b"), (refused.ErrorCode, refused.Path));
        await Assert.ThrowsAsync<TooManyWatchesException>(
            () => session.ExistsAndWatchAsync("/c", Safety.Token));
    }
}
