using Microsoft.Extensions.Logging;
using Moq;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Testing.Storage;

namespace Zab.Tests.Hosting;

/// <summary>What must not overtake what.</summary>
public sealed class OrderTests
{
    [Fact]
    public async Task A_linearizable_read_does_not_see_a_later_write_of_its_own_session()
    {
        await using TestEnsemble ensemble = await TestEnsemble.OfAsync(voters: 3);
        int follower = ensemble.LeaderId == 1 ? 2 : 1;
        await using IZabSession session =
            await ensemble[follower].OpenSessionAsync(cancellationToken: Safety.Token);
        await session.CreateAsync("/x", new byte[] { 0 });

        for (byte i = 1; i <= 20; i++)
        {
            Task<ZnodeSnapshot> read = session.GetAsync("/x", ReadConsistency.Linearizable).AsTask();
            Task set = session.SetAsync("/x", new[] { i });

            Assert.Equal(i - 1, (await read).Data!.Value.Span[0]);
            await set;
        }
    }

    [Fact]
    public async Task A_path_over_the_limit_is_refused_before_it_could_cost_a_link()
    {
        await using TestEnsemble ensemble = await TestEnsemble.OfAsync(voters: 3);
        int follower = ensemble.LeaderId == 1 ? 2 : 1;
        await using IZabSession session =
            await ensemble[follower].OpenSessionAsync(cancellationToken: Safety.Token);
        string path = "/" + new string('a', 5_000_000);
        int epoch = ensemble[follower].Status.Epoch;

        await Assert.ThrowsAsync<RequestTooLargeException>(() => session.DeleteAsync(path));
        await Assert.ThrowsAsync<RequestTooLargeException>(() => session.SyncAsync(path));
        await Assert.ThrowsAsync<RequestTooLargeException>(
            async () => await session.GetAsync(path, ReadConsistency.Linearizable));

        await session.CreateAsync("/still-here");
        Assert.Equal(epoch, ensemble[follower].Status.Epoch);
    }

    /// <summary>News that comes while the loop works through its queue begins another turn, though no clock ticks.</summary>
    [Fact]
    public async Task A_stop_in_the_middle_of_a_turn_is_not_missed_when_the_clock_stands_still()
    {
        ITransportEvents? events = null;
        Mock<ITransport> transport = new();
        transport.Setup(port => port.StartAsync(It.IsAny<ITransportEvents>(), It.IsAny<CancellationToken>()))
            .Callback((ITransportEvents sink, CancellationToken _) => events = sink)
            .Returns(ValueTask.CompletedTask);
        using HoldingLogs logs = new();
        ZabNode node = await ZabNode.StartAsync(
            new ZabNodeOptions
            {
                ServerId = 1,
                Ensemble = EnsembleConfig.Parse("server.1=one:1:2\nserver.2=two:1:2\nserver.3=three:1:2"),
                Transport = transport.Object,
                LogStore = new InMemoryDisk().NewStore(),
                TimeProvider = new StoppedTime(),
                LoggerFactory = logs,
            },
            Safety.Token);

        Link link = new(new ServerId(2), LinkKind.Election, 1);
        await events!.LinkUpAsync(link, Safety.Token);
        await logs.Held.Task.WaitAsync(Safety.Limit);
        await events.ConnectFailedAsync(new ServerId(3), "it does not run", Safety.Token);
        Task stopped = node.DisposeAsync().AsTask();
        logs.GoOn.Set();

        await stopped.WaitAsync(Safety.Limit);
        Assert.Equal(ZabNodeRole.Stopped, node.Status.Role);
    }

    /// <summary>Holds whoever logs that a link came up, until it is told to go on.</summary>
    private sealed class HoldingLogs : ILoggerFactory, ILogger
    {
        public TaskCompletionSource Held { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ManualResetEventSlim GoOn { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == 105)
            {
                Held.TrySetResult();
                GoOn.Wait(Safety.Token);
            }
        }

        public void Dispose() => GoOn.Dispose();
    }

    private sealed class StoppedTime : TimeProvider
    {
        public override long GetTimestamp() => 0;

        public override ITimer CreateTimer(
            TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => Mock.Of<ITimer>();
    }
}
