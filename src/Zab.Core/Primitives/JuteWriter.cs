using System;
using System.Buffers.Binary;
using System.Text;

namespace Zab.Core.Primitives;

/// <summary>Writes ZooKeeper's record format: big-endian numbers, buffers and strings after their length, no
/// tags.</summary>
/// <remarks>Grows as needed: who writes bounds what it writes. One owner; not thread-safe.
/// Source: ZooKeeper jute, <c>BinaryOutputArchive</c>.</remarks>
/// <param name="capacity">The bytes to make room for at once.</param>
internal sealed class JuteWriter(int capacity)
{
    /// <summary>The length that stands for a null buffer, string or vector.</summary>
    public const int NullLength = -1;

    private byte[] _buffer = new byte[capacity];

    /// <summary>The bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes that it holds room for.</summary>
    public int Capacity => _buffer.Length;

    /// <summary>What was written. The memory is the writer's own: it stays as it is until
    /// <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, Length);

    /// <summary>Gives away what was written; the writer is of no more use.</summary>
    public Memory<byte> TakeWritten()
    {
        Memory<byte> written = _buffer.AsMemory(0, Length);
        (_buffer, Length) = ([], 0);
        return written;
    }

    /// <summary>Starts again from nothing, in the same memory.</summary>
    public void Clear() => Length = 0;

    /// <summary>A boolean, one byte.</summary>
    public void WriteBool(bool value) => Take(1)[0] = value ? (byte)1 : (byte)0;

    /// <summary>An int, 4 bytes.</summary>
    public void WriteInt(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(sizeof(int)), value);

    /// <summary>A long, 8 bytes.</summary>
    public void WriteLong(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(sizeof(long)), value);

    /// <summary>Bytes as they are, without a length.</summary>
    public void WriteRaw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>A buffer that is not null.</summary>
    public void WriteBuffer(ReadOnlySpan<byte> bytes)
    {
        WriteInt(bytes.Length);
        WriteRaw(bytes);
    }

    /// <summary>A buffer, which may be null.</summary>
    public void WriteBuffer(ReadOnlyMemory<byte>? bytes)
    {
        if (bytes is { } present)
            WriteBuffer(present.Span);
        else
            WriteInt(NullLength);
    }

    /// <summary>A string in UTF-8, which may be null.</summary>
    public void WriteString(string? text)
    {
        if (text is null)
        {
            WriteInt(NullLength);
            return;
        }

        int length = Encoding.UTF8.GetByteCount(text);
        WriteInt(length);
        Encoding.UTF8.GetBytes(text, Take(length));
    }

    private Span<byte> Take(int count)
    {
        int needed = checked(Length + count);
        if (needed > _buffer.Length)
            Array.Resize(ref _buffer, (int)Math.Min(Array.MaxLength, Math.Max(needed, 2L * _buffer.Length)));

        Span<byte> taken = _buffer.AsSpan(Length, count);
        Length = needed;
        return taken;
    }
}
