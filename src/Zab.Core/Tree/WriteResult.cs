namespace Zab.Core.Tree;

/// <summary>What one write gives back.</summary>
/// <param name="Path">The node, by its final path; null for what is not about a node.</param>
/// <param name="Stat">The stat of a node that was created or set.</param>
internal readonly record struct WriteResult(string? Path, Stat Stat);
