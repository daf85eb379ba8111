using System;

namespace Zab.Core.Primitives;

/// <summary>The identifier of a transaction: the epoch of the leader that proposed it, and its place in that
/// epoch.</summary>
/// <remarks>Totally ordered by epoch, then counter. The first transaction of epoch e is (e, 1); (e, 0) stands
/// for the epoch itself and never for a transaction. Immutable and safe to share. Source: Zab paper, section
/// 3 (zxid); ZooKeeper <c>ZxidUtils</c>.</remarks>
/// <param name="Value">The 64 bits: the high 32 are the epoch, the low 32 the counter. Never
/// negative.</param>
public readonly record struct Zxid(long Value) : IComparable<Zxid>
{
    /// <summary>The position before every transaction.</summary>
    public static Zxid None => default;

    /// <summary>The epoch in which the transaction was proposed, from 0 (none) to
    /// <see cref="int.MaxValue"/>.</summary>
    public int Epoch => (int)(Value >> 32);

    /// <summary>The place within the epoch, from 1; 0 only for the epoch itself.</summary>
    public uint Counter => (uint)Value;

    /// <summary>Makes the zxid (<paramref name="epoch"/>, <paramref name="counter"/>).</summary>
    /// <param name="epoch">The epoch, 0 or more.</param>
    /// <param name="counter">The place within the epoch.</param>
    /// <returns>The zxid.</returns>
    public static Zxid Of(int epoch, uint counter) => new(((long)epoch << 32) | counter);

    /// <summary>Whether <paramref name="next"/> may directly follow this zxid in a history.</summary>
    /// <param name="next">The zxid of the entry that would come next.</param>
    /// <returns>True for the next counter of the same epoch, or the first counter of any later
    /// epoch.</returns>
    /// <remarks>A history may jump over epochs that proposed nothing, never over a counter (R6).</remarks>
    public bool IsFollowedBy(Zxid next) =>
        next.Epoch == Epoch ? next.Counter == (ulong)Counter + 1 : next.Epoch > Epoch && next.Counter == 1;

    /// <inheritdoc/>
    public int CompareTo(Zxid other) => Value.CompareTo(other.Value);

    /// <summary>Whether <paramref name="left"/> comes before <paramref name="right"/>.</summary>
    /// <param name="left">One zxid.</param>
    /// <param name="right">Another.</param>
    public static bool operator <(Zxid left, Zxid right) => left.Value < right.Value;

    /// <summary>Whether <paramref name="left"/> comes after <paramref name="right"/>.</summary>
    /// <param name="left">One zxid.</param>
    /// <param name="right">Another.</param>
    public static bool operator >(Zxid left, Zxid right) => left.Value > right.Value;

    /// <summary>Whether <paramref name="left"/> is <paramref name="right"/> or comes before it.</summary>
    /// <param name="left">One zxid.</param>
    /// <param name="right">Another.</param>
    public static bool operator <=(Zxid left, Zxid right) => left.Value <= right.Value;

    /// <summary>Whether <paramref name="left"/> is <paramref name="right"/> or comes after it.</summary>
    /// <param name="left">One zxid.</param>
    /// <param name="right">Another.</param>
    public static bool operator >=(Zxid left, Zxid right) => left.Value >= right.Value;

    /// <summary>The zxid as people write it: epoch, a dot, counter.</summary>
    public override string ToString() => $"{Epoch}.{Counter}";
}
