using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Storage.Io;
using Zab.Storage.Tests.Support;
using Zab.Testing.Simulation.Disks;
using Zab.Testing.Storage;

namespace Zab.Storage.Tests;

public sealed class FileLogStoreTests
{
    [Fact]
    public void One_append_is_one_write_and_one_flush_is_one_flush()
    {
        SimulatedDisk disk = new() { IsTraced = true };
        using FileLogStore store = Stores.New(disk);
        store.Open(Stores.Identity);
        HistoryWriter history = new();
        disk.Trace.Clear();

        store.Append([history.Next(1, "a"), history.Next(1, "b"), LogRecord.EpochChange(new Epochs(1, 1))]);
        store.Flush();
        store.Flush();

        Assert.Equal(["write", "flush"], disk.Trace.Select(operation => operation.Split(' ')[0]));
    }

    [Fact]
    public void A_failed_flush_is_never_tried_again()
    {
        SimulatedDisk disk = new() { IsTraced = true };
        using FileLogStore store = Stores.New(disk);
        store.Open(Stores.Identity);
        store.Append([new HistoryWriter().Next(1, "a")]);
        disk.ErrorIn = "flush log";
        Assert.Throws<IOException>(store.Flush);
        disk.ErrorIn = null;
        disk.Trace.Clear();

        Assert.Throws<IOException>(store.Flush);
        Assert.Throws<IOException>(() => store.Append([]));

        Assert.Empty(disk.Trace);
    }

    [Fact]
    public void A_full_disk_is_met_before_anything_in_the_next_segment_is_promised()
    {
        SimulatedDisk disk = new();
        HistoryWriter history = new();
        LogPosition promised;
        using (FileLogStore store = Stores.New(disk))
        {
            store.Open(Stores.Identity);
            store.AppendEach(history.Next(1, new byte[9000]));
            promised = history.Head;
            disk.ErrorIn = "allocate";

            Assert.Throws<IOException>(() => store.Append([history.Next(1, new byte[9000])]));
        }

        disk.Restart(PowerLoss.LosesAll);
        Assert.Equal(promised, Stores.Recover(disk).Head);
    }

    [Theory]
    [InlineData("create snapshot")]
    [InlineData("write snapshot")]
    [InlineData("flush snapshot")]
    [InlineData("rename snapshot")]
    public void A_snapshot_that_fails_leaves_nothing_and_the_log_goes_on(string failing)
    {
        SimulatedDisk disk = new();
        HistoryWriter history = new();
        using FileLogStore store = Stores.New(disk);
        store.Open(Stores.Identity);
        store.AppendEach(history.Next(1, "a"));
        disk.ErrorIn = failing;
        Assert.Throws<IOException>(() => store.Snapshot(history.Head));
        Assert.Equal([Stores.FirstSegment], disk.List());
        disk.ErrorIn = null;

        store.AppendEach(history.Next(1, "b"));
        store.Snapshot(history.Head);
        disk.Restart(PowerLoss.LosesAll);

        Assert.Equal(history.Head, Stores.Recover(disk).Snapshot);
    }

    [Fact]
    public void A_snapshot_is_durable_before_it_has_its_name_and_its_name_before_it_is_announced()
    {
        SimulatedDisk disk = new() { IsTraced = true };
        HistoryWriter history = new();
        using FileLogStore store = Stores.New(disk);
        store.Open(Stores.Identity);
        store.AppendEach(history.Next(1, "a"));
        disk.Trace.Clear();

        store.Snapshot(history.Head);

        Assert.Equal(
            ["create", "write", "write", "flush", "rename", "flush-directory"],
            disk.Trace.Select(operation => operation.Split(' ')[0]));
    }

    [Fact]
    public void An_installed_snapshot_is_durable_under_its_name_before_the_log_speaks_of_it()
    {
        SimulatedDisk disk = new() { IsTraced = true };
        using FileLogStore store = Stores.New(disk);
        store.Open(Stores.Identity);
        LogPosition position = new(Zxid.Of(2, 2), new ChainHash(7));
        store.Append([LogRecord.SnapshotBegin(position), LogRecord.SnapshotChunk(new byte[10])]);
        disk.Trace.Clear();

        store.Append([LogRecord.SnapshotInstall(position)]);

        Assert.Equal("write incoming.tmp", disk.Trace[0]);
        Assert.Equal("flush incoming.tmp", disk.Trace[1]);
        Assert.StartsWith("rename incoming.tmp", disk.Trace[2], StringComparison.Ordinal);
        Assert.Equal("flush-directory", disk.Trace[3]);
        Assert.StartsWith("write log.0000000000000002", disk.Trace[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Purging_keeps_the_newest_snapshots_and_the_log_from_the_oldest_of_them_on()
    {
        SimulatedDisk disk = new();
        HistoryWriter history = new();
        using FileLogStore store = Stores.New(disk);
        store.Open(Stores.Identity);
        List<LogPosition> snapshots = [];
        for (int i = 0; i < 6; i++)
        {
            store.AppendEach(history.Next(1, new byte[9000]), history.Next(1, "b"));
            store.Snapshot(history.Head);
            snapshots.Add(history.Head);
        }

        store.Purge();

        string[] names = [.. disk.List()];
        Assert.Equal(2, names.Count(name => name.StartsWith("snapshot", StringComparison.Ordinal)));
        // It begins at the older one.
        Assert.Equal(["log.0000000000000006"], names.Where(name => name[0] == 'l'));
        disk.Restart(PowerLoss.LosesAll);
        disk.FlipBit(names[^1], 4200, bit: 0); // and now the newest is damaged
        RecoveredState state = Stores.Recover(disk);
        Assert.Equal(snapshots[^2], state.Snapshot);
        Assert.Equal(history.Head, state.Head);
    }

    [Fact]
    public void A_damaged_snapshot_does_not_count_when_the_log_is_purged()
    {
        SimulatedDisk disk = new();
        HistoryWriter history = new();
        using FileLogStore store = Stores.New(disk);
        store.Open(Stores.Identity);
        for (int i = 0; i < 4; i++)
        {
            store.AppendEach(history.Next(1, new byte[9000]), history.Next(1, "b"));
            store.Snapshot(history.Head);
        }

        string[] names = [.. disk.List().Where(name => name[0] == 's')];
        foreach (string name in names.Skip(1))
        {
            disk.FlipBit(name, 4100, bit: 0);
        }

        store.Dispose();
        using FileLogStore reopened = Stores.New(disk);
        reopened.Open(Stores.Identity);
        reopened.Purge();

        // One good snapshot is not enough to let the log go.
        Assert.Contains(Stores.FirstSegment, disk.List());
        disk.Restart(PowerLoss.LosesAll);
        Assert.Equal(history.Head, Stores.Recover(disk).Head);
    }

    [Fact]
    public void A_stranger_is_told_whose_the_directory_is()
    {
        SimulatedDisk disk = Stores.ThreeSegments();
        using FileLogStore store = Stores.New(disk);

        InvalidDataException refusal = Assert.Throws<InvalidDataException>(
            () => store.Open(new LogIdentity("other", new ServerId(4))));

        Assert.Contains(
            "belongs to server 3 of the ensemble 'ensemble'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("a directory of its own", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_that_cannot_be_made_is_named_with_what_to_do()
    {
        using TemporaryDirectory directory = new();
        string file = Path.Combine(directory.FullName, "file");
        File.WriteAllText(file, "");
        using FileLogStore store = new(new FileLogStoreOptions { Directory = Path.Combine(file, "data") });

        IOException refused = Assert.Throws<IOException>(() => store.Open(Stores.Identity));

        Assert.Matches($"^The directory {file}/data cannot be made \\(.+\\)\\. Name one", refused.Message);
    }

    [Fact]
    public void A_second_store_is_told_which_directory_is_taken()
    {
        using TemporaryDirectory directory = new();
        FileLogStoreOptions options = new() { Directory = directory.FullName, SegmentBytes = 16 * 1024 };
        using FileLogStore first = new(options);
        first.Open(Stores.Identity);
        using FileLogStore second = new(options);

        IOException refusal = Assert.Throws<IOException>(() => second.Open(Stores.Identity));

        Assert.Contains(directory.FullName, refusal.Message, StringComparison.Ordinal);
        first.Dispose();
        using FileLogStore third = new(options);
        third.Open(Stores.Identity);
    }

    [Fact]
    public void A_segment_takes_its_space_when_it_is_begun()
    {
        using TemporaryDirectory directory = new();
        using FileLogStore store = new(
            new FileLogStoreOptions { Directory = directory.FullName, SegmentBytes = 100_000 });

        store.Open(Stores.Identity);

        Assert.Equal(100_000, new FileInfo(Path.Combine(directory.FullName, Stores.FirstSegment)).Length);
    }

    [Fact]
    public void A_flush_that_the_system_refuses_is_an_error()
    {
        if (!OperatingSystem.IsLinux())
        {
            return; // only Linux has the device
        }

        // fsync of this device answers EINVAL, which the managed call takes for success.
        using DirectoryFile file = new("/dev/null", FileMode.Open, FileAccess.ReadWrite);

        IOException refusal = Assert.Throws<IOException>(file.Flush);

        Assert.Contains("/dev/null", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 65536, 3, 4096, "Directory")]
    [InlineData("x", 1000, 3, 4096, "SegmentBytes")]
    [InlineData("x", 65536, 1, 4096, "SnapshotsRetained")]
    [InlineData("x", 65536, 3, 10, "RecordBytesMax")]
    public void Options_that_cannot_work_are_refused_by_name(
        string directory, int segmentBytes, int snapshots, int recordBytes, string option)
    {
        FileLogStoreOptions options = new()
        {
            Directory = directory,
            SegmentBytes = segmentBytes,
            SnapshotsRetained = snapshots,
            RecordBytesMax = recordBytes,
        };

        ArgumentException refusal = Assert.Throws<ArgumentException>(() => new FileLogStore(options));

        Assert.StartsWith(option, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_is_too_long_is_refused_before_anything_is_written()
    {
        SimulatedDisk disk = new() { IsTraced = true };
        using FileLogStore store = new(
            new FileLogStoreOptions { Directory = "x", SegmentBytes = 16 * 1024, RecordBytesMax = 1024 },
            disk);
        store.Open(Stores.Identity);
        HistoryWriter history = new();
        disk.Trace.Clear();

        ArgumentException refusal = Assert.Throws<ArgumentException>(
            () => store.Append([history.Next(1, "short"), history.Next(1, new byte[1025])]));

        Assert.Contains("RecordBytesMax", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(disk.Trace);
    }

    [Fact]
    public void Records_longer_than_a_segment_get_a_longer_segment()
    {
        SimulatedDisk disk = new();
        HistoryWriter history = new();
        using (FileLogStore store = Stores.New(disk))
        {
            store.Open(Stores.Identity);
            store.AppendEach(
                history.Next(1, new byte[100_000]),
                history.Next(1, "small"), history.Next(1, new byte[50_000]));
        }

        Assert.Equal(history.Head, Stores.Recover(disk).Head);
    }

    [Fact]
    public void Records_begin_in_the_segment_of_the_snapshot()
    {
        SimulatedDisk disk = Stores.ThreeSegments();
        LogPosition head = Stores.Recover(disk).Head;
        using (FileLogStore store = Stores.New(disk))
        {
            store.Open(Stores.Identity);
            store.Snapshot(head);
        }

        RecoveredState state = Stores.Recover(disk);

        Assert.Equal(head, state.Snapshot);
        Assert.NotEqual(LogPosition.Start, state.Base);
        Assert.Equal(new Epochs(1, 1), state.Epochs);
    }
}
