using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Zab.Core.Primitives;

namespace Zab.Core.Tree;

/// <summary>A sorted map that is a value: a change yields a new map, which shares all that did not
/// change.</summary>
/// <remarks>
/// <para>A B+-tree of pages of up to <see cref="MapPage.Width"/> entries. Pages that carry the caller's token
/// are changed in place, so a map is immutable only from the moment its writer drops the token; until then
/// only the newest map counts.</para>
/// <para>The default value is the empty map.</para>
/// </remarks>
/// <typeparam name="TItem">The items, which carry their keys.</typeparam>
internal readonly struct PersistentMap<TItem>
    where TItem : KeyedItem
{
    private readonly MapPage? _root;

    private PersistentMap(MapPage? root, int count)
    {
        _root = root;
        Count = count;
    }

    /// <summary>The number of items.</summary>
    public int Count { get; }

    /// <summary>Finds the item of a key.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, [NotNullWhen(true)] out TItem? item)
    {
        // Only Set puts items in, and it takes nothing but TItem.
        item = Unsafe.As<TItem>(_root?.Get(key));
        return item is not null;
    }

    /// <summary>The map with <paramref name="item"/> in place of whatever had its key.</summary>
    public PersistentMap<TItem> Set(TItem item, WriteToken token)
    {
        if (_root is null)
            return new(MapPage.LeafOf(item, token), 1);

        MapPage root = _root.Insert(item, token, out MapPage? right, out bool added);
        return new(right is null ? root : MapPage.Above(root, right, token), Count + (added ? 1 : 0));
    }

    /// <summary>The map without the item of <paramref name="key"/>, which must be there.</summary>
    public PersistentMap<TItem> Remove(ReadOnlySpan<byte> key, WriteToken token)
    {
        Invariant.Holds(_root is not null);
        return new(_root.Remove(key, token).AsRoot(), Count - 1);
    }

    /// <summary>Walks the items in order, from the first whose key is above
    /// <paramref name="after"/>.</summary>
    /// <param name="after">Where to start; empty for the first item (no item has an empty key).</param>
    public MapCursor<TItem> After(ReadOnlySpan<byte> after) => new(_root, after);

    /// <summary>Walks the items that are not the same in this map and in a later one.</summary>
    public MapDiff<TItem> DiffTo(PersistentMap<TItem> after) => new(_root, after._root);

    /// <summary>Walks all items in order.</summary>
    public MapCursor<TItem> GetEnumerator() => After([]);
}
