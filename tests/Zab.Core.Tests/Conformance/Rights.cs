using Zab.Core.Access;

namespace Zab.Core.Tests.Conformance;

/// <summary>Lists of permissions and identities as the tables write them.</summary>
internal static class Rights
{
    /// <summary>Reads <c>rw:world:anyone, cdrwa:digest:user:hash</c>; null for the open list; "" for the empty
    /// one.</summary>
    public static Acl? Of(string? text)
    {
        if (text is null)
            return null;

        List<AclEntry> entries = [];
        foreach (string line in text.Split(", ", StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = line.Split(':', 3);
            AclPermissions permissions = AclPermissions.None;
            foreach (char letter in parts[0])
            {
                permissions |= letter switch
                {
                    'c' => AclPermissions.Create,
                    'd' => AclPermissions.Delete,
                    'r' => AclPermissions.Read,
                    'w' => AclPermissions.Write,
                    'a' => AclPermissions.Admin,
                    _ => throw new ArgumentException(line, nameof(text)),
                };
            }

            entries.Add(new AclEntry(permissions, parts[1], parts[2]));
        }

        return new Acl(entries);
    }

    /// <summary>Reads <c>digest:user:hash, ip:10.0.0.1</c>; null for nobody.</summary>
    public static Identity[]? Who(string? text)
    {
        if (text is null)
            return null;

        List<Identity> identities = [];
        foreach (string one in text.Split(", ", StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = one.Split(':', 2);
            identities.Add(new Identity(parts[0], parts[1]));
        }

        return [.. identities];
    }
}
