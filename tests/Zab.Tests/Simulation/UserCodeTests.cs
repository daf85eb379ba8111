using System.Threading.Channels;
using Zab.Core.Tree;
using Zab.Core.Watches;
using Zab.Testing;

namespace Zab.Tests.Simulation;

/// <summary>What code under test may do, and how its failures are told.</summary>
public sealed class UserCodeTests
{
    private static readonly SimulatedEnsembleOptions s_short = new() { TimeLimit = TimeSpan.FromMinutes(2) };

    [Fact]
    public void A_failure_of_the_scenario_is_told_with_its_seed_and_the_last_events()
    {
        SimulationFailedException failure = Assert.Throws<SimulationFailedException>(
            () => SimulatedEnsemble.Run(77, async ensemble =>
            {
                ensemble.Crash(2);
                ensemble.Note("the app does something wrong");
                await ensemble.DelayAsync(TimeSpan.FromSeconds(1));
                throw new InvalidDataException("two leaders");
            }));

        Assert.Equal(77ul, failure.Seed);
        Assert.IsType<InvalidDataException>(failure.InnerException);
        Assert.Contains("two leaders (InvalidDataException, seed 77, after ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("server 2 loses its power", failure.Message, StringComparison.Ordinal);
        Assert.Contains("the app does something wrong", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bug_of_the_application_is_found_by_some_seed()
    {
        SimulationFailedException? found = null;
        for (ulong seed = 1; found is null && seed < 100; seed++)
        {
            try
            {
                SimulatedEnsemble.Run(seed, CountTwiceAsync);
            }
            catch (SimulationFailedException e)
            {
                found = e;
            }
        }

        Assert.NotNull(found);
        SimulationFailedException again = Assert.Throws<SimulationFailedException>(
            () => SimulatedEnsemble.Run(found.Seed, CountTwiceAsync));
        Assert.Equal(found.Message, again.Message);
    }

    [Fact]
    public void A_wait_that_cannot_end_is_reported()
    {
        SimulationFailedException failure = Assert.Throws<SimulationFailedException>(
            () => SimulatedEnsemble.Run(1, _ => new TaskCompletionSource().Task, s_short));

        Assert.IsType<TimeoutException>(failure.InnerException);
        Assert.Contains("00:02:00 of simulated time", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scenario_that_never_stops_is_reported() =>
        Assert.IsType<TimeoutException>(Assert.Throws<SimulationFailedException>(
            () => SimulatedEnsemble.Run(
                1,
                async ensemble =>
                {
                    while (true)
                    {
                        await ensemble.DelayAsync(TimeSpan.FromSeconds(1));
                    }
                },
                s_short)).InnerException);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Code_that_configures_its_awaits_stays_on_the_thread(bool hasContext) => SimulatedEnsemble.Run(
        2,
        async ensemble =>
        {
            int thread = Environment.CurrentManagedThreadId;
            IZabSession session = await ensemble.OpenSessionAsync(1).ConfigureAwait(false);
            Assert.Equal(thread, Environment.CurrentManagedThreadId);
            await using (session.ConfigureAwait(false))
            {
                _ = await session.CreateAsync("/a").ConfigureAwait(false);
                Assert.Equal(thread, Environment.CurrentManagedThreadId);
                await ensemble.DelayAsync(TimeSpan.FromSeconds(1)).ConfigureAwait(false);
                Assert.Equal(thread, Environment.CurrentManagedThreadId);
                await foreach (ZabSessionState state in session.StateChanges().ConfigureAwait(false))
                {
                    Assert.Equal(ZabSessionState.Connected, state);
                    break;
                }

                Watched<ZnodeSnapshot> watched = await session.GetAndWatchAsync("/a").ConfigureAwait(false);
                Task<Stat> set = session.SetAsync("/a", null);
                Assert.Equal(WatchEventType.NodeDataChanged, (await watched.Changed.ConfigureAwait(false)).Type);
                _ = await set.ConfigureAwait(false);
            }

            Assert.Equal(thread, Environment.CurrentManagedThreadId);
        },
        s_short with { HasSynchronizationContext = hasContext });

    [Fact]
    public void Plain_awaits_of_anything_come_back_to_the_thread() => SimulatedEnsemble.Run(3, async ensemble =>
    {
        int thread = Environment.CurrentManagedThreadId;
        using SemaphoreSlim door = new(0);
        Channel<int> channel = Channel.CreateUnbounded<int>();
        TaskCompletionSource signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task[] waiting = [WaitAsync(door.WaitAsync()), ReadAsync(), WaitAsync(signal.Task)];

        await Task.Yield();
        _ = door.Release();
        _ = channel.Writer.TryWrite(1);
        signal.SetResult();
        await Task.WhenAll(waiting);

        Assert.Equal(thread, Environment.CurrentManagedThreadId);

        async Task ReadAsync() => Assert.Equal(1, await channel.Reader.ReadAsync());

        async Task WaitAsync(Task task)
        {
            await task;
            Assert.Equal(thread, Environment.CurrentManagedThreadId);
        }
    }, s_short);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_token_cancels_a_delay_on_the_thread(bool hasContext) => SimulatedEnsemble.Run(
        4,
        async ensemble =>
        {
            int thread = Environment.CurrentManagedThreadId;
            using CancellationTokenSource stop = new();
            Task worker = WorkAsync(stop.Token);
            await ensemble.DelayAsync(TimeSpan.FromSeconds(3));

            Stop(stop);

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => worker);

            async Task WorkAsync(CancellationToken token)
            {
                try
                {
                    while (true)
                    {
                        await Task.Delay(TimeSpan.FromSeconds(2), ensemble.TimeProvider, token)
                            .ConfigureAwait(hasContext);
                    }
                }
                finally
                {
                    Assert.Equal(thread, Environment.CurrentManagedThreadId);
                }
            }
        },
        s_short with { HasSynchronizationContext = hasContext });

    [Fact]
    public void A_cancelled_call_ends_with_the_callers_token() => SimulatedEnsemble.Run(5, async ensemble =>
    {
        await using IZabSession session = await ensemble.OpenSessionAsync(1);
        ensemble.Kill(2);
        ensemble.Kill(3);
        await ensemble.DelayAsync(TimeSpan.FromSeconds(5));
        using CancellationTokenSource giveUp = new(TimeSpan.FromSeconds(5), ensemble.TimeProvider);
        TimeSpan before = ensemble.Elapsed;

        OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => session.CreateAsync("/a", cancellationToken: giveUp.Token));

        Assert.Equal(giveUp.Token, cancelled.CancellationToken);
        Assert.Equal(TimeSpan.FromSeconds(5), ensemble.Elapsed - before);
    }, s_short);

    [Fact]
    public void Timers_of_the_ensemble_keep_simulated_time() => SimulatedEnsemble.Run(6, async ensemble =>
    {
        DateTimeOffset start = ensemble.TimeProvider.GetUtcNow();
        using PeriodicTimer timer = new(TimeSpan.FromMinutes(1), ensemble.TimeProvider);
        for (int i = 0; i < 3; i++)
        {
            Assert.True(await timer.WaitForNextTickAsync());
        }

        Assert.Equal(TimeSpan.FromMinutes(3), ensemble.TimeProvider.GetUtcNow() - start);
        await Assert.ThrowsAsync<TimeoutException>(
            () => new TaskCompletionSource().Task.WaitAsync(TimeSpan.FromSeconds(1), ensemble.TimeProvider));
    });

    /// <summary>The other thread is waited for in place: a thread that gets no processor acts after
    /// simulated time is over.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Leaving_the_thread_is_reported(bool usesTheEnsemble)
    {
        SimulationFailedException failure = Assert.Throws<SimulationFailedException>(
            () => SimulatedEnsemble.Run(7, async ensemble =>
            {
                TaskCompletionSource signal = new();
                Task waiting = WaitAsync(signal.Task);
                Thread other = new(() =>
                {
                    if (usesTheEnsemble)
                    {
                        _ = Assert.Throws<InvalidOperationException>(() => ensemble.Crash(1));
                    }
                    else
                    {
                        signal.SetResult();
                    }
                });
                other.Start();
                other.Join();
                await waiting;
            }));

        Assert.Contains("left the thread", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_callers_context_is_his_own_again_afterwards()
    {
        SynchronizationContext? before = SynchronizationContext.Current;

        SimulatedEnsemble.Run(8, ensemble => ensemble.DelayAsync(TimeSpan.FromSeconds(1)));

        Assert.Same(before, SynchronizationContext.Current);
    }

    /// <summary>Comes back through the context of whoever calls it.</summary>
    private static async Task WaitAsync(Task task) => await task;

    /// <summary>In place: the other way is by way of the thread pool.</summary>
    private static void Stop(CancellationTokenSource source) => source.Cancel();

    /// <summary>Adds one to a counter, and tries again when the outcome is not known: so it may count
    /// twice.</summary>
    private static async Task CountTwiceAsync(SimulatedEnsemble ensemble)
    {
        ensemble.StartFaults(SimulatedFaults.Crashes | SimulatedFaults.Partitions);
        for (int i = 0; i < 20;)
        {
            try
            {
                await using IZabSession session = await ensemble.OpenSessionAsync(1);
                for (; i < 20; i++)
                {
                    _ = await session.CreateAsync("/n-", mode: CreateMode.PersistentSequential);
                    await ensemble.DelayAsync(TimeSpan.FromSeconds(1));
                }
            }
            catch (ZabException)
            {
                await ensemble.DelayAsync(TimeSpan.FromSeconds(1));
            }
        }

        ensemble.StopFaults();
        await using IZabSession reader = await ensemble.OpenSessionAsync(2);
        IReadOnlyList<string> counted = await reader.GetChildrenAsync("/", ReadConsistency.Linearizable);
        Assert.Equal(20, counted.Count(name => name.StartsWith("n-", StringComparison.Ordinal)));
    }
}
