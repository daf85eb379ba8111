using Zab.Core.Tree;
using Zab.Core.Watches;
using Zab.Testing;

namespace Zab.Tests.Simulation;

public sealed class SimulatedEnsembleTests
{
    [Fact]
    public void A_scenario_uses_sessions_on_every_server() => SimulatedEnsemble.Run(1, async ensemble =>
    {
        await using IZabSession writer = await ensemble.OpenSessionAsync(1);
        await using IZabSession reader = await ensemble.OpenSessionAsync(4);

        string path = await writer.CreateAsync("/a", "hello"u8.ToArray());
        ZnodeSnapshot read = await reader.GetAsync("/a", ReadConsistency.Linearizable);

        Assert.Equal("/a", path);
        Assert.Equal("hello", read.Text);
        Assert.Equal(ZabSessionState.Connected, reader.State);
        Assert.Equal([1, 2, 3, 4], ensemble.Servers);
    }, new SimulatedEnsembleOptions { Observers = 1 });

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        for (ulong seed = 1; seed <= 10; seed++)
        {
            ulong first = HashOfRun(seed);
            Assert.Equal(first, HashOfRun(seed));
            Assert.NotEqual(first, HashOfRun(seed + 1000));
        }
    }

    [Fact]
    public void A_session_is_closed_when_its_server_crashes() => SimulatedEnsemble.Run(3, async ensemble =>
    {
        IZabSession session = await ensemble.OpenSessionAsync(2);
        IZabSession other = await ensemble.OpenSessionAsync(1);
        _ = await session.CreateAsync("/e", mode: CreateMode.Ephemeral);
        Task<string> underWay = session.CreateAsync("/b");
        await ensemble.DelayAsync(TimeSpan.FromMilliseconds(1));

        ensemble.Crash(2);

        ConnectionLossException lost = await Assert.ThrowsAsync<ConnectionLossException>(() => underWay);
        Assert.False(lost.IsOutcomeKnown, lost.Message);
        Assert.Equal(ZabSessionState.Closed, session.State);
        Assert.True((await Assert.ThrowsAsync<ConnectionLossException>(
            () => session.CreateAsync("/c"))).IsOutcomeKnown);
        Assert.True((await Assert.ThrowsAsync<ConnectionLossException>(
            () => ensemble.OpenSessionAsync(2))).IsOutcomeKnown);
        Assert.False(ensemble.IsRunning(2));
        Assert.NotNull(await other.ExistsAsync("/e", ReadConsistency.Linearizable));
        await ensemble.DelayAsync(session.Timeout + TimeSpan.FromSeconds(5));
        Assert.Null(await other.ExistsAsync("/e", ReadConsistency.Linearizable));

        ensemble.Restart(2);
        await using IZabSession again = await ensemble.OpenSessionAsync(2);
        _ = await again.CreateAsync("/c");
    });

    [Fact]
    public void A_leader_that_is_cut_off_is_replaced_and_follows_when_the_network_is_healed() =>
        SimulatedEnsemble.Run(4, async ensemble =>
        {
            int old = ensemble.Leader!.Value;
            int[] others = [.. ensemble.Servers.Where(id => id != old)];
            IZabSession behind = await ensemble.OpenSessionAsync(old);

            ensemble.Partition([old], others);
            await ensemble.DelayAsync(TimeSpan.FromSeconds(30));

            Assert.Contains(ensemble.Leader!.Value, others);
            Assert.False(ensemble.IsServing(old));
            Assert.Equal(ZabSessionState.Suspended, behind.State);
            await using IZabSession session = await ensemble.OpenSessionAsync(others[0]);
            _ = await session.CreateAsync("/a");

            ensemble.Heal();
            await ensemble.DelayAsync(TimeSpan.FromSeconds(30));

            Assert.True(ensemble.IsServing(old));
            Assert.Equal(ZabSessionState.Expired, behind.State);
        });

    [Fact]
    public void A_call_to_a_server_that_stands_still_waits() => SimulatedEnsemble.Run(5, async ensemble =>
    {
        int follower = ensemble.Servers.First(id => id != ensemble.Leader);
        await using IZabSession session =
            await ensemble.OpenSessionAsync(follower, TimeSpan.FromSeconds(20));

        ensemble.Pause(follower);
        Task<string> create = session.CreateAsync("/a");
        Task<Stat?> read = session.ExistsAsync("/a").AsTask();
        await ensemble.DelayAsync(TimeSpan.FromSeconds(1));

        Assert.False(create.IsCompleted);
        Assert.False(read.IsCompleted);
        Assert.False(ensemble.IsRunning(follower));

        ensemble.Resume(follower);

        Assert.Equal("/a", await create);
        Assert.NotNull(await read);
    });

    [Fact]
    public void One_deaf_direction_is_enough_to_lose_a_follower() => SimulatedEnsemble.Run(6, async ensemble =>
    {
        int follower = ensemble.Servers.First(id => id != ensemble.Leader);

        ensemble.CutOneWay(ensemble.Leader!.Value, follower);
        await ensemble.DelayAsync(TimeSpan.FromSeconds(10));

        Assert.False(ensemble.IsServing(follower));
    });

    [Fact]
    public void Watches_bring_every_change_in_order() => SimulatedEnsemble.Run(7, async ensemble =>
    {
        await using IZabSession writer = await ensemble.OpenSessionAsync(1);
        await using IZabSession reader = await ensemble.OpenSessionAsync(3);
        Watched<Stat?> absent = await reader.ExistsAndWatchAsync("/a");
        ZabWatch watch = await reader.OpenWatchAsync("/a", WatchMode.PersistentRecursive);
        List<string> seen = [];

        _ = await writer.CreateAsync("/a");
        _ = await writer.CreateAsync("/a/b");
        _ = await writer.SetAsync("/a/b", null);
        _ = await writer.DeleteAsync("/a/b");
        await foreach (WatchEvent fired in watch)
        {
            seen.Add($"{fired.Type} {fired.Path}");
            if (seen.Count == 4)
            {
                break;
            }
        }

        Assert.Null(absent.Value);
        Assert.Equal(WatchEventType.NodeCreated, (await absent.Changed).Type);
        Assert.Equal(
            ["NodeCreated /a", "NodeCreated /a/b", "NodeDataChanged /a/b", "NodeDeleted /a/b"], seen);
        await watch.DisposeAsync();
    });

    [Fact]
    public void The_states_of_a_session_can_be_followed() => SimulatedEnsemble.Run(8, async ensemble =>
    {
        IZabSession session = await ensemble.OpenSessionAsync(1);
        List<ZabSessionState> states = [];
        Task following = FollowAsync();

        ensemble.Kill(2);
        ensemble.Kill(3);
        await ensemble.DelayAsync(TimeSpan.FromSeconds(10));
        ensemble.Kill(1);
        await following;

        Assert.Equal([ZabSessionState.Connected, ZabSessionState.Suspended, ZabSessionState.Closed], states);

        async Task FollowAsync()
        {
            await foreach (ZabSessionState state in session.StateChanges())
            {
                states.Add(state);
            }
        }
    });

    [Fact]
    public void A_session_that_was_suspended_is_reconnected_each_time_it_is_served_again() =>
        SimulatedEnsemble.Run(12, async ensemble =>
        {
            IZabSession session = await ensemble.OpenSessionAsync(1, TimeSpan.FromSeconds(20));
            List<ZabSessionState> states = [];
            Task following = FollowAsync();

            for (int i = 0; i < 2; i++)
            {
                ensemble.Partition([1], [2, 3]);
                while (ensemble.IsServing(1))
                {
                    await ensemble.DelayAsync(TimeSpan.FromMilliseconds(100));
                }

                ensemble.Heal();
                while (!ensemble.IsServing(1))
                {
                    await ensemble.DelayAsync(TimeSpan.FromMilliseconds(100));
                }
            }

            await session.DisposeAsync();
            await following;

            Assert.Equal(
                [ZabSessionState.Connected, ZabSessionState.Suspended, ZabSessionState.Reconnected,
                    ZabSessionState.Suspended, ZabSessionState.Reconnected, ZabSessionState.Closed],
                states);

            async Task FollowAsync()
            {
                await foreach (ZabSessionState state in session.StateChanges())
                {
                    states.Add(state);
                }
            }
        });

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    public void Writes_that_were_acknowledged_survive_random_faults(ulong seed) =>
        SimulatedEnsemble.Run(seed, async ensemble =>
        {
            List<string> acknowledged = [];
            ensemble.StartFaults();
            for (int i = 0; i < 60; i++)
            {
                try
                {
                    await using IZabSession session =
                        await ensemble.OpenSessionAsync(1 + ensemble.Random.Next(ensemble.Servers.Count));
                    acknowledged.Add(await session.CreateAsync($"/{i}"));
                    await ensemble.DelayAsync(TimeSpan.FromSeconds(1));
                    _ = await session.SetAsync($"/{i}", "x"u8.ToArray());
                }
                catch (ZabException)
                {
                    await ensemble.DelayAsync(TimeSpan.FromSeconds(1));
                }
            }

            ensemble.StopFaults();
            await using IZabSession last = await ensemble.OpenSessionAsync(1);
            IReadOnlyList<string> children = await last.GetChildrenAsync("/", ReadConsistency.Linearizable);

            Assert.True(acknowledged.Count > 10, $"{acknowledged.Count}");
            Assert.All(acknowledged, path => Assert.Contains(path[1..], children));
        });

    private static ulong HashOfRun(ulong seed)
    {
        ulong hash = 0;
        SimulatedEnsemble.Run(seed, async ensemble =>
        {
            ensemble.StartFaults();
            for (int i = 0; i < 20; i++)
            {
                try
                {
                    await using IZabSession session = await ensemble.OpenSessionAsync(1 + ensemble.Random.Next(3));
                    _ = await session.CreateAsync("/n-", mode: CreateMode.EphemeralSequential);
                    await ensemble.DelayAsync(TimeSpan.FromSeconds(ensemble.Random.NextDouble()));
                }
                catch (ZabException)
                {
                    await ensemble.DelayAsync(TimeSpan.FromSeconds(1));
                }
            }

            hash = ensemble.TraceHash;
        });
        return hash;
    }
}
