using Zab.Core.Primitives;

namespace Zab.Core.Tree;

/// <summary>What is known of a znode beside its data: the 11 fields of ZooKeeper's Stat, in its
/// order.</summary>
/// <param name="Czxid">The transaction that created the node.</param>
/// <param name="Mzxid">The transaction that last set its data; at first the one that created it.</param>
/// <param name="Ctime">When it was created: milliseconds since 1970 by the leader's clock.</param>
/// <param name="Mtime">When its data was last set, likewise.</param>
/// <param name="Version">How often its data was set. After -2 comes 0, as -1 means any version in a
/// request.</param>
/// <param name="Cversion">How often a child was created or deleted; it wraps around.</param>
/// <param name="Aversion">How often its permissions were set.</param>
/// <param name="EphemeralOwner">The session that owns it; none unless it is ephemeral.</param>
/// <param name="DataLength">The bytes of its data; 0 for null.</param>
/// <param name="NumChildren">The number of its children.</param>
/// <param name="Pzxid">The transaction that last created or deleted a child; at first the one that created
/// the node.</param>
public readonly record struct Stat(
    Zxid Czxid,
    Zxid Mzxid,
    long Ctime,
    long Mtime,
    int Version,
    int Cversion,
    int Aversion,
    SessionId EphemeralOwner,
    int DataLength,
    int NumChildren,
    Zxid Pzxid);
