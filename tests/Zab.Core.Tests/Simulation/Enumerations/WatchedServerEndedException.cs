namespace Zab.Core.Tests.Simulation.Enumerations;

/// <summary>The server that a script watches has lost its power.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1032", Justification = "Scripts throw and catch it.")]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1064", Justification = "Scripts throw and catch it.")]
internal sealed class WatchedServerEndedException() : Exception("The watched server has ended.");
