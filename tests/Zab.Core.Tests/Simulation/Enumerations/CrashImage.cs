using Zab.Testing.Simulation.Disks;

namespace Zab.Core.Tests.Simulation.Enumerations;

/// <summary>What a loss of power leaves.</summary>
/// <param name="Loss">Of what kind it is.</param>
/// <param name="Seed">The seed of its coins, and of the whole run.</param>
internal readonly record struct CrashImage(PowerLoss Loss, ulong Seed)
{
    public static readonly CrashImage[] All =
    [
        new(PowerLoss.KeepsAll, 1),
        new(PowerLoss.LosesAll, 1),
        new(PowerLoss.KeepsSome, 1),
        new(PowerLoss.KeepsSome, 2),
        new(PowerLoss.KeepsPrefix, 1),
        new(PowerLoss.KeepsPrefix, 2),
    ];

    /// <summary>The image of a number, so that neighbours differ.</summary>
    public static CrashImage Of(int number) => All[number % All.Length];
}
