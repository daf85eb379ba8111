using System.CommandLine;
using System.Runtime;
using Microsoft.Extensions.Logging;
using Zab.Cli.Sim;

namespace Zab.Cli.Server;

/// <summary>The command <c>server</c> and its options.</summary>
internal sealed class ServerCommand
{
    private readonly Argument<string> _configuration = new("zoo.cfg")
    {
        Description = "ZooKeeper's configuration file. docs/zoo-cfg.md lists its keys.",
    };

    private readonly Option<LogLevel> _logLevel = new("--log-level")
    {
        Description = "The least that is logged.",
        DefaultValueFactory = _ => LogLevel.Information,
    };

    /// <summary>Makes the command, without an action.</summary>
    public ServerCommand() => Command = new Command(
        "server",
        "Runs a server to which ZooKeeper's clients connect. One line on the standard output tells when it "
        + "serves, and where; logs go to the standard error. SIGTERM or SIGINT stops it; a second one "
        + "ends it at once, and loses nothing that was acknowledged. Exit code: 0 stopped, 1 the "
        + "configuration cannot be used or the server failed, 2 unusable arguments, 130 or 143 ended by a "
        + "second SIGINT or SIGTERM.")
    {
        _configuration, _logLevel,
    };

    /// <summary>The command on the console: a signal stops the server.</summary>
    public static Command OnConsole()
    {
        ServerCommand server = new();
        server.Command.SetAction(async (parsed, _) =>
        {
            // A million nodes would stand still for a second while all is collected at once.
            GCSettings.LatencyMode = GCLatencyMode.SustainedLowLatency;
            using StopSignal signal = new(sameRequest: TimeSpan.Zero);
            ServerRunner runner = new(server.RequestOf(parsed), Console.Out, Console.Error);
            return await runner.RunAsync(signal.Token).ConfigureAwait(false);
        });
        return server.Command;
    }

    /// <summary>The command.</summary>
    public Command Command { get; }

    /// <summary>What the arguments ask for.</summary>
    public ServerRequest RequestOf(ParseResult parsed) =>
        new(parsed.GetValue(_configuration)!, parsed.GetValue(_logLevel));
}
