using System;
using System.Numerics;

namespace Zab.Core.Primitives;

/// <summary>A seeded generator: the same seed gives the same numbers on every platform (R24).</summary>
/// <remarks>Not for secrets. Not thread-safe: one owner. Algorithm: xoshiro256** by Blackman and Vigna,
/// seeded by SplitMix64.</remarks>
internal sealed class Prng
{
    private ulong _a, _b, _c, _d;

    /// <summary>Starts the sequence of <paramref name="seed"/>.</summary>
    public Prng(ulong seed)
    {
        _a = SplitMix(ref seed);
        _b = SplitMix(ref seed);
        _c = SplitMix(ref seed);
        _d = SplitMix(ref seed);
    }

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        ulong result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        ulong t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>A number from 0 up to, not including, <paramref name="limit"/>.</summary>
    public int Below(int limit)
    {
        Invariant.Holds(limit > 0);
        return (int)Math.BigMul(Next(), (ulong)limit, out _);
    }

    /// <summary>True once in <paramref name="times"/> on average.</summary>
    public bool OneIn(int times) => Below(times) == 0;

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        ulong z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
