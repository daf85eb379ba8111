using System.Buffers;
using Zab.Storage.Io;

namespace Zab.Storage.Format;

/// <summary>Writes records to one file, one after another: gathered in memory, written in one call.</summary>
/// <remarks>Owns the file. The buffer is rented, and kept from one write to the next.</remarks>
internal sealed class RecordWriter : IDisposable
{
    private const int BufferBytesMin = 64 * 1024;
    private const int BufferBytesKept = 4 * 1024 * 1024;

    private readonly IStorageFile _file;
    private readonly uint _seed;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytesMin);
    private int _gathered;
    private long _written;
    private readonly bool _marksFlushed;
    private long _flushed;

    /// <summary>Goes on at the end of a file, everything before which is durable.</summary>
    /// <param name="file">The file, which the writer disposes of.</param>
    /// <param name="header">Its header.</param>
    /// <param name="end">Where the next record goes.</param>
    /// <param name="previous">The checksum of the record before it.</param>
    /// <param name="marksFlushed">Whether each record says how far the file was flushed: in segments, not in
    /// snapshots, which may be longer than the mark can tell and are flushed once.</param>
    public RecordWriter(
        IStorageFile file, FileHeader header, long end, uint previous, bool marksFlushed = true)
    {
        _marksFlushed = marksFlushed;
        _file = file;
        _seed = header.Seed;
        _written = end;
        _flushed = end;
        Previous = previous;
    }

    /// <summary>The checksum of the last record added.</summary>
    public uint Previous { get; private set; }

    /// <summary>The end of the last record added.</summary>
    public long End => _written + _gathered;

    /// <summary>The bytes that wait for <see cref="WriteOut"/>.</summary>
    public int Gathered => _gathered;

    /// <summary>Adds a record to those that wait.</summary>
    public void Add(RecordKind kind, long first, ulong second, ReadOnlySpan<byte> body)
    {
        int recordBytes = checked((int)RecordHeader.RecordBytes(body.Length));
        Span<byte> target = Reserve(recordBytes);
        Span<byte> paddedBody = target[RecordHeader.Bytes..];
        body.CopyTo(paddedBody);
        paddedBody[body.Length..].Clear();
        RecordHeader header = new()
        {
            Kind = kind,
            Previous = Previous,
            BodyChecksum = RecordHeader.ChecksumOf(paddedBody, _seed),
            BodyBytes = body.Length,
            Flushed = _marksFlushed ? checked((uint)_flushed) : 0,
            First = first,
            Second = second,
        };
        Previous = header.Write(target, _seed, End);
        _gathered += recordBytes;
    }

    /// <summary>Writes what waits, in one call.</summary>
    public void WriteOut()
    {
        if (_gathered > 0)
        {
            _file.Write(_buffer.AsSpan(0, _gathered), _written);
            _written += _gathered;
            _gathered = 0;
            ShrinkBuffer();
        }
    }

    /// <summary>Makes everything written durable.</summary>
    public void Flush()
    {
        if (_flushed < _written)
        {
            _file.Flush();
            _flushed = _written;
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private Span<byte> Reserve(int bytes)
    {
        int needed = checked(_gathered + bytes);
        if (needed > _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(
                Math.Max(needed, Math.Min(2 * _buffer.Length, Array.MaxLength)));
            _buffer.AsSpan(0, _gathered).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsSpan(_gathered, bytes);
    }

    private void ShrinkBuffer()
    {
        if (_buffer.Length > BufferBytesKept)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(BufferBytesMin);
        }
    }
}
