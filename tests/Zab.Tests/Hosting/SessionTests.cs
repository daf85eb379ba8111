using Zab.Core.Primitives;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Tests.Hosting;

public sealed class SessionTests
{
    private static readonly byte[] s_data = [1, 2, 3];

    [Fact]
    public async Task A_node_is_created_read_set_listed_and_deleted()
    {
        await using TestEnsemble ensemble = await TestEnsemble.OfOneAsync();
        await using IZabSession session = await ensemble[1].OpenSessionAsync(cancellationToken: Safety.Token);

        string path = await session.CreateAsync("/a", s_data);
        ZnodeSnapshot read = await session.GetAsync("/a");
        Stat set = await session.SetAsync("/a", null, version: 0);
        ZnodeSnapshot readNull = await session.GetAsync("/a");
        string sequential = await session.CreateAsync("/a/n-", mode: CreateMode.EphemeralSequential);
        IReadOnlyList<string> children = await session.GetChildrenAsync("/a");
        Zxid deleted = await session.DeleteAsync(sequential);
        Stat? gone = await session.ExistsAsync(sequential);

        Assert.Equal("/a", path);
        Assert.Equal(s_data, read.Data!.Value.ToArray());
        Assert.Equal(read.Stat.Czxid, read.Zxid);
        Assert.Null(readNull.Data);
        Assert.Equal((1, set), (set.Version, readNull.Stat));
        Assert.Equal("/a/n-0000000000", sequential);
        Assert.Equal(["n-0000000000"], children);
        Assert.True(deleted > set.Mzxid);
        Assert.Null(gone);
    }

    [Fact]
    public async Task An_outcome_is_an_exception_of_its_own()
    {
        await using TestEnsemble ensemble = await TestEnsemble.OfOneAsync();
        await using IZabSession session = await ensemble[1].OpenSessionAsync(cancellationToken: Safety.Token);
        await session.CreateAsync("/a", s_data);
        await session.CreateAsync("/a/b", s_data);
        await session.CreateAsync("/e", s_data, CreateMode.Ephemeral);

        await Assert.ThrowsAsync<NodeExistsException>(() => session.CreateAsync("/a"));
        await Assert.ThrowsAsync<NoNodeException>(() => session.CreateAsync("/x/y"));
        await Assert.ThrowsAsync<NoNodeException>(async () => await session.GetAsync("/x"));
        await Assert.ThrowsAsync<NoNodeException>(async () => await session.GetChildrenAsync("/x"));
        await Assert.ThrowsAsync<NotEmptyException>(() => session.DeleteAsync("/a"));
        await Assert.ThrowsAsync<BadVersionException>(() => session.SetAsync("/a", s_data, version: 7));
        await Assert.ThrowsAsync<NoChildrenForEphemeralsException>(() => session.CreateAsync("/e/f"));
        ZabException bad = await Assert.ThrowsAsync<ZabException>(() => session.CreateAsync("/a/."));
        Assert.Equal((ErrorCode.BadArguments, "/a/."), (bad.ErrorCode, bad.Path));
        Assert.StartsWith("'/a/.' is no path of a node", bad.Message, StringComparison.Ordinal);
        RequestTooLargeException large = await Assert.ThrowsAsync<RequestTooLargeException>(
            () => session.CreateAsync("/large", new byte[2 << 20]));
        Assert.Contains(nameof(ZabNodeOptions.RequestBytesMax), large.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_local_read_of_an_idle_session_ends_at_once_and_without_a_copy()
    {
        await using TestEnsemble ensemble = await TestEnsemble.OfOneAsync();
        await using IZabSession session = await ensemble[1].OpenSessionAsync(cancellationToken: Safety.Token);
        await session.CreateAsync("/a", s_data);

        ValueTask<ZnodeSnapshot> first = session.GetAsync("/a");
        ValueTask<ZnodeSnapshot> second = session.GetAsync("/a");

        Assert.True(first.IsCompletedSuccessfully);
        Assert.True(second.IsCompletedSuccessfully);
        Assert.True((await first).Data!.Value.Equals((await second).Data!.Value)); // the same memory
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            _ = await session.GetAsync("/a"); // ends at once, so the thread stays the same
        }

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1000);
    }

    [Fact]
    public async Task Calls_that_are_not_awaited_keep_their_order_and_reads_wait_for_writes()
    {
        await using TestEnsemble ensemble = await TestEnsemble.OfAsync(3);
        int follower = ensemble.LeaderId == 1 ? 2 : 1;
        await using IZabSession session =
            await ensemble[follower].OpenSessionAsync(cancellationToken: Safety.Token);
        await session.CreateAsync("/n", s_data);

        List<Task<Stat>> writes = [];
        List<Task<ZnodeSnapshot>> reads = [];
        for (int i = 0; i < 100; i++)
        {
            writes.Add(session.SetAsync("/n", BitConverter.GetBytes(i)));
            reads.Add(session.GetAsync("/n").AsTask());
        }

        for (int i = 0; i < 100; i++)
        {
            Stat written = await writes[i];
            ZnodeSnapshot read = await reads[i];
            Assert.Equal(i + 1, written.Version);
            Assert.True(read.Stat.Mzxid >= written.Mzxid);
        }
    }

    [Fact]
    public async Task Ephemeral_nodes_go_with_the_session_that_is_disposed_of()
    {
        await using TestEnsemble ensemble = await TestEnsemble.OfAsync(3);
        IZabSession session = await ensemble[1].OpenSessionAsync(cancellationToken: Safety.Token);
        await using IZabSession other = await ensemble[2].OpenSessionAsync(cancellationToken: Safety.Token);
        await session.CreateAsync("/e", s_data, CreateMode.Ephemeral);

        await session.DisposeAsync();
        await session.DisposeAsync();

        Assert.Null(await other.ExistsAsync("/e", ReadConsistency.Linearizable, Safety.Token));
        Assert.Equal(ZabSessionState.Closed, session.State);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => session.CreateAsync("/x"));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await session.GetAsync("/x"));
    }

    [Fact]
    public async Task A_session_whose_node_is_gone_expires_and_its_ephemeral_nodes_with_it()
    {
        HandClock[] clocks = [new(), new(), new()];
        await using TestEnsemble ensemble = await OnClocksAsync(clocks);
        int leader = ensemble.LeaderId;
        int follower = leader == 1 ? 2 : 1;
        clocks[leader - 1].Stop(); // it alone says when a session is over
        await using IZabSession watcher =
            await ensemble[leader].OpenSessionAsync(cancellationToken: Safety.Token);
        IZabSession session =
            await ensemble[follower].OpenSessionAsync(TimeSpan.FromMilliseconds(1), Safety.Token);
        await session.CreateAsync("/e", s_data, CreateMode.Ephemeral);
        await watcher.SyncAsync(cancellationToken: Safety.Token); // the leader's own disk may be the slowest
        Watched<Stat?> watched = await watcher.ExistsAndWatchAsync("/e", Safety.Token);

        await ensemble[follower].DisposeAsync();
        await PassAsync(ensemble[leader], clocks[leader - 1], watcher, watched.Changed);

        Assert.Equal(TimeSpan.FromSeconds(1), session.Timeout); // the shortest that is granted
        Assert.Equal(WatchEventType.NodeDeleted, (await watched.Changed.WaitAsync(Safety.Limit)).Type);
        Assert.Equal(ZabSessionState.Closed, session.State);
        ConnectionLossException lost =
            await Assert.ThrowsAsync<ConnectionLossException>(() => session.CreateAsync("/x"));
        Assert.True(lost.IsOutcomeKnown);
    }

    [Fact]
    public async Task A_session_whose_node_was_cut_off_for_too_long_has_expired_when_it_is_back()
    {
        HandClock[] clocks = [new(), new(), new()];
        await using TestEnsemble ensemble = await OnClocksAsync(clocks);
        int leader = ensemble.LeaderId;
        int follower = leader == 1 ? 2 : 1;
        clocks[leader - 1].Stop(); // it alone says when a session is over
        await using IZabSession watcher =
            await ensemble[leader].OpenSessionAsync(cancellationToken: Safety.Token);
        await using IZabSession session =
            await ensemble[follower].OpenSessionAsync(TimeSpan.FromMilliseconds(1), Safety.Token);
        await session.CreateAsync("/e", s_data, CreateMode.Ephemeral, Safety.Token);
        await using ZabWatch watch =
            await session.OpenWatchAsync("/", WatchMode.PersistentRecursive, Safety.Token);
        await watcher.SyncAsync(cancellationToken: Safety.Token); // the leader's own disk may be the slowest
        Watched<Stat?> gone = await watcher.ExistsAndWatchAsync("/e", Safety.Token);
        ServerId cut = new(follower);
        foreach (int other in Enumerable.Range(1, 3).Where(id => id != follower))
        {
            ensemble.Network.Cut(cut, new ServerId(other));
        }

        await PassAsync(ensemble[leader], clocks[leader - 1], watcher, gone.Changed);
        Assert.Equal(WatchEventType.NodeDeleted, (await gone.Changed.WaitAsync(Safety.Limit)).Type);
        foreach (int other in Enumerable.Range(1, 3).Where(id => id != follower))
        {
            ensemble.Network.Heal(cut, new ServerId(other));
        }

        List<ZabSessionState> states = [];
        await foreach (ZabSessionState state in session.StateChanges(Safety.Token))
        {
            states.Add(state);
        }

        Assert.Equal(ZabSessionState.Expired, states[^1]);
        await Assert.ThrowsAsync<SessionExpiredException>(() => session.CreateAsync("/x"));
        await Assert.ThrowsAsync<SessionExpiredException>(async () => await session.GetAsync("/x"));
        await Assert.ThrowsAsync<SessionExpiredException>(async () =>
        {
            await foreach (WatchEvent fired in watch.WithCancellation(Safety.Token))
            {
                Assert.Equal("/e", fired.Path);
            }
        });
    }

    [Fact]
    public async Task A_call_waits_while_the_node_has_no_leader_and_is_done_when_it_has()
    {
        await using TestEnsemble ensemble = await TestEnsemble.OfAsync(3);
        int leader = ensemble.LeaderId;
        int follower = leader == 1 ? 2 : 1;
        int third = 6 - leader - follower;
        await using IZabSession session =
            await ensemble[follower].OpenSessionAsync(cancellationToken: Safety.Token);
        await ensemble[leader].DisposeAsync();
        await ensemble[third].DisposeAsync();
        await ensemble[follower].UntilAsync(status => !status.IsServing);
        Assert.Equal(ZabSessionState.Suspended, session.State);

        Task<string> write = session.CreateAsync("/a", s_data, cancellationToken: Safety.Token);
        Task<ZnodeSnapshot> read = session.GetAsync("/a").AsTask();
        await ensemble.StartAsync(third);

        Assert.Equal("/a", await write);
        Assert.Equal(s_data, (await read).Data!.Value.ToArray());
        Assert.Equal(ZabSessionState.Reconnected, session.State);
    }

    [Fact]
    public async Task A_call_that_waits_can_be_given_up_or_times_out_with_nothing_sent()
    {
        HandClock clock = new();
        clock.Stop();
        TestEnsemble ensemble = new(voters: 3);
        ZabNode node = await ensemble.StartAsync(1, change: options => options with { TimeProvider = clock });
        using CancellationTokenSource giveUp = new();

        Task<IZabSession> abandoned = node.OpenSessionAsync(cancellationToken: giveUp.Token);
        await giveUp.CancelAsync();
        Task<IZabSession> waiting = node.OpenSessionAsync(TimeSpan.FromMilliseconds(1), Safety.Token);
        while (!waiting.IsCompleted)
        {
            await clock.PassAsync(node, TimeSpan.FromMilliseconds(400));
        }

        ConnectionLossException late = await Assert.ThrowsAsync<ConnectionLossException>(() => waiting);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
        Assert.True(late.IsOutcomeKnown);
        await ensemble.DisposeAsync();
    }

    [Fact]
    public async Task A_session_takes_only_so_many_calls_at_a_time()
    {
        await using TestEnsemble ensemble = await TestEnsemble.OfAsync(3);
        await using IZabSession session = await ensemble[1].OpenSessionAsync(cancellationToken: Safety.Token);
        foreach (ZabNode other in ensemble.Nodes.Where(node => node != ensemble[1]))
        {
            await other.DisposeAsync();
        }

        await ensemble[1].UntilAsync(status => !status.IsServing);
        List<Task> taken = [.. Enumerable.Range(0, 1000).Select(_ => session.SyncAsync())];

        await Assert.ThrowsAsync<RequestThrottledException>(() => session.SyncAsync());
        await ensemble[1].DisposeAsync();
        foreach (Task call in taken)
        {
            Assert.True((await Assert.ThrowsAsync<ConnectionLossException>(() => call)).IsOutcomeKnown);
        }
    }

    [Fact]
    public async Task A_linearizable_read_sees_what_was_acknowledged_elsewhere()
    {
        await using TestEnsemble ensemble = await TestEnsemble.OfAsync(3, observers: 1);
        await using IZabSession writer =
            await ensemble[ensemble.LeaderId].OpenSessionAsync(cancellationToken: Safety.Token);
        await using IZabSession reader = await ensemble[4].OpenSessionAsync(cancellationToken: Safety.Token);

        for (int i = 0; i < 50; i++)
        {
            string path = await writer.CreateAsync($"/{i}", s_data);
            ZnodeSnapshot read = await reader.GetAsync(path, ReadConsistency.Linearizable, Safety.Token);
            Assert.Equal(path, $"/{i}");
            Assert.Equal(s_data, read.Data!.Value.ToArray());
        }
    }

    private static Task<TestEnsemble> OnClocksAsync(HandClock[] clocks) => TestEnsemble.OfAsync(
        clocks.Length, change: options => options with { TimeProvider = clocks[options.ServerId - 1] });

    /// <summary>Lets time pass for the leader until something has happened: in steps that it does not take for a
    /// pause of its own, and in each of which a quorum answers it.</summary>
    private static async Task PassAsync(
        ZabNode leader, HandClock clock, IZabSession session, Task happened)
    {
        while (!happened.IsCompleted)
        {
            await clock.PassAsync(leader, TimeSpan.FromMilliseconds(400));
            await session.SyncAsync(cancellationToken: Safety.Token);
        }
    }
}
