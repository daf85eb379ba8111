using System;
using System.Runtime.CompilerServices;
using Zab.Core.Primitives;

namespace Zab.Core.Tree;

/// <summary>One page of a <see cref="PersistentMap{TItem}"/>: a leaf holds items, a branch holds
/// pages.</summary>
/// <remarks>
/// <para>The key of a page is a bound that lies on or below every key in it, and above every key of the page
/// to its left. So leaves and branches are searched, split and merged by the same code.</para>
/// <para>Beside each entry stands a <see cref="MapHint"/>: the bytes of its key that follow the prefix common
/// to the whole page, as a number. A search compares hints, and looks into an item only where two are
/// equal.</para>
/// <para>A search of a large tree waits for memory, and for little else. So hints and entries lie in the page
/// itself, not in arrays behind it, and all hints are compared at once, in a few cache lines that lie side by
/// side, where a binary search would wait for one line after another. Pages come in several sizes
/// (<see cref="SizedPage{THints, TEntries}"/>), as most parents have few children.</para>
/// </remarks>
internal abstract class MapPage : KeyedItem
{
    /// <summary>The most entries in a page.</summary>
    public const int Width = 32;

    private const int SparseBelow = Width / 4;
    private const int MergedMax = Width * 3 / 4;

    private readonly WriteToken _token;
    private readonly bool _isLeaf;
    private byte[]? _low; // null in a page that was never the child of another.
    private int _prefixLength;
    private int _count;

    /// <summary>Makes a page without entries.</summary>
    protected MapPage(bool isLeaf, WriteToken token)
    {
        _isLeaf = isLeaf;
        _token = token;
    }

    /// <summary>Whether the entries are items, not pages.</summary>
    public bool IsLeaf => _isLeaf;

    /// <summary>The number of entries.</summary>
    public int Count => _count;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Key => _low;

    /// <summary>The hints in ascending order, then <see cref="MapHint.None"/> in every free
    /// place.</summary>
    protected abstract Span<int> Hints { get; }

    /// <summary>The entries, then free places.</summary>
    protected abstract Span<KeyedItem?> Entries { get; }

    /// <summary>A leaf with one item.</summary>
    public static MapPage LeafOf(KeyedItem item, WriteToken token)
    {
        MapPage page = WithRoom(1, isLeaf: true, token);
        page.InsertAt(0, item);
        return page;
    }

    /// <summary>The branch over the two halves of a root that was split.</summary>
    public static MapPage Above(MapPage left, MapPage right, WriteToken token)
    {
        left._low ??= left.LowestKey();
        MapPage page = WithRoom(2, isLeaf: false, token);
        page.InsertAt(0, left);
        page.InsertAt(1, right);
        return page;
    }

    /// <summary>The item at a place of a leaf, or the page at a place of a branch.</summary>
    public KeyedItem EntryAt(int at) => Entries[at]!;

    /// <summary>The page at a place of a branch.</summary>
    public MapPage ChildAt(int at) => Unsafe.As<MapPage>(Entries[at]!); // a branch holds nothing else

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
        KeyedItem near = Nearest(MapHint.Of(key, _prefixLength), out int at);
        while (!page._isLeaf)
        {
            if (at >= 0)
            {
                int child = page.FindByKey(key, at, out bool isBound);
                near = page.ChildAt(Math.Max(0, isBound ? child : child - 1));
            }

            page = Unsafe.As<MapPage>(near);
            near = page.Nearest(MapHint.Of(key, page._prefixLength), out at);
        }

        if (at >= 0 && near.Key.SequenceEqual(key))
            return near;

        return GetWithCare(key);
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
                page.Entries[at] = item;
            else
                right = InsertOrSplit(ref page, at, item);

            return page;
        }

        int index = page.ChildFor(item.Key);
        page.Entries[index] = page.ChildAt(index).Insert(item, token, out MapPage? split, out added);
        if (index == 0)
            page.SetHint(0); // The child's bound may have sunk.
        if (split is not null)
            right = InsertOrSplit(ref page, index + 1, split);

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
        page.Entries[index] = child;
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
        return exact ? page.EntryAt(at) : null;
    }

    /// <summary>How many entries have a hint below this.</summary>
    protected abstract int CountBelow(int hint);

    /// <summary>The first entry with this hint, and its place; where there is none, the last entry below it,
    /// or the first of all, and -1.</summary>
    protected abstract KeyedItem Nearest(int hint, out int at);

    /// <summary>The place of the child that has, or would have, the key.</summary>
    private int ChildFor(ReadOnlySpan<byte> key) => Math.Max(0, FirstAbove(key) - 1);

    /// <summary>The place of the key, or the place where it would stand.</summary>
    private int Find(ReadOnlySpan<byte> key, out bool exact)
    {
        ReadOnlySpan<byte> prefix = EntryAt(0).Key[.._prefixLength];
        int order = prefix.SequenceCompareTo(key[..Math.Min(_prefixLength, key.Length)]);
        if (order == 0)
            return FindByHint(key, out exact);

        exact = false;
        return order > 0 ? 0 : _count;
    }

    /// <summary>The same for a key that starts with the prefix of the page.</summary>
    private int FindByHint(ReadOnlySpan<byte> key, out bool exact)
    {
        int hint = MapHint.Of(key, _prefixLength);
        int at = CountBelow(hint);
        exact = false;
        return at == _count || Hints[at] != hint ? at : FindByKey(key, at, out exact);
    }

    /// <summary>The same among the entries that have the hint of the one at <paramref name="first"/>: mostly
    /// that one alone.</summary>
    private int FindByKey(ReadOnlySpan<byte> key, int first, out bool exact)
    {
        ReadOnlySpan<KeyedItem?> entries = Entries[.._count];
        exact = false;
        int low = first;
        int high = first + Hints[first.._count].LastIndexOf(Hints[first]) + 1;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            int order = entries[middle]!.Key.SequenceCompareTo(key);
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

        return low;
    }

    private static MapPage WithRoom(int count, bool isLeaf, WriteToken token) => count switch
    {
        <= 8 => new SizedPage<Hints8, Entries8>(isLeaf, token),
        <= 16 => new SizedPage<Hints16, Entries16>(isLeaf, token),
        _ => new SizedPage<Hints32, Entries32>(isLeaf, token),
    };

    private MapPage OwnedBy(WriteToken token) => ReferenceEquals(_token, token) ? this : Copy(_count, token);

    /// <summary>A copy that has room for at least so many entries.</summary>
    private MapPage Copy(int room, WriteToken token)
    {
        MapPage copy = WithRoom(room, _isLeaf, token);
        Hints[.._count].CopyTo(copy.Hints);
        Entries[.._count].CopyTo(copy.Entries);
        copy._low = _low;
        copy._prefixLength = _prefixLength;
        copy._count = _count;
        return copy;
    }

    /// <summary>Inserts an entry; a full page gives its upper part away.</summary>
    /// <param name="page">The page; where it has no room but may grow, a larger one takes its place.</param>
    /// <param name="at">Where.</param>
    /// <param name="item">The entry.</param>
    /// <returns>The upper part, or null.</returns>
    private static MapPage? InsertOrSplit(ref MapPage page, int at, KeyedItem item)
    {
        int count = page._count;
        if (count < Width)
        {
            if (count == page.Entries.Length)
                page = page.Copy(count + 1, page._token);

            page.InsertAt(at, item);
            return null;
        }

        // Keys often come in ascending order: then the full page stays full, and does not remain half empty
        // for ever.
        int keep = at == Width ? Width : Width / 2;
        MapPage right = WithRoom(Width - keep + 1, page._isLeaf, page._token);
        page.Entries[keep..].CopyTo(right.Entries);
        right._count = Width - keep;
        page.Truncate(keep);
        if (at < keep)
            page.InsertAt(at, item);
        else
            right.InsertAt(at - keep, item);

        page.SetHints();
        right.SetHints();
        right._low = right.LowestKey();
        return right;
    }

    /// <summary>Merges the children at <paramref name="left"/> and right of it, unless the result would soon
    /// split again.</summary>
    private void MergeAt(int left)
    {
        MapPage from = ChildAt(left + 1);
        int sum = ChildAt(left)._count + from._count;
        if (sum > MergedMax)
            return;

        MapPage into = ChildAt(left).OwnedBy(_token);
        if (into.Entries.Length < sum)
            into = into.Copy(sum, _token);

        from.Entries[..from._count].CopyTo(into.Entries[into._count..]);
        into._count = sum;
        into.SetHints();
        Entries[left] = into;
        RemoveAt(left + 1);
    }

    private void InsertAt(int at, KeyedItem item)
    {
        Span<KeyedItem?> entries = Entries;
        Span<int> hints = Hints;
        entries[at.._count].CopyTo(entries[(at + 1)..]);
        hints[at.._count].CopyTo(hints[(at + 1)..]);
        entries[at] = item;
        _count++;
        SetHint(at);
    }

    private void RemoveAt(int at)
    {
        Entries[(at + 1).._count].CopyTo(Entries[at..]);
        Hints[(at + 1).._count].CopyTo(Hints[at..]);
        Truncate(_count - 1);
    }

    /// <summary>Frees the places from <paramref name="count"/> on.</summary>
    private void Truncate(int count)
    {
        Entries[count..].Clear();
        Hints[count..].Fill(MapHint.None);
        _count = count;
    }

    /// <summary>The smallest key of a leaf, or a bound below it for a branch.</summary>
    private byte[] LowestKey() => IsLeaf ? EntryAt(0).Key.ToArray() : ChildAt(0)._low!;

    private void SetHint(int at)
    {
        ReadOnlySpan<byte> key = EntryAt(at).Key;
        ReadOnlySpan<byte> farthest = EntryAt(at == 0 ? _count - 1 : 0).Key;
        if (_count == 1 || key.CommonPrefixLength(farthest) < _prefixLength)
            SetHints();
        else
            Hints[at] = MapHint.Of(key, _prefixLength);
    }

    private void SetHints()
    {
        // Sorted keys: what the first and the last share, all share.
        ReadOnlySpan<KeyedItem?> entries = Entries[.._count];
        Span<int> hints = Hints;
        _prefixLength = entries[0]!.Key.CommonPrefixLength(entries[^1]!.Key);
        for (int i = 0; i < entries.Length; i++)
        {
            hints[i] = MapHint.Of(entries[i]!.Key, _prefixLength);
        }
    }
}
