using Zab.Core.Primitives;

namespace Zab.Core.Tree;

/// <summary>What ends a node's life beside a delete: the end of a session, the loss of its last child, or its
/// age.</summary>
/// <remarks>One number, as ZooKeeper stores it (its <c>EphemeralType</c>): the session, or a mark that is no
/// id of a session.</remarks>
/// <param name="Raw">The number; 0 for a node that stays.</param>
internal readonly record struct ZnodeOwner(long Raw)
{
    /// <summary>The longest time to live, in milliseconds: what 40 bits hold, almost 35 years.</summary>
    public const long TtlMsMax = (1L << 40) - 1;

    private const long TtlMark = 0xFFL << 56;

    /// <summary>A node that stays until it is deleted.</summary>
    public static ZnodeOwner None => default;

    /// <summary>A container: it goes some time after its last child.</summary>
    public static ZnodeOwner Container => new(long.MinValue);

    /// <summary>Whether the node is a container.</summary>
    public bool IsContainer => Raw == long.MinValue;

    /// <summary>How long the node lives without children and without a change of its data, in milliseconds; 0
    /// for ever.</summary>
    public long TtlMs => HasTtl ? Raw & TtlMsMax : 0;

    /// <summary>Whether the node has a time to live.</summary>
    public bool HasTtl => (Raw & TtlMark) == TtlMark;

    /// <summary>The session that owns the node; none unless it is ephemeral.</summary>
    public SessionId Session => IsContainer || HasTtl ? SessionId.None : new SessionId(Raw);

    /// <summary>Whether the number is one that a node can carry.</summary>
    public bool IsValid => !HasTtl || (TtlMs > 0 && (Raw & ~TtlMark) == TtlMs);

    /// <summary>An ephemeral node of a session.</summary>
    public static ZnodeOwner Of(SessionId session) => new(session.Value);

    /// <summary>A node with a time to live, from 1 ms to <see cref="TtlMsMax"/>.</summary>
    public static ZnodeOwner WithTtl(long ttlMs) => new(TtlMark | ttlMs);
}
