using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Zab.Core.Tree;

/// <summary>Walks a <see cref="PersistentMap{TItem}"/> in order of its keys. Use it only on a map that no
/// writer changes.</summary>
/// <typeparam name="TItem">The items of the map.</typeparam>
internal sealed class MapCursor<TItem>
    where TItem : KeyedItem
{
    // The way from the root to the next item: each page, and its next entry.
    private readonly Stack<(MapPage Page, int Next)> _way = new();

    /// <summary>Starts before the first item whose key is above <paramref name="after"/>.</summary>
    public MapCursor(MapPage? root, ReadOnlySpan<byte> after)
    {
        MapPage? page = root;
        while (page is not null)
        {
            int next = page.FirstAbove(after);
            if (page.IsLeaf)
            {
                _way.Push((page, next));
                return;
            }

            int child = Math.Max(0, next - 1);
            _way.Push((page, child + 1));
            page = page.ChildAt(child);
        }
    }

    /// <summary>The item that <see cref="MoveNext"/> found.</summary>
    public TItem Current { get; private set; } = null!;

    /// <summary>Goes to the next item.</summary>
    /// <returns>Whether there is one.</returns>
    public bool MoveNext()
    {
        while (_way.TryPop(out (MapPage Page, int Next) place))
        {
            if (place.Next == place.Page.Count)
                continue;

            _way.Push((place.Page, place.Next + 1));
            if (place.Page.IsLeaf)
            {
                Current = Unsafe.As<TItem>(place.Page.EntryAt(place.Next));
                return true;
            }

            _way.Push((place.Page.ChildAt(place.Next), 0));
        }

        return false;
    }
}
