using System.CommandLine;
using System.Runtime.InteropServices;
using Zab.Cli.Shell.Terminal;

namespace Zab.Cli.Shell;

/// <summary>The command <c>shell</c> and its options.</summary>
internal sealed class ShellCommand
{
    private const string Name = "shell";
    private static readonly ShellOptions s_defaults = new();

    private readonly Option<string> _server = new("-server", "--server")
    {
        Description = "Where the server's client port is; several, separated by commas.",
        HelpName = "host:port",
        DefaultValueFactory = _ => s_defaults.Server,
    };

    private readonly Option<int> _timeout = new("-timeout", "--timeout")
    {
        Description = "How long the session lives on without the shell, in milliseconds.",
        HelpName = "ms",
        DefaultValueFactory = _ => (int)s_defaults.SessionTimeout.TotalMilliseconds,
    };

    private readonly Option<string?> _history = new("-history", "--history")
    {
        Description = "Keep the lines in this file for the next time; without it, in memory alone.",
        HelpName = "file",
    };

    private readonly Option<bool> _wait = new("-waitforconnection", "--waitforconnection")
    {
        Description = "Does nothing: the shell always waits for the connection, as zkCli does with it.",
        Arity = ArgumentArity.Zero,
    };

    private readonly Argument<string[]> _command = new("command")
    {
        Description = "One command, as 'get /x'; without it, commands are read from the terminal or the "
            + "input. The command help lists them.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    /// <summary>Makes the command.</summary>
    /// <param name="run">Does what the options say, and gives the exit code.</param>
    public ShellCommand(Func<ShellOptions, Task<int>> run)
    {
        Command = new Command(
            Name,
            "Looks at and changes the tree of an ensemble, with the commands of ZooKeeper's zkCli. "
            + "Exit code: 0 done, 1 a command could not be done, 2 unusable, 130 stopped.")
        {
            _server, _timeout, _history, _wait, _command,
        };
        Command.SetAction((parsed, _) => run(OptionsOf(parsed)));
        _timeout.Validators.Add(given =>
        {
            if (given.Tokens is [{ Value: var text }] && int.TryParse(text, out int milliseconds)
                && milliseconds < 1)
            {
                given.AddError("-timeout must be at least 1");
            }
        });
        _command.Validators.Add(given =>
        {
            if (given.Tokens is [{ Value: ['-', ..] option }, ..])
                given.AddError($"Unrecognized option: {option}");
        });
    }

    /// <summary>The command.</summary>
    public Command Command { get; }

    /// <summary>The command on the console of the process.</summary>
    /// <param name="openSession">Opens a session with a server.</param>
    public static ShellCommand OnConsole(
        Func<ShellOptions, CancellationToken, Task<IZabSession>> openSession) => new(async options =>
    {
        Interrupts interrupts = new();
        using PosixSignalRegistration registration = PosixSignalRegistration.Create(
            PosixSignal.SIGINT, context => context.Cancel = interrupts.Trigger());
        bool isTerminal = !Console.IsInputRedirected && !Console.IsOutputRedirected;
        ShellLoop loop = new(options, new ShellHost
        {
            OpenSession = openSession,
            Input = Console.In,
            Output = Console.Out,
            Error = Console.Error,
            Terminal = isTerminal ? new ConsoleTerminal() : null,
            Interrupts = interrupts,
        });
        return await loop.RunAsync().ConfigureAwait(false);
    });

    /// <summary>Marks where the command begins that the shell is to run, so that its options are not taken
    /// for those of <c>zab shell</c>.</summary>
    public static string[] Mark(string[] arguments)
    {
        if (arguments is not [Name, ..])
            return arguments;

        int at = 1;
        while (at < arguments.Length && arguments[at] is ['-', ..])
        {
            // Every option has a value, but the question for help and -waitforconnection.
            at += arguments[at] is "-server" or "--server" or "-timeout" or "--timeout" or "-history"
                or "--history" ? 2 : 1;
        }

        return at >= arguments.Length || arguments[at - 1] == "--"
            ? arguments
            : [.. arguments[..at], "--", .. arguments[at..]];
    }

    private ShellOptions OptionsOf(ParseResult parsed) => new()
    {
        Server = parsed.GetValue(_server) ?? s_defaults.Server,
        SessionTimeout = TimeSpan.FromMilliseconds(parsed.GetValue(_timeout)),
        HistoryFile = parsed.GetValue(_history),
        Command = parsed.GetValue(_command) ?? [],
    };
}
