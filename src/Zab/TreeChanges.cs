using Zab.Core.Primitives;

namespace Zab;

/// <summary>What one transaction changed, as a reader of <see cref="IZabSession.WatchFromAsync"/> learns
/// it; or that history is gone.</summary>
/// <remarks>It comes whole or not at all: a reader who has dealt with it goes on after <see cref="Zxid"/>, in
/// this session or another, on this node or another, and misses nothing.</remarks>
/// <param name="Zxid">The transaction. In a gap: every change after this one follows, and none up to it
/// does.</param>
/// <param name="Changes">The changes at and below the path that is watched, in order; at least one. None in a
/// gap.</param>
/// <param name="IsGap">Whether changes were missed: they are no longer known here. Read the tree anew: a read
/// of the same session shows the state at <paramref name="Zxid"/> or a later one.</param>
public sealed record TreeChanges(Zxid Zxid, IReadOnlyList<TreeChange> Changes, bool IsGap);
