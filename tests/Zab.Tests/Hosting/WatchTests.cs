using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Tests.Hosting;

public sealed class WatchTests
{
    private static readonly byte[] s_data = [1];

    [Fact]
    public async Task A_read_leaves_a_watch_that_fires_once()
    {
        await using TestEnsemble ensemble = await TestEnsemble.OfOneAsync();
        await using IZabSession session = await ensemble[1].OpenSessionAsync(cancellationToken: Safety.Token);
        await session.CreateAsync("/a", s_data);

        Watched<ZnodeSnapshot> data = await session.GetAndWatchAsync("/a", Safety.Token);
        Watched<IReadOnlyList<string>> children = await session.GetChildrenAndWatchAsync("/a", Safety.Token);
        Watched<Stat?> absent = await session.ExistsAndWatchAsync("/b", Safety.Token);
        Stat set = await session.SetAsync("/a", s_data);
        CreateResult child = await session.CreateWithStatAsync("/a/c", s_data);
        CreateResult created = await session.CreateWithStatAsync("/b", s_data);

        Assert.Null(absent.Value);
        Assert.Empty(children.Value);
        Assert.Equal(s_data, data.Value.Data!.Value.ToArray());
        Assert.Equal(new WatchEvent(WatchEventType.NodeDataChanged, "/a", set.Mzxid), await data.Changed);
        Assert.Equal(new WatchEvent(WatchEventType.NodeChildrenChanged, "/a", child.Stat.Czxid),
            await children.Changed);
        Assert.Equal(
            new WatchEvent(WatchEventType.NodeCreated, "/b", created.Stat.Czxid), await absent.Changed);
    }

    [Fact]
    public async Task An_event_before_the_answer_is_not_for_the_watch_of_that_answer()
    {
        await using TestEnsemble ensemble = await TestEnsemble.OfOneAsync();
        await using IZabSession session = await ensemble[1].OpenSessionAsync(cancellationToken: Safety.Token);
        await session.CreateAsync("/a", s_data);
        Watched<ZnodeSnapshot> first = await session.GetAndWatchAsync("/a", Safety.Token);

        Task<Stat> write = session.SetAsync("/a", s_data);
        Watched<ZnodeSnapshot> second = await session.GetAndWatchAsync("/a", Safety.Token);
        Stat written = await write;

        Assert.Equal(written.Mzxid, (await first.Changed).Zxid);
        Assert.Equal(written, second.Value.Stat);
        Assert.False(second.Changed.IsCompleted);
        Stat next = await session.SetAsync("/a", s_data);
        Assert.Equal(next.Mzxid, (await second.Changed).Zxid);
    }

    [Fact]
    public async Task A_persistent_watch_tells_everything_from_its_opening_on()
    {
        await using TestEnsemble ensemble = await TestEnsemble.OfAsync(3);
        await using IZabSession watcher = await ensemble[1].OpenSessionAsync(cancellationToken: Safety.Token);
        await using IZabSession writer = await ensemble[2].OpenSessionAsync(cancellationToken: Safety.Token);
        await using ZabWatch recursive =
            await watcher.OpenWatchAsync("/a", WatchMode.PersistentRecursive, Safety.Token);
        await using ZabWatch plain = await watcher.OpenWatchAsync("/a", WatchMode.Persistent, Safety.Token);

        await writer.CreateAsync("/a", s_data);
        await writer.CreateAsync("/a/b", s_data);
        await writer.SetAsync("/a/b", s_data);
        await writer.DeleteAsync("/a/b");
        await writer.DeleteAsync("/a");

        Assert.Equal(
            ["NodeCreated /a",
                "NodeCreated /a/b", "NodeDataChanged /a/b", "NodeDeleted /a/b", "NodeDeleted /a"],
            await TakeAsync(recursive, 5));
        Assert.Equal(
            ["NodeCreated /a", "NodeChildrenChanged /a", "NodeChildrenChanged /a", "NodeDeleted /a"],
            await TakeAsync(plain, 4));
    }

    [Fact]
    public async Task Of_two_watches_on_one_node_one_can_go_and_the_other_stays()
    {
        await using TestEnsemble ensemble = await TestEnsemble.OfOneAsync();
        await using IZabSession session = await ensemble[1].OpenSessionAsync(cancellationToken: Safety.Token);
        ZabWatch first = await session.OpenWatchAsync("/a", WatchMode.Persistent, Safety.Token);
        ZabWatch second = await session.OpenWatchAsync("/a", WatchMode.Persistent, Safety.Token);

        await first.DisposeAsync();
        await session.CreateAsync("/a", s_data);

        Assert.Equal(["NodeCreated /a"], await TakeAsync(second, 1));
        Assert.Empty(await TakeAsync(first, 1));
        await second.DisposeAsync();
    }

    [Fact]
    public async Task A_watch_that_is_enumerated_ends_with_its_session()
    {
        await using TestEnsemble ensemble = await TestEnsemble.OfOneAsync();
        IZabSession session = await ensemble[1].OpenSessionAsync(cancellationToken: Safety.Token);
        await using IAsyncEnumerator<WatchEvent> events =
            session.WatchAsync("/a", WatchMode.PersistentRecursive, Safety.Token).GetAsyncEnumerator();
        ValueTask<bool> next = events.MoveNextAsync(); // the registration is on its way, before the write
        await session.CreateAsync("/a", s_data);
        Assert.True(await next);
        Assert.Equal("/a", events.Current.Path);

        await session.DisposeAsync();

        Assert.False(await events.MoveNextAsync());
    }

    [Fact]
    public async Task A_reader_who_is_too_slow_is_told_and_holds_nobody_up()
    {
        await using TestEnsemble ensemble = await TestEnsemble.OfOneAsync();
        await using IZabSession session = await ensemble[1].OpenSessionAsync(cancellationToken: Safety.Token);
        await session.CreateAsync("/a", s_data);
        await using ZabWatch watch = await session.OpenWatchAsync("/a", WatchMode.Persistent, Safety.Token);

        for (int i = 0; i < 10; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => session.SetAsync("/a", s_data)));
        }

        int read = 0;
        await Assert.ThrowsAsync<WatchOverflowException>(async () =>
        {
            await foreach (WatchEvent fired in watch.WithCancellation(Safety.Token))
            {
                read++;
            }
        });
        Assert.Equal(4096, read);
    }

    private static async Task<List<string>> TakeAsync(ZabWatch watch, int count)
    {
        List<string> events = [];
        await foreach (WatchEvent fired in watch.WithCancellation(Safety.Token))
        {
            events.Add($"{fired.Type} {fired.Path}");
            if (events.Count == count)
            {
                break;
            }
        }

        return events;
    }
}
