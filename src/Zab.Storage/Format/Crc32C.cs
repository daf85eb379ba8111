using System.Buffers.Binary;
using System.Numerics;

namespace Zab.Storage.Format;

/// <summary>CRC-32C (Castagnoli), without the inversions at both ends: seeds make up for them.</summary>
internal static class Crc32C
{
    /// <summary>The checksum of what <paramref name="crc"/> covers, and these bytes.</summary>
    public static uint Extend(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return crc;
    }

    /// <summary>The checksum of what <paramref name="crc"/> covers, and this number.</summary>
    public static uint Extend(uint crc, ulong value) => BitOperations.Crc32C(crc, value);
}
