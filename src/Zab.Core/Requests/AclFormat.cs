using System;
using System.Collections.Generic;
using Zab.Core.Access;
using Zab.Core.Primitives;

namespace Zab.Core.Requests;

/// <summary>How a list of permissions stands in bytes: jute's vector of <c>ACL</c>.</summary>
internal static class AclFormat
{
    private const int EntryBytesMin = 12;

    // A vector of one ACL: all permissions (31) for world:anyone.
    private static ReadOnlySpan<byte> WorldAnyone =>
    [
        0, 0, 0, 1, 0, 0, 0, 31,
        0, 0, 0, 5, (byte)'w', (byte)'o', (byte)'r', (byte)'l', (byte)'d',
        0, 0, 0, 6, (byte)'a', (byte)'n', (byte)'y', (byte)'o', (byte)'n', (byte)'e',
    ];

    /// <summary>The bytes of the open list.</summary>
    public static int OpenBytes => WorldAnyone.Length;

    /// <summary>Writes a list; null is the open one.</summary>
    public static void Write(JuteWriter writer, Acl? acl)
    {
        if (acl is null)
        {
            writer.WriteRaw(WorldAnyone);
            return;
        }

        writer.WriteInt(acl.Count);
        foreach (AclEntry entry in acl)
        {
            writer.WriteInt((int)entry.Permissions);
            writer.WriteString(entry.Scheme);
            writer.WriteString(entry.Id);
        }
    }

    /// <summary>Reads a list; the open one becomes null.</summary>
    public static bool TryRead(ref JuteReader reader, out Acl? acl)
    {
        acl = null;
        if (reader.TryReadExactly(WorldAnyone))
            return true;
        if (!reader.TryReadCount(EntryBytesMin, out int count))
            return false;

        List<AclEntry> entries = new(count);
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadInt(out int permissions) || !TryReadName(ref reader, out string scheme)
                || !TryReadName(ref reader, out string id))
            {
                return false;
            }

            entries.Add(new AclEntry((AclPermissions)permissions, scheme, id));
        }

        acl = new Acl(entries);
        return true;
    }

    /// <summary>A scheme or an id. Clients write null for an empty one: kazoo does for <c>auth</c>.</summary>
    private static bool TryReadName(ref JuteReader reader, out string name)
    {
        name = "";
        if (reader.TryReadNull())
            return true;

        bool read = reader.TryReadString(out string? text);
        name = text ?? "";
        return read;
    }
}
