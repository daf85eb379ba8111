using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Zab.Core.Ports;

namespace Zab.Hosting;

/// <summary>The one thread that touches the store, from its first append to its end.</summary>
/// <remarks>
/// <para>Group commit: it takes all work that has gathered while it was busy, appends it in one call and flushes once, so the
/// slower the disk, the larger the groups.</para>
/// <para>Its queue is bounded, and the loop never waits for room in it: more work than it holds means that the disk has
/// stood still for very long, and ends the node. (The core bounds what is under way, so a node gets there only by trying to
/// join a leader again and again with a disk that hangs.) Nor does this thread ever wait for the loop: how far the disk has
/// come is one number, which the loop reads at each turn. So there is no cycle of waiting between the two.</para>
/// <para>The first exception from an append or a flush is final (R15): the store is not called again but to be disposed
/// of.</para>
/// </remarks>
internal sealed class LogThread : IDisposable
{
    private const int WorkMax = 256 * 1024;
    private const int BatchRecordsMax = 64 * 1024;

    private readonly ILogStore _store;
    private readonly Action _wake;
    private readonly ILogger _logger;
    private readonly BlockingCollection<LogWork> _work = new(WorkMax);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<LogRecord> _batch = [];
    private long _batchEnd;
    private long _persisted;
    private Exception? _failure;

    /// <summary>Makes the thread; the store is open.</summary>
    /// <param name="store">The store, the thread's own from <see cref="Start"/> on.</param>
    /// <param name="wake">Called on the thread when there is news; must not block.</param>
    /// <param name="logger">Where to log.</param>
    public LogThread(ILogStore store, Action wake, ILogger logger) =>
        (_store, _wake, _logger) = (store, wake, logger);

    /// <summary>How many records are on disk.</summary>
    public long Persisted => Volatile.Read(ref _persisted);

    /// <summary>What the store failed with; null while it works.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>Ends when the thread has, and the store is disposed of.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Starts the thread. It does not keep the process alive.</summary>
    public void Start(string name) => new Thread(Run) { Name = name, IsBackground = true }.Start();

    /// <summary>Hands over work. Never waits.</summary>
    /// <returns>False when there is no room.</returns>
    public bool TryAdd(LogWork work) => _work.TryAdd(work);

    /// <summary>Takes no more work; the thread ends when it has done what it has.</summary>
    public void Close() => _work.CompleteAdding();

    /// <summary>Frees the queue. Only once the thread has ended.</summary>
    public void Dispose() => _work.Dispose();

    [SuppressMessage("Design", "CA1031", Justification = "Whatever a store throws ends the node, not just a thread (R20).")]
    private void Run()
    {
        try
        {
            foreach (LogWork first in _work.GetConsumingEnumerable())
            {
                Do(first);
                while (_batch.Count < BatchRecordsMax && _work.TryTake(out LogWork? next))
                {
                    Do(next);
                }

                WriteOut();
            }
        }
        catch (Exception e)
        {
            Volatile.Write(ref _failure, e);
            _wake();
        }
        finally
        {
            DisposeStore();
            _ended.SetResult();
        }
    }

    private void Do(LogWork work)
    {
        switch (work)
        {
            case LogWork.Append append:
                _batch.AddRange(append.Records);
                _batchEnd = append.RecordsAfter;
                break;
            case LogWork.BeginSnapshot begin:
                WriteOut(); // the position of a snapshot must have been appended
                BeginSnapshot(begin);
                break;
            case LogWork.Purge:
                WriteOut();
                Purge();
                break;
            default:
                throw new InvalidOperationException($"There is no work of kind {work.GetType().Name}.");
        }
    }

    /// <summary>One append and one flush for everything that has gathered.</summary>
    private void WriteOut()
    {
        if (_batch.Count == 0)
        {
            return; // nothing to flush either
        }

        _store.Append(_batch);
        _store.Flush();
        _batch.Clear();
        Volatile.Write(ref _persisted, _batchEnd);
        _wake();
    }

    [SuppressMessage("Design", "CA1031", Justification = "The failure goes to whoever asked for the snapshot.")]
    private void BeginSnapshot(LogWork.BeginSnapshot begin)
    {
        try
        {
            ISnapshotWriter writer = _store.CreateSnapshot(begin.Position);
            if (!begin.Writer.TrySetResult(writer))
            {
                writer.Dispose(); // nobody waits for it any more
            }
        }
        catch (Exception e)
        {
            _ = begin.Writer.TrySetException(e);
        }
    }

    private void Purge()
    {
        try
        {
            _store.Purge();
        }
        catch (IOException e)
        {
            NodeLog.PurgeFailed(_logger, e);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "The node has ended; what a store throws now is only logged.")]
    private void DisposeStore()
    {
        try
        {
            _store.Dispose();
        }
        catch (Exception e)
        {
            NodeLog.StopStepFailed(_logger, "disposing of the log store", e);
        }
    }
}
