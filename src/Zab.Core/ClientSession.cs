using System.Collections.Generic;
using Zab.Core.Primitives;
using Zab.Core.Requests;

namespace Zab.Core;

/// <summary>A session whose client is attached to this server, with its requests that are not answered yet,
/// in order.</summary>
internal sealed class ClientSession(SessionId id)
{
    /// <summary>The session.</summary>
    public SessionId Id => id;

    /// <summary>Whether its creation has been committed.</summary>
    public bool IsOpen { get; set; }

    /// <summary>The unanswered requests, oldest first.</summary>
    public Queue<PendingRequest> Pending { get; } = new();

    /// <summary>Whether a barrier of the session is not answered yet.</summary>
    public bool HasBarrier
    {
        get
        {
            foreach (PendingRequest pending in Pending)
            {
                if (pending.Request.Op == OpCode.Sync)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Whether the server answers such a request by itself, in its turn.</summary>
    public static bool IsLocal(OpCode op) => op.IsRead || op is OpCode.AddWatch or OpCode.RemoveWatches;

    /// <summary>The pending request of that cxid that waits for the leader.</summary>
    public PendingRequest? Find(int cxid)
    {
        foreach (PendingRequest pending in Pending)
        {
            if (pending.Request.Cxid == cxid && !IsLocal(pending.Request.Op))
            {
                return pending;
            }
        }

        return null;
    }
}
