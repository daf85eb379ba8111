namespace Zab.Testing.Simulation;

/// <summary>How the simulation of one seed went.</summary>
internal sealed record SimulationResult
{
    /// <summary>The seed: with the options, it alone decides all the rest.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The check that was violated, and how: <c>E6: server 2 ...</c>; null when none was.</summary>
    public string? Violation { get; init; }

    /// <summary>How many events there were.</summary>
    public required long Steps { get; init; }

    /// <summary>How much time passed in the simulated world.</summary>
    public required TimeSpan Simulated { get; init; }

    /// <summary>A hash over all events: the same for the same seed, on every machine (R24).</summary>
    public required ulong TraceHash { get; init; }

    /// <summary>The events, a line each; empty unless they were asked for.</summary>
    public required IReadOnlyList<string> Trace { get; init; }
}
