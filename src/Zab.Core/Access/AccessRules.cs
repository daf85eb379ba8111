using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace Zab.Core.Access;

/// <summary>Decides who may do what, and what all are shown. Pure and thread-safe.</summary>
/// <remarks>Source: ZooKeeper <c>PrepRequestProcessor.fixupACL</c> and
/// <c>ZooKeeperServer.checkACL</c>.</remarks>
internal sealed class AccessRules
{
    private readonly Dictionary<string, IAccessScheme> _schemes = new(StringComparer.Ordinal);

    /// <summary>Rules with the given schemes beside <c>world</c>, <c>auth</c>, <c>digest</c> and
    /// <c>super</c>.</summary>
    public AccessRules(params IEnumerable<IAccessScheme> schemes)
    {
        DigestScheme digest = new();
        _schemes[digest.Scheme] = digest;
        foreach (IAccessScheme scheme in schemes)
        {
            _schemes[scheme.Scheme] = scheme;
        }
    }

    /// <summary>The rules without schemes of the host's own.</summary>
    public static AccessRules BuiltIn { get; } = new();

    /// <summary>The text that everyone is shown as the data of <c>/zookeeper/config</c>: the members of the
    /// ensemble, in UTF-8. The same on every server; null shows what the node holds.</summary>
    public byte[]? ConfigShown { get; init; }

    /// <summary>Whether a list lets someone do something: any one of the wanted permissions is
    /// enough.</summary>
    /// <param name="acl">The list of the node; null for an open one.</param>
    /// <param name="wanted">What is wanted.</param>
    /// <param name="who">Who asks; null for someone who has proved nothing.</param>
    public bool Allows(Acl? acl, AclPermissions wanted, IReadOnlyList<Identity>? who)
    {
        if (acl is null || acl.Count == 0 || IsSuper(who))
            return true;

        foreach (AclEntry entry in acl)
        {
            if ((entry.Permissions & wanted) != 0 && Means(entry, who))
                return true;
        }

        return false;
    }

    /// <summary>Turns a list that a client asks for into the one to be stored: checked, and with <c>auth</c>
    /// replaced by who asks.</summary>
    /// <param name="asked">The list; null for the open one.</param>
    /// <param name="who">Who asks.</param>
    /// <param name="stored">The list to store; null for the open one.</param>
    /// <returns>Whether the list is valid.</returns>
    public bool TryExpand(Acl? asked, IReadOnlyList<Identity>? who, out Acl? stored)
    {
        stored = null;
        if (asked is null || asked.Equals(Acl.Open))
            return true;

        List<AclEntry> entries = [];
        foreach (AclEntry entry in asked)
        {
            int before = entries.Count;
            if (entry.Scheme == Schemes.Auth)
                AddIdentities(entry.Permissions, who, entries);
            else if (IsValid(entry))
                entries.Add(entry);

            if (entries.Count == before)
                return false;
        }

        Acl expanded = new(entries);
        stored = expanded.Equals(Acl.Open) ? null : expanded;
        return entries.Count > 0;
    }

    private void AddIdentities(AclPermissions permissions, IReadOnlyList<Identity>? who, List<AclEntry> into)
    {
        foreach (Identity identity in who ?? [])
        {
            if (TryFind(identity.Scheme, out IAccessScheme? scheme) && scheme.IsAuthenticated)
                into.Add(new AclEntry(permissions, identity.Scheme, identity.Id));
        }
    }

    private bool IsValid(in AclEntry entry) => entry.Scheme == Schemes.World
        ? entry.Id == Schemes.Anyone
        : TryFind(entry.Scheme, out IAccessScheme? scheme) && scheme.IsValid(entry.Id);

    private bool Means(in AclEntry entry, IReadOnlyList<Identity>? who)
    {
        if (entry.Scheme == Schemes.World && entry.Id == Schemes.Anyone)
            return true;
        if (who is null || !TryFind(entry.Scheme, out IAccessScheme? scheme))
            return false;

        foreach (Identity identity in who)
        {
            if (identity.Scheme == entry.Scheme && scheme.Matches(identity.Id, entry.Id))
                return true;
        }

        return false;
    }

    private static bool IsSuper(IReadOnlyList<Identity>? who)
    {
        foreach (Identity identity in who ?? [])
        {
            if (identity.Scheme == Schemes.Super)
                return true;
        }

        return false;
    }

    private bool TryFind(string name, [NotNullWhen(true)] out IAccessScheme? scheme) =>
        _schemes.TryGetValue(name, out scheme);
}
