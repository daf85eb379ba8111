using Zab.Cli.Sim;
using Zab.Testing.Simulation;

namespace Zab.Cli.Tests.Sim;

/// <summary>A simulator whose seeds end as a test says: an hour each.</summary>
/// <param name="violation">The violation of a seed with a planted bug, or with none.</param>
internal sealed class MadeUpSimulator(Func<ulong, string?, string?> violation)
{
    [ThreadStatic]
    private static string? s_planted;

    /// <summary>The host of the flavour that ships, or of the other one when there are mutations.</summary>
    public SimHost Host(params (string Id, string Title)[] mutations) => new()
    {
        Simulate = Run,
        Mutations = mutations,
        Plant = id => s_planted = id,
        HandOver = mutations.Length == 0 ? () => 42 : null,
    };

    /// <summary>Runs the command, and gives its exit code, its lines, and what stood on standard
    /// error.</summary>
    public static (int Code, string[] Lines, string Error) Run(SimHost host, string arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = CommandLine.Run(arguments.Split(' '), host, output, error, isTerminal: false);
        return (code, output.ToString().TrimEnd().Split(Environment.NewLine), error.ToString());
    }

    private SimulationResult Run(ulong seed, SimulationOptions options) => new()
    {
        Seed = seed,
        Violation = violation(seed, s_planted),
        Steps = 100 + (long)seed,
        Simulated = TimeSpan.FromHours(1),
        TraceHash = seed * 3,
        Trace = options.Trace ? [$"crash {seed}", $"restart {seed}"] : [],
    };
}
