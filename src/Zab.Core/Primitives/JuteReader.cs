using System;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Zab.Core.Primitives;

/// <summary>Reads ZooKeeper's record format out of bytes that nobody has checked.</summary>
/// <remarks>Malformed or short input makes a method return false; nothing throws, and nothing is allocated
/// beyond the size of the input. After a false the reader is of no more use. Source: ZooKeeper jute,
/// <c>BinaryInputArchive</c>.</remarks>
/// <param name="bytes">The input.</param>
internal ref struct JuteReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>How many bytes have been read.</summary>
    public int Position { get; private set; }

    /// <summary>Whether every byte has been read.</summary>
    public readonly bool IsAtEnd => Position == _bytes.Length;

    private readonly int Remaining => _bytes.Length - Position;

    /// <summary>A boolean: any byte but 0 is true.</summary>
    public bool TryReadBool(out bool value)
    {
        bool read = TryTake(1, out ReadOnlySpan<byte> taken);
        value = read && taken[0] != 0;
        return read;
    }

    /// <summary>An int, 4 bytes.</summary>
    public bool TryReadInt(out int value)
    {
        bool read = TryTake(sizeof(int), out ReadOnlySpan<byte> taken);
        value = read ? BinaryPrimitives.ReadInt32BigEndian(taken) : 0;
        return read;
    }

    /// <summary>A long, 8 bytes.</summary>
    public bool TryReadLong(out long value)
    {
        bool read = TryTake(sizeof(long), out ReadOnlySpan<byte> taken);
        value = read ? BinaryPrimitives.ReadInt64BigEndian(taken) : 0;
        return read;
    }

    /// <summary>Goes past bytes that are the same as <paramref name="expected"/>; stays where it is when they
    /// differ.</summary>
    public bool TryReadExactly(ReadOnlySpan<byte> expected) =>
        _bytes[Position..].StartsWith(expected) && TryTake(expected.Length, out _);

    /// <summary>A buffer, which may be null; the span is part of the input.</summary>
    public bool TryReadBuffer(out ReadOnlySpan<byte> buffer, out bool isNull)
    {
        buffer = default;
        isNull = false;
        if (!TryReadInt(out int length))
            return false;

        isNull = length == JuteWriter.NullLength;
        return isNull || (length >= 0 && TryTake(length, out buffer));
    }

    /// <summary>A buffer, which may be null, as part of the memory that the reader was made of.</summary>
    /// <param name="input">That memory, all of it.</param>
    /// <param name="buffer">The buffer; it shares the memory of <paramref name="input"/>.</param>
    public bool TryReadMemory(ReadOnlyMemory<byte> input, out ReadOnlyMemory<byte>? buffer)
    {
        bool read = TryReadBuffer(out ReadOnlySpan<byte> span, out bool isNull);
        buffer = !read || isNull
            ? (ReadOnlyMemory<byte>?)null
            : input.Slice(Position - span.Length, span.Length);
        return read;
    }

    /// <summary>Goes past the length that stands for a null buffer, string or vector; stays where it is
    /// before anything else.</summary>
    public bool TryReadNull() => TryReadExactly([0xFF, 0xFF, 0xFF, 0xFF]);

    /// <summary>A string that is not null, as its UTF-8 bytes; false when they are no UTF-8.</summary>
    public bool TryReadUtf8(out ReadOnlySpan<byte> utf8) =>
        TryReadBuffer(out utf8, out bool isNull) && !isNull && Utf8.IsValid(utf8);

    /// <summary>A string that is not null.</summary>
    public bool TryReadString([NotNullWhen(true)] out string? text)
    {
        bool read = TryReadUtf8(out ReadOnlySpan<byte> utf8);
        text = read ? Encoding.UTF8.GetString(utf8) : null;
        return read;
    }

    /// <summary>The count of a vector that is not null, refused when that many items cannot be in the
    /// rest.</summary>
    /// <param name="itemBytesMin">The least that an item takes, 1 or more.</param>
    /// <param name="count">The count.</param>
    public bool TryReadCount(int itemBytesMin, out int count) =>
        TryReadInt(out count) && count >= 0 && count <= Remaining / itemBytesMin;

    private bool TryTake(int count, out ReadOnlySpan<byte> taken)
    {
        if (count > Remaining)
        {
            taken = default;
            return false;
        }

        taken = _bytes.Slice(Position, count);
        Position += count;
        return true;
    }
}
