using System;
using System.Buffers.Binary;
using Zab.Core.Primitives;

namespace Zab.Core.Tree;

/// <summary>One page of a <see cref="PersistentMap{TItem}"/>: a leaf holds items, a branch holds
/// pages.</summary>
/// <remarks>
/// <para>The key of a page is a bound that lies on or below every key in it, and above every key of the page
/// to its left. So leaves and branches are searched, split and merged by the same code.</para>
/// <para>Beside each entry stands a hint: the 8 bytes of its key that follow the prefix common to the whole
/// page, as a number. A search compares hints, and looks into an item only where two hints are equal.</para>
/// </remarks>
internal sealed class MapPage : KeyedItem
{
    /// <summary>The most entries in a page.</summary>
    public const int Width = 32;

    private const int SparseBelow = Width / 4;
    private const int MergedMax = Width * 3 / 4;
    private const int CapacityMin = 4;

    private readonly WriteToken _token;
    private Entry[] _entries;
    private byte[]? _low; // null in a page that was never the child of another.
    private int _prefixLength;

    private MapPage(bool isLeaf, WriteToken token, Entry[] entries)
    {
        IsLeaf = isLeaf;
        _token = token;
        _entries = entries;
    }

    /// <summary>Whether the entries are items, not pages.</summary>
    public bool IsLeaf { get; }

    /// <summary>The number of entries.</summary>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Key => _low;

    /// <summary>A leaf with one item.</summary>
    public static MapPage LeafOf(KeyedItem item, WriteToken token)
    {
        MapPage page = new(isLeaf: true, token, new Entry[CapacityMin]);
        page.InsertAt(0, item);
        return page;
    }

    /// <summary>The branch over the two halves of a root that was split.</summary>
    public static MapPage Above(MapPage left, MapPage right, WriteToken token)
    {
        left._low ??= left.LowestKey();
        MapPage page = new(isLeaf: false, token, new Entry[CapacityMin]);
        page.InsertAt(0, left);
        page.InsertAt(1, right);
        return page;
    }

    /// <summary>The item at a place of a leaf.</summary>
    public KeyedItem ItemAt(int at) => _entries[at].Item;

    /// <summary>The item or the page at a place.</summary>
    public KeyedItem EntryAt(int at) => _entries[at].Item;

    /// <summary>The page at a place of a branch.</summary>
    public MapPage ChildAt(int at) => (MapPage)_entries[at].Item;

    /// <summary>The first place whose key is above <paramref name="key"/>; <see cref="Count"/> when there is
    /// none.</summary>
    public int FirstAbove(ReadOnlySpan<byte> key)
    {
        int at = Find(key, out bool exact);
        return exact ? at + 1 : at;
    }

    /// <summary>Finds the item of a key.</summary>
    /// <returns>The item, or null.</returns>
    /// <remarks>Hints alone lead astray only a key that lacks the prefix of a page on its way. So whatever
    /// they find is right, and costs no look at the prefixes; if they find nothing, the careful way
    /// decides.</remarks>
    public KeyedItem? Get(ReadOnlySpan<byte> key)
    {
        MapPage page = this;
        int at = page.FindByHint(key, out bool exact);
        while (!page.IsLeaf)
        {
            page = page.ChildAt(Math.Max(0, exact ? at : at - 1));
            at = page.FindByHint(key, out exact);
        }

        return exact ? page._entries[at].Item : GetWithCare(key);
    }

    /// <summary>Puts an item in, over one that has the same key.</summary>
    /// <param name="item">The item.</param>
    /// <param name="token">The writer's token.</param>
    /// <param name="right">The upper half, when the page had to be split; else null.</param>
    /// <param name="added">Whether the key is new.</param>
    /// <returns>The page with the item: this one if it is the writer's own, else a copy.</returns>
    public MapPage Insert(KeyedItem item, WriteToken token, out MapPage? right, out bool added)
    {
        MapPage page = OwnedBy(token);
        if (page._low is { } low && item.Key.SequenceCompareTo(low) < 0)
            page._low = item.Key.ToArray();

        right = null;
        if (page.IsLeaf)
        {
            int at = page.Find(item.Key, out bool exact);
            added = !exact;
            if (exact)
                page._entries[at].Item = item;
            else
                right = page.InsertOrSplit(at, item);

            return page;
        }

        int index = page.ChildFor(item.Key);
        page._entries[index].Item = page.ChildAt(index).Insert(item, token, out MapPage? split, out added);
        if (index == 0)
            page.SetHint(0); // The child's bound may have sunk.
        if (split is not null)
            right = page.InsertOrSplit(index + 1, split);

        return page;
    }

    /// <summary>Takes the item of <paramref name="key"/> out, which must be there.</summary>
    /// <returns>The page without it: this one if it is the writer's own, else a copy. It may be
    /// empty.</returns>
    public MapPage Remove(ReadOnlySpan<byte> key, WriteToken token)
    {
        MapPage page = OwnedBy(token);
        if (page.IsLeaf)
        {
            int at = page.Find(key, out bool exact);
            Invariant.Holds(exact);
            page.RemoveAt(at);
            return page;
        }

        int index = page.ChildFor(key);
        MapPage child = page.ChildAt(index).Remove(key, token);
        page._entries[index].Item = child;
        if (child.Count == 0)
            page.RemoveAt(index);
        else if (child.Count < SparseBelow && page.Count > 1)
            page.MergeAt(Math.Max(0, index - 1));

        return page;
    }

    /// <summary>The page to be the root after a removal: without branches of one child; null when nothing is
    /// left.</summary>
    public MapPage? AsRoot()
    {
        MapPage root = this;
        while (!root.IsLeaf && root.Count == 1)
        {
            root = root.ChildAt(0);
        }

        return root.Count == 0 ? null : root;
    }

    private KeyedItem? GetWithCare(ReadOnlySpan<byte> key)
    {
        MapPage page = this;
        while (!page.IsLeaf)
        {
            page = page.ChildAt(page.ChildFor(key));
        }

        int at = page.Find(key, out bool exact);
        return exact ? page._entries[at].Item : null;
    }

    /// <summary>The place of the child that has, or would have, the key.</summary>
    private int ChildFor(ReadOnlySpan<byte> key) => Math.Max(0, FirstAbove(key) - 1);

    /// <summary>The place of the key, or the place where it would stand.</summary>
    private int Find(ReadOnlySpan<byte> key, out bool exact)
    {
        ReadOnlySpan<byte> prefix = _entries[0].Item.Key[.._prefixLength];
        int order = prefix.SequenceCompareTo(key[..Math.Min(_prefixLength, key.Length)]);
        if (order == 0)
            return FindByHint(key, out exact);

        exact = false;
        return order > 0 ? 0 : Count;
    }

    /// <summary>The same for a key that starts with the prefix of the page.</summary>
    private int FindByHint(ReadOnlySpan<byte> key, out bool exact)
    {
        ulong hint = HintOf(key, _prefixLength);
        ReadOnlySpan<Entry> entries = _entries.AsSpan(0, Count);
        int low = 0;
        int high = entries.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            ref readonly Entry entry = ref entries[middle];
            int order = entry.Hint != hint
                ? entry.Hint.CompareTo(hint)
                : entry.Item.Key.SequenceCompareTo(key);
            if (order == 0)
            {
                exact = true;
                return middle;
            }

            if (order < 0)
                low = middle + 1;
            else
                high = middle;
        }

        exact = false;
        return low;
    }

    private MapPage OwnedBy(WriteToken token) => ReferenceEquals(_token, token) ? this
        : new(IsLeaf, token, [.. _entries]) { Count = Count, _low = _low, _prefixLength = _prefixLength };

    /// <summary>Inserts an entry; a full page gives its upper part away.</summary>
    private MapPage? InsertOrSplit(int at, KeyedItem item)
    {
        if (Count < Width)
        {
            InsertAt(at, item);
            return null;
        }

        // Keys often come in ascending order: then the full page stays full, and does not remain half empty
        // for ever.
        int keep = at == Width ? Width : Width / 2;
        int give = Width - keep;
        MapPage right = new(IsLeaf, _token, new Entry[Math.Max(CapacityMin, give)]) { Count = give };
        _entries.AsSpan(keep).CopyTo(right._entries);
        _entries.AsSpan(keep).Clear();
        Count = keep;
        if (at < keep)
            InsertAt(at, item);
        else
            right.InsertAt(at - keep, item);

        SetHints();
        right.SetHints();
        right._low = right.LowestKey();
        return right;
    }

    /// <summary>Merges the children at <paramref name="left"/> and right of it, unless the result would soon
    /// split again.</summary>
    private void MergeAt(int left)
    {
        MapPage from = ChildAt(left + 1);
        if (ChildAt(left).Count + from.Count > MergedMax)
            return;

        MapPage into = ChildAt(left).OwnedBy(_token);
        Array.Resize(ref into._entries, Width);
        from._entries.AsSpan(0, from.Count).CopyTo(into._entries.AsSpan(into.Count));
        into.Count += from.Count;
        into.SetHints();
        _entries[left].Item = into;
        RemoveAt(left + 1);
    }

    private void InsertAt(int at, KeyedItem item)
    {
        if (Count == _entries.Length)
            Array.Resize(ref _entries, Math.Min(Width, 2 * Count));

        _entries.AsSpan(at, Count - at).CopyTo(_entries.AsSpan(at + 1));
        _entries[at].Item = item;
        Count++;
        SetHint(at);
    }

    private void RemoveAt(int at)
    {
        Count--;
        _entries.AsSpan(at + 1, Count - at).CopyTo(_entries.AsSpan(at));
        _entries[Count] = default;
    }

    /// <summary>The smallest key of a leaf, or a bound below it for a branch.</summary>
    private byte[] LowestKey() => IsLeaf ? ItemAt(0).Key.ToArray() : ChildAt(0)._low!;

    private void SetHint(int at)
    {
        ReadOnlySpan<byte> key = _entries[at].Item.Key;
        ReadOnlySpan<byte> farthest = _entries[at == 0 ? Count - 1 : 0].Item.Key;
        if (Count == 1 || key.CommonPrefixLength(farthest) < _prefixLength)
            SetHints();
        else
            _entries[at].Hint = HintOf(key, _prefixLength);
    }

    private void SetHints()
    {
        // Sorted keys: what the first and the last share, all share.
        _prefixLength = _entries[0].Item.Key.CommonPrefixLength(_entries[Count - 1].Item.Key);
        for (int i = 0; i < Count; i++)
        {
            _entries[i].Hint = HintOf(_entries[i].Item.Key, _prefixLength);
        }
    }

    private static ulong HintOf(ReadOnlySpan<byte> key, int prefixLength)
    {
        if (key.Length - prefixLength >= sizeof(ulong))
            return BinaryPrimitives.ReadUInt64BigEndian(key[prefixLength..]);

        ulong hint = 0;
        for (int i = 0; i < sizeof(ulong); i++)
        {
            hint = (hint << 8) | (prefixLength + i < key.Length ? key[prefixLength + i] : (byte)0);
        }

        return hint;
    }

    private struct Entry
    {
        public ulong Hint;
        public KeyedItem Item;
    }
}
