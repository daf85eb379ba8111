using Zab.Core.Requests;

namespace Zab.Sessions;

/// <summary>A request of a session on its way through the node, and the promise of its answer.</summary>
/// <remarks>The loop ends every call exactly once in the session's books, even if the caller gave up before;
/// what the caller sees is the first of answer, failure and cancellation.</remarks>
/// <param name="session">Who asks.</param>
/// <param name="request">What; the loop fills in session and number.</param>
/// <param name="watch">The watch that the request leaves or removes; null for none.</param>
internal sealed class Call(ZabSession session, ClientRequest request, LocalWatch? watch = null)
    : TaskCompletionSource<ClientReply>(
        session.Host.ContinuesInline
            ? TaskCreationOptions.None
            : TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>The session that asks.</summary>
    public ZabSession Session => session;

    /// <summary>The request.</summary>
    public ClientRequest Request => request;

    /// <summary>The watch that the request leaves or removes.</summary>
    public LocalWatch? Watch => watch;

    /// <summary>The number under which the request was submitted. The loop's.</summary>
    public int Cxid { get; set; }

    /// <summary>Until which tick the call waits for the node to serve. The loop's.</summary>
    public long ParkedUntil { get; set; } = long.MaxValue;
}
