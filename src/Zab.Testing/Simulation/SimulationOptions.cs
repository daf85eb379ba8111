namespace Zab.Testing.Simulation;

/// <summary>What a seed does not decide.</summary>
internal sealed record SimulationOptions
{
    /// <summary>How many servers vote; drawn by the seed when null.</summary>
    public int? Voters { get; init; }

    /// <summary>How many observers there are; drawn by the seed when null.</summary>
    public int? Observers { get; init; }

    /// <summary>Whether to keep the events as text.</summary>
    public bool Trace { get; init; }
}
