using Zab.Cli.Shell;
using Zab.Cli.Shell.Commands;

namespace Zab.Cli.Tests.Shell;

/// <summary>What watches tell while a shell runs. The changes are made by another session.</summary>
public sealed class WatchTests(ShellNode node) : IClassFixture<ShellNode>
{
    [Theory]
    [InlineData("get -w /a", "set /a x", "NodeDataChanged", "/a")]
    [InlineData("get -w /a", "delete /a", "NodeDeleted", "/a")]
    [InlineData("stat -w /a", "set /a x", "NodeDataChanged", "/a")]
    [InlineData("stat -w /b", "create /b", "NodeCreated", "/b")]
    [InlineData("ls -w /a", "create /a/c", "NodeChildrenChanged", "/a")]
    [InlineData("ls -R -w /a", "create /a/c", "NodeChildrenChanged", "/a")]
    [InlineData("ls -s -w /a", "delete /a", "NodeDeleted", "/a")]
    public async Task A_read_with_w_tells_of_the_next_change_and_of_no_other(
        string read, string change, string type, string path)
    {
        await node.EmptyAsync();
        await using OtherShell other = new(node);
        await other.DoAsync("create /a one");
        using Transcript transcript = new();
        TypedLines input = new();
        Task<int> shell = new ShellLoop(new ShellOptions(), Host(transcript, input)).RunAsync();

        await input.TypeAsync(read);
        await input.TypeAsync("sync /");
        await transcript.UntilAsync("Sync is OK");
        await other.DoAsync(change);
        await transcript.UntilAsync($"\nWATCHER::\n\nWatchedEvent state:SyncConnected type:{type} path:{path} zxid: #\n");
        await other.DoAsync("create /a", "create /b", "set /a y", "create /a/d");
        await input.TypeAsync("ls /");
        input.End();
        await shell.WaitAsync(ShellNode.Safety);

        Assert.Equal(2, transcript.Text.Split("WatchedEvent").Length);
    }

    [Fact]
    public async Task A_watch_that_stays_tells_of_every_change_in_order()
    {
        await node.EmptyAsync();
        await using OtherShell other = new(node);
        using Transcript transcript = new();
        TypedLines input = new();
        Task<int> shell = new ShellLoop(new ShellOptions(), Host(transcript, input)).RunAsync();

        await input.TypeAsync("addWatch /a");
        await input.TypeAsync("sync /");
        await transcript.UntilAsync("Sync is OK");
        await other.DoAsync("create /a", "create /a/b", "set /a/b x", "delete /a/b", "delete /a", "create /aa");
        await transcript.UntilAsync("NodeDeleted path:/a ");
        input.End();
        await shell.WaitAsync(ShellNode.Safety);

        string[] told = [.. transcript.Text.Split('\n').Where(line => line.StartsWith("WatchedEvent", StringComparison.Ordinal))];
        Assert.Equal(
            [
                "NodeCreated path:/a", "NodeCreated path:/a/b", "NodeDataChanged path:/a/b",
                "NodeDeleted path:/a/b", "NodeDeleted path:/a",
            ],
            told.Select(line => line.Split("type:")[1].Replace(" zxid: #", "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_change_is_told_once_however_many_watches_see_it()
    {
        await node.EmptyAsync();
        await using OtherShell other = new(node);
        await other.DoAsync("create /a");
        using Transcript transcript = new();
        TypedLines input = new();
        Task<int> shell = new ShellLoop(new ShellOptions(), Host(transcript, input)).RunAsync();

        foreach (string line in (string[])["get -w /a", "stat -w /a", "addWatch /a", "addWatch -m PERSISTENT /a", "sync /"])
        {
            await input.TypeAsync(line);
        }

        await transcript.UntilAsync("Sync is OK");
        await other.DoAsync("set /a x", "delete /a");
        await transcript.UntilAsync("NodeDeleted");
        await input.TypeAsync("removewatches /a");
        input.End();
        await shell.WaitAsync(ShellNode.Safety);

        Assert.Equal(2, transcript.Text.Split("NodeDataChanged").Length);
        Assert.Equal(2, transcript.Text.Split("NodeDeleted").Length);
    }

    [Fact]
    public async Task What_is_switched_off_or_removed_is_not_told()
    {
        await node.EmptyAsync();
        await using OtherShell other = new(node);
        await other.DoAsync("create /a", "create /b", "create /end");
        using Transcript transcript = new();
        TypedLines input = new();
        Task<int> shell = new ShellLoop(new ShellOptions(), Host(transcript, input)).RunAsync();

        foreach (string line in (string[])["get -w /a", "printwatches off", "removewatches /a", "addWatch /b", "sync /"])
        {
            await input.TypeAsync(line);
        }

        await transcript.UntilAsync("Sync is OK");
        await other.DoAsync("set /a x", "set /b x");
        await input.TypeAsync("removewatches /b");
        await input.TypeAsync("printwatches on");
        await input.TypeAsync("get -w /end");
        await input.TypeAsync("set /end x");
        await transcript.UntilAsync("path:/end");
        input.End();
        await shell.WaitAsync(ShellNode.Safety);

        Assert.Equal(2, transcript.Text.Split("WatchedEvent").Length);
    }

    [Theory]
    [InlineData("", " ")]
    [InlineData("server.1=one:1:2:participant;one:2181\nserver.2=two:1:2:observer;two:2182\nversion=400000003\n",
        "400000003 one:2181,two:2182")]
    [InlineData("server.1=one:1:2:participant\nversion=0", "0 ")]
    public void The_client_ports_are_what_follows_the_semicolons(string config, string expected) =>
        Assert.Equal(expected, EnsembleVerbs.ClientAddresses(config));

    private ShellHost Host(Transcript transcript, TextReader input) => new()
    {
        OpenSession = (_, token) => node.OpenAsync(token),
        Input = input,
        Output = transcript.Output,
        Error = transcript.Error,
        TimeZone = TimeZoneInfo.Utc,
    };

    /// <summary>Another client, who makes the changes.</summary>
    private sealed class OtherShell(ShellNode node) : IAsyncDisposable
    {
        private IZabSession? _session;

        public async Task DoAsync(params string[] changes)
        {
            _session ??= await node.OpenSuperAsync();
            foreach (string change in changes)
            {
                string[] words = change.Split(' ');
                try
                {
                    await (words[0] switch
                    {
                        "create" => _session.CreateAsync(words[1]),
                        "set" => _session.SetAsync(words[1], "x"u8.ToArray()),
                        _ => (Task)_session.DeleteAsync(words[1]),
                    });
                }
                catch (ZabException e) when (e is NoNodeException or NodeExistsException)
                {
                    // It is as it was to be made.
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (_session is not null)
            {
                await _session.DisposeAsync();
            }
        }
    }
}
