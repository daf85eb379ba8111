namespace Zab.Core.Broadcast;

/// <summary>How much may be under way to one learner before it reports progress.</summary>
/// <param name="Entries">Entries of the history.</param>
/// <param name="Bytes">Bytes of entries, or of snapshot chunks.</param>
internal readonly record struct FlowLimits(int Entries, int Bytes);
