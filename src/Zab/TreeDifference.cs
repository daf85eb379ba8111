using Zab.Core.Primitives;

namespace Zab;

/// <summary>What differs between two states of the tree.</summary>
/// <remarks>Steps in between that cancel each other out leave no trace: a node that was set twice is there
/// once, one that was created and deleted is not, one that was deleted and made again is there with
/// both.</remarks>
/// <param name="From">The last transaction in the earlier state.</param>
/// <param name="To">The last transaction in the later state.</param>
/// <param name="Changes">What leads from one to the other: deletions first, children before their parents;
/// then the rest, parents before their children.</param>
public sealed record TreeDifference(Zxid From, Zxid To, IReadOnlyList<TreeChange> Changes);
