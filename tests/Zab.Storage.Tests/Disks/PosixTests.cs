using System.Text;
using Zab.Storage.Io;
using Zab.Storage.Tests.Support;
using Zab.Testing.Simulation.Disks;

namespace Zab.Storage.Tests.Disks;

/// <summary>What a real file system does, the simulated one does, too; each test runs on both.</summary>
public sealed class PosixTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_deleted_file_goes_on_for_whom_has_it_open_and_for_nobody_else(bool isSimulated)
    {
        IStorageIo io = New(isSimulated);
        using IStorageFile file = io.Create("a");
        file.Write("one"u8, 0);
        io.Delete("a");

        file.Write("two"u8, 3);
        file.Flush();

        Assert.Equal("onetwo", Text(file));
        Assert.Empty(io.List());
        Assert.Throws<FileNotFoundException>(() => io.OpenRead("a"));
        using IStorageFile next = io.Create("a");
        Assert.Equal(0, next.Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_replaced_file_takes_writes_that_nobody_finds(bool isSimulated)
    {
        IStorageIo io = New(isSimulated);
        using IStorageFile old = io.Create("a");
        using IStorageFile replacement = io.Create("b");
        replacement.Write("new"u8, 0);
        io.Rename("b", "a");

        old.Write("old"u8, 0);
        replacement.Write("er"u8, 3);

        Assert.Equal(["a"], io.List());
        using IStorageFile found = io.OpenRead("a");
        Assert.Equal("newer", Text(found));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_that_is_created_again_is_emptied_for_all(bool isSimulated)
    {
        IStorageIo io = New(isSimulated);
        using IStorageFile first = io.Create("a");
        first.Write("content"u8, 0);

        using IStorageFile again = io.Create("a");

        Assert.Equal(0, first.Length);
        again.Write("x"u8, 0);
        Assert.Equal("x", Text(first));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_write_behind_the_end_leaves_a_hole_of_zeros(bool isSimulated)
    {
        IStorageIo io = New(isSimulated);
        using IStorageFile file = io.Create("a");
        file.Write("ab"u8, 0);
        file.Write([], 100);
        Assert.Equal(2, file.Length);

        file.Write("z"u8, 5);

        Assert.Equal("ab\0\0\0z", Text(file));
        Assert.Equal(0, file.Read(new byte[3], 6));
        Assert.Equal(0, file.Read(new byte[3], 60));
    }

    [Fact]
    public void A_file_that_was_cut_and_grows_again_has_zeros_in_between()
    {
        SimulatedDisk disk = new();
        using IStorageFile file = disk.Create("a");
        file.Write("abcdef"u8, 0);
        file.Flush();
        disk.TruncateFile("a", 2);

        file.Write("z"u8, 5);

        Assert.Equal("ab\0\0\0z", Text(file));
    }

    [Fact]
    public void Names_are_listed_in_ordinal_order()
    {
        SimulatedDisk disk = new();
        foreach (string name in (string[])["b", "a10", "B", "a9", "_"])
        {
            disk.Create(name).Dispose();
        }

        Assert.Equal(["B", "_", "a10", "a9", "b"], disk.List());
    }

    private static string Text(IStorageFile file)
    {
        byte[] content = new byte[file.Length];
        Assert.Equal(content.Length, file.Read(content, 0));
        return Encoding.ASCII.GetString(content);
    }

    private IStorageIo New(bool isSimulated) =>
        isSimulated ? new SimulatedDisk() : new DirectoryIo(_directory.FullName);
}
