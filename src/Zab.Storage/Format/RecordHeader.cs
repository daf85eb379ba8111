using System.Buffers.Binary;

namespace Zab.Storage.Format;

/// <summary>The 40 bytes before the body of each record. The layout is in docs/storage.md.</summary>
/// <remarks>
/// <para>The header has a checksum of its own, so that a length is believed before the body is read, and so
/// that a record tells that something before it was lost even if its own body is gone.</para>
/// <para>Both checksums begin with the file's seed and the record's offset: a record that lies in another
/// file, or at another place, does not verify.</para>
/// </remarks>
internal readonly record struct RecordHeader
{
    /// <summary>The length of a header in bytes.</summary>
    public const int Bytes = 40;

    /// <summary>Records begin at multiples of this; the bytes between are zero and covered by the
    /// checksum.</summary>
    public const int Alignment = 8;

    public required RecordKind Kind { get; init; }

    /// <summary>The checksum of this header, which is what the next record names as
    /// <see cref="Previous"/>.</summary>
    public uint Checksum { get; init; }

    /// <summary>The checksum of the record before this one; of the file's header, for the first.</summary>
    public required uint Previous { get; init; }

    public uint BodyChecksum { get; init; }

    public required int BodyBytes { get; init; }

    /// <summary>Everything in this file before this offset was flushed when the record was written.</summary>
    public required uint Flushed { get; init; }

    /// <summary>A zxid; the accepted epoch; in a snapshot's seal, the number of chunks.</summary>
    public required long First { get; init; }

    /// <summary>A chain hash; the current epoch; in a snapshot's seal, the bytes in all chunks.</summary>
    public required ulong Second { get; init; }

    /// <summary>The length on disk of a record with a body of <paramref name="bodyBytes"/>.</summary>
    public static long RecordBytes(int bodyBytes) => Bytes + PaddedBytes(bodyBytes);

    /// <summary>The length on disk of a body of <paramref name="bodyBytes"/>.</summary>
    public static long PaddedBytes(int bodyBytes) =>
        ((long)bodyBytes + Alignment - 1) / Alignment * Alignment;

    /// <summary>The checksum of a body with its padding.</summary>
    public static uint ChecksumOf(ReadOnlySpan<byte> paddedBody, uint seed) =>
        Crc32C.Extend(seed, paddedBody);

    /// <summary>Writes the header.</summary>
    /// <returns>Its checksum.</returns>
    public uint Write(Span<byte> target, uint seed, long offset)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], Previous);
        BinaryPrimitives.WriteUInt32LittleEndian(target[8..], BodyChecksum);
        BinaryPrimitives.WriteInt32LittleEndian(target[12..], BodyBytes);
        BinaryPrimitives.WriteInt32LittleEndian(target[16..], (int)Kind);
        BinaryPrimitives.WriteUInt32LittleEndian(target[20..], Flushed);
        BinaryPrimitives.WriteInt64LittleEndian(target[24..], First);
        BinaryPrimitives.WriteUInt64LittleEndian(target[32..], Second);
        uint checksum = ChecksumAt(target, seed, offset);
        BinaryPrimitives.WriteUInt32LittleEndian(target, checksum);
        return checksum;
    }

    /// <summary>Reads a header. False when the bytes are none of this file at this offset.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, uint seed, long offset, out RecordHeader header)
    {
        header = default;
        RecordKind kind = (RecordKind)BinaryPrimitives.ReadInt32LittleEndian(source[16..]);
        int bodyBytes = BinaryPrimitives.ReadInt32LittleEndian(source[12..]);
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(source);
        if (!IsKnown(kind) || bodyBytes < 0 || checksum != ChecksumAt(source, seed, offset))
        {
            return false;
        }

        header = new RecordHeader
        {
            Kind = kind,
            Checksum = checksum,
            Previous = BinaryPrimitives.ReadUInt32LittleEndian(source[4..]),
            BodyChecksum = BinaryPrimitives.ReadUInt32LittleEndian(source[8..]),
            BodyBytes = bodyBytes,
            Flushed = BinaryPrimitives.ReadUInt32LittleEndian(source[20..]),
            First = BinaryPrimitives.ReadInt64LittleEndian(source[24..]),
            Second = BinaryPrimitives.ReadUInt64LittleEndian(source[32..]),
        };
        return true;
    }

    private static bool IsKnown(RecordKind kind) =>
        kind is (>= RecordKind.Entry and <= RecordKind.Commit)
            or RecordKind.SnapshotChunk or RecordKind.SnapshotInstall or RecordKind.Seal;

    private static uint ChecksumAt(ReadOnlySpan<byte> header, uint seed, long offset) =>
        Crc32C.Extend(Crc32C.Extend(seed, (ulong)offset), header[sizeof(uint)..Bytes]);
}
