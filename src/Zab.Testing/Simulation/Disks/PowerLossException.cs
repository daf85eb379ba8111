using System.Diagnostics.CodeAnalysis;

namespace Zab.Testing.Simulation.Disks;

/// <summary>The machine stopped in the middle of an operation, or before it. No error that a store could
/// handle.</summary>
[SuppressMessage("Design", "CA1032", Justification = "A simulated disk makes it.")]
[SuppressMessage("Design", "CA1064", Justification = "A simulator catches it.")]
internal sealed class PowerLossException() : Exception("The power is gone.");
