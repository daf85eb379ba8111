using System.Threading.Channels;
using Zab.Core.Watches;
using Zab.Testing;

namespace Zab.Tests.Hosting;

public sealed class ObserverTests
{
    private static readonly byte[] s_data = [1];

    [Fact]
    public async Task Observers_get_every_event_in_order_and_the_end()
    {
        await using TestEnsemble ensemble = await TestEnsemble.OfOneAsync();
        IZabSession session = await ensemble[1].OpenSessionAsync(cancellationToken: Safety.Token);
        ZabWatch watch = await session.OpenWatchAsync("/", WatchMode.PersistentRecursive, Safety.Token);
        await session.CreateAsync("/waits", s_data);
        Recorder first = new();
        using IDisposable one = watch.AsObservable().Subscribe(first);
        Assert.Equal("/waits", await first.NextAsync());
        Recorder second = new();
        using IDisposable two = watch.AsObservable().Subscribe(second);
        Recorder left = new();
        watch.AsObservable().Subscribe(left).Dispose();

        for (int i = 0; i < 20; i++)
        {
            await session.CreateAsync($"/n{i}", s_data);
        }

        await session.DisposeAsync();

        string[] all = [.. Enumerable.Range(0, 20).Select(i => $"/n{i}"), "completed"];
        Assert.Equal(all, await first.RestAsync());
        Assert.Equal(all, await second.RestAsync());
        Recorder late = new();
        using IDisposable three = watch.AsObservable().Subscribe(late);
        Assert.Equal(["completed"], await late.RestAsync());
        Assert.Equal(0, left.Count);
    }

    [Fact]
    public async Task An_observer_that_throws_harms_nobody_else()
    {
        await using TestEnsemble ensemble = await TestEnsemble.OfOneAsync();
        await using IZabSession session = await ensemble[1].OpenSessionAsync(cancellationToken: Safety.Token);
        await using ZabWatch watch = await session.OpenWatchAsync("/", WatchMode.PersistentRecursive, Safety.Token);
        Recorder bad = new(throws: true);
        Recorder good = new();
        using IDisposable one = watch.AsObservable().Subscribe(bad);
        using IDisposable two = watch.AsObservable().Subscribe(good);

        await session.CreateAsync("/a", s_data);
        await session.CreateAsync("/b", s_data);

        Assert.Equal("/a", await good.NextAsync());
        Assert.Equal("/b", await good.NextAsync());
        Assert.Equal(1, bad.Count);
        Assert.True(ensemble[1].Status.IsServing);
    }

    [Fact]
    public async Task An_overflow_is_an_error_for_the_observers()
    {
        await using TestEnsemble ensemble = await TestEnsemble.OfOneAsync();
        await using IZabSession session = await ensemble[1].OpenSessionAsync(cancellationToken: Safety.Token);
        await session.CreateAsync("/a", s_data);
        await using ZabWatch watch = await session.OpenWatchAsync("/a", WatchMode.Persistent, Safety.Token);
        for (int i = 0; i < 10; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => session.SetAsync("/a", s_data)));
        }

        Recorder slow = new();
        using IDisposable subscription = watch.AsObservable().Subscribe(slow);

        List<string> told = await slow.RestAsync();
        Assert.Equal(4097, told.Count);
        Assert.Equal(nameof(WatchOverflowException), told[^1]);
    }

    [Fact]
    public void In_a_simulation_observers_are_called_between_two_events() =>
        SimulatedEnsemble.Run(1, async ensemble =>
        {
            int thread = Environment.CurrentManagedThreadId;
            IZabSession session = await ensemble.OpenSessionAsync(1);
            ZabWatch watch = await session.OpenWatchAsync("/", WatchMode.PersistentRecursive);
            Recorder bad = new(throws: true);
            Recorder good = new();
            using IDisposable one = watch.AsObservable().Subscribe(bad);
            using IDisposable two = watch.AsObservable().Subscribe(good);

            _ = await session.CreateAsync("/a");
            _ = await session.CreateAsync("/b");
            await session.DisposeAsync();
            await ensemble.DelayAsync(TimeSpan.FromSeconds(1));

            Assert.Equal((3, 1), (good.Count, bad.Count));
            Assert.Equal(thread, good.Thread);
            Assert.Contains(ensemble.Events, line => line.Contains("observer", StringComparison.Ordinal));
        });

    /// <summary>Notes what it is told.</summary>
    private sealed class Recorder(bool throws = false) : IObserver<WatchEvent>
    {
        private readonly Channel<string> _told = Channel.CreateUnbounded<string>();

        public int Count { get; private set; }

        public int Thread { get; private set; }

        public void OnNext(WatchEvent value) => Note(value.Path);

        public void OnError(Exception error)
        {
            Note(error.GetType().Name);
            _told.Writer.Complete();
        }

        public void OnCompleted()
        {
            Note("completed");
            _told.Writer.Complete();
        }

        public async Task<string> NextAsync() => await _told.Reader.ReadAsync(Safety.Token);

        public async Task<List<string>> RestAsync()
        {
            List<string> rest = [];
            await foreach (string told in _told.Reader.ReadAllAsync(Safety.Token))
            {
                rest.Add(told);
            }

            return rest;
        }

        private void Note(string what)
        {
            Count++;
            Thread = Environment.CurrentManagedThreadId;
            _ = _told.Writer.TryWrite(what);
            if (throws)
            {
                throw new InvalidOperationException("an observer's own failure");
            }
        }
    }
}
