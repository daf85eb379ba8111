namespace Zab.Core.Election;

/// <summary>The times of an election, in ticks.</summary>
/// <param name="FinalizeTicks">How long a quorum for one vote must stand before it decides, unless all voters
/// agree.</param>
/// <param name="ResendTicks">How often a looking server repeats its vote.</param>
/// <param name="StallTicks">How often a vote that finds no quorum is weighed against lesser ones that
/// would.</param>
internal readonly record struct ElectionOptions(int FinalizeTicks, int ResendTicks, int StallTicks);
