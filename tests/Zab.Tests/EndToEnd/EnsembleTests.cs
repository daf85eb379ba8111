using Zab.Core.Watches;
using Zab.Tests.Hosting;

namespace Zab.Tests.EndToEnd;

public sealed class EnsembleTests
{
    private static readonly byte[] s_data = new byte[1000];

    [Fact]
    public async Task A_write_on_a_follower_is_seen_and_watched_everywhere_also_on_an_observer()
    {
        await using Machines machines = await Machines.ServingAsync(3, observers: 1);
        int follower = machines.LeaderId == 1 ? 2 : 1;
        await using IZabSession writer =
            await machines[follower].OpenSessionAsync(cancellationToken: Safety.Token);
        await using IZabSession observer =
            await machines[4].OpenSessionAsync(cancellationToken: Safety.Token);
        await using ZabWatch watch =
            await observer.OpenWatchAsync("/", WatchMode.PersistentRecursive, Safety.Token);

        CreateResult created =
            await writer.CreateWithStatAsync("/ooxx", s_data, cancellationToken: Safety.Token);
        string forwarded = await observer.CreateAsync("/ooxx/1", s_data, cancellationToken: Safety.Token);

        await using IAsyncEnumerator<WatchEvent> events = watch.GetAsyncEnumerator(Safety.Token);
        Assert.True(await events.MoveNextAsync());
        Assert.Equal(new WatchEvent(WatchEventType.NodeCreated, "/ooxx", created.Stat.Czxid), events.Current);
        Assert.Equal(ZabNodeRole.Observer, machines[4].Status.Role);
        foreach (ZabNode node in machines.Nodes)
        {
            await using IZabSession reader = await node.OpenSessionAsync(cancellationToken: Safety.Token);
            ZnodeSnapshot read = await reader.GetAsync(forwarded, ReadConsistency.Linearizable, Safety.Token);
            Assert.Equal(s_data, read.Data!.Value.ToArray());
        }
    }

    [Fact]
    public async Task An_observer_never_makes_a_quorum()
    {
        await using Machines machines = await Machines.ServingAsync(2, observers: 1);
        int leader = machines.LeaderId;

        await machines[3 - leader].DisposeAsync();

        await machines[leader].UntilAsync(status => !status.IsServing && status.Role == ZabNodeRole.Looking);
        await machines[3].UntilAsync(status => !status.IsServing && status.Role == ZabNodeRole.Looking);
        await machines.StartAsync(3 - leader);
        await Task.WhenAll(machines.Nodes.Select(node => node.ServingAsync()));
    }

    [Fact]
    public async Task What_was_acknowledged_survives_the_leader_which_comes_back_by_diff()
    {
        await using Machines machines = await Machines.ServingAsync(3);
        int leader = machines.LeaderId;
        int follower = leader == 1 ? 2 : 1;
        await using IZabSession session =
            await machines[follower].OpenSessionAsync(cancellationToken: Safety.Token);
        List<string> acknowledged = [];
        Task stop = Task.CompletedTask;
        for (int i = 0; i < 100; i++)
        {
            try
            {
                acknowledged.Add(await session.CreateAsync($"/{i}", s_data, cancellationToken: Safety.Token));
            }
            catch (ConnectionLossException)
            {
                // Not acknowledged: nothing is promised about it.
            }

            if (i == 50)
            {
                stop = machines[leader].DisposeAsync().AsTask();
            }
        }

        await stop;
        await machines.StartAsync(leader);

        ZabNodeStatus back = await machines[leader].ServingAsync();
        Assert.Equal((ZabNodeRole.Follower, SyncKind.Diff), (back.Role, back.LastSync));
        Assert.True(acknowledged.Count > 90);
        await using IZabSession reader =
            await machines[leader].OpenSessionAsync(cancellationToken: Safety.Token);
        IReadOnlyList<string> found =
            await reader.GetChildrenAsync("/", ReadConsistency.Linearizable, Safety.Token);
        Assert.Empty(acknowledged.Select(path => path[1..]).Except(found));
    }

    [Fact]
    public async Task A_server_that_was_away_for_longer_than_the_log_reaches_gets_a_snapshot()
    {
        static ZabNodeOptions Small(ZabNodeOptions options) =>
            options with { SnapshotEvery = 20, SegmentBytes = 64 * 1024, SnapshotsRetained = 2 };
        await using Machines machines = await Machines.ServingAsync(3, change: Small);
        int away = machines.LeaderId == 1 ? 2 : 1;
        int[] others = [.. Enumerable.Range(1, 3).Where(id => id != away)];
        await machines[away].DisposeAsync();
        await using (
            IZabSession session = await machines[others[0]].OpenSessionAsync(cancellationToken: Safety.Token))
        {
            await session.CreateAsync("/a", cancellationToken: Safety.Token);
            for (int i = 0; i < 400; i++)
            {
                await session.SetAsync("/a", s_data, cancellationToken: Safety.Token);
            }
        }

        foreach (int id in others)
        {
            await machines[id].DisposeAsync(); // what is kept in memory beyond the log goes too
        }

        foreach (int id in others)
        {
            await machines.StartAsync(id, Small);
        }

        await Task.WhenAll(others.Select(id => machines[id].ServingAsync()));
        ZabNode back = await machines.StartAsync(away, Small);

        ZabNodeStatus status = await back.ServingAsync();
        Assert.Equal(SyncKind.Snap, status.LastSync);
        await using IZabSession reader = await back.OpenSessionAsync(cancellationToken: Safety.Token);
        ZnodeSnapshot read = await reader.GetAsync("/a", ReadConsistency.Linearizable, Safety.Token);
        Assert.Equal(400, read.Stat.Version);
    }

    [Fact]
    public async Task A_whole_ensemble_that_was_stopped_goes_on_where_it_was()
    {
        await using Machines machines = await Machines.ServingAsync(3);
        IZabSession session = await machines[1].OpenSessionAsync(cancellationToken: Safety.Token);
        string path = await session.CreateAsync("/kept", s_data, cancellationToken: Safety.Token);
        await session.DisposeAsync();
        int epoch = machines[1].Status.Epoch;
        foreach (ZabNode node in machines.Nodes)
        {
            await node.DisposeAsync();
            await node.Completion;
        }

        for (int id = 1; id <= 3; id++)
        {
            await machines.StartAsync(id);
        }

        await Task.WhenAll(machines.Nodes.Select(node => node.ServingAsync()));
        Assert.True(machines[1].Status.Epoch > epoch);
        await using IZabSession reader = await machines[3].OpenSessionAsync(cancellationToken: Safety.Token);
        Assert.NotNull(await reader.ExistsAsync(path, ReadConsistency.Linearizable, Safety.Token));
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_does_not_hold_up_the_others()
    {
        await using Machines machines = new(3);

        await machines.StartAllAsync([1, 2]);

        await Task.WhenAll(machines.Nodes.Select(node => node.ServingAsync()));
        Assert.Contains(machines.Nodes, node => node.Status.Role == ZabNodeRole.Leader);
    }
}
