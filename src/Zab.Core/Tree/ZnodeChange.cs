using Zab.Core.Access;

namespace Zab.Core.Tree;

/// <summary>What happened to a node.</summary>
internal enum ZnodeChangeKind
{
    /// <summary>It was created.</summary>
    Created = 1,

    /// <summary>It was deleted.</summary>
    Deleted = 2,

    /// <summary>Its data was set.</summary>
    DataChanged = 3,
}

/// <summary>One change that a transaction made; watches are told of it.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Path">The node.</param>
/// <param name="Acl">Who may read of it: the permissions of the node, of a deleted one its last; null for
/// everyone.</param>
/// <param name="ParentAcl">Likewise of its parent, for who watches the children.</param>
internal readonly record struct ZnodeChange(
    ZnodeChangeKind Kind, string Path, Acl? Acl = null, Acl? ParentAcl = null);
