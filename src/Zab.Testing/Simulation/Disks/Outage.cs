using Zab.Core.Primitives;

namespace Zab.Testing.Simulation.Disks;

/// <summary>One loss of power.</summary>
/// <param name="Loss">What it leaves.</param>
/// <param name="Random">Tosses the coins.</param>
/// <param name="SectorBytes">How many bytes a disk writes wholly or not at all.</param>
/// <param name="FirstLost">For <see cref="PowerLoss.KeepsPrefix"/>: the number of the first operation that is
/// lost.</param>
internal readonly record struct Outage(PowerLoss Loss, Prng Random, int SectorBytes, long FirstLost);
