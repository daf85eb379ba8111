using System;
using System.Collections.Generic;
using Zab.Core.Primitives;
using Zab.Core.Sessions;
using Zab.Core.Tree;

namespace Zab.Core.Requests;

/// <summary>Everything that is replicated, at one zxid, as a value: it never changes and may be read by many
/// threads.</summary>
/// <param name="lastZxid">The last transaction in it.</param>
/// <param name="tree">The znodes.</param>
/// <param name="sessions">The sessions.</param>
/// <param name="secret">What the passwords of sessions are made with; empty before the first
/// session.</param>
internal sealed class DataState(
    Zxid lastZxid, ZnodeTree tree, SessionTable sessions, ReadOnlyMemory<byte> secret)
{
    /// <summary>The state of a new ensemble.</summary>
    public static DataState Initial { get; } = new(Zxid.None, ZnodeTree.Initial, default, default);

    /// <summary>The last transaction in it.</summary>
    public Zxid LastZxid { get; } = lastZxid;

    /// <summary>The znodes.</summary>
    public ZnodeTree Tree { get; } = tree;

    /// <summary>The sessions.</summary>
    public SessionTable Sessions { get; } = sessions;

    /// <summary>What the passwords of sessions are made with.</summary>
    public ReadOnlyMemory<byte> Secret { get; } = secret;

    /// <summary>A hash of everything but the zxid: two servers with different states at one zxid show it, but
    /// for a chance of about 2^-64 (R25).</summary>
    public ulong Digest => DigestOf(Tree.Digest, Sessions, Secret.Span);

    /// <summary>The state as bytes: the same state always gives the same bytes. <see cref="DataStateReader"/>
    /// reads them.</summary>
    /// <param name="chunkBytesMax">The bytes of each chunk but the last, which may be shorter; 1 or
    /// more.</param>
    /// <returns>The chunks, made one by one as they are asked for. Each is the caller's own.</returns>
    public IEnumerable<ReadOnlyMemory<byte>> ToChunks(int chunkBytesMax) =>
        new DataStateWriter(this).Write(chunkBytesMax);

    /// <summary>The digest of a state with these parts.</summary>
    internal static ulong DigestOf(ulong tree, SessionTable sessions, ReadOnlySpan<byte> secret) =>
        unchecked(tree + sessions.Digest + Hash64.Absorb(0, secret));
}
