using System.Collections.Generic;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Core;

/// <summary>Serves the clients that are attached to this server: keeps each session's order, answers reads,
/// fires watches.</summary>
/// <remarks>Whatever a client learns goes through one list, in order: the event of a change stands before
/// every reply that could reveal the change (S23). A session's requests are answered in the order in which
/// they came (K3).</remarks>
internal sealed class ClientDesk(CommittedData data)
{
    private readonly SortedDictionary<long, ClientSession> _sessions = [];
    private readonly WatchRegistry _watches = new();
    private readonly Queue<(Zxid NotBefore, SessionId Session, int Cxid, ErrorCode Error)> _waiting = new();
    private readonly List<(SessionId Session, WatchEvent Event)> _fired = [];
    private readonly Queue<ClientRequest> _released = new();
    private readonly Queue<ClientSession> _behind = new();
    private List<ClientOutput> _outputs = [];

    /// <summary>The watches, for people and for checks.</summary>
    public WatchRegistry Watches => _watches;

    /// <summary>The attached sessions that are open, in the order of their ids.</summary>
    public List<SessionId> OpenSessions()
    {
        List<SessionId> open = [];
        foreach (ClientSession session in _sessions.Values)
        {
            if (session.IsOpen)
            {
                open.Add(session.Id);
            }
        }

        return open;
    }

    /// <summary>Hands over what clients are to learn, in order.</summary>
    public List<ClientOutput> TakeOutputs()
    {
        List<ClientOutput> outputs = _outputs;
        _outputs = [];
        return outputs;
    }

    /// <summary>Takes a request of an attached client.</summary>
    /// <param name="request">The request; its cxid is above all earlier ones of its session.</param>
    /// <param name="isServing">Whether this server is part of an established ensemble.</param>
    /// <returns>True when the leader must see it; otherwise it is answered, now or in its turn.</returns>
    public bool Submit(ClientRequest request, bool isServing)
    {
        if (!isServing)
        {
            Reply(Replies.Outcome(request, Zxid.None, ErrorCode.ConnectionLoss));
            return false;
        }

        if (request.Op == OpCode.CreateSession)
        {
            Invariant.Holds(!_sessions.ContainsKey(request.Session.Value));
            _sessions.Add(request.Session.Value, new ClientSession(request.Session));
        }

        if (!_sessions.TryGetValue(request.Session.Value, out ClientSession? session))
        {
            Reply(Replies.Outcome(request, data.Applied.Zxid, ErrorCode.SessionExpired));
            return false;
        }

        PendingRequest pending = new(request);
        bool isLocal = ClientSession.IsLocal(request.Op);
        pending.IsHeld = !isLocal && session.HasBarrier;
        session.Add(pending);
        if (isLocal)
        {
            Drain(session);
        }

        return !isLocal && !pending.IsHeld;
    }

    /// <summary>Takes the next request that was held behind a barrier, and is to go to the leader
    /// now.</summary>
    public bool TryTakeReleased(out ClientRequest request) => _released.TryDequeue(out request);

    /// <summary>The state that the oldest waiting answer waits for; null when none does.</summary>
    public Zxid? NextWaiting =>
        _waiting.TryPeek(out (Zxid NotBefore, SessionId, int, ErrorCode) next) ? next.NotBefore : null;

    /// <summary>Whether the session has a read that was asked before the given request and is not answered
    /// yet: it must see the state without that request (K3).</summary>
    public bool HasReadBefore(SessionId id, int cxid)
    {
        if (!_sessions.TryGetValue(id.Value, out ClientSession? session))
        {
            return false;
        }

        return session.HasReadBefore(cxid);
    }

    /// <summary>A transaction was applied: fires its watches, then answers the client that asked for it, if
    /// it is here.</summary>
    /// <remarks>More may have been applied with it. A read behind it waits for <see cref="OnStateMoved"/>:
    /// its answer shows all of them, so all their events stand before it (S23).</remarks>
    public void OnApplied(TxnOutcome outcome)
    {
        foreach (ZnodeChange change in outcome.Changes)
        {
            Fire(change, outcome.Zxid);
        }

        if (!_sessions.TryGetValue(outcome.Session.Value, out ClientSession? session))
        {
            return;
        }

        if (outcome.Op == OpCode.CreateSession)
        {
            session.IsOpen = true;
        }

        if (session.Find(outcome.Cxid) is { } pending)
        {
            pending.Reply ??= Replies.Of(outcome);
        }

        Drain(session, withReads: false);
        if (outcome.Op == OpCode.CloseSession)
        {
            End(session, outcome.Zxid, expired: outcome.Cxid == 0);
        }
    }

    /// <summary>The leader refused a request, by the state at <paramref name="decidedAt"/>: the answer waits
    /// for that state.</summary>
    /// <remarks>It may rest on transactions that were proposed and not committed. Were they lost, the answer
    /// would be wrong, and it is not given: the link to that leader is lost then, and the request with it
    /// (K9).</remarks>
    public void OnRefused(Zxid decidedAt, SessionId session, int cxid, ErrorCode error) =>
        _waiting.Enqueue((decidedAt, session, cxid, error));

    /// <summary>The leader confirmed a barrier: the answer waits for the state at it.</summary>
    public void OnSynced(Zxid barrier, SessionId session, int cxid) =>
        _waiting.Enqueue((barrier, session, cxid, ErrorCode.Ok));

    /// <summary>Gives the answers that waited for the state that is there now: reads behind what was
    /// applied, then what the leader decided.</summary>
    public void OnStateMoved()
    {
        while (_behind.TryDequeue(out ClientSession? session))
        {
            Drain(session);
        }

        while (_waiting.TryPeek(out (Zxid NotBefore, SessionId Session, int Cxid, ErrorCode Error) next)
            && next.NotBefore <= data.Applied.Zxid)
        {
            _ = _waiting.Dequeue();
            if (_sessions.TryGetValue(next.Session.Value, out ClientSession? session))
            {
                Resolve(session, next.Cxid, next.Error);
                if (!session.IsOpen && next.Error != ErrorCode.Ok)
                {
                    FailPending(session, next.Error, data.Applied.Zxid);
                    _ = _sessions.Remove(session.Id.Value);
                }
            }
        }
    }

    /// <summary>The leader says that a session is over, though nothing here has shown it yet.</summary>
    public void OnInvalidSession(SessionId id)
    {
        if (_sessions.TryGetValue(id.Value, out ClientSession? session) && session.IsOpen)
        {
            End(session, data.Applied.Zxid, expired: true);
        }
    }

    /// <summary>The server left its ensemble: what waits for the leader will not be answered, and its outcome
    /// is not known.</summary>
    /// <remarks>Sessions stay: they live as long as the ensemble says. Those not created yet are
    /// gone.</remarks>
    public void OnLeaderLost()
    {
        _waiting.Clear();
        _released.Clear();
        foreach (ClientSession session in new List<ClientSession>(_sessions.Values))
        {
            FailPending(session, ErrorCode.ConnectionLoss, data.Applied.Zxid);
            if (!session.IsOpen)
            {
                _ = _sessions.Remove(session.Id.Value);
            }
        }
    }

    /// <summary>A snapshot replaced the state: fires the watches for whatever differs, and ends sessions that
    /// are gone.</summary>
    public void OnStateReplaced(DataState before)
    {
        foreach (ZnodeChange change in TreeDiff.Between(before.Tree, data.State.Tree))
        {
            Fire(change, data.Applied.Zxid);
        }

        foreach (SessionId id in OpenSessions())
        {
            if (!data.State.Sessions.Contains(id))
            {
                End(_sessions[id.Value], data.Applied.Zxid, expired: true);
            }
        }
    }

    private void Fire(in ZnodeChange change, Zxid zxid)
    {
        _watches.Fire(change, zxid, _fired);
        foreach ((SessionId session, WatchEvent fired) in _fired)
        {
            _outputs.Add(new ClientOutput(session, Event: fired));
        }

        _fired.Clear();
    }

    /// <summary>Fills in an answer that says only how it went, and gives all answers whose turn has
    /// come.</summary>
    private void Resolve(ClientSession session, int cxid, ErrorCode error)
    {
        if (session.Find(cxid) is { } pending)
        {
            pending.Reply ??= Replies.Outcome(pending.Request, data.Applied.Zxid, error);
        }

        Drain(session);
    }

    /// <summary>Gives all answers of a session whose turn has come.</summary>
    /// <param name="session">The session.</param>
    /// <param name="withReads">Whether reads are answered too; otherwise they wait for
    /// <see cref="OnStateMoved"/>.</param>
    private void Drain(ClientSession session, bool withReads = true)
    {
        while (session.Pending.TryPeek(out PendingRequest? oldest))
        {
            if (ClientSession.IsLocal(oldest.Request.Op))
            {
                if (!withReads)
                {
                    _behind.Enqueue(session);
                    return;
                }

                oldest.Reply = AnswerLocally(oldest.Request);
            }

            if (oldest.Reply is not { } reply)
            {
                return;
            }

            _ = session.Pending.Dequeue();
            Reply(reply);
            if (oldest.Request.Op == OpCode.Sync)
            {
                Release(session);
            }
        }
    }

    /// <summary>Lets go what waited for a barrier, up to the next one.</summary>
    /// <remarks>A write behind a barrier must not be applied before the barrier is answered: a read between
    /// the two would see what its session wrote later (K3).</remarks>
    private void Release(ClientSession session)
    {
        foreach (PendingRequest pending in session.Pending)
        {
            if (pending.IsHeld)
            {
                pending.IsHeld = false;
                _released.Enqueue(pending.Request);
            }

            if (pending.Request.Op == OpCode.Sync)
            {
                return;
            }
        }
    }

    /// <summary>Answers from the committed state, and leaves the watch in the same step: no change falls
    /// between.</summary>
    private ClientReply AnswerLocally(ClientRequest request)
    {
        Zxid zxid = data.Applied.Zxid;
        if (request.Op == OpCode.AddWatch)
        {
            if (request.WatchMode is not (WatchMode.Persistent or WatchMode.PersistentRecursive))
            {
                return Replies.Outcome(request, zxid, ErrorCode.BadArguments);
            }

            _watches.Add(request.Session, request.Path, request.WatchMode.Value);
            return Replies.Outcome(request, zxid, ErrorCode.Ok);
        }

        if (request.Op == OpCode.RemoveWatches)
        {
            bool removed = _watches.Remove(request.Session, request.Path, request.WatchMode);
            return Replies.Outcome(request, zxid, removed ? ErrorCode.Ok : ErrorCode.NoWatcher);
        }

        ClientReply reply = ReadProcessor.Answer(request, data.State);
        if (ReadProcessor.WatchLeftBy(request, reply.Error) is { } left)
        {
            _watches.Add(request.Session, request.Path, left);
        }

        return reply;
    }

    private void End(ClientSession session, Zxid zxid, bool expired)
    {
        FailPending(session, ErrorCode.SessionExpired, zxid);
        _watches.RemoveSession(session.Id);
        _ = _sessions.Remove(session.Id.Value);
        if (expired)
        {
            _outputs.Add(new ClientOutput(session.Id, Expired: true));
        }
    }

    private void FailPending(ClientSession session, ErrorCode error, Zxid zxid)
    {
        while (session.Pending.TryDequeue(out PendingRequest? pending))
        {
            Reply(pending.Reply ?? Replies.Outcome(pending.Request, zxid, error));
        }
    }

    private void Reply(ClientReply reply) => _outputs.Add(new ClientOutput(reply.Session, Reply: reply));
}
