using System;

namespace Zab.Core.Tree;

/// <summary>Something that a <see cref="PersistentMap{TItem}"/> keeps: it carries its own key.</summary>
/// <remarks>The key of an item in a map must not change.</remarks>
internal abstract class KeyedItem
{
    /// <summary>The key; keys sort by their bytes.</summary>
    public abstract ReadOnlySpan<byte> Key { get; }
}
