using Zab.Cli.Shell;

namespace Zab.Cli.Tests.Shell;

/// <summary>The shell on a terminal, and its own options.</summary>
public sealed class TerminalTests(ShellNode node) : IClassFixture<ShellNode>
{
    [Theory]
    [InlineData("getE<Tab>", "[]")]
    [InlineData("ls /al<Tab>", "[beta, beth]")]
    [InlineData("get /alpha/beta/<Tab>", "deep")]
    [InlineData("get -s /alpha/beta/<Tab><C-A><Right><Right><Right><Delete><Delete><Delete>", "deep")]
    [InlineData("get /with<Tab>", "blank")]
    [InlineData("get '/with<Tab>'", "blank")]
    public async Task Tab_completes_commands_and_paths_of_the_tree(string keys, string expected)
    {
        await FillAsync();
        FakeTerminal terminal = new FakeTerminal(columns: 200).Press($"{keys}<Enter>quit<Enter>");

        string[] lines = (await RunAsync(terminal)).Split('\n');

        Assert.Equal("Connecting to one:2181", lines[0]);
        Assert.Equal(expected, lines[1]);
    }

    [Theory]
    [InlineData("ls /alpha/be<Tab><Tab>", "/alpha/beta  /alpha/beth\n")]
    [InlineData("ls /nothing/<Tab>", null)]
    [InlineData("ls nothing<Tab>", null)]
    public async Task Tab_shows_what_there_is_when_it_is_not_certain(string keys, string? expected)
    {
        await FillAsync();
        FakeTerminal terminal = new FakeTerminal(columns: 200).Press($"{keys}<C-U>quit<Enter>");

        _ = await RunAsync(terminal);

        Assert.Equal($"{expected}[zab: one:2181(CONNECTED) 0] quit\n", terminal.Above);
    }

    [Fact]
    public async Task The_prompt_tells_server_state_and_number_and_errors_do_not_end_the_shell()
    {
        await node.EmptyAsync();
        FakeTerminal terminal = new FakeTerminal()
            .Press("get /missing<Enter><Enter>close<Enter><Up><C-U>connect two:1<Enter><C-D>");

        string printed = await RunAsync(terminal);

        Assert.Equal("Connecting to one:2181\n! Node does not exist: /missing\n", printed);
        Assert.Equal(
            """
            [zab: one:2181(CONNECTED) 0] get /missing
            [zab: one:2181(CONNECTED) 1]
            [zab: one:2181(CONNECTED) 1] close
            [zab: one:2181(CLOSED) 2] connect two:1
            [zab: two:1(CONNECTED) 3]

            """,
            terminal.Above);
    }

    [Fact]
    public async Task Data_gives_no_orders_to_a_terminal_and_comes_unchanged_to_programs()
    {
        await node.EmptyAsync();
        await using (IZabSession session = await node.OpenAsync())
        {
            await session.CreateAsync("/bell", "a\u001b[2J\tb\u0085c\rd\ne"u8.ToArray());
        }

        string shown = await RunAsync(new FakeTerminal().Press("get /bell<Enter>quit<Enter>"));
        using Transcript program = new();
        ShellHost host = Host(terminal: null, program);
        int code = await new ShellLoop(new ShellOptions { Command = ["get", "/bell"] }, host).RunAsync();

        Assert.Equal(@"Connecting to one:2181|a\x1b[2J	b\x85c\x0dd|e|", shown.Replace('\n', '|'));
        Assert.Equal((0, "a\u001b[2J\tb\u0085c\rd\ne\n"), (code, program.Text));
    }

    [Fact]
    public async Task A_terminal_stays_when_the_server_cannot_be_reached()
    {
        FakeTerminal terminal = new FakeTerminal(columns: 200).Press("version<Enter>quit<Enter>");
        using Transcript transcript = new();
        ShellHost host = Host(terminal, transcript) with
        {
            OpenSession = (_, _) => throw new IOException("nobody answers"),
        };

        int code = await new ShellLoop(new ShellOptions(), host).RunAsync();

        Assert.Equal(0, code);
        Assert.Contains("! nobody answers\nZab shell version", transcript.Text, StringComparison.Ordinal);
        Assert.StartsWith("[zab: localhost:2181(CLOSED) 0] version\n", terminal.Above, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shell -server a:1 get -s /x", "a:1 30000  get|-s|/x")]
    [InlineData("shell --server a:1,b:2 -timeout 5000", "a:1,b:2 5000  ")]
    [InlineData("shell -waitforconnection -server a:1 ls -w /", "a:1 30000  ls|-w|/")]
    [InlineData("shell -server a:1 -waitforconnection", "a:1 30000  ")]
    [InlineData("shell ls -R /", "localhost:2181 30000  ls|-R|/")]
    [InlineData("shell -history h create -e /x -server", "localhost:2181 30000 h create|-e|/x|-server")]
    [InlineData("shell -server a:1 -- get --help /x", "a:1 30000  get|--help|/x")]
    [InlineData("shell get -h /x", "localhost:2181 30000  get|-h|/x")]
    public void Options_before_the_command_are_the_shells_own(string arguments, string expected)
    {
        ShellOptions? given = null;

        int code = Run(arguments, options => given = options, out _);

        Assert.Equal(0, code);
        Assert.Equal(
            expected,
            $"{given!.Server} {given.SessionTimeout.TotalMilliseconds} {given.HistoryFile} {string.Join('|', given.Command)}");
    }

    [Theory]
    [InlineData("shell -timeout 0", "-timeout must be at least 1")]
    [InlineData("shell -timeout x", "x")]
    [InlineData("shell -sevrer a:1 ls", "-sevrer")]
    [InlineData("shell -r ls /", "-r")]
    [InlineData("shell -client-configuration f ls /", "-client-configuration")]
    public void Options_that_cannot_be_used_are_refused(string arguments, string expected)
    {
        int code = Run(arguments, _ => throw new InvalidOperationException("it ran"), out string error);

        Assert.Equal(2, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Contains("zab shell --help tells what there is.", error, StringComparison.Ordinal);
    }

    private static int Run(string arguments, Action<ShellOptions> run, out string errors)
    {
        ShellCommand shell = new(options =>
        {
            run(options);
            return Task.FromResult(0);
        });
        using StringWriter output = new();
        using StringWriter error = new();
        int code = Zab.Cli.Sim.CommandLine.Run(
            ShellCommand.Mark(arguments.Split(' ')),
            new Sim.MadeUpSimulator((_, _) => null).Host(),
            output,
            error,
            isTerminal: false,
            shell.Command);
        errors = error.ToString();
        return code;
    }

    private async Task FillAsync()
    {
        await node.EmptyAsync();
        await using IZabSession session = await node.OpenAsync();
        foreach (string path in (string[])["/alpha", "/alpha/beta", "/alpha/beth"])
        {
            await session.CreateAsync(path);
        }

        await session.CreateAsync("/alpha/beta/x", "deep"u8.ToArray());
        await session.CreateAsync("/with blank", "blank"u8.ToArray());
    }

    private async Task<string> RunAsync(FakeTerminal terminal)
    {
        using Transcript transcript = new();
        _ = await new ShellLoop(new ShellOptions { Server = "one:2181" }, Host(terminal, transcript)).RunAsync();
        return transcript.Text;
    }

    private ShellHost Host(FakeTerminal? terminal, Transcript transcript) => new()
    {
        OpenSession = (_, token) => node.OpenAsync(token),
        Input = TextReader.Null,
        Output = transcript.Output,
        Error = transcript.Error,
        Terminal = terminal,
        TimeZone = TimeZoneInfo.Utc,
    };
}
