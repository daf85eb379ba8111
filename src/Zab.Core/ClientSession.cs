using System.Collections.Generic;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;

namespace Zab.Core;

/// <summary>A session whose client is attached to this server, with its requests that are not answered yet,
/// in order.</summary>
/// <param name="id">The session.</param>
/// <param name="isKept">Whether its requests are made again when the leader is lost.</param>
/// <param name="mustBeHeard">Whether it lives only for as long as something is heard of its
/// client.</param>
internal sealed class ClientSession(SessionId id, bool isKept, bool mustBeHeard)
{
    private readonly Queue<int> _reads = new();
    private long _lastBarrier = long.MinValue;
    private long _lastTurnedAway = long.MinValue;
    private bool _wasHeard = true;

    /// <summary>The session.</summary>
    public SessionId Id => id;

    /// <summary>Whether its requests are made again when the leader is lost.</summary>
    public bool IsKept => isKept;

    /// <summary>Whether its creation, or its move to this server, has been committed.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Who the client is; null for nobody.</summary>
    public IReadOnlyList<Identity>? Identities { get; set; }

    /// <summary>The unanswered requests, oldest first.</summary>
    public Queue<PendingRequest> Pending { get; } = new();

    /// <summary>Whether a barrier of the session is not answered yet.</summary>
    /// <remarks>The cxids rise, and answers come in order.</remarks>
    public bool HasBarrier =>
        Pending.TryPeek(out PendingRequest? oldest) && oldest.Request.Cxid <= _lastBarrier;

    /// <summary>Whether it lives only for as long as something is heard of its client.</summary>
    public bool MustBeHeard => mustBeHeard;

    /// <summary>Whether the client has shown, since its life was last taken, that it lives.</summary>
    public bool IsLive => _wasHeard || !mustBeHeard;

    /// <summary>Something was heard of the client.</summary>
    public void Hear() => _wasHeard = true;

    /// <summary>Whether the client has shown, since this was last asked, that it lives.</summary>
    public bool TakeLife()
    {
        bool lives = IsLive;
        _wasHeard = false;
        return lives;
    }

    /// <summary>Whether a request was turned away, and the client does not know it yet.</summary>
    public bool HasTurnedAway =>
        Pending.TryPeek(out PendingRequest? oldest) && oldest.Request.Cxid <= _lastTurnedAway;

    /// <summary>Keeps a request that was not taken, and its answer, behind the older ones.</summary>
    public void AddTurnedAway(PendingRequest pending)
    {
        Pending.Enqueue(pending);
        _lastTurnedAway = pending.Request.Cxid;
    }

    /// <summary>Takes in a request; its cxid is above all earlier ones.</summary>
    public void Add(PendingRequest pending)
    {
        Hear();
        ForgetAnsweredReads();
        Pending.Enqueue(pending);
        if (pending.Request.Op == OpCode.Sync)
        {
            _lastBarrier = pending.Request.Cxid;
        }
        else if (!pending.Request.Op.NeedsLeader)
        {
            _reads.Enqueue(pending.Request.Cxid);
        }
    }

    /// <summary>Whether a read before the request of that cxid is not answered yet; before the end of the
    /// session, which is no request of its own, when it is 0.</summary>
    public bool HasReadBefore(int cxid)
    {
        ForgetAnsweredReads();
        return _reads.TryPeek(out int oldest) && (cxid == 0 || oldest < cxid);
    }

    /// <summary>The pending request of that cxid that waits for the leader.</summary>
    public PendingRequest? Find(int cxid)
    {
        foreach (PendingRequest pending in Pending)
        {
            if (pending.Request.Cxid == cxid && pending.Request.Op.NeedsLeader)
            {
                return pending;
            }
        }

        return null;
    }

    private void ForgetAnsweredReads()
    {
        while (_reads.TryPeek(out int read)
            && (!Pending.TryPeek(out PendingRequest? oldest) || read < oldest.Request.Cxid))
        {
            _ = _reads.Dequeue();
        }
    }
}
