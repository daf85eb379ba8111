using System;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab.Core.Sessions;

/// <summary>What all servers know of a session: its timeout, the server that serves it, the ephemeral nodes
/// that it owns, and the answers that its client may still ask for. Immutable.</summary>
internal sealed class SessionRecord : KeyedItem
{
    // The id in big-endian order whatever the platform, so that its bytes sort as the number does.
    private readonly long _idBytes;

    /// <summary>A session that its opener serves, without ephemeral nodes.</summary>
    /// <param name="id">The session.</param>
    /// <param name="timeoutMs">How long its client may be silent, in milliseconds, 1 or more.</param>
    public SessionRecord(SessionId id, int timeoutMs)
    {
        BinaryPrimitives.WriteInt64BigEndian(MemoryMarshal.AsBytes(new Span<long>(ref _idBytes)), id.Value);
        TimeoutMs = timeoutMs;
        Owner = SessionTable.OpenerOf(id);
    }

    /// <summary>The session.</summary>
    public SessionId Id => new(BinaryPrimitives.ReadInt64BigEndian(Key));

    /// <summary>How long its client may be silent, in milliseconds.</summary>
    public int TimeoutMs { get; }

    /// <summary>The server that serves the session: requests that come by another are refused.</summary>
    public ServerId Owner { get; private set; }

    /// <summary>The paths of its ephemeral nodes, in the order of their bytes.</summary>
    public PersistentMap<NodePath> Ephemerals { get; private set; }

    /// <summary>The bytes of all those paths together.</summary>
    public int EphemeralBytes { get; private set; }

    /// <summary>The newest of its requests whose answer was kept; 0 for none. An older one that is not among
    /// <see cref="Replies"/> will never be done.</summary>
    public int LastCxid { get; private set; }

    /// <summary>The answers that its client may still ask for, oldest first.</summary>
    public PersistentMap<KeptReply> Replies { get; private set; }

    /// <summary>The share in the digest of the state. The ephemeral nodes are in that of the tree.</summary>
    public ulong Digest => unchecked(RepliesDigest + Hash64.Mix(
        Hash64.Mix((ulong)Id.Value, (uint)TimeoutMs), ((ulong)(uint)Owner.Value << 32) | (uint)LastCxid));

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Key => MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in _idBytes));

    private ulong RepliesDigest { get; set; }

    /// <summary>Finds the answer to a request.</summary>
    public bool TryGetReply(int cxid, [NotNullWhen(true)] out KeptReply? reply)
    {
        Span<byte> key = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(key, cxid);
        return Replies.TryGet(key, out reply);
    }

    /// <summary>The session with one more ephemeral node.</summary>
    public SessionRecord With(ReadOnlySpan<byte> path, WriteToken token)
    {
        SessionRecord copy = Copy();
        copy.Ephemerals = Ephemerals.Set(new NodePath(path.ToArray()), token);
        copy.EphemeralBytes += path.Length;
        return copy;
    }

    /// <summary>The session without one of its ephemeral nodes.</summary>
    public SessionRecord Without(ReadOnlySpan<byte> path, WriteToken token)
    {
        SessionRecord copy = Copy();
        copy.Ephemerals = Ephemerals.Remove(path, token);
        copy.EphemeralBytes -= path.Length;
        return copy;
    }

    /// <summary>The session with another server that serves it.</summary>
    public SessionRecord ServedBy(ServerId owner)
    {
        SessionRecord copy = Copy();
        copy.Owner = owner;
        return copy;
    }

    /// <summary>The session with one more answer, and without those that its client has.</summary>
    /// <param name="reply">The answer; its number is above <see cref="LastCxid"/>.</param>
    /// <param name="answeredUpTo">The client has the answers up to this number.</param>
    /// <param name="token">The writer's token.</param>
    public SessionRecord With(KeptReply reply, int answeredUpTo, WriteToken token)
    {
        Invariant.Holds(reply.Cxid > LastCxid);
        SessionRecord copy = Copy();
        MapCursor<KeptReply> oldest = Replies.GetEnumerator();
        while (oldest.MoveNext() && oldest.Current.Cxid <= answeredUpTo)
        {
            copy.RepliesDigest = unchecked(copy.RepliesDigest - oldest.Current.Digest(Id));
            copy.Replies = copy.Replies.Remove(oldest.Current.Key, token);
            oldest = copy.Replies.GetEnumerator();
        }

        copy.Replies = copy.Replies.Set(reply, token);
        copy.RepliesDigest = unchecked(copy.RepliesDigest + reply.Digest(Id));
        copy.LastCxid = reply.Cxid;
        return copy;
    }

    private SessionRecord Copy() => (SessionRecord)MemberwiseClone();
}
