using Zab.Core.Ports;
using Zab.Storage.Format;
using Zab.Storage.Io;

namespace Zab.Storage.Snapshots;

/// <summary>The writer of a snapshot of the server's own state.</summary>
/// <remarks>Touches the disk only on the thread that uses it, so that making one does not hold up the
/// log.</remarks>
internal sealed class FileSnapshotWriter(
    IStorageIo io, SnapshotShelf shelf, FileHeader header, int chunkBytesMax)
    : ISnapshotWriter
{
    private SnapshotFileWriter? _file;
    private bool _ended;

    public void Write(ReadOnlySpan<byte> chunk)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        if (chunk.Length > chunkBytesMax)
        {
            throw new ArgumentException(
                $"A chunk of {chunk.Length} bytes is more than " +
                $"{nameof(FileLogStoreOptions.RecordBytesMax)}, " +
                $"{chunkBytesMax}. Write smaller chunks.",
                nameof(chunk));
        }

        File().Write(chunk);
    }

    public void Publish()
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        File().Publish();
        _ended = true;
    }

    public void Dispose()
    {
        _ended = true;
        _file?.Dispose();
    }

    private SnapshotFileWriter File() =>
        _file ??= new SnapshotFileWriter(
            io, shelf, header, FileNames.Snapshot(header.Base) + FileNames.TemporarySuffix);
}
