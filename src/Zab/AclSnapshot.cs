using Zab.Core.Access;
using Zab.Core.Tree;

namespace Zab;

/// <summary>The permissions of a node, as they were at one zxid.</summary>
/// <param name="Acl">Who may do what. Hashes of passwords are hidden from a session that may not set the
/// permissions.</param>
/// <param name="Stat">What is known of the node; <see cref="Stat.Aversion"/> is the version of the
/// permissions.</param>
public readonly record struct AclSnapshot(Acl Acl, Stat Stat);
