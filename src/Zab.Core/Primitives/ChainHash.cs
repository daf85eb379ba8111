using System;
using System.Buffers.Binary;
using System.Numerics;

namespace Zab.Core.Primitives;

/// <summary>A running hash over a history: it covers an entry and every entry before it.</summary>
/// <remarks>Two histories that carry the same hash at the same zxid are the same up to it (R6, R7), but for a
/// chance of about 2^-64. It guards against faults, not against forgers: it is fast, not cryptographic. The
/// same input gives the same hash on every platform.</remarks>
/// <param name="Value">The hash; 0 before the first entry.</param>
public readonly record struct ChainHash(ulong Value)
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    /// <summary>The hash of the empty history.</summary>
    public static ChainHash Empty => default;

    /// <summary>The hash of this history with one more entry.</summary>
    /// <param name="zxid">The zxid of the entry.</param>
    /// <param name="body">The bytes of the entry.</param>
    /// <returns>The hash that covers the entry and all before it.</returns>
    public ChainHash Extend(Zxid zxid, ReadOnlySpan<byte> body)
    {
        ulong hash = Mix(Value ^ Multiplier, (ulong)zxid.Value);
        hash = Mix(hash, (ulong)body.Length);
        while (body.Length >= sizeof(ulong))
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(body));
            body = body[sizeof(ulong)..];
        }

        ulong tail = 0;
        for (int i = 0; i < body.Length; i++)
        {
            tail |= (ulong)body[i] << (8 * i);
        }

        return new ChainHash(Mix(Mix(hash, tail), Multiplier));
    }

    /// <summary>The hash in hexadecimal.</summary>
    public override string ToString() => $"{Value:x16}";

    private static ulong Mix(ulong hash, ulong word)
    {
        hash = (hash ^ word) * Multiplier;
        return BitOperations.RotateLeft(hash ^ (hash >> 32), 29);
    }
}
