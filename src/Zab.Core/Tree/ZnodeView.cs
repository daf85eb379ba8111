using System;
using System.Text;

namespace Zab.Core.Tree;

/// <summary>A look at one node of an immutable tree. It stays true to that tree for as long as it is
/// held.</summary>
/// <param name="node">The node.</param>
internal readonly struct ZnodeView(Znode node)
{
    /// <summary>The last element of the path; empty for the root.</summary>
    public string Name => Encoding.UTF8.GetString(node.Key);

    /// <summary>The data; null and empty are two things. The memory is the tree's own and is never written
    /// to.</summary>
    public ReadOnlyMemory<byte>? Data => node.Data;

    /// <summary>The 11 fields that a client sees.</summary>
    public Stat Stat => node.Stat;
}
