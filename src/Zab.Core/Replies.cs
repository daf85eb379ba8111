using System.Collections.Generic;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Sessions;
using Zab.Core.Tree;

namespace Zab.Core;

/// <summary>Makes the answers to what the leader decides.</summary>
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

    /// <summary>The answer to a request that the leader refused. A multi tells of each operation.</summary>
    public static ClientReply Refused(in ClientRequest request, Zxid zxid, Refusal refusal) =>
        Outcome(request, zxid, refusal.Error) with
        {
            Results = request.Op == OpCode.Multi && refusal.FailedAt != Refusal.Whole
                ? FailedResults(request, refusal)
                : null,
        };

    /// <summary>The answer to the request that became a transaction.</summary>
    public static ClientReply Of(in ClientRequest request, TxnOutcome outcome) => new()
    {
        Session = outcome.Session,
        Cxid = request.Cxid,
        Zxid = outcome.Zxid,
        Path = outcome.Path,
        Stat = outcome.Stat,
        TimeoutMs = outcome.TimeoutMs,
        Results = Results(request, outcome.Parts),
    };

    /// <summary>The answer to a request that was done before.</summary>
    public static ClientReply Of(in ClientRequest request, KeptReply kept, SessionRecord session) => new()
    {
        Session = request.Session,
        Cxid = request.Cxid,
        Zxid = kept.Zxid,
        Path = kept.Result.Path,
        Stat = kept.Result.Stat,
        TimeoutMs = request.Op.OpensSession ? session.TimeoutMs : 0,
        Results = Results(request, kept.Parts),
    };

    private static OpResult[]? Results(in ClientRequest request, IReadOnlyList<WriteResult> parts)
    {
        if (request.Op != OpCode.Multi)
        {
            return null;
        }

        Invariant.Holds(parts.Count == (request.Operations?.Count ?? 0));
        OpResult[] results = new OpResult[parts.Count];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = new OpResult
            {
                Op = request.Operations![i].Op,
                Path = parts[i].Path,
                Stat = parts[i].Stat,
            };
        }

        return results;
    }

    /// <summary>Those before the one that failed could have been done; those after it were not tried. Source:
    /// ZooKeeper <c>PrepRequestProcessor</c>.</summary>
    private static OpResult[] FailedResults(in ClientRequest request, Refusal refusal)
    {
        OpResult[] results = new OpResult[request.Operations?.Count ?? 0];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = new OpResult
            {
                Op = request.Operations![i].Op,
                Error = i < refusal.FailedAt ? ErrorCode.Ok
                    : i == refusal.FailedAt ? refusal.Error
                    : ErrorCode.RuntimeInconsistency,
                Path = request.Operations[i].Path,
            };
        }

        return results;
    }
}
