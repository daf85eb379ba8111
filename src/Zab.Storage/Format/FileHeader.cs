using System.Buffers.Binary;
using System.Text;
using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Storage.Format;

/// <summary>The first 4,096 bytes of each file: what it is, whose it is, and how it joins the
/// others.</summary>
/// <remarks>Written and flushed once, before the file has its name, and never again; a page of its own, so
/// that no later write can tear it. The layout is in docs/storage.md.</remarks>
internal sealed record FileHeader
{
    /// <summary>The length of the header in bytes; the first record follows.</summary>
    public const int Bytes = 4096;

    /// <summary>The longest name of an ensemble, in UTF-8.</summary>
    public const int EnsembleBytesMax = 1024;

    private const ulong Magic = 0x454C_4946_0042_415A; // "ZAB", 0, "FILE"
    private const uint Version = 1;
    private const int ChecksumOffset = 12;
    private const int EnsembleOffset = 112;

    public required FileKind Kind { get; init; }

    /// <summary>Whose file it is.</summary>
    public required LogIdentity Identity { get; init; }

    /// <summary>Drawn at random when the store was made: tells this directory from every other.</summary>
    public required Guid Salt { get; init; }

    /// <summary>The number of the segment; the zxid of a snapshot.</summary>
    public required long Number { get; init; }

    /// <summary>The end of the history before the segment's first record; the position of a
    /// snapshot.</summary>
    public required LogPosition Base { get; init; }

    /// <summary>The epochs before the segment's first record.</summary>
    public Epochs Epochs { get; init; }

    /// <summary>How far the history was known to be committed.</summary>
    public LogPosition Committed { get; init; }

    /// <summary>Where the segment before this one ends, its seal included; 0 for the first segment.</summary>
    public long PreviousEnd { get; init; }

    /// <summary>The checksum of that seal.</summary>
    public uint PreviousChecksum { get; init; }

    /// <summary>The length of a segment's file; 0 for a snapshot, which ends at its seal.</summary>
    public long FileBytes { get; init; }

    /// <summary>The checksum of these bytes, set by <see cref="Write"/> and <see cref="TryRead"/>: the first
    /// record names it as the one before.</summary>
    public uint Checksum { get; private set; }

    /// <summary>What the checksums of the file's records begin with.</summary>
    public uint Seed
    {
        get
        {
            Span<byte> salt = stackalloc byte[16];
            Salt.TryWriteBytes(salt);
            uint seed = Crc32C.Extend(uint.MaxValue, salt);
            return Crc32C.Extend(Crc32C.Extend(seed, (ulong)Kind), (ulong)Number);
        }
    }

    /// <summary>The header's bytes.</summary>
    public byte[] Write()
    {
        byte[] block = new byte[Bytes];
        Span<byte> target = block;
        BinaryPrimitives.WriteUInt64LittleEndian(target, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(target[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(target[16..], (int)Kind);
        BinaryPrimitives.WriteInt32LittleEndian(target[20..], Identity.ServerId.Value);
        Salt.TryWriteBytes(target[24..]);
        BinaryPrimitives.WriteInt64LittleEndian(target[40..], Number);
        WritePosition(target[48..], Base);
        BinaryPrimitives.WriteInt32LittleEndian(target[64..], Epochs.Accepted);
        BinaryPrimitives.WriteInt32LittleEndian(target[68..], Epochs.Current);
        WritePosition(target[72..], Committed);
        BinaryPrimitives.WriteInt64LittleEndian(target[88..], PreviousEnd);
        BinaryPrimitives.WriteUInt32LittleEndian(target[96..], PreviousChecksum);
        BinaryPrimitives.WriteInt64LittleEndian(target[100..], FileBytes);
        int ensembleBytes = Encoding.UTF8.GetBytes(Identity.EnsembleId, target[EnsembleOffset..]);
        BinaryPrimitives.WriteInt32LittleEndian(target[108..], ensembleBytes);
        Checksum = ChecksumOf(target);
        BinaryPrimitives.WriteUInt32LittleEndian(target[ChecksumOffset..], Checksum);
        return block;
    }

    /// <summary>Reads a header. False when the bytes are not one, or are damaged.</summary>
    /// <exception cref="InvalidDataException">A header of a version that this one does not know.</exception>
    public static bool TryRead(ReadOnlySpan<byte> source, out FileHeader? header)
    {
        header = null;
        if (source.Length < Bytes
            || BinaryPrimitives.ReadUInt64LittleEndian(source) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(source[ChecksumOffset..]) != ChecksumOf(source))
        {
            return false;
        }

        uint version = BinaryPrimitives.ReadUInt32LittleEndian(source[8..]);
        int ensembleBytes = BinaryPrimitives.ReadInt32LittleEndian(source[108..]);
        if (version != Version || ensembleBytes is < 0 or > EnsembleBytesMax)
        {
            throw new InvalidDataException(
                $"The files are of version {version}; this library reads version {Version}. Use the " +
                "library that wrote them.");
        }

        header = new FileHeader
        {
            Kind = (FileKind)BinaryPrimitives.ReadInt32LittleEndian(source[16..]),
            Identity = new LogIdentity(
                Encoding.UTF8.GetString(source.Slice(EnsembleOffset, ensembleBytes)),
                new ServerId(BinaryPrimitives.ReadInt32LittleEndian(source[20..]))),
            Salt = new Guid(source.Slice(24, 16)),
            Number = BinaryPrimitives.ReadInt64LittleEndian(source[40..]),
            Base = ReadPosition(source[48..]),
            Epochs = new Epochs(
                BinaryPrimitives.ReadInt32LittleEndian(source[64..]),
                BinaryPrimitives.ReadInt32LittleEndian(source[68..])),
            Committed = ReadPosition(source[72..]),
            PreviousEnd = BinaryPrimitives.ReadInt64LittleEndian(source[88..]),
            PreviousChecksum = BinaryPrimitives.ReadUInt32LittleEndian(source[96..]),
            FileBytes = BinaryPrimitives.ReadInt64LittleEndian(source[100..]),
            Checksum = BinaryPrimitives.ReadUInt32LittleEndian(source[ChecksumOffset..]),
        };
        return true;
    }

    private static void WritePosition(Span<byte> target, LogPosition position)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target, position.Zxid.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], position.Chain.Value);
    }

    private static LogPosition ReadPosition(ReadOnlySpan<byte> source) => new(
        new Zxid(BinaryPrimitives.ReadInt64LittleEndian(source)),
        new ChainHash(BinaryPrimitives.ReadUInt64LittleEndian(source[8..])));

    // Everything but the checksum itself, the unused end included.
    private static uint ChecksumOf(ReadOnlySpan<byte> block) =>
        Crc32C.Extend(
            Crc32C.Extend(uint.MaxValue, block[..ChecksumOffset]), block[(ChecksumOffset + 4)..Bytes]);
}
