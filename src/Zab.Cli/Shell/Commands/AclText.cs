using Zab.Core.Access;

namespace Zab.Cli.Shell.Commands;

/// <summary>Reads permissions.</summary>
internal static class AclText
{
    /// <summary>Reads <c>scheme:id:permissions</c>, several separated by commas. The id may hold colons;
    /// permissions are letters of <c>cdrwa</c>.</summary>
    /// <exception cref="ShellException">The text is something else.</exception>
    public static Acl Parse(string text)
    {
        List<AclEntry> entries = [];
        foreach (string entry in text.Split(','))
        {
            int first = entry.IndexOf(':', StringComparison.Ordinal);
            int last = entry.LastIndexOf(':');
            if (first < 0 || first == last)
                throw new ShellException($"{entry} does not have the form scheme:id:perm");

            entries.Add(new AclEntry(
                Permissions(entry[(last + 1)..]), entry[..first], entry[(first + 1)..last]));
        }

        return new Acl(entries);
    }

    private static AclPermissions Permissions(string letters)
    {
        AclPermissions permissions = AclPermissions.None;
        foreach (char letter in letters)
        {
            permissions |= letter switch
            {
                'r' => AclPermissions.Read,
                'w' => AclPermissions.Write,
                'c' => AclPermissions.Create,
                'd' => AclPermissions.Delete,
                'a' => AclPermissions.Admin,
                _ => throw new ShellException($"Unknown perm type: {letter}"),
            };
        }

        return permissions;
    }
}
