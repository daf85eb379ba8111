using System;
using Zab.Core.Primitives;

namespace Zab.Core.Tree;

/// <summary>The share of one node in the digest of a tree, which is the sum of all shares: so a change costs
/// what it touches (R25).</summary>
/// <remarks>Two parts, as a change of the children leaves the data alone. Source: ZooKeeper
/// <c>DigestCalculator</c>, which sums likewise; the hash is our own.</remarks>
internal static class ZnodeDigest
{
    /// <summary>The hash of the root's path.</summary>
    public const ulong RootPath = 0x5A61_6221_2E2F_0001;

    /// <summary>The hash of a path, from that of its parent.</summary>
    public static ulong PathOf(ulong parent, ReadOnlySpan<byte> name) => Hash64.Absorb(parent, name);

    /// <summary>The whole share of a node.</summary>
    public static ulong Of(ulong path, Znode node) => unchecked(OfHeader(path, node) + OfData(path, node));

    /// <summary>The part of everything but the data.</summary>
    public static ulong OfHeader(ulong path, Znode node)
    {
        ZnodeHeader header = node.Header;
        ulong hash = Hash64.Mix(path, (ulong)header.Czxid.Value);
        hash = Hash64.Mix(hash, (ulong)header.Mzxid.Value);
        hash = Hash64.Mix(hash, (ulong)header.Pzxid.Value);
        hash = Hash64.Mix(hash, (ulong)header.Ctime);
        hash = Hash64.Mix(hash, (ulong)header.Mtime);
        hash = Hash64.Mix(hash, ((ulong)(uint)header.Version << 32) | (uint)header.Creations);
        hash = Hash64.Mix(hash, (uint)header.Aversion);
        hash = Hash64.Mix(hash, (ulong)header.Owner.Raw);
        return header.Acl is { } acl ? Hash64.Mix(hash, acl.Digest) : hash;
    }

    /// <summary>The part of the data.</summary>
    public static ulong OfData(ulong path, Znode node) =>
        node.Data is { } data ? Hash64.Absorb(path ^ Hash64.Multiplier, data.Span) : 0;
}
