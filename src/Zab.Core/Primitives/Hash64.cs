using System;
using System.Buffers.Binary;
using System.Numerics;

namespace Zab.Core.Primitives;

/// <summary>A fast hash of 64 bits, the same on every platform. It guards against faults, not against
/// forgers.</summary>
internal static class Hash64
{
    /// <summary>An odd number whose multiples spread well: 2^64 divided by the golden ratio.</summary>
    public const ulong Multiplier = 0x9E3779B97F4A7C15;

    /// <summary>The hash with one more word.</summary>
    public static ulong Mix(ulong hash, ulong word)
    {
        hash = (hash ^ word) * Multiplier;
        return BitOperations.RotateLeft(hash ^ (hash >> 32), 29);
    }

    /// <summary>The hash with a number of bytes, and with how many they are.</summary>
    public static ulong Absorb(ulong hash, ReadOnlySpan<byte> bytes)
    {
        hash = Mix(hash, (ulong)bytes.Length);
        while (bytes.Length >= sizeof(ulong))
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        ulong tail = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            tail |= (ulong)bytes[i] << (8 * i);
        }

        return Mix(hash, tail);
    }
}
