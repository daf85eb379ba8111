using System;

namespace Zab.Core.Primitives;

/// <summary>A running hash over a history: it covers an entry and every entry before it.</summary>
/// <remarks>Two histories that carry the same hash at the same zxid are the same up to it (R6, R7), but for a
/// chance of about 2^-64. It guards against faults, not against forgers: it is fast, not cryptographic. The
/// same input gives the same hash on every platform.</remarks>
/// <param name="Value">The hash; 0 before the first entry.</param>
public readonly record struct ChainHash(ulong Value)
{
    /// <summary>The hash of the empty history.</summary>
    public static ChainHash Empty => default;

    /// <summary>The hash of this history with one more entry.</summary>
    /// <param name="zxid">The zxid of the entry.</param>
    /// <param name="body">The bytes of the entry.</param>
    /// <returns>The hash that covers the entry and all before it.</returns>
    public ChainHash Extend(Zxid zxid, ReadOnlySpan<byte> body)
    {
        ulong hash = Hash64.Mix(Value ^ Hash64.Multiplier, (ulong)zxid.Value);
        return new ChainHash(Hash64.Mix(Hash64.Absorb(hash, body), Hash64.Multiplier));
    }

    /// <summary>The hash in hexadecimal.</summary>
    public override string ToString() => $"{Value:x16}";
}
