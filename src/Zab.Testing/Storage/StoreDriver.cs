using System.Text;
using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Testing.Storage;

/// <summary>Verbs for the contract's cases: a disk, the store that is open on it, and a history that
/// grows.</summary>
internal sealed class StoreDriver(LogStoreDisk disk) : IDisposable
{
    public static readonly LogIdentity Identity = new("contract", new ServerId(1));

    private ILogStore? _store;

    public HistoryWriter History { get; private set; } = new();

    public ILogStore Store => _store ?? throw new InvalidOperationException("No store is open.");

    public RecoveredState Open()
    {
        _store = disk.NewStore();
        RecoveredState state = RecoveredState.Of(_store.Open(Identity));
        History = new HistoryWriter(state.Head);
        return state;
    }

    public RecoveredState Reopen()
    {
        Close();
        return Open();
    }

    public RecoveredState LosePowerAndOpen()
    {
        disk.LosePower();
        Close();
        return Open();
    }

    /// <summary>Another store on the same disk.</summary>
    public ILogStore NewStore() => disk.NewStore();

    public void Close()
    {
        _store?.Dispose();
        _store = null;
    }

    public void Append(params ReadOnlySpan<LogRecord> records) => Store.Append(records.ToArray());

    public void AppendAndFlush(params ReadOnlySpan<LogRecord> records)
    {
        Append(records);
        Store.Flush();
    }

    /// <summary>Appends entries of an epoch and flushes each.</summary>
    public LogPosition Grow(int epoch, int count)
    {
        for (int i = 0; i < count; i++)
        {
            AppendAndFlush(History.Next(epoch, $"{epoch}-{i}"));
        }

        return History.Head;
    }

    /// <summary>Takes a snapshot at a position, whose content tells the position.</summary>
    public void Snapshot(LogPosition position)
    {
        using ISnapshotWriter writer = Store.CreateSnapshot(position);
        writer.Write(Encoding.UTF8.GetBytes("state at "));
        writer.Write(Encoding.UTF8.GetBytes(position.ToString()));
        writer.Publish();
    }

    /// <summary>The records by which a leader's snapshot at a position arrives, the last of which installs
    /// it.</summary>
    public static LogRecord[] Incoming(LogPosition position) =>
    [
        LogRecord.SnapshotBegin(position),
        LogRecord.SnapshotChunk(Encoding.UTF8.GetBytes("state at ")),
        LogRecord.SnapshotChunk(Encoding.UTF8.GetBytes(position.ToString())),
        LogRecord.SnapshotInstall(position),
    ];

    /// <summary>Checks that a state has the snapshot of a position, with the right content.</summary>
    public static void ExpectSnapshot(RecoveredState state, LogPosition position)
    {
        Expect.Equal(position, state.Snapshot, "The newest snapshot comes back");
        string content = string.Concat(
            state.SnapshotChunks.Select(chunk => Encoding.UTF8.GetString(chunk.Span)));
        Expect.Equal($"state at {position}", content, "The chunks of a snapshot come back in order");
        Expect.Equal(2, state.SnapshotChunks.Count, "The chunks of a snapshot come back one by one");
    }

    public void Dispose()
    {
        Close();
        disk.Dispose();
    }
}
