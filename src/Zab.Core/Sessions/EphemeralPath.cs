using System;
using Zab.Core.Tree;

namespace Zab.Core.Sessions;

/// <summary>The path of an ephemeral node, in the list of its owner.</summary>
/// <param name="utf8">The path in UTF-8; never written to again.</param>
internal sealed class EphemeralPath(byte[] utf8) : KeyedItem
{
    /// <summary>The path in UTF-8.</summary>
    public override ReadOnlySpan<byte> Key => utf8;
}
