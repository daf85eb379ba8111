using Zab.Cli.Shell.Terminal;

namespace Zab.Cli.Tests.Shell;

public sealed class HistoryTests
{
    [Fact]
    public void Lines_have_numbers_that_stay_and_a_thousand_are_kept()
    {
        LineHistory history = new();
        for (int i = 0; i < 1005; i++)
        {
            history.Add($"line {i}");
        }

        Assert.Equal(1000, history.Count);
        Assert.Equal(1005, history.Next);
        Assert.False(history.TryGet(4, out _));
        Assert.True(history.TryGet(5, out string? line));
        Assert.Equal("line 5", line);
        Assert.False(history.TryGet(1005, out _));
        Assert.False(history.TryGet(-1, out _));
        Assert.Equal([(1003, "line 1003"), (1004, "line 1004")], history.Latest(2));
        Assert.Equal("line 1004", history.Ago(1));
    }

    [Fact]
    public void A_file_brings_lines_back_and_holds_no_password()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            LineHistory before = new(file);
            before.Add("ls /");
            before.Add(" addauth digest bob:secret");
            before.Add("get /a");

            LineHistory after = new(file);
            after.Add("quit");

            Assert.Equal(["ls /", "get /a", "quit"], File.ReadAllLines(file));
            Assert.Equal([(0, "quit")], after.Latest(11));
            Assert.Equal("get /a", after.Ago(2));
            Assert.Equal("ls /", after.Ago(3));
            Assert.Equal(3, before.Next);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Nothing_is_written_without_a_file()
    {
        LineHistory history = new();

        history.Add("ls /");

        Assert.Equal([(0, "ls /")], history.Latest(11));
        Assert.Empty(new LineHistory().Latest(11));
    }
}
