using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Storage.Tests.Support;
using Zab.Testing.Simulation.Disks;
using Zab.Testing.Storage;

namespace Zab.Storage.Tests;

/// <summary>What a crash leaves at the end of the log is cut, and nothing else is.</summary>
public sealed class TornTailTests
{
    [Fact]
    public void A_batch_torn_at_any_byte_is_cut_to_a_prefix_and_everything_flushed_stays()
    {
        (SimulatedDisk disk, LogPosition flushed, LogPosition[] batch, int start, int end) =
            WithUnflushedBatch();
        LogPosition[] allowed = [flushed, .. batch];

        for (int cut = start; cut < end; cut++)
        {
            SimulatedDisk torn = disk.Snapshot();
            torn.ZeroRange(Stores.FirstSegment, cut, end - cut);

            RecoveredState state = Stores.Recover(torn);

            int whole = Array.IndexOf(allowed, state.Head);
            Assert.InRange(whole, 0, batch.Length - 1);
            Assert.Equal(Stores.Describe(state), Stores.Describe(Stores.Recover(torn)));
        }
    }

    [Fact]
    public void A_batch_of_which_any_byte_is_garbage_is_cut_there()
    {
        (SimulatedDisk disk, LogPosition flushed, LogPosition[] batch, int start, int end) =
            WithUnflushedBatch();
        LogPosition[] allowed = [flushed, .. batch];

        for (int at = start; at < end; at++)
        {
            SimulatedDisk torn = disk.Snapshot();
            torn.FlipBit(Stores.FirstSegment, at, bit: 6);

            RecoveredState state = Stores.Recover(torn);

            Assert.InRange(Array.IndexOf(allowed, state.Head), 0, batch.Length - 1);
        }
    }

    [Fact]
    public void What_was_cut_is_told_and_never_comes_back()
    {
        (SimulatedDisk disk, LogPosition flushed, LogPosition[] batch, int start, int end) =
            WithUnflushedBatch();
        disk.Restart(PowerLoss.KeepsAll);
        disk.ZeroRange(Stores.FirstSegment, start, 8); // the first record is lost, the others of the batch are whole
        using (FileLogStore store = Stores.New(disk))
        {
            store.Open(Stores.Identity);
            Assert.Equal(end - start, store.RecoveredTornBytes);

            disk.Restart(PowerLoss.LosesAll);
        }

        Assert.Equal(-1, disk.Content(Stores.FirstSegment).AsSpan(start).IndexOfAnyExcept((byte)0));
        RecoveredState state = Stores.Recover(disk);
        Assert.Equal(flushed, state.Head);
        Assert.DoesNotContain(batch[^1], state.Entries.Select(entry => entry.Position));
    }

    [Fact]
    public void A_record_that_was_flushed_is_not_taken_for_a_torn_one_when_a_later_one_vouches_for_it()
    {
        (SimulatedDisk disk, _, _, int start, _) = WithUnflushedBatch(flush: true);
        using (FileLogStore store = Stores.New(disk))
        {
            store.Open(Stores.Identity);
            store.AppendEach(LogRecord.EpochChange(new Epochs(9, 1)));
        }

        disk.ZeroRange(Stores.FirstSegment, start, 8);

        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => Stores.Recover(disk));
        Assert.Contains($"at byte {start}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_seal_that_is_only_in_the_page_cache_is_written_again_before_the_log_goes_on()
    {
        SimulatedDisk disk = new() { IsTraced = true };
        HistoryWriter history = new();
        using (FileLogStore store = Stores.New(disk))
        {
            store.Open(Stores.Identity);
            store.AppendEach(history.Next(1, new byte[9000]));
            LogPosition flushed = history.Head;
            // A roll ends with the flush of the seal.
            disk.ErrorAt = disk.Operations + OperationsOfRoll();

            Assert.Throws<IOException>(() => store.Append([history.Next(1, new byte[9000])]));

            Assert.Equal($"flush {Stores.FirstSegment}", disk.Trace[^1]);
            history = new HistoryWriter(flushed);
        }

        disk.RestartProcess();
        using (FileLogStore store = Stores.New(disk))
        {
            store.Open(Stores.Identity);
            store.AppendEach(history.Next(1, "it goes on"));
        }

        disk.Restart(PowerLoss.LosesAll);

        Assert.Equal(history.Head, Stores.Recover(disk).Head);
    }

    // Up to the flush of the seal, which is the operation before the write of the record.
    private static int OperationsOfRoll()
    {
        SimulatedDisk disk = new();
        HistoryWriter history = new();
        using FileLogStore store = Stores.New(disk);
        store.Open(Stores.Identity);
        store.AppendEach(history.Next(1, new byte[9000]));
        int before = disk.Operations;
        store.Append([history.Next(1, new byte[9000])]);
        return disk.Operations - before - 1;
    }

    // A store whose last batch, three records long, lies between two offsets of the first segment.
    private static (SimulatedDisk Disk, LogPosition Flushed, LogPosition[] Batch, int Start, int End)
        WithUnflushedBatch(bool flush = false)
    {
        SimulatedDisk disk = new();
        HistoryWriter history = new();
        using FileLogStore store = Stores.New(disk);
        store.Open(Stores.Identity);
        store.AppendEach(
            history.Next(1, "one"), LogRecord.EpochChange(new Epochs(1, 1)), history.Next(1, "two"));
        LogPosition flushed = history.Head;
        int start = (Dirty(disk) + 7) / 8 * 8; // records begin at multiples of 8
        LogRecord[] batch =
        [
            history.Next(1, "three"), history.Next(1, new byte[200]), history.Next(1, "five, with more"),
        ];
        store.Append(batch);
        if (flush)
        {
            store.Flush();
        }

        return (disk, flushed, [.. batch.Select(record => record.Position)], start, Dirty(disk));
    }

    private static int Dirty(SimulatedDisk disk) =>
        disk.Content(Stores.FirstSegment).AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
}
