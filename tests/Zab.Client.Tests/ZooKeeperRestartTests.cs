using Zab.Client.Tests.Servers;
using Zab.Core.Watches;

namespace Zab.Client.Tests;

/// <summary>A session over the crash and the return of its server.</summary>
public sealed class ZooKeeperRestartTests(ApacheZooKeeper server) : IClassFixture<ApacheZooKeeper>
{
    [Fact]
    public async Task A_session_its_ephemerals_and_its_watches_outlive_a_crash_of_the_server()
    {
        ManualClock clock = Clocks.New();
        ZabClientOptions options = new() { SessionTimeout = ApacheZooKeeper.SessionTimeoutMax, TimeProvider = clock };
        await using IZabSession session = await ZabClient.ConnectAsync(server.Address, options).WaitAsync(Safety.Limit);
        await using IZabSession other = await ZabClient.ConnectAsync(server.Address, options).WaitAsync(Safety.Limit);
        await session.AddAuthAsync("digest", "alice:secret"u8.ToArray());
        await session.CreateAsync("/e", mode: Core.Tree.CreateMode.Ephemeral);
        await session.CreateAsync("/mine", new CreateOptions { Acl = Core.Access.Acl.Creator });
        Watched<Core.Tree.Stat?> missing = await session.ExistsAndWatchAsync("/later");
        await using ZabWatch tree = await session.OpenWatchAsync("/", WatchMode.PersistentRecursive);

        await server.StopAsync();
        Task<string> waiting = session.CreateAsync("/waited");
        await server.StartAsync();
        clock.Advance(options.SessionTimeout / 3); // whom it met before it had a database gets no answer

        Assert.Equal("/waited", await waiting.WaitAsync(Safety.Limit));
        Assert.Equal(ZabSessionState.Reconnected, session.State);
        Assert.Equal(session.Id, (await session.GetAsync("/e")).Stat.EphemeralOwner);
        _ = await session.GetAsync("/mine");
        await other.CreateAsync("/later");
        Assert.Equal(WatchEventType.NodeCreated, (await missing.Changed.WaitAsync(Safety.Limit)).Type);
        await using IAsyncEnumerator<WatchEvent> events = tree.GetAsyncEnumerator();
        do
        {
            Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(Safety.Limit));
        }
        while (events.Current.Path != "/later");
    }
}
