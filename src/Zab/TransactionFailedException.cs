using System.Diagnostics.CodeAnalysis;

namespace Zab;

/// <summary>One operation of a transaction could not be done, so none was.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Made by a session alone, which always has results.")]
public sealed class TransactionFailedException : ZabException
{
    internal TransactionFailedException(IReadOnlyList<OperationResult> results, int failedAt)
        : base(
            results[failedAt].Error,
            results[failedAt].Path,
            $"Nothing was done: operation {failedAt}, a {results[failedAt].Operation} of " +
            $"'{results[failedAt].Path}', failed with {results[failedAt].Error}.",
            Of(results[failedAt].Error, results[failedAt].Path)) =>
        (Results, FailedAt) = (results, failedAt);

    /// <summary>How each operation went.</summary>
    public IReadOnlyList<OperationResult> Results { get; }

    /// <summary>The operation that failed, counted from 0.</summary>
    public int FailedAt { get; }
}
