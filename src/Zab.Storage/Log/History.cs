using Zab.Core.Primitives;

namespace Zab.Storage.Log;

/// <summary>The positions of the history that the log holds, after all truncations and installs.</summary>
/// <remarks>16 bytes an entry that is kept; purging shortens it. Not thread-safe.</remarks>
internal sealed class History(LogPosition start)
{
    private readonly List<LogPosition> _entries = [];

    /// <summary>The position before the first entry.</summary>
    public LogPosition Base { get; private set; } = start;

    /// <summary>The position of the last entry; <see cref="Base"/> when there is none.</summary>
    public LogPosition Head => _entries.Count > 0 ? _entries[^1] : Base;

    /// <summary>Adds an entry. False when it does not continue the history (R6).</summary>
    public bool TryAppend(LogPosition position, ReadOnlySpan<byte> body)
    {
        LogPosition head = Head;
        if (!head.Zxid.IsFollowedBy(position.Zxid)
            || head.Chain.Extend(position.Zxid, body) != position.Chain)
        {
            return false;
        }

        _entries.Add(position);
        return true;
    }

    /// <summary>Removes every entry after a position. False when the position is not of this
    /// history.</summary>
    public bool TryTruncate(LogPosition position)
    {
        int count = CountTo(position);
        if (count < 0)
        {
            return false;
        }

        _entries.RemoveRange(count, _entries.Count - count);
        return true;
    }

    /// <summary>Begins anew at a position.</summary>
    public void Install(LogPosition position)
    {
        _entries.Clear();
        Base = position;
    }

    /// <summary>Whether the history goes through a position.</summary>
    public bool Contains(LogPosition position) => CountTo(position) >= 0;

    /// <summary>Forgets the entries up to a position of this history: its files are gone.</summary>
    public void TrimTo(LogPosition position)
    {
        int count = CountTo(position);
        Check.Holds(count >= 0);
        _entries.RemoveRange(0, count);
        Base = position;
    }

    // How many entries lead up to the position; -1 when it is not of this history. Zxids ascend.
    private int CountTo(LogPosition position)
    {
        if (position == Base)
        {
            return 0;
        }

        int index = _entries.BinarySearch(position, ByZxid.Instance);
        return index >= 0 && _entries[index] == position ? index + 1 : -1;
    }

    private sealed class ByZxid : IComparer<LogPosition>
    {
        public static readonly ByZxid Instance = new();

        public int Compare(LogPosition x, LogPosition y) => x.Zxid.CompareTo(y.Zxid);
    }
}
