using Zab.Core.Access;

namespace Zab.Testing.Simulation.Clients;

/// <summary>Who may do what, written anew: the schemes world, auth, digest and super.</summary>
/// <remarks>Facts: ZooKeeper's <c>fixupACL</c> and <c>checkACL</c>.</remarks>
internal static class ModelAccess
{
    /// <summary>Whether someone has at least one of some permissions.</summary>
    /// <param name="acl">The list of the node; null for the open one.</param>
    /// <param name="wanted">The permissions.</param>
    /// <param name="who">Who asks; null for nobody.</param>
    public static bool Allows(Acl? acl, AclPermissions wanted, IReadOnlyList<Identity>? who) =>
        acl is null || acl.Count == 0
        || (who ?? []).Any(identity => identity.Scheme == "super")
        || acl.Any(entry => (entry.Permissions & wanted) != AclPermissions.None && IsFor(entry, who ?? []));

    /// <summary>The list to store for one that was asked for: null for the open one.</summary>
    /// <returns>Whether it can be stored.</returns>
    public static bool TryExpand(Acl? asked, IReadOnlyList<Identity>? who, out Acl? stored)
    {
        List<AclEntry> entries = [];
        bool isValid = asked is null || asked.Count > 0;
        foreach (AclEntry entry in asked ?? Acl.Open)
        {
            AclEntry[] stands = entry.Scheme switch
            {
                "world" => entry.Id == "anyone" ? [entry] : [],
                "digest" => entry.Id.Split(':').Length == 2 ? [entry] : [],
                "auth" => [.. (who ?? []).Where(identity => identity.Scheme == "digest")
                    .Select(identity => new AclEntry(entry.Permissions, "digest", identity.Id))],
                _ => [],
            };
            isValid &= stands.Length > 0;
            entries.AddRange(stands);
        }

        Acl list = new(entries);
        stored = list.Equals(Acl.Open) ? null : list;
        return isValid;
    }

    /// <summary>What someone sees of a list who may read it: the hashes of passwords only with
    /// <see cref="AclPermissions.Admin"/>.</summary>
    public static Acl Shown(Acl? acl, IReadOnlyList<Identity>? who) =>
        acl is null ? Acl.Open
        : Allows(acl, AclPermissions.Admin, who) ? acl
        : new Acl(acl.Select(entry =>
            entry.Scheme == "digest" ? entry with { Id = entry.Id.Split(':')[0] + ":x" } : entry));

    private static bool IsFor(AclEntry entry, IReadOnlyList<Identity> who) =>
        (entry.Scheme == "world" && entry.Id == "anyone")
        || (entry.Scheme == "digest"
            && who.Any(identity => identity.Scheme == "digest" && identity.Id == entry.Id));
}
