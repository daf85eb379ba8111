using Zab.Storage.Tests.Support;
using Zab.Testing.Simulation.Disks;
using Zab.Testing.Storage;

namespace Zab.Storage.Tests;

/// <summary>The log waits for a purge, which hence reads a snapshot once in the life of a process, and one
/// at a time.</summary>
public sealed class RetentionTests
{
    [Fact]
    public void Purging_after_a_new_snapshot_reads_none()
    {
        SimulatedDisk disk = WithSnapshots(4, out HistoryWriter history);
        using FileLogStore store = Opened(disk, retained: 3);
        TakeSnapshot(store, history);
        store.Purge();
        TakeSnapshot(store, history);

        Assert.Empty(ReadByPurge(disk, store));

        Assert.Equal(3, Snapshots(disk).Length);
    }

    [Fact]
    public void Purging_reads_snapshots_of_an_earlier_process_one_at_a_time_and_deletes_none_before_the_last()
    {
        SimulatedDisk disk = WithSnapshots(6, out _);
        string[] snapshots = Snapshots(disk);
        using FileLogStore store = Opened(disk, retained: 4);

        Assert.Equal([snapshots[4]], ReadByPurge(disk, store));
        Assert.Equal(snapshots, Snapshots(disk));
        Assert.Contains(Stores.FirstSegment, disk.List());
        Assert.Equal([snapshots[3]], ReadByPurge(disk, store));
        Assert.Equal(snapshots, Snapshots(disk));
        Assert.Contains(Stores.FirstSegment, disk.List());
        Assert.Equal([snapshots[2]], ReadByPurge(disk, store));
        Assert.Equal(snapshots[2..], Snapshots(disk));
        Assert.DoesNotContain(Stores.FirstSegment, disk.List());
        Assert.Empty(ReadByPurge(disk, store));
    }

    [Fact]
    public void A_damaged_snapshot_of_an_earlier_process_is_read_once_and_never_counts()
    {
        SimulatedDisk disk = WithSnapshots(4, out _);
        string[] snapshots = Snapshots(disk);
        disk.FlipBit(snapshots[2], 4100, bit: 0);
        using FileLogStore store = Opened(disk, retained: 2);

        Assert.Equal([snapshots[2]], ReadByPurge(disk, store));
        Assert.Equal(snapshots, Snapshots(disk)); // the next one was not read yet
        Assert.Equal([snapshots[1]], ReadByPurge(disk, store));
        Assert.Equal(snapshots[1..], Snapshots(disk));
        Assert.Empty(ReadByPurge(disk, store));
    }

    [Fact]
    public void A_damaged_snapshot_counts_again_when_it_was_taken_anew()
    {
        SimulatedDisk disk = WithSnapshots(3, out HistoryWriter history);
        string[] snapshots = Snapshots(disk);
        disk.FlipBit(snapshots[2], 4100, bit: 0);
        using FileLogStore store = Opened(disk, retained: 2); // which sees the damage
        store.Snapshot(history.Head);

        Assert.Empty(ReadByPurge(disk, store));

        Assert.Equal(snapshots[1..], Snapshots(disk));
    }

    // Each snapshot is in a segment of its own.
    private static SimulatedDisk WithSnapshots(int count, out HistoryWriter history)
    {
        SimulatedDisk disk = new() { IsTraced = true };
        history = new HistoryWriter();
        using FileLogStore store = Opened(disk, retained: count);
        for (int i = 0; i < count; i++)
        {
            TakeSnapshot(store, history);
        }

        return disk;
    }

    private static FileLogStore Opened(SimulatedDisk disk, int retained)
    {
        FileLogStore store = new(
            new FileLogStoreOptions
            {
                Directory = "x",
                SegmentBytes = 16 * 1024,
                SnapshotsRetained = retained,
            },
            disk);
        store.Open(Stores.Identity);
        return store;
    }

    private static void TakeSnapshot(FileLogStore store, HistoryWriter history)
    {
        store.AppendEach(history.Next(1, new byte[9000]), history.Next(1, "b"));
        store.Snapshot(history.Head);
    }

    private static List<string> ReadByPurge(SimulatedDisk disk, FileLogStore store)
    {
        disk.Reads.Clear();
        store.Purge();
        return disk.Reads;
    }

    // The oldest first.
    private static string[] Snapshots(SimulatedDisk disk) => [.. disk.List().Where(name => name[0] == 's')];
}
