using System.Text;
using Zab.Core.Primitives;
using Zab.Storage.Io;
using Zab.Storage.Tests.Support;
using Zab.Testing.Simulation.Disks;
using Zab.Testing.Storage;

namespace Zab.Storage.Tests.Disks;

/// <summary>What is found on the simulated disk after a loss of power.</summary>
public sealed class PowerTests
{
    private const int Seeds = 300;

    [Fact]
    public void What_was_flushed_survives_every_loss()
    {
        foreach (PowerLoss loss in Enum.GetValues<PowerLoss>())
        {
            SimulatedDisk disk = new();
            using IStorageFile file = disk.Create("a");
            file.Write("flushed"u8, 0);
            file.Flush();
            disk.FlushDirectory();
            disk.Create("b").Write("not"u8, 0);

            disk.Restart(loss, coins: 5);

            Assert.Equal("flushed"u8, disk.Content("a"));
            Assert.True(loss != PowerLoss.KeepsAll || disk.List().Contains("b"));
            Assert.True(loss != PowerLoss.LosesAll || !disk.List().Contains("b"));
        }
    }

    [Fact]
    public void The_power_fails_at_the_second_operation_of_a_name()
    {
        SimulatedDisk disk = new() { PowerLossIn = "delete log", PowerLossSkips = 1 };
        disk.Put("log.1", "1"u8);
        disk.Put("log.2", "2"u8);
        disk.Put("other", "3"u8);

        disk.Delete("log.1");
        disk.Delete("other");

        _ = Assert.Throws<PowerLossException>(() => disk.Delete("log.2"));
    }

    [Fact]
    public void A_flushed_file_without_a_flushed_name_may_be_lost_and_an_old_name_may_come_back()
    {
        SimulatedDisk disk = new();
        disk.Put("old", "content"u8);
        disk.Rename("old", "new");

        Assert.Equal(["old"], disk.Snapshot(PowerLoss.LosesAll).List());
        Assert.Equal(["new"], disk.Snapshot(PowerLoss.KeepsAll).List());
    }

    [Fact]
    public void Some_sectors_and_names_survive_in_any_order_and_a_sector_never_in_part()
    {
        SimulatedDisk disk = new();
        disk.Put("a", new byte[2048]);
        using IStorageFile file = disk.OpenWrite("a");
        file.Write(Enumerable.Repeat((byte)1, 2048).ToArray(), 0);
        HashSet<string> images = [];
        for (ulong coins = 0; coins < Seeds; coins++)
        {
            byte[] image = disk.Snapshot(PowerLoss.KeepsSome, coins).Content("a");
            IEnumerable<byte[]> sectors = image.Chunk(512);
            Assert.All(sectors, sector => Assert.Single(sector.Distinct()));
            images.Add(string.Concat(sectors.Select(sector => sector[0])));
        }

        Assert.Equal(16, images.Count); // all there are
    }

    [Fact]
    public void The_sector_is_as_long_as_it_is_told_to_be()
    {
        SimulatedDisk disk = new() { SectorBytes = 4096 };
        disk.Put("a", new byte[4096]);
        disk.OpenWrite("a").Write(Enumerable.Repeat((byte)1, 4096).ToArray(), 0);

        for (ulong coins = 0; coins < Seeds; coins++)
        {
            Assert.Single(disk.Snapshot(PowerLoss.KeepsSome, coins).Content("a").Distinct());
        }
    }

    [Fact]
    public void A_prefix_keeps_no_later_operation_without_all_earlier_ones_and_tears_the_first_that_is_lost()
    {
        SimulatedDisk disk = new();
        using IStorageFile first = disk.Create("first");
        first.Write("12345"u8, 0);
        using IStorageFile second = disk.Create("second");
        first.Write("6789"u8, 5);
        second.Write("abc"u8, 0);
        disk.Rename("first", "third");
        SortedSet<string> images = new(StringComparer.Ordinal);
        for (ulong coins = 0; coins < Seeds; coins++)
        {
            SimulatedDisk after = disk.Snapshot(PowerLoss.KeepsPrefix, coins);
            images.Add(string.Join(' ', after.List().Select(
                name => $"{name}:{Encoding.ASCII.GetString(after.Content(name))}")));
        }

        string[] expected =
        [
            "", "first:", "first:1", "first:12", "first:123", "first:1234", "first:12345",
            "first:12345 second:", "first:123456 second:", "first:1234567 second:", "first:12345678 second:",
            "first:123456789 second:", "first:123456789 second:a", "first:123456789 second:ab",
            "first:123456789 second:abc", "second:abc third:123456789",
        ];
        Assert.Equal(expected, images);
    }

    [Fact]
    public void A_file_may_have_its_length_and_not_its_data_or_the_other_way_round()
    {
        SimulatedDisk disk = new();
        disk.Put("a", []);
        using IStorageFile file = disk.OpenWrite("a");
        file.Allocate(1024);
        file.Write(Enumerable.Repeat((byte)1, 512).ToArray(), 0);
        HashSet<(int, bool)> images = [];
        for (ulong coins = 0; coins < Seeds; coins++)
        {
            byte[] image = disk.Snapshot(PowerLoss.KeepsSome, coins).Content("a");
            images.Add((image.Length, image.Contains((byte)1)));
        }

        Assert.Equal([(0, false), (512, false), (512, true), (1024, false), (1024, true)], images.Order());
    }

    [Theory]
    [InlineData("KeepsAll")]
    [InlineData("LosesAll")]
    [InlineData("KeepsSome")]
    [InlineData("KeepsPrefix")]
    public void The_same_seed_gives_the_same_image(string loss)
    {
        PowerLoss kind = Enum.Parse<PowerLoss>(loss);
        for (ulong seed = 0; seed < 20; seed++)
        {
            Assert.Equal(LifeAndCrash(kind, seed), LifeAndCrash(kind, seed));
        }

        Assert.NotEqual(LifeAndCrash(kind, 1), LifeAndCrash(kind, 2)); // if only by the salt
    }

    [Fact]
    public void A_process_that_restarts_finds_everything_and_has_nothing_more_on_the_medium()
    {
        SimulatedDisk disk = new();
        IStorageFile file = disk.Create("a");
        file.Write("seen"u8, 0);

        disk.RestartProcess();

        Assert.Equal("seen"u8, disk.Content("a"));
        Assert.Throws<PowerLossException>(() => file.Write("late"u8, 0));
        Assert.Throws<PowerLossException>(file.Flush);
        disk.Restart(PowerLoss.LosesAll);
        Assert.Empty(disk.List());
    }

    [Fact]
    public void Nothing_works_without_power()
    {
        SimulatedDisk disk = new() { PowerLossAt = 2 };
        IStorageFile file = disk.Create("a");

        Assert.Throws<PowerLossException>(() => file.Write("x"u8, 0));

        Assert.Throws<PowerLossException>(() => file.Read(new byte[1], 0));
        Assert.Throws<PowerLossException>(() => disk.OpenRead("a"));
        Assert.Throws<PowerLossException>(() => disk.Create("b"));
        Assert.Throws<PowerLossException>(disk.Lock);
        disk.Restart(PowerLoss.KeepsAll);
        Assert.Equal("x"u8, disk.Content("a"));
    }

    [Fact]
    public void A_disk_that_was_stopped_takes_nothing_before_it_is_started()
    {
        SimulatedDisk disk = new();
        disk.Create("a").Dispose();
        disk.Stop();
        Assert.Throws<PowerLossException>(() => disk.Delete("a"));

        disk.RestartProcess();

        disk.Delete("a");
    }

    [Fact]
    public void A_copy_and_its_original_go_their_own_ways()
    {
        SimulatedDisk disk = new();
        disk.Put("a", "both"u8);
        using IStorageFile file = disk.OpenWrite("a");
        file.Write("B"u8, 0);

        SimulatedDisk copy = disk.Snapshot(PowerLoss.LosesAll);
        file.Write("!"u8, 4);
        file.Flush();
        using (IStorageFile other = copy.OpenWrite("a"))
        {
            other.Write("c"u8, 0);
            other.Flush();
        }

        copy.FlipBit("a", 3, bit: 0);
        copy.Create("b").Dispose();

        Assert.Equal("Both!"u8, disk.Content("a"));
        Assert.Equal("Both!"u8, disk.Medium("a"));
        Assert.Equal("coti"u8, copy.Content("a"));
        Assert.Equal("coti"u8, copy.Medium("a"));
        Assert.Equal(["a"], disk.List());
    }

    [Fact]
    public void A_directory_comes_back_as_it_was_and_more_than_once()
    {
        SimulatedDisk disk = new();
        disk.Put("a", "old"u8);
        SimulatedDisk copy = disk.Snapshot();
        for (int i = 0; i < 2; i++)
        {
            using (IStorageFile file = disk.OpenWrite("a"))
            {
                file.Write("new"u8, 0);
                file.Flush();
            }

            disk.Put("b", "more"u8);

            disk.ReplaceBy(copy);

            Assert.Equal(["a"], disk.List());
            Assert.Equal("old"u8, disk.Content("a"));
            Assert.Equal("old"u8, copy.Content("a"));
        }
    }

    [Fact]
    public void A_store_whose_directory_was_rolled_back_finds_its_older_history()
    {
        SimulatedDisk disk = new(seed: 1);
        HistoryWriter history = new();
        using FileLogStore store = Stores.New(disk);
        store.Open(Stores.Identity);
        store.AppendEach(history.Next(1, "one"));
        SimulatedDisk copy = disk.Snapshot(PowerLoss.LosesAll);
        LogPosition old = history.Head;
        store.AppendEach(history.Next(1, "two"));

        disk.ReplaceBy(copy);

        Assert.Equal(old, Stores.Recover(disk).Head);
        Assert.Equal(old, Stores.Recover(copy).Head);
    }

    // The names and the bytes that a store's life leaves when the power is lost in the middle of it.
    private static string LifeAndCrash(PowerLoss loss, ulong seed)
    {
        Prng random = new(seed);
        SimulatedDisk disk = new(seed) { PowerLossAt = 40 + random.Below(60) };
        Assert.Throws<PowerLossException>(new Scenario(disk).Run);
        disk.Restart(loss, random);
        return string.Join('\n', disk.List().Select(
            name => $"{name} {Convert.ToBase64String(disk.Content(name))}"));
    }
}
