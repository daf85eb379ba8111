using Zab.Core.Access;
using Zab.Core.Primitives;

namespace Zab.Core.Tests.Conformance.Model;

/// <summary>A node, as plainly as can be. Immutable, so that a copy of the dictionary is a copy of the
/// tree.</summary>
internal sealed record PlainNode
{
    public byte[]? Data { get; init; }

    public Zxid Czxid { get; init; }

    public Zxid Mzxid { get; init; }

    public Zxid Pzxid { get; init; }

    public long Ctime { get; init; }

    public long Mtime { get; init; }

    public int Version { get; init; }

    public int Creations { get; init; }

    public int Aversion { get; init; }

    public SessionId Owner { get; init; }

    public bool IsContainer { get; init; }

    public long TtlMs { get; init; }

    /// <summary>The stored list; null for the open one.</summary>
    public AclEntry[]? Acl { get; init; }
}
