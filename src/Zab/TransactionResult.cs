using Zab.Core.Primitives;

namespace Zab;

/// <summary>A transaction that was done.</summary>
/// <param name="Zxid">The transaction: one for all operations.</param>
/// <param name="Results">What each operation gave back, in order.</param>
public sealed record TransactionResult(Zxid Zxid, IReadOnlyList<OperationResult> Results);
