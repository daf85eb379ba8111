using Zab.Testing.Simulation;

namespace Zab.Cli.Sim;

/// <summary>What the command runs on: what ships, or the flavour into which known bugs are woven.</summary>
internal sealed record SimHost
{
    /// <summary>Called before the first seed; null for nothing.</summary>
    public Action? Prepare { get; init; }

    /// <summary>Runs one seed, on the calling thread.</summary>
    public required Func<ulong, SimulationOptions, SimulationResult> Simulate { get; init; }

    /// <summary>The known bugs that can be planted here; none in what ships.</summary>
    public IReadOnlyList<(string Id, string Title)> Mutations { get; init; } = [];

    /// <summary>Plants a bug on the calling thread; null takes it out.</summary>
    public Action<string?> Plant { get; init; } = static _ => { };

    /// <summary>Runs the same arguments where bugs can be planted, and gives the exit code; null when that is
    /// here.</summary>
    public Func<int>? HandOver { get; init; }
}
