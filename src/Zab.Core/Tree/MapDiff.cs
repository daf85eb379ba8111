using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Zab.Core.Tree;

/// <summary>Walks two maps side by side and finds the items that are not the same object in both. Pages that
/// the maps share are stepped over whole, so it costs what changed, not what there is.</summary>
/// <remarks>Use it only on maps that no writer changes.</remarks>
/// <typeparam name="TItem">The items of the maps.</typeparam>
internal sealed class MapDiff<TItem>
    where TItem : KeyedItem
{
    private readonly Way _before;
    private readonly Way _after;

    /// <summary>Starts before the first item of both.</summary>
    public MapDiff(MapPage? before, MapPage? after) => (_before, _after) = (new Way(before), new Way(after));

    /// <summary>The item that <see cref="MoveNext"/> found in the first map; null when only the second has
    /// its key.</summary>
    public TItem? Before { get; private set; }

    /// <summary>The same of the second map.</summary>
    public TItem? After { get; private set; }

    /// <summary>How many pages were opened, and items met, so far.</summary>
    public int Visited { get; private set; }

    /// <summary>Goes to the next key whose items differ, in the order of the keys.</summary>
    /// <returns>Whether there is one.</returns>
    public bool MoveNext()
    {
        while (_before.Head is not null || _after.Head is not null)
        {
            if (ReferenceEquals(_before.Head, _after.Head))
            {
                _before.StepOver();
                _after.StepOver();
                continue;
            }

            Visited++;
            if (!OpenPages())
            {
                TakeItems();
                return true;
            }
        }

        return false;
    }

    /// <summary>Opens what hides the next item. A page is opened only when something in it may come next: the
    /// page with the lower bound, and of two with the same bound the higher one, so that pages which both
    /// maps have meet.</summary>
    /// <returns>False when both ways stand before an item, or one before an item that comes first.</returns>
    private bool OpenPages()
    {
        int order = _before.Head is null ? 1 : _after.Head is null ? -1
            : _before.Head.Key.SequenceCompareTo(_after.Head.Key);
        int heights = _before.Height.CompareTo(_after.Height);
        bool opensBefore = _before.Height > 0 && (order < 0 || (order == 0 && heights >= 0));
        bool opensAfter = _after.Height > 0 && (order > 0 || (order == 0 && heights <= 0));
        if (opensBefore)
        {
            _before.StepInto();
        }

        if (opensAfter)
        {
            _after.StepInto();
        }

        return opensBefore || opensAfter;
    }

    private void TakeItems()
    {
        int order = _before.Head is null ? 1 : _after.Head is null ? -1
            : _before.Head.Key.SequenceCompareTo(_after.Head.Key);
        Before = order <= 0 ? _before.TakeItem() : null;
        After = order >= 0 ? _after.TakeItem() : null;
    }

    /// <summary>A place in one map: what comes next, a page that is not open yet, or an item.</summary>
    private sealed class Way
    {
        private readonly Stack<(MapPage Page, int Next, int HeightBelow)> _open = new();

        public Way(MapPage? root)
        {
            Head = root;
            for (MapPage? page = root; page is not null; page = page.IsLeaf ? null : page.ChildAt(0))
            {
                Height++;
            }
        }

        /// <summary>What comes next; null at the end.</summary>
        public KeyedItem? Head { get; private set; }

        /// <summary>0 for an item, 1 for a leaf, more for a branch.</summary>
        public int Height { get; private set; }

        public void StepInto()
        {
            _open.Push(((MapPage)Head!, 0, Height - 1));
            StepOver();
        }

        public TItem TakeItem()
        {
            TItem item = Unsafe.As<TItem>(Head!);
            StepOver();
            return item;
        }

        public void StepOver()
        {
            while (_open.TryPop(out (MapPage Page, int Next, int HeightBelow) place))
            {
                if (place.Next < place.Page.Count)
                {
                    _open.Push(place with { Next = place.Next + 1 });
                    (Head, Height) = (place.Page.EntryAt(place.Next), place.HeightBelow);
                    return;
                }
            }

            (Head, Height) = (null, 0);
        }
    }
}
