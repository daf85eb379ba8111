using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Storage.Tests.Support;
using Zab.Testing.Simulation.Disks;
using Zab.Testing.Storage;

namespace Zab.Storage.Tests;

/// <summary>Damage is refused, never skipped (R16).</summary>
public sealed class DamageTests
{
    private const string Second = "log.0000000000000002";
    private const string Third = "log.0000000000000003";

    [Fact]
    public void A_flipped_bit_in_any_byte_before_something_flushed_is_refused()
    {
        SimulatedDisk disk = new();
        HistoryWriter history = new();
        using (FileLogStore store = Stores.New(disk))
        {
            store.Open(Stores.Identity);
            store.AppendEach(
                history.Next(1, "one"), LogRecord.EpochChange(new Epochs(1, 1)), history.Next(1, ""),
                history.Next(1, "a body that is no multiple of eight"), history.Truncate(history.Head),
                LogRecord.Commit(history.Head));
        }

        int last = disk.Content(Stores.FirstSegment).AsSpan().LastIndexOfAnyExcept((byte)0) - 48;
        RefusedWithAnyByteFlipped(disk, Stores.FirstSegment, 0, last);
    }

    [Fact]
    public void A_flipped_bit_in_any_byte_of_a_sealed_segment_is_refused()
    {
        SimulatedDisk disk = Stores.ThreeSegments();
        int end = disk.Content(Second).AsSpan().LastIndexOfAnyExcept((byte)0) + 1;

        RefusedWithAnyByteFlipped(disk, Second, 0, end);
    }

    [Fact]
    public void A_flipped_bit_in_any_byte_of_the_newest_segments_header_is_refused()
    {
        RefusedWithAnyByteFlipped(Stores.ThreeSegments(), Third, 0, 4096);
    }

    [Fact]
    public void With_a_flipped_bit_in_any_byte_of_the_newest_snapshot_the_one_before_it_is_used()
    {
        SimulatedDisk disk = new();
        HistoryWriter history = new();
        using (FileLogStore store = Stores.New(disk))
        {
            store.Open(Stores.Identity);
            for (int i = 0; i < 2; i++)
            {
                store.AppendEach(history.Next(1, new byte[9000]), history.Next(1, "b"));
                store.Snapshot(history.Head);
            }

            store.AppendEach(history.Next(1, "c"));
            store.Purge();
        }

        RecoveredState whole = Stores.Recover(disk);
        string[] snapshots = [.. disk.List().Where(name => name[0] == 's')];
        Assert.Equal(2, snapshots.Length);
        int length = disk.Content(snapshots[^1]).Length;
        for (int at = 0; at < length; at++)
        {
            SimulatedDisk damaged = Flipped(disk, snapshots[^1], at);

            RecoveredState state = Stores.Recover(damaged);

            Assert.Equal(whole.Head, state.Head);
            Assert.Equal(new Zxid(Zxid.Of(1, 2).Value), state.Snapshot?.Zxid);
        }
    }

    [Fact]
    public void A_snapshot_that_lost_its_end_is_not_used()
    {
        SimulatedDisk disk = new();
        HistoryWriter history = new();
        using (FileLogStore store = Stores.New(disk))
        {
            store.Open(Stores.Identity);
            store.AppendEach(history.Next(1, "a"));
            store.Snapshot(history.Head);
        }

        string name = disk.List().Single(name => name.StartsWith("snapshot", StringComparison.Ordinal));
        byte[] content = disk.Content(name);
        for (int length = 0; length < content.Length; length += 7)
        {
            SimulatedDisk damaged = disk.Snapshot();
            damaged.Put(name, content.AsSpan(0, length));

            Assert.Null(Stores.Recover(damaged).Snapshot); // the log goes back to the beginning
        }
    }

    [Theory]
    [InlineData(Stores.FirstSegment)]
    [InlineData(Second)]
    [InlineData(Third)]
    public void A_missing_segment_is_refused(string name)
    {
        SimulatedDisk disk = Stores.ThreeSegments();
        disk.Remove(name);

        Assert.Throws<InvalidDataException>(() => Stores.Recover(disk));
    }

    [Theory]
    [InlineData(Stores.FirstSegment, Second)]
    [InlineData(Second, Stores.FirstSegment)]
    [InlineData(Second, Third)]
    [InlineData(Third, "log.0000000000000004")]
    [InlineData(Stores.FirstSegment, "log.0000000000000004")]
    public void A_segment_under_another_name_is_refused(string name, string copy)
    {
        SimulatedDisk disk = Stores.ThreeSegments();
        disk.Put(copy, disk.Content(name));

        Assert.Throws<InvalidDataException>(() => Stores.Recover(disk));
    }

    [Fact]
    public void A_segment_of_another_directory_is_refused()
    {
        SimulatedDisk disk = Stores.ThreeSegments();
        disk.Put(Second, Stores.ThreeSegments(seed: 2).Content(Second)); // the same records: only the salt differs

        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => Stores.Recover(disk));
        Assert.Contains("another directory", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zeroed_block_is_refused_wherever_it_is()
    {
        SimulatedDisk disk = Stores.ThreeSegments();
        foreach (string name in disk.List())
        {
            // The newest record vouches for the rest.
            int end = disk.Content(name).AsSpan().LastIndexOfAnyExcept((byte)0) - 60;
            for (int block = 0; block + 512 <= end; block += 512)
            {
                if (disk.Content(name).AsSpan(block, 512).IndexOfAnyExcept((byte)0) >= 0)
                {
                    SimulatedDisk damaged = disk.Snapshot();
                    damaged.ZeroRange(name, block, 512);

                    Assert.Throws<InvalidDataException>(() => Stores.Recover(damaged));
                }
            }
        }
    }

    [Fact]
    public void A_block_at_another_place_is_refused()
    {
        SimulatedDisk disk = Stores.ThreeSegments();
        byte[] content = disk.Content(Second);
        content.AsSpan(4096, 4096).CopyTo(content.AsSpan(8192)); // a misdirected write
        disk.Put(Second, content);

        Assert.Throws<InvalidDataException>(() => Stores.Recover(disk));
    }

    [Fact]
    public void A_log_that_lost_its_end_is_refused_when_a_snapshot_remembers_it()
    {
        SimulatedDisk disk = new();
        HistoryWriter history = new();
        using FileLogStore store = Stores.New(disk);
        store.Open(Stores.Identity);
        store.AppendEach(history.Next(1, "a"));
        byte[] old = [.. disk.Content(Stores.FirstSegment)];
        store.AppendEach(history.Next(1, "b"));
        store.Snapshot(history.Head);
        disk.Restart(PowerLoss.LosesAll);
        disk.Put(Stores.FirstSegment, old);

        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => Stores.Recover(disk));
        Assert.Contains("went on at least to 1.2", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Snapshots_without_a_log_are_refused()
    {
        SimulatedDisk disk = new();
        HistoryWriter history = new();
        using (FileLogStore store = Stores.New(disk))
        {
            store.Open(Stores.Identity);
            store.AppendEach(history.Next(1, "a"));
            store.Snapshot(history.Head);
        }

        disk.Remove(Stores.FirstSegment);

        Assert.Throws<InvalidDataException>(() => Stores.Recover(disk));
    }

    [Fact]
    public void A_refusal_changes_nothing()
    {
        SimulatedDisk disk = Stores.ThreeSegments();
        disk.Remove(Second);
        int operations = disk.Operations;

        Assert.Throws<InvalidDataException>(() => Stores.Recover(disk));

        Assert.Equal(operations, disk.Operations);
    }

    private static void RefusedWithAnyByteFlipped(SimulatedDisk disk, string name, int start, int end)
    {
        Stores.Recover(disk.Snapshot());
        for (int at = start; at < end; at++)
        {
            SimulatedDisk damaged = Flipped(disk, name, at);
            Exception? refusal = Record.Exception(() => Stores.Recover(damaged));
            Assert.True(refusal is InvalidDataException, $"byte {at} of {name}: {refusal}");
        }
    }

    private static SimulatedDisk Flipped(SimulatedDisk disk, string name, int at)
    {
        SimulatedDisk damaged = disk.Snapshot();
        damaged.FlipBit(name, at, at % 8);
        return damaged;
    }
}
