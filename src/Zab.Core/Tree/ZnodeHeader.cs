using Zab.Core.Access;
using Zab.Core.Primitives;

namespace Zab.Core.Tree;

/// <summary>What a znode keeps beside its name, data and children; <see cref="Stat"/> is made of
/// it.</summary>
/// <param name="Czxid">See <see cref="Stat"/>.</param>
/// <param name="Mzxid">See <see cref="Stat"/>.</param>
/// <param name="Pzxid">See <see cref="Stat"/>.</param>
/// <param name="Ctime">See <see cref="Stat"/>.</param>
/// <param name="Mtime">See <see cref="Stat"/>.</param>
/// <param name="Version">See <see cref="Stat"/>.</param>
/// <param name="Creations">How many children were ever created: the number that the next sequential child
/// gets. It is not <see cref="Stat.Cversion"/>, and deletes leave it alone. It wraps around.</param>
/// <param name="Aversion">See <see cref="Stat"/>.</param>
/// <param name="Owner">What ends the node's life beside a delete.</param>
/// <param name="Acl">Who may do what with it; null when everyone may do everything.</param>
internal readonly record struct ZnodeHeader(
    Zxid Czxid,
    Zxid Mzxid,
    Zxid Pzxid,
    long Ctime,
    long Mtime,
    int Version,
    int Creations,
    int Aversion,
    ZnodeOwner Owner,
    Acl? Acl)
{
    /// <summary>The header of a node that was just created.</summary>
    public static ZnodeHeader Created(Zxid zxid, long timeMs, ZnodeOwner owner, Acl? acl) =>
        new(zxid, zxid, zxid, timeMs, timeMs, Version: 0, Creations: 0, Aversion: 0, owner, acl);
}
