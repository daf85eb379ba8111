using System;

namespace Zab.Core.Tree;

/// <summary>The path of a node, in a sorted list of paths.</summary>
/// <param name="utf8">The path in UTF-8; never written to again.</param>
internal sealed class NodePath(byte[] utf8) : KeyedItem
{
    /// <summary>The path in UTF-8.</summary>
    public override ReadOnlySpan<byte> Key => utf8;
}
