using System.Text;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Storage.Format;
using Zab.Storage.Io;
using Zab.Storage.Snapshots;

namespace Zab.Storage;

/// <summary>A log and snapshots in a directory.</summary>
/// <remarks>
/// <para>One <see cref="Append"/> is one write, and one <see cref="Flush"/> one fdatasync. The format, and
/// the rules by which a torn tail is told from damage, are in docs/storage.md.</para>
/// <para>Thread-safety is that of the port: one thread at a time, but for the writers of snapshots.</para>
/// <para>Source: the order of file operations answers ALICE (OSDI 2014) and "Can Applications Recover from
/// fsync Failures?" (USENIX ATC 2020).</para>
/// </remarks>
public sealed class FileLogStore : ILogStore
{
    private readonly FileLogStoreOptions _options;
    private readonly IStorageIo _io;
    private IDisposable? _lock;
    private OpenedStore? _store;
    private SnapshotFileWriter? _staged;
    private bool _failed;
    private bool _opened;
    private bool _disposed;

    /// <summary>Makes a store that is not open yet. Nothing is touched before <see cref="Open"/>.</summary>
    /// <param name="options">Where and how.</param>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public FileLogStore(FileLogStoreOptions options)
        : this(options, new DirectoryIo(ValidDirectory(options)))
    {
    }

    /// <summary>Makes a store on another file system.</summary>
    internal FileLogStore(FileLogStoreOptions options, IStorageIo io)
    {
        FileLogStoreOptions.Validate(options);
        _options = options;
        _io = io;
    }

    /// <summary>How many bytes of an unfinished write <see cref="Open"/> found at the end of the log, and cut
    /// off. They had never been flushed. 0 after a clean stop.</summary>
    public long RecoveredTornBytes { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The name of the ensemble is empty or longer than 1,024 bytes, or
    /// the server's id is not valid.</exception>
    public LogRecovery Open(LogIdentity identity)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_opened)
        {
            throw new InvalidOperationException(
                "The store was opened before. Make another one to open it again.");
        }

        RefuseInvalid(identity);
        _opened = true;
        try
        {
            _lock = _io.Lock();
            _store = OpenedStore.Open(_io, identity, _options);
            RecoveredTornBytes = _store.TornBytes;
            return _store.Recovery;
        }
        catch
        {
            _failed = true;
            _lock?.Dispose();
            _lock = null;
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A record does not continue the log, or is too long. Nothing was
    /// written.</exception>
    public void Append(IReadOnlyList<LogRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        OpenedStore store = Usable();
        try
        {
            Judge(store, records);
            for (int i = 0; i < records.Count; i++)
            {
                Add(store, records[i]);
            }

            store.Log.WriteOut();
        }
        catch
        {
            _failed = true; // final, whatever it was (R15)
            throw;
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        OpenedStore store = Usable();
        try
        {
            store.Log.Flush();
            store.Flushed();
        }
        catch
        {
            _failed = true; // never tried again: a second fsync may say yes to what the first has lost (R15)
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>What was appended up to here is flushed first, if it was not, so that no snapshot is ever
    /// ahead of the log. The snapshot's own files are touched by the writer's thread only.</remarks>
    /// <exception cref="ArgumentException">The position is not in the log.</exception>
    public ISnapshotWriter CreateSnapshot(LogPosition position)
    {
        OpenedStore store = Usable();
        if (!store.State.History.Contains(position))
        {
            throw new ArgumentException(
                $"There is no {position} in the log, which goes from {store.State.History.Base} to " +
                $"{store.State.History.Head}. Take snapshots of what was appended.",
                nameof(position));
        }

        if (!store.IsFlushed)
        {
            Flush();
        }

        FileHeader header = store.Shelf.HeaderFor(position, FileKind.Snapshot);
        return new FileSnapshotWriter(_io, store.Shelf, header, _options.RecordBytesMax);
    }

    /// <inheritdoc/>
    /// <remarks>Keeps only snapshots that were read and verified since the store was opened, and deletes
    /// nothing that is needed to go on from the oldest of them. It reads at most one that was not; when more
    /// are left, it waits for the next call. With fewer than two good ones the log stays as long as it
    /// is.</remarks>
    public void Purge()
    {
        OpenedStore store = Usable();
        if (!store.IsFlushed)
        {
            Flush(); // a truncation or an install makes nothing void before it is durable
        }

        Retention.Purge(_io, store, _options.SnapshotsRetained);
    }

    /// <summary>Closes the files. Nothing is flushed.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _staged?.Dispose();
            _store?.Dispose();
            _lock?.Dispose();
        }
    }

    private static string ValidDirectory(FileLogStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        FileLogStoreOptions.Validate(options);
        return options.Directory;
    }

    private static void RefuseInvalid(LogIdentity identity)
    {
        if (string.IsNullOrEmpty(identity.EnsembleId)
            || Encoding.UTF8.GetByteCount(identity.EnsembleId) > FileHeader.EnsembleBytesMax)
        {
            throw new ArgumentException(
                $"The name of the ensemble must have from 1 to {FileHeader.EnsembleBytesMax} bytes.",
                nameof(identity));
        }

        if (!identity.ServerId.IsValid)
        {
            throw new ArgumentException(
                $"The server's id must be from {ServerId.Min} to {ServerId.Max}, and is {identity.ServerId}.",
                nameof(identity));
        }
    }

    private OpenedStore Usable()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_failed)
        {
            throw new IOException(
                $"The store in {_io.Directory} failed before and takes nothing more. Restart the server " +
                "when the disk is in order: it then reads what is really there.");
        }

        return _store ?? throw new InvalidOperationException("The store is not open. Call Open first.");
    }

    /// <summary>Takes every record into the state before any is written, so that a caller's mistake leaves no
    /// half.</summary>
    private void Judge(OpenedStore store, IReadOnlyList<LogRecord> records)
    {
        LogPosition? staging = _staged?.Position;
        for (int i = 0; i < records.Count; i++)
        {
            LogRecord record = records[i];
            bool isPiece = record.Kind is LogRecordKind.SnapshotBegin or LogRecordKind.SnapshotChunk;
            bool needsStaging = record.Kind is LogRecordKind.SnapshotChunk or LogRecordKind.SnapshotInstall;
            string? refusal = record.Body.Length > _options.RecordBytesMax
                ? $"its body has {record.Body.Length} bytes, and {nameof(_options.RecordBytesMax)} is " +
                  $"{_options.RecordBytesMax}"
                : needsStaging && staging is null ? "no snapshot has begun"
                : record.Kind == LogRecordKind.SnapshotInstall && staging != record.Position
                    ? $"the snapshot that began is at {staging}, not at {record.Position}"
                : isPiece ? null
                : store.State.Take(record);
            if (refusal is not null)
            {
                throw new ArgumentException(
                    $"Record {i} ({record.Kind}) cannot be appended: {refusal}.", nameof(records));
            }

            staging = record.Kind switch
            {
                LogRecordKind.SnapshotBegin => record.Position,
                LogRecordKind.SnapshotInstall => null,
                _ => staging,
            };
        }
    }

    private void Add(OpenedStore store, in LogRecord record)
    {
        switch (record.Kind)
        {
            case LogRecordKind.Entry:
            case LogRecordKind.Epochs:
            case LogRecordKind.Truncate:
            case LogRecordKind.Commit:
                store.Log.Add(record);
                store.Unflushed();
                break;
            case LogRecordKind.SnapshotBegin:
                _staged?.Dispose();
                FileHeader header = store.Shelf.HeaderFor(record.Position, FileKind.IncomingSnapshot);
                _staged = new SnapshotFileWriter(_io, store.Shelf, header, FileNames.Incoming);
                break;
            case LogRecordKind.SnapshotChunk:
                _staged?.Write(record.Body.Span);
                break;
            case LogRecordKind.SnapshotInstall:
                Install(store, record);
                break;
            default:
                throw new ArgumentException($"There is no record of kind {record.Kind}.", nameof(record));
        }
    }

    /// <summary>Switches to the staged snapshot: first it is durable under its name, then the log says
    /// so.</summary>
    /// <remarks>Before the record is durable the snapshot is not in the log's history, and hence no part of
    /// the store. The record begins a segment, so that reading can begin there.</remarks>
    private void Install(OpenedStore store, in LogRecord record)
    {
        Check.Holds(_staged is not null);
        _staged.Publish();
        _staged.Dispose();
        _staged = null;
        store.Log.Roll(RecordHeader.RecordBytes(0));
        store.Log.Add(record);
        store.Unflushed();
    }
}
