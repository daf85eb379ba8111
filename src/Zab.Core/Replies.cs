using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Core;

/// <summary>Makes the answers that carry no data of their own.</summary>
internal static class Replies
{
    /// <summary>An answer that says only how it went.</summary>
    public static ClientReply Outcome(in ClientRequest request, Zxid zxid, ErrorCode error) => new()
    {
        Session = request.Session,
        Cxid = request.Cxid,
        Zxid = zxid,
        Error = error,
        Path = request.Path,
    };

    /// <summary>The answer to the request that became a transaction.</summary>
    public static ClientReply Of(TxnOutcome outcome) => new()
    {
        Session = outcome.Session,
        Cxid = outcome.Cxid,
        Zxid = outcome.Zxid,
        Error = outcome.Error,
        Path = outcome.Path,
        Stat = outcome.Stat,
        TimeoutMs = outcome.TimeoutMs,
    };
}
