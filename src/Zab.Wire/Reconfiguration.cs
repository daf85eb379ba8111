namespace Zab.Wire;

/// <summary>The body of a reconfig request.</summary>
/// <param name="Joining">The servers to add; null for none.</param>
/// <param name="Leaving">The ids of the servers to remove; null for none.</param>
/// <param name="Members">All servers of the new configuration; null when it is told by the other
/// two.</param>
/// <param name="ConfigId">The configuration that must be in force; -1 for any.</param>
internal sealed record Reconfiguration(string? Joining, string? Leaving, string? Members, long ConfigId);
