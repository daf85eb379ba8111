using Zab.Cli.Planting;
using Zab.Cli.Sim;
using Zab.Testing.Simulation;

namespace Zab.Cli;

/// <summary>The tool <c>zab</c>.</summary>
internal static class Program
{
    private static int Main(string[] arguments) =>
        CommandLine.Run(arguments, new SimHost
        {
            Simulate = Simulator.Run,
            HandOver = () => WovenTool.Run(arguments, Console.Error),
        });
}
