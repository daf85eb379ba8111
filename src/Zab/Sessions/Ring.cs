using System.Numerics;

namespace Zab.Sessions;

/// <summary>A queue whose elements can be reached by number. It has as much room as it ever needed.</summary>
/// <typeparam name="T">The elements.</typeparam>
internal sealed class Ring<T>
{
    private const int CapacityMin = 16;

    private T[] _items = new T[CapacityMin];

    /// <summary>The number of the first element: how many were removed so far.</summary>
    public long First { get; private set; }

    /// <summary>The number that the next element gets.</summary>
    public long End { get; private set; }

    /// <summary>How many elements there are.</summary>
    public int Count => (int)(End - First);

    /// <summary>An element by its number.</summary>
    public T this[long number] => _items[number & (_items.Length - 1)];

    /// <summary>Adds an element at the end.</summary>
    public void Add(T item)
    {
        if (Count == _items.Length)
        {
            Grow();
        }

        _items[End++ & (_items.Length - 1)] = item;
    }

    /// <summary>Takes the first element out.</summary>
    public T RemoveFirst()
    {
        ref T first = ref _items[First++ & (_items.Length - 1)];
        T item = first;
        first = default!;
        return item;
    }

    /// <summary>The number of the first element that is above a zxid; <see cref="End"/> when there is none.
    /// The elements are in the order of their zxids.</summary>
    /// <param name="isAbove">Whether an element is.</param>
    public long FirstWhere(Func<T, bool> isAbove)
    {
        (long low, long high) = (First, End);
        while (low < high)
        {
            long middle = low + ((high - low) / 2);
            (low, high) = isAbove(this[middle]) ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private void Grow()
    {
        T[] larger = new T[BitOperations.RoundUpToPowerOf2((uint)_items.Length + 1)];
        for (long number = First; number < End; number++)
        {
            larger[number & (larger.Length - 1)] = this[number];
        }

        _items = larger;
    }
}
