using Zab.Cli.Shell;

namespace Zab.Cli.Tests.Shell;

/// <summary>Every command and option of the shell: what is typed, and what is printed. The lines after
/// <c>!</c> stand on standard error.</summary>
public sealed class CommandTests(ShellNode node) : IClassFixture<ShellNode>
{
    public static TheoryData<string, string> Cases { get; } = CommandCases.All;

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_command_prints_what_ZooKeepers_shell_prints(string typed, string expected)
    {
        await node.EmptyAsync();

        (_, string printed) = await RunAsync(typed);

        Assert.Equal(expected, printed.TrimEnd('\n'));
    }

    [Fact]
    public void Every_command_has_a_case()
    {
        string[] typed =
        [
            .. Cases.SelectMany(row => ((string)row[0]).Split('\n')).Select(line => line.Split(' ')[0]).Distinct(),
        ];

        Assert.Empty(Zab.Cli.Shell.Commands.VerbTable.All.Select(verb => verb.Name).Except(typed));
    }

    [Fact]
    public void Every_option_of_every_command_has_a_case()
    {
        string[][] typed = [.. Cases.SelectMany(row => ((string)row[0]).Split('\n')).Select(line => line.Split(' '))];
        IEnumerable<string> missing = Zab.Cli.Shell.Commands.VerbTable.All.SelectMany(
            verb => (verb.Switches + verb.Valued)
                .Where(letter => !typed.Any(
                    words => words[0] == verb.Name
                        && words.Any(word => word.StartsWith('-') && word.Contains(letter, StringComparison.Ordinal))))
                .Select(letter => $"{verb.Name} -{letter}"));

        Assert.Empty(missing);
    }

    [Theory]
    [InlineData("create /a one\nget /a", 0)]
    [InlineData("get /missing\nls /", 1)]
    [InlineData("ls /\nget", 1)]
    [InlineData("", 0)]
    [InlineData("quit\nget /missing", 0)]
    public async Task A_script_that_is_not_done_in_full_gives_1(string typed, int expected)
    {
        await node.EmptyAsync();

        (int code, _) = await RunAsync(typed);

        Assert.Equal(expected, code);
    }

    [Theory]
    [InlineData("get /a", 0, "one two")]
    [InlineData("get /missing", 1, "! Node does not exist: /missing")]
    [InlineData("get", 1, "! get: something is missing\nget [-s] [-w] [-b] [-x] path")]
    [InlineData("gte /a", 1, "! Command not found: gte\nThe command help lists what there is.")]
    public async Task One_command_alone_prints_its_result_and_nothing_else(
        string command, int expectedCode, string expected)
    {
        await node.EmptyAsync();
        await using IZabSession session = await node.OpenAsync();
        await session.CreateAsync("/a", "one two"u8.ToArray());

        (int code, string printed) = await RunAsync(
            "", new ShellOptions { Command = command.Split(' ') });

        Assert.Equal(expectedCode, code);
        Assert.Equal(expected, printed.TrimEnd('\n'));
    }

    [Theory]
    [InlineData("version", 0)]
    [InlineData("help", 0)]
    [InlineData("ls -z /", 1)]
    [InlineData("nothing", 1)]
    public async Task No_server_is_asked_for_what_needs_none(string command, int expected)
    {
        using Transcript transcript = new();
        ShellHost host = Host(transcript, TextReader.Null) with
        {
            OpenSession = (_, _) => throw new InvalidOperationException("a server was asked"),
        };

        int code = await new ShellLoop(new ShellOptions { Command = command.Split(' ') }, host).RunAsync();

        Assert.Equal(expected, code);
    }

    [Fact]
    public async Task Each_connect_asks_for_the_server_that_it_names()
    {
        List<string> asked = [];
        using Transcript transcript = new();
        ShellHost host = Host(transcript, new StringReader("connect two:1\nclose\nls /\nconnect\nls /")) with
        {
            OpenSession = (options, token) =>
            {
                asked.Add(options.Server);
                return node.OpenAsync(token);
            },
        };

        int code = await new ShellLoop(new ShellOptions { Server = "one:1" }, host).RunAsync();

        Assert.Equal(1, code);
        Assert.Equal(["one:1", "two:1", "two:1"], asked);
        Assert.StartsWith("! Not connected\n[", transcript.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupt_ends_the_command_and_then_the_script()
    {
        using Transcript transcript = new();
        ShellHost host = Host(transcript, new StringReader("ls /"));
        TaskCompletionSource opening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        host = host with
        {
            OpenSession = async (_, token) =>
            {
                opening.SetResult();
                return await new TaskCompletionSource<IZabSession>().Task.WaitAsync(token);
            },
        };

        Task<int> running = new ShellLoop(new ShellOptions(), host).RunAsync();
        await opening.Task.WaitAsync(ShellNode.Safety);

        Assert.True(host.Interrupts.Trigger());
        Assert.Equal(130, await running.WaitAsync(ShellNode.Safety));
        Assert.Equal("! Interrupted\n", transcript.Text);
        Assert.False(host.Interrupts.Trigger());
    }

    private async Task<(int Code, string Printed)> RunAsync(string typed, ShellOptions? options = null)
    {
        using Transcript transcript = new();
        ShellLoop loop = new(options ?? new ShellOptions(), Host(transcript, new StringReader(typed)));
        return (await loop.RunAsync(), transcript.Text);
    }

    private ShellHost Host(Transcript transcript, TextReader input) => new()
    {
        OpenSession = (_, token) => node.OpenAsync(token),
        Input = input,
        Output = transcript.Output,
        Error = transcript.Error,
        TimeZone = TimeZoneInfo.Utc,
    };
}
