using Zab.Core.Primitives;
using Zab.Storage.Format;

namespace Zab.Storage.Log;

/// <summary>The seal that a roll would have written, had the server not crashed.</summary>
/// <param name="Offset">Where it goes.</param>
/// <param name="Bytes">The record.</param>
/// <param name="Checksum">Its checksum, which the next segment names if it is the right one.</param>
internal sealed record MissingSeal(long Offset, ReadOnlyMemory<byte> Bytes, uint Checksum)
{
    /// <summary>Makes the same record as <see cref="LogRecordCodec.AddSeal"/> made for the next segment's
    /// header.</summary>
    public static MissingSeal Of(Segment segment, long offset, uint previous, LogPosition end)
    {
        uint seed = segment.Header.Seed;
        RecordHeader seal = new()
        {
            Kind = RecordKind.Seal,
            Previous = previous,
            BodyChecksum = RecordHeader.ChecksumOf([], seed),
            BodyBytes = 0,
            Flushed = checked((uint)offset),
            First = end.Zxid.Value,
            Second = end.Chain.Value,
        };
        byte[] bytes = new byte[RecordHeader.Bytes];
        uint checksum = seal.Write(bytes, seed, offset);
        return new MissingSeal(offset, bytes, checksum);
    }
}
