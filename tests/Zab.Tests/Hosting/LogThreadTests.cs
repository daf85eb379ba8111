using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Hosting;

namespace Zab.Tests.Hosting;

public sealed class LogThreadTests
{
    [Fact]
    public async Task What_gathers_during_a_flush_is_appended_and_flushed_as_one()
    {
        using ManualResetEventSlim gate = new();
        using SemaphoreSlim flushing = new(0);
        List<int> appended = [];
        Mock<ILogStore> store = new();
        store.Setup(mock => mock.Append(It.IsAny<IReadOnlyList<LogRecord>>()))
            .Callback<IReadOnlyList<LogRecord>>(records => appended.Add(records.Count));
        store.Setup(mock => mock.Flush()).Callback(() =>
        {
            flushing.Release();
            Assert.True(gate.Wait(Safety.Limit));
        });
        using LogThread log = new(store.Object, () => { }, NullLogger.Instance);
        log.Start("test");
        Assert.True(log.TryAdd(Append(recordsAfter: 1)));
        Assert.True(await flushing.WaitAsync(Safety.Limit));

        for (int i = 2; i <= 5; i++)
        {
            Assert.True(log.TryAdd(Append(recordsAfter: i)));
        }

        Assert.Equal(0, log.Persisted);
        gate.Set();
        log.Close();
        await log.Ended.WaitAsync(Safety.Limit);
        Assert.Equal([1, 4], appended);
        Assert.Equal(5, log.Persisted);
        store.Verify(mock => mock.Flush(), Times.Exactly(2));
        store.Verify(mock => mock.Dispose(), Times.Once);
    }

    [Fact]
    public async Task A_batch_without_records_is_not_flushed()
    {
        Mock<ILogStore> store = new();
        using LogThread log = new(store.Object, () => { }, NullLogger.Instance);
        log.Start("test");

        Assert.True(log.TryAdd(new LogWork.Purge()));
        log.Close();

        await log.Ended.WaitAsync(Safety.Limit);
        store.Verify(mock => mock.Purge(), Times.Once);
        store.Verify(mock => mock.Flush(), Times.Never);
    }

    private static LogWork.Append Append(long recordsAfter) =>
        new([LogRecord.EpochChange(new Epochs(1, 1))], recordsAfter);
}
