namespace Zab.Core;

/// <summary>The bytes of a leader's proposals; -1 before there was one.</summary>
/// <remarks>Source: ZooKeeper <c>ProposalStats</c>.</remarks>
/// <param name="Last">Of the last one.</param>
/// <param name="Min">Of the smallest.</param>
/// <param name="Max">Of the largest.</param>
internal readonly record struct ProposalSizes(int Last, int Min, int Max);
