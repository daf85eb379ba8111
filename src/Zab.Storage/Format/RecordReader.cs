using System.Buffers;
using Zab.Storage.Io;

namespace Zab.Storage.Format;

/// <summary>Reads the records of one file in order, and verifies each.</summary>
internal sealed class RecordReader : IDisposable
{
    private const int WindowBytes = 256 * 1024;

    private readonly IStorageFile _file;
    private readonly uint _seed;
    private readonly long _fileBytes;
    private byte[] _window = ArrayPool<byte>.Shared.Rent(WindowBytes);
    private long _windowStart;
    private int _windowBytes;

    /// <summary>Begins after the header.</summary>
    /// <param name="file">The file, which stays the caller's.</param>
    /// <param name="header">Its header.</param>
    public RecordReader(IStorageFile file, FileHeader header)
    {
        _file = file;
        _seed = header.Seed;
        _fileBytes = file.Length;
        Previous = header.Checksum;
    }

    /// <summary>Where the next record is expected: the end of the last good one.</summary>
    public long Offset { get; private set; } = FileHeader.Bytes;

    /// <summary>The checksum of the last good record.</summary>
    public uint Previous { get; private set; }

    /// <summary>Reads the next record.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="body">Its body, which stands until the next call.</param>
    /// <returns>False when what stands at <see cref="Offset"/> is no record, or not the one that
    /// follows.</returns>
    public bool TryRead(out RecordHeader header, out ReadOnlyMemory<byte> body)
    {
        body = default;
        if (!TryLoad(RecordHeader.Bytes)
            || !RecordHeader.TryRead(Loaded(RecordHeader.Bytes).Span, _seed, Offset, out header)
            || header.Previous != Previous)
        {
            header = default;
            return false;
        }

        // The length is verified, and limited by the file, before anything is allocated for it.
        long recordBytes = RecordHeader.RecordBytes(header.BodyBytes);
        if (!TryLoad(recordBytes))
        {
            return false;
        }

        ReadOnlyMemory<byte> paddedBody = Loaded((int)recordBytes)[RecordHeader.Bytes..];
        if (header.BodyChecksum != RecordHeader.ChecksumOf(paddedBody.Span, _seed))
        {
            return false;
        }

        body = paddedBody[..header.BodyBytes];
        Offset += recordBytes;
        Previous = header.Checksum;
        return true;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_window);
        _window = [];
    }

    private ReadOnlyMemory<byte> Loaded(int bytes) => _window.AsMemory((int)(Offset - _windowStart), bytes);

    private bool TryLoad(long bytes)
    {
        if (bytes > _fileBytes - Offset || bytes > Array.MaxLength)
        {
            return false;
        }

        if (Offset >= _windowStart && Offset + bytes <= _windowStart + _windowBytes)
        {
            return true;
        }

        if (bytes > _window.Length)
        {
            ArrayPool<byte>.Shared.Return(_window);
            _window = ArrayPool<byte>.Shared.Rent((int)bytes);
        }

        _windowStart = Offset;
        _windowBytes = _file.Read(_window, Offset);
        return _windowBytes >= bytes;
    }
}
