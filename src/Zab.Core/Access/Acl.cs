using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Zab.Core.Primitives;

namespace Zab.Core.Access;

/// <summary>Who may do what with a node. Immutable; two lists with the same entries in the same order are
/// equal.</summary>
/// <remarks>It is not inherited: each node has its own. The empty list cannot be given to a node.</remarks>
[SuppressMessage("Naming", "CA1710", Justification = "The field calls it an ACL.")]
public sealed class Acl : IReadOnlyList<AclEntry>, IEquatable<Acl>
{
    private readonly AclEntry[] _entries;

    /// <summary>Makes a list.</summary>
    /// <param name="entries">The entries, which are copied; one that comes twice counts once.</param>
    /// <exception cref="ArgumentException">An entry has no scheme, or no id.</exception>
    public Acl(params IEnumerable<AclEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        List<AclEntry> distinct = [];
        HashSet<AclEntry> seen = [];
        foreach (AclEntry entry in entries)
        {
            if (entry.Scheme is null || entry.Id is null)
                throw new ArgumentException("An entry has no scheme, or no id.", nameof(entries));
            if (seen.Add(entry))
                distinct.Add(entry);
        }

        _entries = [.. distinct];
    }

    /// <summary>Everyone may do everything: what a node gets that is created without a list.</summary>
    public static Acl Open { get; } = new(new AclEntry(AclPermissions.All, Schemes.World, Schemes.Anyone));

    /// <summary>Everyone may read.</summary>
    public static Acl ReadOnly { get; } =
        new(new AclEntry(AclPermissions.Read, Schemes.World, Schemes.Anyone));

    /// <summary>Whoever creates the node may do everything, and nobody else anything.</summary>
    public static Acl Creator { get; } = new(new AclEntry(AclPermissions.All, Schemes.Auth, ""));

    /// <inheritdoc/>
    public int Count => _entries.Length;

    /// <inheritdoc/>
    public AclEntry this[int index] => _entries[index];

    /// <inheritdoc/>
    public bool Equals(Acl? other) => other is not null && _entries.AsSpan().SequenceEqual(other._entries);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Acl);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)Digest;

    /// <inheritdoc/>
    public IEnumerator<AclEntry> GetEnumerator() => ((IEnumerable<AclEntry>)_entries).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => _entries.GetEnumerator();

    /// <summary>The entries as <c>cdrwa:scheme:id</c>, separated by commas.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        foreach (AclEntry entry in _entries)
        {
            text.Append(text.Length == 0 ? "" : ",")
                .Append((entry.Permissions & AclPermissions.Create) != 0 ? "c" : "")
                .Append((entry.Permissions & AclPermissions.Delete) != 0 ? "d" : "")
                .Append((entry.Permissions & AclPermissions.Read) != 0 ? "r" : "")
                .Append((entry.Permissions & AclPermissions.Write) != 0 ? "w" : "")
                .Append((entry.Permissions & AclPermissions.Admin) != 0 ? "a" : "")
                .Append(':').Append(entry.Scheme).Append(':').Append(entry.Id);
        }

        return text.ToString();
    }

    /// <summary>A hash that is the same on every platform.</summary>
    internal ulong Digest
    {
        get
        {
            ulong hash = 0;
            foreach (AclEntry entry in _entries)
            {
                hash = Hash64.Mix(hash, (ulong)entry.Permissions);
                hash = Hash64.Absorb(hash, Encoding.UTF8.GetBytes(entry.Scheme));
                hash = Hash64.Absorb(hash, Encoding.UTF8.GetBytes(entry.Id));
            }

            return hash;
        }
    }
}
