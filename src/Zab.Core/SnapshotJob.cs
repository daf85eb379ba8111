using Zab.Core.Primitives;
using Zab.Core.Requests;

namespace Zab.Core;

/// <summary>The wish to have a state written to a snapshot, aside from everything else.</summary>
/// <param name="Position">The committed position that the state shows.</param>
/// <param name="State">The state: immutable, so it can be written while the replica goes on (R10).</param>
internal sealed record SnapshotJob(LogPosition Position, DataState State);
