using Zab.Core.Primitives;
using Zab.Storage.Format;
using Zab.Storage.Io;

namespace Zab.Storage.Snapshots;

/// <summary>Writes a snapshot under a temporary name, and gives it its own when it is whole, durable and
/// verified.</summary>
/// <remarks>For one thread at a time. Disposing of it before <see cref="Publish"/> leaves no trace.</remarks>
internal sealed class SnapshotFileWriter : IDisposable
{
    private const int WriteBytes = 256 * 1024;

    private readonly IStorageIo _io;
    private readonly SnapshotShelf _shelf;
    private readonly FileHeader _header;
    private readonly string _temporaryName;
    private RecordWriter? _writer;
    private long _chunks;
    private long _bytes;

    /// <summary>Makes the file.</summary>
    public SnapshotFileWriter(
        IStorageIo io, SnapshotShelf shelf, FileHeader header, string temporaryName)
    {
        _io = io;
        _shelf = shelf;
        _header = header;
        _temporaryName = temporaryName;
        IStorageFile file = io.Create(temporaryName);
        try
        {
            file.Write(header.Write(), 0);
        }
        catch
        {
            file.Dispose();
            DeleteTemporary();
            throw;
        }

        _writer = new RecordWriter(file, header, FileHeader.Bytes, header.Checksum, marksFlushed: false);
    }

    /// <summary>The position of the snapshot.</summary>
    public LogPosition Position => _header.Base;

    /// <summary>Adds a chunk.</summary>
    public void Write(ReadOnlySpan<byte> chunk)
    {
        ObjectDisposedException.ThrowIf(_writer is null, this);
        _writer.Add(RecordKind.SnapshotChunk, _chunks, 0, chunk);
        _chunks++;
        _bytes += chunk.Length;
        if (_writer.Gathered >= WriteBytes)
        {
            _writer.WriteOut();
        }
    }

    /// <summary>Makes the snapshot durable, reads it back, and gives it its name, for good.</summary>
    /// <remarks>The order is the promise (R10): a name is only ever given to a file that is whole.</remarks>
    public void Publish()
    {
        ObjectDisposedException.ThrowIf(_writer is null, this);
        _writer.Add(RecordKind.Seal, _chunks, (ulong)_bytes, []);
        _writer.WriteOut();
        _writer.Flush();
        if (SnapshotFileReader.Fault(_io, _temporaryName, _header) is { } fault)
        {
            throw new IOException(
                $"The snapshot at {_header.Base} was written to {_io.Directory} and did not read back: " +
                $"{fault}.");
        }

        _writer.Dispose();
        _shelf.Publish(_header.Base, _temporaryName);
        _writer = null;
        // When this fails the snapshot is whole, and may or may not be found again: both are fine.
        _io.FlushDirectory();
    }

    public void Dispose()
    {
        if (_writer is null)
        {
            return;
        }

        _writer.Dispose();
        _writer = null;
        DeleteTemporary();
    }

    private void DeleteTemporary()
    {
        try
        {
            _io.Delete(_temporaryName);
        }
        catch (IOException)
        {
            // The name says that it is nothing, and the next opening deletes it; the error that led here
            // matters more.
        }
    }
}
