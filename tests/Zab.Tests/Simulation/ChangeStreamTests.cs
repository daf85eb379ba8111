using Zab.Core.Primitives;
using Zab.Core.Tree;
using Zab.Testing;

namespace Zab.Tests.Simulation;

public sealed class ChangeStreamTests
{
    [Fact]
    public void A_stream_tells_what_each_transaction_did_at_and_below_its_path() =>
        SimulatedEnsemble.Run(1, async ensemble =>
        {
            await using IZabSession session = await ensemble.OpenSessionAsync(1);
            IZabSession owner = await ensemble.OpenSessionAsync(2);
            Stat early = (await session.CreateWithStatAsync("/a")).Stat;
            Stat child = (await session.CreateWithStatAsync("/a/b")).Stat;
            _ = await session.CreateAsync("/ab");
            Stat set = await session.SetAsync("/a/b", null);
            _ = await owner.CreateAsync("/a/e1", mode: CreateMode.Ephemeral);
            _ = await owner.CreateAsync("/a/e2", mode: CreateMode.Ephemeral);
            await owner.DisposeAsync();
            Zxid deleted = await session.DeleteAsync("/a/b");

            List<TreeChanges> all = await TakeAsync(session.WatchFromAsync("/a", early.Czxid), 6);

            Assert.Equal(
                ["Created /a/b", "DataChanged /a/b", "Created /a/e1", "Created /a/e2",
                    "Deleted /a/e1, Deleted /a/e2", "Deleted /a/b"],
                all.Select(TextOf));
            Assert.Equal((child.Czxid, set.Mzxid), (all[0].Zxid, all[1].Zxid));
            Assert.Equal(deleted, all[^1].Zxid);
            Assert.Equal(
                ["Created /a"], (await TakeAsync(session.WatchFromAsync("/a", Zxid.None), 1)).Select(TextOf));
        });

    [Fact]
    public void What_an_item_tells_is_visible_when_it_comes() => SimulatedEnsemble.Run(2, async ensemble =>
    {
        await using IZabSession writer = await ensemble.OpenSessionAsync(1);
        await using IZabSession reader = await ensemble.OpenSessionAsync(2);
        Task reading = ReadAsync();

        for (int i = 0; i < 50; i++)
        {
            _ = await writer.CreateAsync($"/n{i}");
        }

        await reading;

        async Task ReadAsync()
        {
            int expected = 0;
            await foreach (TreeChanges item in reader.WatchFromAsync("/", Zxid.None))
            {
                Assert.Equal($"/n{expected}", Assert.Single(item.Changes).Path);
                Assert.True((await reader.GetAsync($"/n{expected}")).Zxid >= item.Zxid);
                if (++expected == 50)
                {
                    return;
                }
            }
        }
    });

    /// <summary>Readers on every server, who begin anew where they were when their server fails: all of them
    /// see the same, each thing once, and the tree is what the changes make of it.</summary>
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void Streams_lose_nothing_and_repeat_nothing_under_faults(ulong seed) =>
        SimulatedEnsemble.Run(seed, async ensemble =>
        {
            List<TreeChanges>[] seen = [[], [], [], []];
            Task[] readers = [.. seen.Select((into, at) => FollowAsync(ensemble, at + 1, into))];
            ensemble.StartFaults();
            for (int i = 0; i < 60; i++)
            {
                await WriteAsync(ensemble, i);
            }

            ensemble.StopFaults();
            await using IZabSession last = await ensemble.OpenSessionAsync(1);
            _ = await last.CreateAsync("/end");
            await Task.WhenAll(readers);

            IReadOnlyList<string> children = await last.GetChildrenAsync("/", ReadConsistency.Linearizable);
            Assert.True(seen[0].Count > 20, $"{seen[0].Count}");
            Assert.All(seen, items => Assert.Equal(seen[0].Select(LineOf), items.Select(LineOf)));
            Assert.Equal(
                seen[0].OrderBy(item => item.Zxid).Select(item => item.Zxid).Distinct(),
                seen[0].Select(item => item.Zxid));
            Assert.Equal(children, ChildrenAfter(seen[0]));
        }, new SimulatedEnsembleOptions { Observers = 1 });

    [Fact]
    public void A_stream_goes_on_where_it_was_when_the_leader_changes() =>
        SimulatedEnsemble.Run(3, async ensemble =>
        {
            int old = ensemble.Leader!.Value;
            int[] others = [.. ensemble.Servers.Where(id => id != old)];
            await using IZabSession reader = await ensemble.OpenSessionAsync(others[0], TimeSpan.FromSeconds(20));
            await using IZabSession writer = await ensemble.OpenSessionAsync(others[1], TimeSpan.FromSeconds(20));
            Task<List<TreeChanges>> reading = TakeAsync(reader.WatchFromAsync("/", Zxid.None), 2);
            _ = await writer.CreateAsync("/before");

            ensemble.Crash(old);
            await ensemble.DelayAsync(TimeSpan.FromSeconds(10));
            _ = await writer.CreateAsync("/after");

            Assert.Equal(["Created /before", "Created /after"], (await reading).Select(TextOf));
            Assert.True((await reading)[1].Zxid.Epoch > (await reading)[0].Zxid.Epoch);
        });

    [Fact]
    public void A_slow_reader_is_told_of_a_gap_and_goes_on_after_it() => SimulatedEnsemble.Run(4, async ensemble =>
    {
        await using IZabSession session = await ensemble.OpenSessionAsync(1);
        await using IAsyncEnumerator<TreeChanges> stream =
            session.WatchFromAsync("/", Zxid.None).GetAsyncEnumerator();
        _ = await session.CreateAsync("/n0");
        Assert.True(await stream.MoveNextAsync());
        Assert.Equal("Created /n0", TextOf(stream.Current));

        CreateResult newest = default;
        for (int i = 1; i <= 10; i++)
        {
            newest = await session.CreateWithStatAsync($"/n{i}");
        }

        Assert.True(await stream.MoveNextAsync());
        Assert.True(stream.Current.IsGap);
        Assert.Empty(stream.Current.Changes);
        Assert.Equal(newest.Stat.Czxid, stream.Current.Zxid);
        _ = await session.CreateAsync("/next");
        Assert.True(await stream.MoveNextAsync());
        Assert.Equal("Created /next", TextOf(stream.Current));
    }, new SimulatedEnsembleOptions { ChangesKept = 4 });

    [Fact]
    public void A_server_that_starts_again_still_knows_what_its_log_holds() =>
        SimulatedEnsemble.Run(5, async ensemble =>
        {
            int follower = ensemble.Servers.First(id => id != ensemble.Leader);
            await using IZabSession writer = await ensemble.OpenSessionAsync(ensemble.Leader!.Value);
            for (int i = 0; i < 20; i++)
            {
                _ = await writer.CreateAsync($"/n{i}");
            }

            ensemble.Crash(follower);
            ensemble.Restart(follower);
            await using IZabSession reader = await ensemble.OpenSessionAsync(follower);

            List<TreeChanges> seen = await TakeAsync(reader.WatchFromAsync("/", Zxid.None), 20);
            Assert.Equal(Enumerable.Range(0, 20).Select(i => $"Created /n{i}"), seen.Select(TextOf));
        });

    [Fact]
    public void A_stream_ends_with_its_session_and_fails_when_it_expires() =>
        SimulatedEnsemble.Run(6, async ensemble =>
        {
            int follower = ensemble.Servers.First(id => id != ensemble.Leader);
            IZabSession closed = await ensemble.OpenSessionAsync(follower);
            IZabSession expired = await ensemble.OpenSessionAsync(follower);
            Task<List<TreeChanges>> first = TakeAsync(closed.WatchFromAsync("/", Zxid.None), 1);
            Task<List<TreeChanges>> second = TakeAsync(expired.WatchFromAsync("/", Zxid.None), 1);

            await closed.DisposeAsync();
            Assert.Empty(await first);
            ensemble.Partition([follower], [.. ensemble.Servers.Where(id => id != follower)]);
            await ensemble.DelayAsync(expired.Timeout * 3);
            Assert.False(second.IsCompleted); // suspended, it waits
            ensemble.Heal();

            await Assert.ThrowsAsync<SessionExpiredException>(() => second);
            await Assert.ThrowsAsync<SessionExpiredException>(
                () => TakeAsync(expired.WatchFromAsync("/", Zxid.None), 1));
            await Assert.ThrowsAsync<ObjectDisposedException>(
                () => TakeAsync(closed.WatchFromAsync("/", Zxid.None), 1));
        });

    [Fact]
    public void A_stream_can_be_cancelled_and_needs_a_path() => SimulatedEnsemble.Run(7, async ensemble =>
    {
        await using IZabSession session = await ensemble.OpenSessionAsync(1);
        using CancellationTokenSource giveUp = new();
        Task<List<TreeChanges>> reading =
            TakeAsync(session.WatchFromAsync("/", Zxid.None, giveUp.Token), 1);

        Stop(giveUp);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.Equal(
            ErrorCode.BadArguments,
            Assert.Throws<ZabException>(() => session.WatchFromAsync("a/", Zxid.None)).ErrorCode);
    });

    /// <summary>At once, and not on another thread.</summary>
    private static void Stop(CancellationTokenSource source) => source.Cancel();

    private static async Task WriteAsync(SimulatedEnsemble ensemble, int number)
    {
        try
        {
            await using IZabSession session =
                await ensemble.OpenSessionAsync(1 + ensemble.Random.Next(ensemble.Servers.Count));
            _ = await session.CreateAsync($"/{number}");
            _ = await session.SetAsync($"/{number}", "x"u8.ToArray());
            _ = await session.CreateAsync($"/e{number}", mode: CreateMode.Ephemeral);
            if (number % 3 == 0)
            {
                _ = await session.DeleteAsync($"/{number}");
            }

            await ensemble.DelayAsync(TimeSpan.FromSeconds(1));
        }
        catch (ZabException)
        {
            await ensemble.DelayAsync(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Follows until the end comes, on one server, through its failures.</summary>
    private static async Task FollowAsync(SimulatedEnsemble ensemble, int server, List<TreeChanges> into)
    {
        while (into.Count == 0 || !TextOf(into[^1]).Contains("/end", StringComparison.Ordinal))
        {
            try
            {
                await using IZabSession session = await ensemble.OpenSessionAsync(server);
                Zxid after = into.Count == 0 ? Zxid.None : into[^1].Zxid;
                await foreach (TreeChanges item in session.WatchFromAsync("/", after))
                {
                    Assert.False(item.IsGap);
                    into.Add(item);
                    if (TextOf(item).Contains("/end", StringComparison.Ordinal))
                    {
                        return;
                    }
                }
            }
            catch (ZabException)
            {
                await ensemble.DelayAsync(TimeSpan.FromSeconds(1));
            }
        }
    }

    private static SortedSet<string> ChildrenAfter(List<TreeChanges> items)
    {
        SortedSet<string> children = new(StringComparer.Ordinal) { "zookeeper" };
        foreach (TreeChange change in items.SelectMany(item => item.Changes))
        {
            switch (change.Kind)
            {
                case TreeChangeKind.Created:
                    Assert.True(children.Add(change.Path[1..]));
                    break;
                case TreeChangeKind.Deleted:
                    Assert.True(children.Remove(change.Path[1..]));
                    break;
                case TreeChangeKind.DataChanged:
                    Assert.Contains(change.Path[1..], children);
                    break;
                default:
                    Assert.Fail($"{change.Kind}");
                    break;
            }
        }

        return children;
    }

    private static async Task<List<TreeChanges>> TakeAsync(IAsyncEnumerable<TreeChanges> stream, int count)
    {
        List<TreeChanges> taken = [];
        await foreach (TreeChanges item in stream)
        {
            taken.Add(item);
            if (taken.Count == count)
            {
                break;
            }
        }

        return taken;
    }

    private static string LineOf(TreeChanges item) => $"{item.Zxid}: {TextOf(item)}";

    private static string TextOf(TreeChanges item) =>
        item.IsGap ? "gap" : string.Join(", ", item.Changes.Select(change => $"{change.Kind} {change.Path}"));
}
