using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Zab.Core.Primitives;

namespace Zab.Core.Recovery;

/// <summary>The bytes of a list of positions, as an ACKEPOCH carries it: 16 bytes each, big-endian.</summary>
internal static class PositionList
{
    private const int PositionBytes = 16;

    /// <summary>Writes the list.</summary>
    public static ReadOnlyMemory<byte> Encode(IReadOnlyList<LogPosition> positions)
    {
        byte[] bytes = new byte[positions.Count * PositionBytes];
        for (int i = 0; i < positions.Count; i++)
        {
            Span<byte> place = bytes.AsSpan(i * PositionBytes);
            BinaryPrimitives.WriteInt64BigEndian(place, positions[i].Zxid.Value);
            BinaryPrimitives.WriteUInt64BigEndian(place[8..], positions[i].Chain.Value);
        }

        return bytes;
    }

    /// <summary>Reads a list back; false when the bytes are none, or not in strictly falling order.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out List<LogPosition> positions)
    {
        positions = [];
        if (bytes.IsEmpty || bytes.Length % PositionBytes != 0)
        {
            return false;
        }

        for (; !bytes.IsEmpty; bytes = bytes[PositionBytes..])
        {
            LogPosition position = new(
                new Zxid(BinaryPrimitives.ReadInt64BigEndian(bytes)),
                new ChainHash(BinaryPrimitives.ReadUInt64BigEndian(bytes[8..])));
            if (position.Zxid < Zxid.None || (positions.Count > 0 && position.Zxid >= positions[^1].Zxid))
            {
                return false;
            }

            positions.Add(position);
        }

        return true;
    }
}
