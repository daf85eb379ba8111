using Zab.Core.Tree;

namespace Zab.Core;

/// <summary>How the leader answered a request that it did not turn into a transaction.</summary>
/// <param name="Error">Why; <see cref="ErrorCode.Ok"/> when it was done before, and the session's record has
/// the answer.</param>
/// <param name="FailedAt">In a multi, the operation that failed, or <see cref="Whole"/>.</param>
internal readonly record struct Refusal(ErrorCode Error, int FailedAt = Refusal.Whole)
{
    /// <summary>No operation alone failed.</summary>
    public const int Whole = -1;
}
