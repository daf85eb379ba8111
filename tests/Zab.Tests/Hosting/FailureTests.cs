using Moq;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Tests.Hosting;

public sealed class FailureTests
{
    private static readonly byte[] s_data = [1, 2, 3];

    [Fact]
    public async Task Proposals_leave_and_commit_while_the_leaders_own_flush_hangs()
    {
        Dictionary<int, GatedFlush> gates = [];
        await using TestEnsemble ensemble = await TestEnsemble.OfAsync(3, wrap: (id, store) =>
        {
            GatedFlush gate = new(store);
            gates.Add(id, gate);
            return gate.Store;
        });
        int leader = ensemble.LeaderId;
        ZabNode follower = ensemble[leader == 1 ? 2 : 1];
        await using IZabSession session = await follower.OpenSessionAsync(cancellationToken: Safety.Token);
        Zxid before = await session.SyncAsync(cancellationToken: Safety.Token);
        await ensemble[leader].UntilAsync(status => status.LastApplied >= before); // the opening of the session
        gates[leader].Close();

        CreateResult created =
            await session.CreateWithStatAsync("/a", s_data, cancellationToken: Safety.Token);

        await gates[leader].Entered.WaitAsync(Safety.Limit);
        Assert.Equal(before, ensemble[leader].Status.LastApplied); // its own disk has not got that far (R9)
        gates[leader].Open();
        await ensemble[leader].UntilAsync(status => status.LastApplied >= created.Stat.Czxid);
    }

    [Fact]
    public async Task A_failed_flush_ends_the_leader_and_the_others_elect_another()
    {
        int failing = 0;
        await using TestEnsemble ensemble = await TestEnsemble.OfAsync(3, wrap: (id, store) =>
        {
            Mock<ILogStore> mock = WrappedStore.Of(store);
            mock.Setup(wrapped => wrapped.Flush()).Callback(() =>
            {
                if (Volatile.Read(ref failing) == id)
                {
                    throw new IOException("the disk is broken");
                }

                store.Flush();
            });
            return mock.Object;
        });
        int leader = ensemble.LeaderId;
        ZabNode[] others = [.. ensemble.Nodes.Where(node => node != ensemble[leader])];
        await using IZabSession session =
            await ensemble[leader].OpenSessionAsync(cancellationToken: Safety.Token);
        await session.CreateAsync("/acknowledged", s_data, cancellationToken: Safety.Token);
        Volatile.Write(ref failing, leader);

        ConnectionLossException lost = await Assert.ThrowsAsync<ConnectionLossException>(
            () => session.CreateAsync("/b", s_data, cancellationToken: Safety.Token));

        ZabNodeFailedException failure = await ensemble[leader].FailureAsync();
        Assert.Contains("the disk is broken", failure.Message, StringComparison.Ordinal);
        Assert.False(lost.IsOutcomeKnown);
        Assert.Equal(ZabNodeRole.Failed, ensemble[leader].Status.Role);
        Assert.Contains("the disk is broken", ensemble[leader].Status.Reason, StringComparison.Ordinal);
        Assert.Equal(ZabSessionState.Closed, session.State);
        await Task.WhenAll(others.Select(
            node => node.UntilAsync(status => status.IsServing && status.Leader.Value != leader)));
        await using IZabSession after = await others[0].OpenSessionAsync(cancellationToken: Safety.Token);
        Assert.NotNull(await after.ExistsAsync("/acknowledged", ReadConsistency.Linearizable, Safety.Token));
    }

    [Fact]
    public async Task After_a_failed_append_the_store_is_only_disposed_of()
    {
        TestEnsemble ensemble = new(voters: 1);
        Mock<ILogStore>? mock = null;
        ZabNode node = await ensemble.StartAsync(1, store =>
        {
            mock = WrappedStore.Of(store);
            mock.Setup(wrapped => wrapped.Append(It.IsAny<IReadOnlyList<LogRecord>>()))
                .Throws(new IOException("no space left"));
            return mock.Object;
        });

        ZabNodeFailedException failure = await node.FailureAsync();

        Assert.Contains("no space left", failure.Message, StringComparison.Ordinal);
        mock!.Verify(wrapped => wrapped.Append(It.IsAny<IReadOnlyList<LogRecord>>()), Times.Once);
        mock.Verify(wrapped => wrapped.Flush(), Times.Never);
        mock.Verify(wrapped => wrapped.Dispose(), Times.Once);
        await ensemble.DisposeAsync();
    }

    [Fact]
    public async Task A_transport_that_throws_ends_the_node()
    {
        TestEnsemble ensemble = new(voters: 3);
        ITransportEvents? events = null;
        Mock<ITransport> transport = new();
        transport.Setup(mock => mock.StartAsync(It.IsAny<ITransportEvents>(), It.IsAny<CancellationToken>()))
            .Callback<ITransportEvents, CancellationToken>((given, _) => events = given);
        transport.Setup(mock => mock.Send(It.IsAny<Link>(), It.IsAny<IReadOnlyList<Core.Messages.Message>>()))
            .Throws(new InvalidOperationException("a bug in the transport"));
        ZabNode node =
            await ensemble.StartAsync(1, change: options => options with { Transport = transport.Object });

        await events!.LinkUpAsync(new Link(new ServerId(2), LinkKind.Election, 1), Safety.Token);

        ZabNodeFailedException failure = await node.FailureAsync();
        Assert.Contains("a bug in the transport", failure.Message, StringComparison.Ordinal);
        transport.Verify(mock => mock.DisposeAsync(), Times.Once);
        await ensemble.DisposeAsync();
    }

    [Fact]
    public async Task A_disk_that_hangs_does_not_hold_up_the_stop()
    {
        GatedFlush? gate = null;
        await using TestEnsemble ensemble = new(voters: 1);
        ZabNode node = await ensemble.StartAsync(1, store => (gate = new GatedFlush(store)).Store);
        await node.ServingAsync();
        IZabSession session = await node.OpenSessionAsync(cancellationToken: Safety.Token);
        gate!.Close();
        Task<string> write = session.CreateAsync("/a", s_data, cancellationToken: Safety.Token);
        await gate.Entered.WaitAsync(Safety.Limit);

        await node.DisposeAsync().AsTask().WaitAsync(Safety.Limit);
        await node.DisposeAsync();

        ConnectionLossException lost = await Assert.ThrowsAsync<ConnectionLossException>(() => write);
        Assert.False(lost.IsOutcomeKnown);
        Assert.Equal(ZabNodeRole.Stopped, node.Status.Role);
        gate.Open();
    }

    [Fact]
    public async Task A_watch_that_is_given_up_while_it_is_opened_leaves_nothing_behind()
    {
        GatedFlush? gate = null;
        await using TestEnsemble ensemble = new(voters: 1);
        ZabNode node = await ensemble.StartAsync(1, store => (gate = new GatedFlush(store)).Store);
        await using IZabSession session = await node.OpenSessionAsync(cancellationToken: Safety.Token);
        gate!.Close();
        Task<string> write = session.CreateAsync("/a", s_data, cancellationToken: Safety.Token);
        using CancellationTokenSource giveUp = new();

        Task<ZabWatch> opening = session.OpenWatchAsync("/a", WatchMode.Persistent, giveUp.Token);
        await giveUp.CancelAsync();
        gate.Open();
        await write;
        await session.SyncAsync(cancellationToken: Safety.Token);
        await using ZabWatch another = await session.OpenWatchAsync("/a", WatchMode.Persistent, Safety.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        Stat set = await session.SetAsync("/a", s_data, cancellationToken: Safety.Token);
        await using IAsyncEnumerator<WatchEvent> events = another.GetAsyncEnumerator(Safety.Token);
        Assert.True(await events.MoveNextAsync());
        Assert.Equal(set.Mzxid, events.Current.Zxid);
        ValueTask<ZnodeSnapshot> read = session.GetAsync("/a", cancellationToken: Safety.Token);
        Assert.True(read.IsCompletedSuccessfully); // nothing of the session is under way
        Assert.Equal(set, (await read).Stat);
    }

    [Fact]
    public async Task A_snapshot_that_fails_is_not_the_end()
    {
        TestEnsemble ensemble = new(voters: 1);
        TaskCompletionSource asked = new();
        ZabNode node = await ensemble.StartAsync(
            1,
            store =>
            {
                Mock<ILogStore> mock = WrappedStore.Of(store);
                mock.Setup(wrapped => wrapped.CreateSnapshot(It.IsAny<LogPosition>()))
                    .Callback(() => asked.TrySetResult())
                    .Throws(new IOException("no space left"));
                return mock.Object;
            },
            options => options with { SnapshotEvery = 4 });
        await using IZabSession session = await node.OpenSessionAsync(cancellationToken: Safety.Token);

        for (int i = 0; !asked.Task.IsCompleted; i++)
        {
            await session.CreateAsync($"/{i}", s_data, cancellationToken: Safety.Token);
        }

        await session.CreateAsync("/after", s_data, cancellationToken: Safety.Token);
        Assert.True(node.Status.IsServing);
        await session.DisposeAsync();
        await ensemble.DisposeAsync();
    }

    [Fact]
    public async Task A_port_in_use_leaves_nothing_behind()
    {
        await using TestEnsemble ensemble = await TestEnsemble.OfOneAsync();
        Mock<ILogStore> store = WrappedStore.Of(new Testing.Storage.InMemoryDisk().NewStore());
        ZabNodeOptions second = ensemble.Options(1) with { LogStore = store.Object };

        await Assert.ThrowsAsync<IOException>(() => ZabNode.StartAsync(second, Safety.Token));

        store.Verify(wrapped => wrapped.Dispose(), Times.Once);
    }

    /// <summary>A store whose flush waits while the gate is closed.</summary>
    private sealed class GatedFlush
    {
        private volatile TaskCompletionSource _gate = new();
        private readonly TaskCompletionSource _entered =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool _isClosed;

        public GatedFlush(ILogStore store)
        {
            Mock<ILogStore> mock = WrappedStore.Of(store);
            mock.Setup(wrapped => wrapped.Flush()).Callback(() =>
            {
                if (_isClosed)
                {
                    _entered.TrySetResult();
                }

                Assert.True(_gate.Task.Wait(Safety.Limit));
                store.Flush();
            });
            Store = mock.Object;
            Open();
        }

        public ILogStore Store { get; }

        public Task Entered => _entered.Task;

        public void Close()
        {
            _gate = new TaskCompletionSource();
            _isClosed = true;
        }

        public void Open() => _gate.TrySetResult();
    }
}
