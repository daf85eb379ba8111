using System.Collections.Immutable;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab.Testing.Simulation.Clients;

/// <summary>A node as one transaction left it. Immutable.</summary>
internal sealed record ModelNode
{
    /// <summary>No children, to be sorted by their characters.</summary>
    public static ImmutableSortedSet<string> NoChildren { get; } =
        ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>The transaction that created it.</summary>
    public Zxid Czxid { get; init; }

    /// <summary>The transaction that last set its data.</summary>
    public Zxid Mzxid { get; init; }

    /// <summary>The transaction that last created or deleted a child.</summary>
    public Zxid Pzxid { get; init; }

    /// <summary>When it was created, by the leader's clock.</summary>
    public long Ctime { get; init; }

    /// <summary>When its data was last set.</summary>
    public long Mtime { get; init; }

    /// <summary>How often its data was set.</summary>
    public int Version { get; init; }

    /// <summary>How often a child was created: the number of the next sequential child.</summary>
    public int Creations { get; init; }

    /// <summary>How often its permissions were set.</summary>
    public int Aversion { get; init; }

    /// <summary>The session that owns it; none unless it is ephemeral.</summary>
    public SessionId Owner { get; init; }

    /// <summary>Whether it goes some time after its last child.</summary>
    public bool IsContainer { get; init; }

    /// <summary>How long it stays without children and without new data, in milliseconds; 0 for
    /// ever.</summary>
    public long TtlMs { get; init; }

    /// <summary>Who may do what; null for everyone everything.</summary>
    public Acl? Acl { get; init; }

    /// <summary>The data, which may be null.</summary>
    public ReadOnlyMemory<byte>? Data { get; init; }

    /// <summary>The names of its children.</summary>
    public ImmutableSortedSet<string> Children { get; init; } = NoChildren;

    /// <summary>The version after one more set of the data, or of the permissions: never -1, as that means
    /// any version in a request.</summary>
    public static int VersionAfter(int version) => version == -2 ? 0 : unchecked(version + 1);

    /// <summary>Whether nobody needs it any more at a time, so that the leader may delete it.</summary>
    public bool IsOver(long timeMs) => Children.IsEmpty
        && ((IsContainer && Creations != 0) || (TtlMs > 0 && timeMs - Mtime > TtlMs));

    /// <summary>What a client sees of it.</summary>
    public Stat Stat => new(
        Czxid,
        Mzxid,
        Ctime,
        Mtime,
        Version,
        Cversion: unchecked(Creations + (Creations - Children.Count)),
        Aversion,
        Owner,
        DataLength: Data?.Length ?? 0,
        NumChildren: Children.Count,
        Pzxid);
}
