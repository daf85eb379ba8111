using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab.Testing.Simulation.Clients;

/// <summary>One thing that happened to one node.</summary>
/// <param name="Zxid">The transaction that did it.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Path">The node.</param>
/// <param name="Parent">Its parent.</param>
/// <param name="Acl">The permissions of the node, of a deleted one its last; null for the open ones.</param>
/// <param name="ParentAcl">Those of its parent.</param>
internal readonly record struct ModelChange(
    Zxid Zxid, ZnodeChangeKind Kind, string Path, string Parent, Acl? Acl = null, Acl? ParentAcl = null);
