using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Zab.Core.Tree;

/// <summary>A page with room for a certain number of entries.</summary>
/// <typeparam name="THints">An inline array of that many hints, a multiple of 8.</typeparam>
/// <typeparam name="TEntries">An inline array of as many entries.</typeparam>
internal sealed class SizedPage<THints, TEntries> : MapPage
    where THints : struct
    where TEntries : struct
{
    private THints _hints;
    private TEntries _entries;

    /// <summary>Makes a page without entries.</summary>
    public SizedPage(bool isLeaf, WriteToken token)
        : base(isLeaf, token) => Hints.Fill(MapHint.None);

    /// <inheritdoc/>
    protected override Span<int> Hints => MemoryMarshal.CreateSpan(ref FirstHint, Room);

    /// <inheritdoc/>
    protected override Span<KeyedItem?> Entries => MemoryMarshal.CreateSpan(ref FirstEntry, Room);

    private static int Room => Unsafe.SizeOf<THints>() / sizeof(int);

    private ref int FirstHint => ref Unsafe.As<THints, int>(ref _hints);

    private ref KeyedItem? FirstEntry => ref Unsafe.As<TEntries, KeyedItem?>(ref _entries);

    /// <inheritdoc/>
    protected override int CountBelow(int hint)
    {
        ref int first = ref FirstHint;
        Vector256<int> bound = Vector256.Create(hint);
        int count = 0;
        for (int i = 0; i < Room; i += Vector256<int>.Count)
        {
            Vector256<int> below = Vector256.LessThan(Vector256.LoadUnsafe(ref first, (nuint)i), bound);
            count += BitOperations.PopCount(below.ExtractMostSignificantBits());
        }

        return count;
    }

    /// <inheritdoc/>
    protected override KeyedItem Nearest(int hint, out int at)
    {
        int below = CountBelow(hint);
        if (below < Count && Hints[below] == hint)
        {
            at = below;
            return Entries[below]!;
        }

        at = -1;
        return Entries[Math.Max(0, below - 1)]!;
    }
}

/// <summary>Room for 8 hints.</summary>
[InlineArray(8)]
internal struct Hints8
{
    private int _first;
}

/// <summary>Room for 8 entries.</summary>
[InlineArray(8)]
internal struct Entries8
{
    private KeyedItem? _first;
}

/// <summary>Room for 16 hints.</summary>
[InlineArray(16)]
internal struct Hints16
{
    private int _first;
}

/// <summary>Room for 16 entries.</summary>
[InlineArray(16)]
internal struct Entries16
{
    private KeyedItem? _first;
}

/// <summary>Room for 32 hints.</summary>
[InlineArray(32)]
internal struct Hints32
{
    private int _first;
}

/// <summary>Room for 32 entries.</summary>
[InlineArray(32)]
internal struct Entries32
{
    private KeyedItem? _first;
}
