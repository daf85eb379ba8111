using Zab.Cli.Sim;
using Zab.Testing.Simulation;

namespace Zab.Mutants;

/// <summary>The command <c>zab sim</c>, where known bugs can be planted.</summary>
internal static class Program
{
    public static int Main(string[] arguments) => CommandLine.Run(arguments, new SimHost
    {
        Simulate = Simulator.Run,
        Mutations = Mutant.All,
        Plant = id => Mutant.Planted = id,
    });
}
