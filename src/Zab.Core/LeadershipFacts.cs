using System.Collections.Generic;
using Zab.Core.Primitives;

namespace Zab.Core;

/// <summary>What a leader knows of itself, for people and for tools.</summary>
/// <param name="Synced">The learners that are up to date.</param>
/// <param name="PendingSyncs">The barriers that are not answered yet.</param>
/// <param name="Sizes">The bytes of its proposals.</param>
/// <param name="LedMs">For how long it has led, in milliseconds.</param>
internal sealed record LeadershipFacts(
    IReadOnlyList<ServerId> Synced, int PendingSyncs, ProposalSizes Sizes, long LedMs);
