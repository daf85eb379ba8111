namespace Zab.Core.Access;

/// <summary>One line of an <see cref="Acl"/>: who may do what.</summary>
/// <param name="Permissions">What.</param>
/// <param name="Scheme">The kind of name: <c>world</c>, <c>auth</c>, <c>digest</c>, <c>ip</c>, or one of the
/// host's own.</param>
/// <param name="Id">Who, as the scheme writes it: <c>anyone</c> for <c>world</c>, <c>user:hash</c> for
/// <c>digest</c>, an address or a network for <c>ip</c>; nothing for <c>auth</c>.</param>
public readonly record struct AclEntry(AclPermissions Permissions, string Scheme, string Id);
