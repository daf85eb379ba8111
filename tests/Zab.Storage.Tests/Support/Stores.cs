using System.Text;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Testing.Simulation.Disks;
using Zab.Testing.Storage;

namespace Zab.Storage.Tests.Support;

/// <summary>Short words for the set-up of tests on a simulated disk.</summary>
internal static class Stores
{
    public const string FirstSegment = "log.0000000000000001";

    public static readonly LogIdentity Identity = new("ensemble", new ServerId(3));

    public static FileLogStore New(SimulatedDisk disk) =>
        new(
            new FileLogStoreOptions { Directory = "x", SegmentBytes = 16 * 1024, SnapshotsRetained = 2 },
            disk);

    /// <summary>Appends and flushes each record by itself.</summary>
    public static void AppendEach(this FileLogStore store, params ReadOnlySpan<LogRecord> records)
    {
        foreach (LogRecord record in records)
        {
            store.Append([record]);
            store.Flush();
        }
    }

    public static void Snapshot(this FileLogStore store, LogPosition position)
    {
        using ISnapshotWriter writer = store.CreateSnapshot(position);
        writer.Write(Encoding.UTF8.GetBytes($"state at {position}"));
        writer.Write("and more"u8);
        writer.Publish();
    }

    /// <summary>Opens a store, reads all of it, and closes it.</summary>
    public static RecoveredState Recover(SimulatedDisk disk)
    {
        using FileLogStore store = New(disk);
        return RecoveredState.Of(store.Open(Identity));
    }

    /// <summary>What a recovery found, as one text: equal texts mean equal histories.</summary>
    public static string Describe(RecoveredState state) =>
        $"{state.Base} {state.Head} {state.Epochs} {state.Snapshot} {state.SnapshotChunks.Count} " +
        $"{state.Entries.Count}";

    /// <summary>A disk with three segments: each several batches long, flushed one by one.</summary>
    public static SimulatedDisk ThreeSegments(ulong seed = 1)
    {
        SimulatedDisk disk = new(seed) { IsTraced = true };
        using FileLogStore store = New(disk);
        store.Open(Identity);
        HistoryWriter history = new();
        store.AppendEach(LogRecord.EpochChange(new Epochs(1, 1)));
        for (int i = 0; i < 7; i++)
        {
            store.AppendEach(history.Next(1, new byte[4000]), history.Next(1, "small"));
        }

        Assert.Equal(3, disk.List().Count);
        return disk;
    }
}
