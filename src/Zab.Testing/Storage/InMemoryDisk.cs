using System.Runtime.CompilerServices;
using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Testing.Storage;

/// <summary>A disk in memory, which outlives the stores that are opened on it.</summary>
/// <remarks>Knows what was flushed and what was not, and forgets the latter in <see cref="Crash"/>.
/// Thread-safe, as the writer of a snapshot runs beside its store.</remarks>
public sealed class InMemoryDisk
{
    private readonly Lock _lock = new();
    private readonly List<LogRecord> _records = [];
    private readonly Dictionary<LogPosition, IReadOnlyList<ReadOnlyMemory<byte>>> _snapshots = [];
    private LogPosition _base;
    private Epochs _baseEpochs;
    private LogIdentity? _identity;
    private InMemoryLogStore? _open;
    private int _flushed;

    /// <summary>How many records the log has.</summary>
    public int RecordCount => Locked(() => _records.Count);

    /// <summary>How many of them were flushed.</summary>
    public int FlushedCount => Locked(() => _flushed);

    /// <summary>Makes a store on this disk, not yet open.</summary>
    /// <returns>The store.</returns>
    public ILogStore NewStore() => new InMemoryLogStore(this);

    /// <summary>Loses power: what was not flushed is gone, and the store that was open is of no use any
    /// more.</summary>
    /// <param name="unflushedKept">How many of the records that were not flushed survive none the less; those
    /// that were appended first.</param>
    public void Crash(int unflushedKept = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(unflushedKept);
        lock (_lock)
        {
            _open = null;
            int kept = Math.Min(_records.Count, _flushed + unflushedKept);
            _records.RemoveRange(kept, _records.Count - kept);
            _flushed = kept;
        }
    }

    internal LogRecovery Open(InMemoryLogStore store, LogIdentity identity)
    {
        lock (_lock)
        {
            if (_open is not null)
            {
                throw new IOException("The disk is in use by another store. Dispose of that one first.");
            }

            _identity ??= identity;
            if (_identity != identity)
            {
                throw new InvalidDataException($"The disk belongs to {_identity}, and not to {identity}.");
            }

            _open = store;
            _flushed = _records.Count;
            InMemoryHistory history = new(_base, _baseEpochs, _records);
            LogPosition[] unknown = [.. _snapshots.Keys.Where(position => !history.Contains(position))];
            foreach (LogPosition position in unknown)
            {
                _snapshots.Remove(position);
            }

            LogPosition? snapshot =
                NewestSnapshots(history).Select(position => (LogPosition?)position).FirstOrDefault();
            return new LogRecovery
            {
                Base = _base,
                Epochs = _baseEpochs,
                Snapshot = snapshot,
                SnapshotChunks = snapshot is { } at ? _snapshots[at] : [],
                Records = _records.ToArray(),
            };
        }
    }

    internal void Close(InMemoryLogStore store)
    {
        lock (_lock)
        {
            _open = _open == store ? null : _open;
        }
    }

    internal void Append(InMemoryLogStore store, IReadOnlyList<LogRecord> records)
    {
        lock (_lock)
        {
            RefuseUnlessOpen(store);
            foreach (LogRecord record in records)
            {
                _records.Add(record with { Body = record.Body.ToArray() });
            }
        }
    }

    internal void Flush(InMemoryLogStore store)
    {
        lock (_lock)
        {
            RefuseUnlessOpen(store);
            _flushed = _records.Count;
        }
    }

    internal void Publish(
        InMemoryLogStore store, LogPosition position, IReadOnlyList<ReadOnlyMemory<byte>> chunks)
    {
        lock (_lock)
        {
            RefuseUnlessOpen(store);
            _snapshots[position] = chunks;
        }
    }

    /// <summary>Keeps the two newest snapshots, and the records from the older of them on.</summary>
    /// <returns>The history from there on.</returns>
    internal InMemoryHistory Purge(InMemoryLogStore store)
    {
        lock (_lock)
        {
            RefuseUnlessOpen(store);
            _flushed = _records.Count;
            InMemoryHistory history = new(_base, _baseEpochs, _records);
            LogPosition[] kept = [.. NewestSnapshots(history).Take(2)];
            LogPosition needed = kept.Length == 2 ? kept[1] : history.Base;
            foreach (LogPosition position in _snapshots.Keys.Except(kept).ToArray())
            {
                _snapshots.Remove(position);
            }

            (int count, LogPosition position, Epochs epochs) start = history.LastStart(needed);
            _records.RemoveRange(0, start.count);
            _flushed -= start.count;
            (_base, _baseEpochs) = (start.position, start.epochs);
            return new InMemoryHistory(_base, _baseEpochs, _records);
        }
    }

    private IEnumerable<LogPosition> NewestSnapshots(InMemoryHistory history) =>
        _snapshots.Keys.Where(history.Contains).OrderByDescending(position => position.Zxid);

    private void RefuseUnlessOpen(InMemoryLogStore store, [CallerMemberName] string? operation = null)
    {
        if (_open != store)
        {
            throw new IOException($"{operation} failed: the power was lost since this store was opened.");
        }
    }

    private int Locked(Func<int> read)
    {
        lock (_lock)
        {
            return read();
        }
    }
}
