using System.Runtime;
using Zab.Cli.Planting;
using Zab.Cli.Server;
using Zab.Cli.Shell;
using Zab.Cli.Sim;
using Zab.Client;
using Zab.Testing.Simulation;

namespace Zab.Cli;

/// <summary>The tool <c>zab</c>.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        SimHost sim = new()
        {
            // Seeds want the processors to themselves: nobody waits for one of them.
            Prepare = () => GCSettings.LatencyMode = GCLatencyMode.Batch,
            Simulate = Simulator.Run,
            HandOver = () => WovenTool.Run(arguments, Console.Error),
        };
        ShellCommand shell = ShellCommand.OnConsole(ConnectAsync);
        return CommandLine.Run(ShellCommand.Mark(arguments), sim, ServerCommand.OnConsole(), shell.Command);
    }

    private static Task<IZabSession> ConnectAsync(
        ShellOptions options, CancellationToken cancellationToken) =>
        ZabClient.ConnectAsync(
            options.Server,
            new ZabClientOptions { SessionTimeout = options.SessionTimeout },
            cancellationToken);
}
