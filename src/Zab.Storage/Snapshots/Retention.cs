using Zab.Core.Primitives;
using Zab.Storage.Io;
using Zab.Storage.Log;

namespace Zab.Storage.Snapshots;

/// <summary>Deletes what no recovery needs any more.</summary>
internal static class Retention
{
    /// <summary>Keeps the newest good snapshots and the log from the oldest of them on.</summary>
    /// <remarks>
    /// <para>Snapshots are verified before they are counted: one that is damaged keeps nothing else from
    /// being needed. With fewer than two good ones the log is the only other copy and stays whole, but for
    /// what an install made void.</para>
    /// <para>The log waits while this reads, so it reads one snapshot at most. While others that count were
    /// not read by this process it deletes nothing for their sake; the next call goes on.</para>
    /// <para>Snapshots go before segments, and segments oldest first, each for good before the next: whatever
    /// a crash leaves is a log without a hole.</para>
    /// </remarks>
    public static void Purge(IStorageIo io, OpenedStore store, int retained)
    {
        History history = store.State.History;
        IReadOnlyList<LogPosition> snapshots = store.Shelf.List();
        LogPosition needed = OldestKept(store, snapshots, retained) ?? history.Base;
        foreach (LogPosition position in snapshots)
        {
            if (!history.Contains(position) || position.Zxid < needed.Zxid)
            {
                store.Shelf.Delete(position);
            }
        }

        io.FlushDirectory();
        PurgeSegments(io, store.Segments, needed);
        if (store.Segments.All[0].Start is { } start)
        {
            history.TrimTo(start);
        }
    }

    // Null when too few are good, or not all that may count are known to be.
    private static LogPosition? OldestKept(
        OpenedStore store, IReadOnlyList<LogPosition> snapshots, int retained)
    {
        List<LogPosition> kept = [];
        bool hasRead = false;
        foreach (LogPosition position in snapshots)
        {
            if (kept.Count == retained)
            {
                break;
            }

            if (!SnapshotShelf.IsReached(position, store.State, store.Segments))
            {
                continue;
            }

            if (!store.Shelf.IsRead(position))
            {
                if (hasRead)
                {
                    return null;
                }

                hasRead = true;
            }

            if (store.Shelf.Fault(position) is null)
            {
                kept.Add(position);
            }
        }

        return kept.Count >= 2 ? kept[^1] : null;
    }

    private static void PurgeSegments(IStorageIo io, SegmentList segments, LogPosition needed)
    {
        int count = segments.IndexOfStart(needed);
        for (int i = 0; i < count; i++)
        {
            io.Delete(segments.All[0].Name);
            io.FlushDirectory();
            segments.RemoveOldest();
        }
    }
}
