using System;
using System.Buffers.Binary;

namespace Zab.Core.Tree;

/// <summary>A few bytes of a key as a number, for a first comparison.</summary>
/// <remarks>Of two keys with a common prefix, the lesser never has the greater hint.</remarks>
internal static class MapHint
{
    /// <summary>What stands in a place without an entry: no hint is above it.</summary>
    public const int None = int.MaxValue;

    /// <summary>The 4 bytes of a key after a prefix, zeros for those that are not there, as a number with a
    /// sign: vectors of these are compared faster.</summary>
    public static int Of(ReadOnlySpan<byte> key, int prefixLength)
    {
        int length = key.Length - prefixLength;
        uint bytes = 0;
        if (length >= sizeof(uint))
        {
            bytes = BinaryPrimitives.ReadUInt32BigEndian(key[prefixLength..]);
        }
        else if (key.Length >= sizeof(uint))
        {
            // The last bytes of the key, without those that belong to the prefix.
            ulong last = BinaryPrimitives.ReadUInt32BigEndian(key[^sizeof(uint)..]);
            bytes = (uint)(last << (8 * (sizeof(uint) - Math.Max(0, length))));
        }
        else
        {
            for (int i = 0; i < sizeof(uint); i++)
            {
                bytes = (bytes << 8) | (prefixLength + i < key.Length ? key[prefixLength + i] : (byte)0);
            }
        }

        return (int)(bytes ^ 0x8000_0000);
    }
}
