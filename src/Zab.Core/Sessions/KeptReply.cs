using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab.Core.Sessions;

/// <summary>What a request of a session did, kept until its client is known to have the answer: so a request
/// that is made again is answered, and not done again. Immutable.</summary>
internal sealed class KeptReply : KeyedItem
{
    // In big-endian order whatever the platform, so that the bytes sort as the numbers do.
    private readonly int _cxidBytes;

    /// <summary>Makes one.</summary>
    /// <param name="cxid">The request, by its number in the session; 1 or more.</param>
    /// <param name="zxid">The transaction that did it.</param>
    /// <param name="result">What it gave back.</param>
    /// <param name="parts">For a multi: what each of its operations gave back.</param>
    public KeptReply(int cxid, Zxid zxid, WriteResult result, IReadOnlyList<WriteResult> parts)
    {
        Invariant.Holds(cxid > 0);
        BinaryPrimitives.WriteInt32BigEndian(MemoryMarshal.AsBytes(new Span<int>(ref _cxidBytes)), cxid);
        Zxid = zxid;
        Result = result;
        Parts = parts;
    }

    /// <summary>The request, by its number in the session.</summary>
    public int Cxid => BinaryPrimitives.ReadInt32BigEndian(Key);

    /// <summary>The transaction that did it.</summary>
    public Zxid Zxid { get; }

    /// <summary>What it gave back.</summary>
    public WriteResult Result { get; }

    /// <summary>For a multi: what each of its operations gave back.</summary>
    public IReadOnlyList<WriteResult> Parts { get; }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Key => MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in _cxidBytes));

    /// <summary>The share in the digest of the state.</summary>
    public ulong Digest(SessionId session) =>
        Hash64.Mix(Hash64.Mix((ulong)session.Value, (ulong)Zxid.Value), (ulong)Cxid);
}
