using System.Text;
using Zab.Storage.Io;
using Zab.Testing.Simulation.Disks;

namespace Zab.Storage.Tests.Disks;

/// <summary>The faults of the simulated disk, each by itself.</summary>
public sealed class FaultTests
{
    [Fact]
    public void A_failed_flush_forgets_for_ever_and_the_next_one_says_yes()
    {
        SimulatedDisk disk = WithFile("old");
        using IStorageFile file = disk.OpenWrite("a");
        file.Write("new"u8, 0);
        disk.ErrorAt = disk.Operations + 1;

        Assert.Throws<IOException>(file.Flush);
        file.Flush();

        Assert.Equal("new", Text(disk));
        disk.Restart(PowerLoss.KeepsAll);
        Assert.Equal("old", Text(disk));
    }

    [Fact]
    public void A_failed_flush_may_take_what_it_forgot_from_sight_at_once_or_later()
    {
        SimulatedDisk atOnce = WithFile("old");
        atOnce.RevertsOnFailedFlush = true;
        SimulatedDisk later = WithFile("old");
        foreach (SimulatedDisk disk in (SimulatedDisk[])[atOnce, later])
        {
            using IStorageFile file = disk.OpenWrite("a");
            file.Write("newer"u8, 0);
            disk.ErrorIn = "flush a";
            Assert.Throws<IOException>(file.Flush);
        }

        Assert.Equal("old", Text(atOnce));
        Assert.Equal("newer", Text(later));
        later.DropCaches();
        Assert.Equal("old", Text(later));
    }

    [Fact]
    public void A_write_that_fails_has_written_a_part()
    {
        SimulatedDisk disk = WithFile("12345678");
        using IStorageFile file = disk.OpenWrite("a");
        disk.ErrorIn = "write";

        Assert.Throws<IOException>(() => file.Write("abcdefgh"u8, 0));

        Assert.Equal("abcd5678", Text(disk));
    }

    [Theory]
    [InlineData("create b")]
    [InlineData("rename b c")]
    [InlineData("delete a")]
    [InlineData("flush-directory")]
    [InlineData("open a")]
    [InlineData("read a")]
    [InlineData("allocate a")]
    public void Every_kind_of_operation_fails_when_it_is_told_to(string kind)
    {
        SimulatedDisk disk = WithFile("12345678");
        disk.ErrorIn = kind;

        Assert.Throws<IOException>(() =>
        {
            disk.OpenRead("a").Read(new byte[1], 0);
            disk.OpenWrite("a").Allocate(100);
            disk.Create("b");
            disk.Rename("b", "c");
            disk.FlushDirectory();
            disk.Delete("a");
        });

        disk.ErrorIn = null;
        disk.OpenRead("a").Read(new byte[1], 0);
    }

    [Fact]
    public void A_file_system_that_is_read_only_refuses_every_change_and_is_read()
    {
        SimulatedDisk disk = WithFile("old");
        using IStorageFile file = disk.OpenWrite("a");
        disk.IsReadOnly = true;

        Assert.Throws<IOException>(file.Flush);
        Assert.Throws<IOException>(() => disk.Create("b"));
        Assert.Throws<IOException>(() => disk.Delete("a"));
        Assert.Equal(3, file.Read(new byte[3], 0));

        disk.Restart(PowerLoss.LosesAll);
        disk.Delete("a");
    }

    [Fact]
    public void A_full_disk_refuses_to_allocate_and_to_create_without_an_effect()
    {
        SimulatedDisk disk = new() { CapacityBytes = 100 };
        using IStorageFile file = disk.Create("a");

        IOException refusal = Assert.Throws<IOException>(() => file.Allocate(101));

        Assert.Contains("no space left on device", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, file.Length);
        file.Allocate(100);
        Assert.Equal(100, disk.UsedBytes);
        Assert.Throws<IOException>(() => disk.Create("b"));
        Assert.Equal(["a"], disk.List());
    }

    [Fact]
    public void A_full_disk_takes_a_part_of_a_write_that_makes_a_file_longer_and_all_of_one_within()
    {
        SimulatedDisk disk = new() { CapacityBytes = 6 };
        using IStorageFile file = disk.Create("a");
        file.Allocate(4);
        file.Write("1234"u8, 0);

        Assert.Throws<IOException>(() => file.Write("abcdef"u8, 2));

        Assert.Equal("12abcd", Text(disk));
        Assert.Equal(6, disk.UsedBytes);
        file.Write("wxyz"u8, 0);
        Assert.Throws<IOException>(() => file.Write("!"u8, 20));
        Assert.Equal("wxyzcd", Text(disk));
    }

    [Fact]
    public void Deleting_makes_room_once_the_file_is_closed()
    {
        SimulatedDisk disk = WithFile("1234");
        disk.CapacityBytes = 4;
        IStorageFile file = disk.OpenWrite("a");

        disk.Delete("a");
        Assert.Equal(4, disk.UsedBytes);

        file.Dispose();
        Assert.Equal(0, disk.UsedBytes);
        disk.Create("b").Write("5678"u8, 0);
    }

    [Fact]
    public void A_flipped_bit_stays_and_is_overwritten_by_what_waits_to_be_written()
    {
        SimulatedDisk disk = WithFile("aaaa");
        using IStorageFile file = disk.OpenWrite("a");
        file.Write("zz"u8, 0);

        disk.FlipBit("a", 0, bit: 1);
        disk.FlipBit("a", 3, bit: 1);

        Assert.Equal("zzac", Text(disk));
        Assert.Equal("caac", Encoding.ASCII.GetString(disk.Medium("a")));
        file.Flush();
        disk.Restart(PowerLoss.LosesAll);
        Assert.Equal("zzac", Text(disk));
        Assert.Throws<ArgumentOutOfRangeException>(() => disk.FlipBit("a", disk.MediumLength("a"), bit: 0));
    }

    [Fact]
    public void Zeroed_and_cut_bytes_stay_so()
    {
        SimulatedDisk disk = WithFile("abcdef");

        disk.ZeroRange("a", 1, 2);
        disk.TruncateFile("a", 5);

        disk.Restart(PowerLoss.LosesAll);
        Assert.Equal("a\0\0de", Text(disk));
    }

    [Fact]
    public void A_lost_write_is_seen_and_flushed_and_gone()
    {
        SimulatedDisk disk = WithFile("old");
        using IStorageFile file = disk.OpenWrite("a");
        disk.LoseNextWrite("a");
        disk.Create("b").Write("other"u8, 0);
        file.Write("new"u8, 0);
        file.Write("!"u8, 3);
        file.Flush();

        Assert.Equal("new!", Text(disk));
        disk.Restart(PowerLoss.KeepsAll);

        Assert.Equal("old!", Text(disk));
        Assert.Equal("other", Text(disk, "b"));
    }

    [Fact]
    public void A_misdirected_write_is_seen_at_its_place_and_found_at_another()
    {
        SimulatedDisk disk = WithFile("old");
        disk.Put("b", "victim"u8);
        using IStorageFile file = disk.OpenWrite("a");
        disk.MisdirectNextWrite("b", 2);
        file.Write("new"u8, 0);
        file.Flush();

        Assert.Equal("new", Text(disk));
        Assert.Equal("victim", Text(disk, "b"));
        disk.DropCaches();

        Assert.Equal("old", Text(disk));
        Assert.Equal("vinewm", Text(disk, "b"));
    }

    [Fact]
    public void A_misread_is_wrong_once()
    {
        SimulatedDisk disk = WithFile("aaa");
        using IStorageFile file = disk.OpenRead("a");
        disk.MisreadNext();
        byte[] read = new byte[3];

        file.Read(read, 0);
        Assert.Equal("a`a"u8, read);

        file.Read(read, 0);
        Assert.Equal("aaa"u8, read);
    }

    [Fact]
    public void A_second_process_is_refused_and_the_lock_of_a_dead_one_means_nothing()
    {
        SimulatedDisk disk = new();
        IDisposable first = disk.Lock();
        Assert.Throws<IOException>(disk.Lock);

        disk.RestartProcess();
        using IDisposable second = disk.Lock();
        first.Dispose();

        Assert.Throws<IOException>(disk.Lock);
    }

    private static SimulatedDisk WithFile(string content)
    {
        SimulatedDisk disk = new();
        disk.Put("a", Encoding.ASCII.GetBytes(content));
        return disk;
    }

    private static string Text(SimulatedDisk disk, string name = "a") =>
        Encoding.ASCII.GetString(disk.Content(name));
}
