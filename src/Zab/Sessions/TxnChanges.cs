using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab.Sessions;

/// <summary>What one transaction did to the tree.</summary>
/// <param name="Zxid">The transaction; or, of a gap, the last one whose changes are lost.</param>
/// <param name="Changes">The changes, in order; null for a gap.</param>
internal readonly record struct TxnChanges(Zxid Zxid, IReadOnlyList<ZnodeChange>? Changes);
