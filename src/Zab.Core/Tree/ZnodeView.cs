using System;
using System.Text;
using Zab.Core.Access;

namespace Zab.Core.Tree;

/// <summary>A look at one node of an immutable tree. It stays true to that tree for as long as it is
/// held.</summary>
/// <param name="node">The node.</param>
/// <param name="data">What it shows as its data; null for its own.</param>
internal readonly struct ZnodeView(Znode node, byte[]? data = null)
{
    /// <summary>The last element of the path; empty for the root.</summary>
    public string Name => Encoding.UTF8.GetString(node.Key);

    /// <summary>The data; null and empty are two things. The memory is the tree's own and is never written
    /// to.</summary>
    public ReadOnlyMemory<byte>? Data => data ?? node.Data;

    /// <summary>The 11 fields that a client sees.</summary>
    public Stat Stat => data is null ? node.Stat : node.Stat with { DataLength = data.Length };

    /// <summary>Who may do what with the node; null when everyone may do everything.</summary>
    public Acl? Acl => node.Acl;

    /// <summary>The node, with other data than its own.</summary>
    public ZnodeView Showing(byte[] other) => new(node, other);

    /// <summary>How many nodes lie below the node.</summary>
    public int DescendantCount => node.Below.Nodes;
}
