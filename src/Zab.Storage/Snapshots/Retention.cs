using Zab.Core.Primitives;
using Zab.Storage.Io;
using Zab.Storage.Log;

namespace Zab.Storage.Snapshots;

/// <summary>Deletes what no recovery needs any more.</summary>
internal static class Retention
{
    /// <summary>Keeps the newest good snapshots and the log from the oldest of them on.</summary>
    /// <remarks>
    /// <para>Snapshots are read before they are counted: one that is damaged keeps nothing else from being
    /// needed. With fewer than two good ones the log is the only other copy and stays whole, but for what an
    /// install made void.</para>
    /// <para>Snapshots go before segments, and segments oldest first, each for good before the next: whatever
    /// a crash leaves is a log without a hole.</para>
    /// </remarks>
    public static void Purge(IStorageIo io, OpenedStore store, int retained)
    {
        History history = store.State.History;
        IReadOnlyList<LogPosition> snapshots = store.Shelf.List();
        List<LogPosition> kept = [];
        foreach (LogPosition position in snapshots)
        {
            if (kept.Count < retained && SnapshotShelf.IsReached(position, store.State, store.Segments)
                && store.Shelf.Fault(position) is null)
            {
                kept.Add(position);
            }
        }

        LogPosition needed = kept.Count >= 2 ? kept[^1] : history.Base;
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
