using System.Text;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Testing.Simulation.Disks;
using Zab.Testing.Storage;

namespace Zab.Storage.Tests.Support;

/// <summary>A life of a store with everything in it, and the book of what it promised.</summary>
internal sealed class Scenario(SimulatedDisk disk)
{
    public static readonly LogIdentity Identity = new("ensemble", new ServerId(3));

    private readonly List<LogRecord> _attempted = [];
    private readonly List<LogPosition> _published = [];
    private HistoryWriter _history = new();
    private FileLogStore? _store;
    private int _promised;

    public FileLogStore Store => _store ?? throw new InvalidOperationException("Not open.");

    public static FileLogStore NewStore(SimulatedDisk disk) =>
        new(
            new FileLogStoreOptions { Directory = "x", SegmentBytes = 16 * 1024, SnapshotsRetained = 2 },
            disk);

    /// <summary>Runs the whole life. Throws what the store throws on the way, but for snapshots and purges
    /// that fail.</summary>
    public void Run()
    {
        Open();
        Append(LogRecord.EpochChange(new Epochs(1, 0)), LogRecord.EpochChange(new Epochs(1, 1)));
        Append(Entry(1, 3000), Entry(1, 700), Entry(1, 0));
        Flush();
        LogPosition kept = _history.Head;
        Snapshot();
        Append(Entry(1, 5000), Entry(1, 5000), Entry(1, 5000));
        Append(Entry(1, 100), LogRecord.Commit(kept));
        Flush();
        Append(_history.Truncate(kept), LogRecord.EpochChange(new Epochs(2, 1)), Entry(2, 900));
        Flush();
        Append(Entry(2, 9000), Entry(2, 9000), Entry(2, 20));
        Snapshot();
        Purge();
        Append(Entry(2, 1), Entry(2, 30_000));
        Reopen();
        Install(new LogPosition(Zxid.Of(3, 40), new ChainHash(99)));
        Append(Entry(3, 11_000));
        Snapshot();
        Append(Entry(3, 11_000));
        Snapshot();
        Purge();
        Append(Entry(3, 40), Entry(4, 50));
        Flush();
        Append(
            LogRecord.SnapshotBegin(new LogPosition(Zxid.Of(9, 9), default)),
            LogRecord.SnapshotChunk(new byte[100]));
        Append(Entry(4, 60));
        Flush();
        Append(Entry(4, 70));
    }

    /// <summary>Opens what a crash left, and checks it against the book; then goes on, and checks that,
    /// too.</summary>
    public static void Verify(SimulatedDisk disk, Scenario book)
    {
        LogPosition head = book.VerifyOpening(disk);
        disk.Restart(PowerLoss.LosesAll);
        Assert.Equal(head, book.VerifyOpening(disk)); // what was handed out once is durable

        disk.Restart(PowerLoss.KeepsAll);
        GoOn(disk, head);
    }

    /// <summary>The same, when the process alone was restarted and the power is lost only later.</summary>
    public static void VerifyLater(SimulatedDisk disk, Scenario book) =>
        GoOn(disk, book.VerifyOpening(disk));

    private static void GoOn(SimulatedDisk disk, LogPosition head)
    {
        HistoryWriter history = new(head);
        LogRecord next = history.Next(77, "it goes on");
        using (FileLogStore store = NewStore(disk))
        {
            store.Open(Identity);
            store.Append([next]);
            store.Flush();
        }

        disk.Restart(PowerLoss.LosesAll);
        using FileLogStore reopened = NewStore(disk);
        Assert.Equal(next.Position, RecoveredState.Of(reopened.Open(Identity)).Head);
    }

    private LogPosition VerifyOpening(SimulatedDisk disk)
    {
        using FileLogStore store = NewStore(disk);
        RecoveredState state = RecoveredState.Of(store.Open(Identity));
        List<(LogPosition, Epochs)> allowed = [];
        (LogPosition head, Epochs epochs) = (LogPosition.Start, default);
        for (int i = 0; i <= _attempted.Count; i++)
        {
            if (i >= _promised)
            {
                allowed.Add((head, epochs));
            }

            if (i < _attempted.Count)
            {
                bool isEpochs = _attempted[i].Kind == LogRecordKind.Epochs;
                epochs = isEpochs ? _attempted[i].Epochs : epochs;
                head = isEpochs || _attempted[i].Kind == LogRecordKind.Commit ? head : _attempted[i].Position;
            }
        }

        Assert.Contains((state.Head, state.Epochs), allowed);
        VerifySnapshot(state);
        return state.Head;
    }

    private void VerifySnapshot(RecoveredState state)
    {
        if (state.Snapshot is { } snapshot)
        {
            string content = string.Concat(
                state.SnapshotChunks.Select(chunk => Encoding.UTF8.GetString(chunk.Span)));
            Assert.Equal(Content(snapshot), content);
        }

        IEnumerable<LogPosition> path = [state.Base, .. state.Entries.Select(entry => entry.Position)];
        foreach (LogPosition published in path.Intersect(_published))
        {
            Assert.True(
                state.Snapshot?.Zxid >= published.Zxid,
                $"The snapshot at {published} was published and is lost.");
        }
    }

    private static string Content(LogPosition position) =>
        string.Concat(Enumerable.Repeat($"state at {position};", 40));

    private void Open()
    {
        _store = NewStore(disk);
        RecoveredState state = RecoveredState.Of(_store.Open(Identity));
        Assert.Equal(_history.Head, state.Head);
        _promised = _attempted.Count;
    }

    private void Reopen()
    {
        Store.Dispose();
        Open();
    }

    private LogRecord Entry(int epoch, int bytes)
    {
        byte[] body = new byte[bytes];
        for (int i = 0; i < bytes; i++)
        {
            body[i] = (byte)(1 + ((i + bytes) % 255));
        }

        return _history.Next(epoch, body);
    }

    private void Append(params LogRecord[] records)
    {
        _attempted.AddRange(records.Where(
            record => record.Kind is not (LogRecordKind.SnapshotBegin or LogRecordKind.SnapshotChunk)));
        FinalIfFails(() => Store.Append(records));
    }

    private void Flush()
    {
        FinalIfFails(Store.Flush);
        _promised = _attempted.Count;
    }

    private void Install(LogPosition position)
    {
        byte[] content = Encoding.UTF8.GetBytes(Content(position));
        Append(LogRecord.SnapshotBegin(position), LogRecord.SnapshotChunk(content.AsMemory(0, 50)));
        Append(LogRecord.SnapshotChunk(content.AsMemory(50)));
        _history = new HistoryWriter(position);
        Append(LogRecord.SnapshotInstall(position));
        Flush();
        _published.Add(position);
    }

    private void Snapshot()
    {
        LogPosition position = _history.Head;
        ISnapshotWriter? writer = null;
        FinalIfFails(() => writer = Store.CreateSnapshot(position));
        _promised = _attempted.Count;
        try
        {
            writer?.Write(Encoding.UTF8.GetBytes(Content(position)));
            writer?.Publish();
            _published.Add(position);
        }
        catch (IOException)
        {
            writer?.Dispose(); // no harm done: the log goes on
            if (!disk.Trace[^2].StartsWith("flush-directory", StringComparison.Ordinal))
            {
                Assert.DoesNotContain(disk.List(), name => name.EndsWith(".tmp", StringComparison.Ordinal));
            }
        }
    }

    private void Purge()
    {
        try
        {
            Store.Purge();
        }
        catch (IOException) when (!IsFailed())
        {
            // Some files are left.
        }
    }

    private bool IsFailed()
    {
        try
        {
            Store.Flush();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private void FinalIfFails(Action action)
    {
        try
        {
            action();
        }
        catch (IOException)
        {
            Assert.Throws<IOException>(() => Store.Append([]));
            Assert.Throws<IOException>(() => Store.Flush());
            throw;
        }
    }
}
