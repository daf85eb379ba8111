using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Testing.Storage;

/// <summary>A store on an <see cref="InMemoryDisk"/>.</summary>
internal sealed class InMemoryLogStore(InMemoryDisk disk) : ILogStore
{
    private readonly List<ReadOnlyMemory<byte>> _stagedChunks = [];
    private readonly List<LogRecord> _batch = [];
    private InMemoryHistory? _history;
    private LogPosition? _staged;
    private bool _failed;

    public LogRecovery Open(LogIdentity identity)
    {
        LogRecovery recovery = disk.Open(this, identity);
        _history = new InMemoryHistory(recovery.Base, recovery.Epochs, recovery.Records);
        return recovery;
    }

    public void Append(IReadOnlyList<LogRecord> records)
    {
        InMemoryHistory history = Usable();
        try
        {
            _batch.Clear();
            for (int i = 0; i < records.Count; i++)
            {
                Take(history, records[i]);
            }

            disk.Append(this, _batch);
        }
        catch
        {
            _failed = true;
            throw;
        }
    }

    public void Flush()
    {
        Usable();
        disk.Flush(this);
    }

    public ISnapshotWriter CreateSnapshot(LogPosition position)
    {
        if (!Usable().Contains(position))
        {
            throw new ArgumentException($"There is no {position} in the log.", nameof(position));
        }

        disk.Flush(this);
        return new Writer(disk, this, position);
    }

    public void Purge()
    {
        Usable();
        _history = disk.Purge(this);
    }

    public void Dispose() => disk.Close(this);

    private InMemoryHistory Usable()
    {
        if (_failed)
        {
            throw new IOException("The store failed before and takes nothing more.");
        }

        return _history ?? throw new InvalidOperationException("The store is not open. Call Open first.");
    }

    private void Take(InMemoryHistory history, in LogRecord record)
    {
        switch (record.Kind)
        {
            case LogRecordKind.SnapshotBegin:
                _staged = record.Position;
                _stagedChunks.Clear();
                return;
            case LogRecordKind.SnapshotChunk:
                Refuse(_staged is null ? "no snapshot has begun" : null);
                _stagedChunks.Add(record.Body.ToArray());
                return;
            case LogRecordKind.SnapshotInstall:
                Refuse(_staged == record.Position ? null : "no snapshot began at that position");
                // Of no account before the record is on disk.
                disk.Publish(this, record.Position, [.. _stagedChunks]);
                _staged = null;
                break;
            case LogRecordKind.Entry:
            case LogRecordKind.Epochs:
            case LogRecordKind.Truncate:
            case LogRecordKind.Commit:
                break;
            default:
                break; // refused below
        }

        Refuse(history.Take(record));
        _batch.Add(record);
    }

    private static void Refuse(string? refusal)
    {
        if (refusal is not null)
        {
            throw new ArgumentException($"A record cannot be appended: {refusal}.", nameof(refusal));
        }
    }

    private sealed class Writer(InMemoryDisk disk, InMemoryLogStore store, LogPosition position)
        : ISnapshotWriter
    {
        private readonly List<ReadOnlyMemory<byte>> _chunks = [];

        public void Write(ReadOnlySpan<byte> chunk) => _chunks.Add(chunk.ToArray());

        public void Publish() => disk.Publish(store, position, [.. _chunks]);

        public void Dispose() => _chunks.Clear();
    }
}
