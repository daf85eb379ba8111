using Zab.Core.Primitives;

namespace Zab.Core.Recovery;

/// <summary>What the leader does for one learner.</summary>
/// <param name="Mode">The way.</param>
/// <param name="From">The position that both histories share; for a snapshot it is not decided here.</param>
internal readonly record struct SyncPlan(SyncMode Mode, LogPosition From);
