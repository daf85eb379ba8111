using System;
using System.Collections.Generic;
using System.Numerics;
using Zab.Core.Primitives;

namespace Zab.Core.Quorum;

/// <summary>A set of servers, as 256 bits: a value, so that it can be counted and compared without
/// allocation.</summary>
internal struct ServerSet : IEquatable<ServerSet>
{
    private ulong _a, _b, _c, _d;

    /// <summary>The set of the given servers.</summary>
    public static ServerSet Of(params ReadOnlySpan<ServerId> servers)
    {
        ServerSet set = default;
        foreach (ServerId server in servers)
        {
            set.Add(server);
        }

        return set;
    }

    /// <summary>How many servers are in the set.</summary>
    public readonly int Count =>
        BitOperations.PopCount(_a) + BitOperations.PopCount(_b)
        + BitOperations.PopCount(_c) + BitOperations.PopCount(_d);

    /// <summary>Puts a server in; it counts once, however often it is added (R13).</summary>
    public void Add(ServerId server)
    {
        Invariant.Holds(server.IsValid);
        Word(server.Value >> 6) |= 1UL << (server.Value & 63);
    }

    /// <summary>Takes a server out.</summary>
    public void Remove(ServerId server)
    {
        Invariant.Holds(server.IsValid);
        Word(server.Value >> 6) &= ~(1UL << (server.Value & 63));
    }

    /// <summary>Whether the server is in the set.</summary>
    public readonly bool Contains(ServerId server)
    {
        ServerSet copy = this;
        return server.IsValid && (copy.Word(server.Value >> 6) & (1UL << (server.Value & 63))) != 0;
    }

    /// <summary>The servers in both sets.</summary>
    public readonly ServerSet Intersect(ServerSet other) =>
        new() { _a = _a & other._a, _b = _b & other._b, _c = _c & other._c, _d = _d & other._d };

    /// <summary>The servers in the set, in the order of their ids.</summary>
    public readonly IEnumerable<ServerId> InOrder()
    {
        ServerSet copy = this;
        for (int id = ServerId.Min; id <= ServerId.Max; id++)
        {
            if (copy.Contains(new ServerId(id)))
            {
                yield return new ServerId(id);
            }
        }
    }

    /// <inheritdoc/>
    public readonly bool Equals(ServerSet other) =>
        _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is ServerSet other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => (_a ^ _b ^ _c ^ _d).GetHashCode();

    /// <inheritdoc/>
    public override readonly string ToString() => string.Join(' ', InOrder());

    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    private ref ulong Word(int index)
    {
        switch (index)
        {
            case 0: return ref _a;
            case 1: return ref _b;
            case 2: return ref _c;
            default: return ref _d;
        }
    }
}
