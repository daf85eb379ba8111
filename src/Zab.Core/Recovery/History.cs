using System;
using System.Collections.Generic;
using Zab.Core.Primitives;

namespace Zab.Core.Recovery;

/// <summary>The newest part of a server's history, in memory: what it would find on its disk, were all writes
/// done.</summary>
/// <remarks>Contiguous by construction: an entry that does not follow the last one, by zxid or by hash, is
/// refused (R6). Entries are addressed by an index that counts from the first entry ever held and never
/// changes. The window always reaches back to everything that is not applied yet. Not thread-safe. Source:
/// ZooKeeper's <c>committedLog</c>, made to cover the log's tail.</remarks>
internal sealed class History(LogPosition start)
{
    private readonly List<HistoryEntry> _entries = [];
    private long _first;
    private long _bytes;

    /// <summary>The position just before the first entry of the window.</summary>
    public LogPosition Base { get; private set; } = start;

    /// <summary>The position of the newest entry, or <see cref="Base"/>.</summary>
    public LogPosition Last => _entries.Count == 0 ? Base : _entries[^1].Position;

    /// <summary>The index of the first entry of the window.</summary>
    public long FirstIndex => _first;

    /// <summary>The index that the next entry will get.</summary>
    public long EndIndex => _first + _entries.Count;

    /// <summary>The bytes of the entries in the window.</summary>
    public long BytesHeld => _bytes - BytesBefore(_first);

    /// <summary>The entry at an index within the window.</summary>
    public HistoryEntry this[long index] => _entries[checked((int)(index - _first))];

    /// <summary>The bytes of all entries from the first ever held up to <paramref name="index"/>, not
    /// including it.</summary>
    public long BytesBefore(long index) =>
        index == EndIndex ? _bytes : this[index].BytesBefore;

    /// <summary>The position just before the entry at <paramref name="index"/>.</summary>
    public LogPosition PositionBefore(long index) => index == _first ? Base : this[index - 1].Position;

    /// <summary>The position that an entry of this zxid and body would get at the end of the
    /// history.</summary>
    public LogPosition PositionAfter(Zxid zxid, ReadOnlySpan<byte> body) =>
        new(zxid, Last.Chain.Extend(zxid, body));

    /// <summary>Appends an entry that must continue the history exactly.</summary>
    /// <returns>False, and nothing changed, when it leaves a gap or its hash differs.</returns>
    public bool TryAppend(LogPosition position, ReadOnlyMemory<byte> body)
    {
        if (!Last.Zxid.IsFollowedBy(position.Zxid) || PositionAfter(position.Zxid, body.Span) != position)
        {
            return false;
        }

        _entries.Add(new HistoryEntry(position, body, _bytes));
        _bytes += body.Length;
        return true;
    }

    /// <summary>Whether this history, as far as the window reaches, passes through the position.</summary>
    public bool Contains(LogPosition position) => TryFindEnd(position, out _);

    /// <summary>Finds the index just after the position.</summary>
    public bool TryFindEnd(LogPosition position, out long end)
    {
        end = IndexAfter(position.Zxid);
        return PositionBefore(end) == position;
    }

    /// <summary>The newest position of the window that is not after <paramref name="zxid"/>; the base when
    /// none is.</summary>
    public LogPosition LastNotAfter(Zxid zxid) => PositionBefore(IndexAfter(zxid));

    /// <summary>Drops every entry after the position, which the window must contain.</summary>
    public void TruncateAfter(LogPosition position)
    {
        Invariant.Holds(TryFindEnd(position, out long end));
        _bytes = BytesBefore(end);
        _entries.RemoveRange((int)(end - _first), (int)(EndIndex - end));
    }

    /// <summary>Forgets everything: the history now is the snapshot at the position.</summary>
    public void RestartFrom(LogPosition position)
    {
        _first = EndIndex;
        _entries.Clear();
        Base = position;
    }

    /// <summary>Shrinks the window to about the given bounds, but never past
    /// <paramref name="keepFrom"/>.</summary>
    public void Trim(Zxid keepFrom, int entriesMax, long bytesMax)
    {
        long limit = IndexAfter(keepFrom);
        long cut = _first;
        while (cut < limit && (EndIndex - cut > entriesMax || _bytes - BytesBefore(cut) > bytesMax))
        {
            cut++;
        }

        // Removing from the front moves the rest: do it in large pieces.
        if (cut - _first < (entriesMax / 4) + 1 && cut < limit)
        {
            return;
        }

        if (cut > _first)
        {
            Base = PositionBefore(cut);
            _entries.RemoveRange(0, (int)(cut - _first));
            _first = cut;
        }
    }

    /// <summary>The last position of each epoch after <paramref name="known"/>, newest first, ending with
    /// <paramref name="known"/>.</summary>
    /// <remarks>A leader needs no more to find where another history left its own: everything up to
    /// <paramref name="known"/>, the committed position, is part of every leader's history.</remarks>
    public List<LogPosition> EpochEndsDownTo(LogPosition known)
    {
        List<LogPosition> ends = [];
        for (long index = EndIndex; index > _first && PositionBefore(index).Zxid > known.Zxid; index--)
        {
            LogPosition position = PositionBefore(index);
            if (ends.Count == 0 || ends[^1].Zxid.Epoch != position.Zxid.Epoch)
            {
                ends.Add(position);
            }
        }

        ends.Add(known);
        return ends;
    }

    private long IndexAfter(Zxid zxid)
    {
        int low = 0;
        int high = _entries.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_entries[middle].Position.Zxid <= zxid)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return _first + low;
    }
}
