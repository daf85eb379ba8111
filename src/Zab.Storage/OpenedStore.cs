using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Storage.Format;
using Zab.Storage.Io;
using Zab.Storage.Log;
using Zab.Storage.Snapshots;

namespace Zab.Storage;

/// <summary>A store that was read, verified and put in order.</summary>
internal sealed class OpenedStore : IDisposable
{
    private OpenedStore(LogScan scan, ActiveLog log, SnapshotShelf shelf, LogRecovery recovery)
    {
        Segments = scan.Segments;
        State = scan.State;
        TornBytes = scan.DirtyEnd - scan.End;
        Log = log;
        Shelf = shelf;
        Recovery = recovery;
    }

    public SegmentList Segments { get; }

    public StreamState State { get; }

    public ActiveLog Log { get; }

    public SnapshotShelf Shelf { get; }

    public LogRecovery Recovery { get; }

    /// <summary>The bytes that were cut off the end.</summary>
    public long TornBytes { get; }

    /// <summary>Whether everything in the log is durable.</summary>
    public bool IsFlushed { get; private set; } = true;

    /// <summary>Reads everything, verifies it, and only then puts in order what a crash left.</summary>
    /// <remarks>A crash here is harmless: each step can be repeated, and none takes away what another opening
    /// needs.</remarks>
    public static OpenedStore Open(IStorageIo io, LogIdentity identity, FileLogStoreOptions options)
    {
        LogScan scan = LogScan.Read(io, identity, SegmentNumbers(io, identity, options));
        SnapshotShelf shelf = new(io, scan.Segments.Newest.Header);
        shelf.RefuseStrangers(scan.State);
        LogPosition? snapshot = shelf.Newest(scan.State, scan.Segments);
        int start = scan.Segments.IndexOfStart(snapshot ?? LogPosition.Start);
        Check.Holds(start >= 0);

        RecordWriter writer = TailRepair.Repair(io, scan);
        try
        {
            DeleteLeftovers(io, shelf, scan.State);
            io.FlushDirectory();
            ActiveLog log = new(io, scan.Segments, writer, scan.State.Tail, options.SegmentBytes);
            return new OpenedStore(scan, log, shelf, RecoveryReader.Read(io, scan, start, snapshot));
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Something was added to the log.</summary>
    public void Unflushed() => IsFlushed = false;

    /// <summary>The log was flushed.</summary>
    public void Flushed() => IsFlushed = true;

    public void Dispose() => Log.Dispose();

    private static List<long> SegmentNumbers(IStorageIo io, LogIdentity identity, FileLogStoreOptions options)
    {
        List<long> numbers = [];
        bool hasSnapshots = false;
        foreach (string name in io.List())
        {
            hasSnapshots |= FileNames.TryParseSnapshot(name, out _);
            if (FileNames.TryParseSegment(name, out long number))
            {
                numbers.Add(number);
            }
        }

        if (numbers.Count == 0)
        {
            // A snapshot alone is no store: the promises were in the log (R5).
            if (hasSnapshots)
            {
                throw Damage.In(io.Directory, "there are snapshots, and the log is missing");
            }

            numbers.Add(
                ActiveLog.CreateFirst(io, identity, io.NewSalt(), options.SegmentBytes).Header.Number);
        }

        numbers.Sort();
        return numbers;
    }

    // Unfinished files; and snapshots that the log does not know: cut off since, or never installed.
    private static void DeleteLeftovers(IStorageIo io, SnapshotShelf shelf, StreamState state)
    {
        foreach (string name in io.List())
        {
            if (FileNames.IsTemporary(name))
            {
                io.Delete(name);
            }
        }

        foreach (LogPosition position in shelf.List())
        {
            if (!state.History.Contains(position))
            {
                shelf.Delete(position);
            }
        }
    }
}
