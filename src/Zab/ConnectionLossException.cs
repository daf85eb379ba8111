using System.Diagnostics.CodeAnalysis;
using Zab.Core.Tree;

namespace Zab;

/// <summary>The node lost its leader, or ended, before the call was answered.</summary>
/// <remarks>A call that was under way has been asked again for as long as the session's time-out. When
/// <see cref="IsOutcomeKnown"/> is false the call may have been done, or may still be done: read before
/// writing again.</remarks>
[SuppressMessage("Design", "CA1032", Justification = "Made by a session alone, which always has a path.")]
public sealed class ConnectionLossException : ZabException
{
    private ConnectionLossException(
        bool isOutcomeKnown, string path, string message, Exception? innerException)
        : base(ErrorCode.ConnectionLoss, path, message, innerException) => IsOutcomeKnown = isOutcomeKnown;

    /// <summary>True when nothing was sent, so that nothing was or will be done.</summary>
    public bool IsOutcomeKnown { get; }

    /// <summary>The call was under way.</summary>
    internal static ConnectionLossException OutcomeUnknown(string path, Exception? cause = null) => new(
        isOutcomeKnown: false,
        path,
        $"The server was lost while the call{On(path)} was under way. Whether it was done is not known: " +
        "read before you write again.",
        cause);

    /// <summary>The call never left.</summary>
    internal static ConnectionLossException NothingSent(string path, string why, Exception? cause = null) =>
        new(isOutcomeKnown: true, path, $"The call{On(path)} was not sent: {why}", cause);

    // Opening a session, or a transaction, is on no path.
    private static string On(string path) => path.Length == 0 ? "" : $" on '{path}'";
}
