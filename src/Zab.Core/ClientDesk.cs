using System;
using System.Collections.Generic;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Sessions;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Core;

/// <summary>Serves the clients that are attached to this server: keeps each session's order, answers reads,
/// fires watches.</summary>
/// <remarks>Whatever a client learns goes through one list, in order: the event of a change stands before
/// every reply that could reveal the change (S23). A session's requests are answered in the order in which
/// they came (K3).</remarks>
/// <param name="self">This server.</param>
/// <param name="data">The committed state.</param>
/// <param name="access">Who may read what.</param>
/// <param name="sessionWatchesMax">The most nodes that one session may watch here.</param>
/// <param name="watchesMax">The most watches that all of them may have here, but for a few that each may
/// have.</param>
internal sealed partial class ClientDesk(
    ServerId self, CommittedData data, AccessRules access, int sessionWatchesMax, int watchesMax)
{
    private const int IdentitiesMax = 64;
    private const int IdentityLettersMax = 16 * 1024;

    private readonly SortedDictionary<long, ClientSession> _sessions = [];
    private readonly WatchDesk _watches = new(access, sessionWatchesMax, watchesMax);
    private readonly Queue<(Zxid NotBefore, SessionId Session, int Cxid, Refusal Refusal)> _waiting = new();
    private readonly Queue<ClientRequest> _released = new();
    private readonly Queue<ClientSession> _behind = new();
    private List<ClientOutput> _outputs = [];
    private long _taken;

    /// <summary>The watches, for people and for checks.</summary>
    public WatchRegistry Watches => _watches.Registry;

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

    /// <summary>A session that is attached here; null when it is not.</summary>
    public ClientSession? Find(SessionId id) => _sessions.GetValueOrDefault(id.Value);

    /// <summary>The attached sessions that are open and whose clients have shown, since this was last asked,
    /// that they live; in the order of their ids.</summary>
    public List<SessionId> TakeLiveSessions()
    {
        List<SessionId> live = [];
        foreach (ClientSession session in _sessions.Values)
        {
            if (session.IsOpen && session.TakeLife())
            {
                live.Add(session.Id);
            }
        }

        return live;
    }

    /// <summary>Something was heard of the client of a session.</summary>
    public void Hear(SessionId id)
    {
        if (_sessions.TryGetValue(id.Value, out ClientSession? session))
        {
            session.Hear();
        }
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
    /// <returns>The request as the leader must see it; null when it is answered here, now or in its
    /// turn.</returns>
    public ClientRequest? Submit(ClientRequest request, bool isServing)
    {
        if (!isServing)
        {
            TurnAway(request);
            return null;
        }

        if (request.Op.OpensSession && !TryAttach(request))
        {
            return null;
        }

        if (!_sessions.TryGetValue(request.Session.Value, out ClientSession? session))
        {
            Reply(Replies.Outcome(request, data.Applied.Zxid, ErrorCode.SessionExpired));
            return null;
        }

        if (session.HasTurnedAway && !request.Op.OpensSession)
        {
            TurnAway(request); // not done before its client knows that an older one was not (K3)
            return null;
        }

        List<Identity>? union =
            request.Op == OpCode.Auth ? Union(session.Identities, request.Identities) : null;
        session.Identities = union ?? session.Identities;

        // Whoever the client becomes later, it asks as who it is now.
        PendingRequest pending = new(request with { Identities = session.Identities }, _taken++);
        if (!request.Op.IsForClients || (request.Op == OpCode.Auth && union is null))
        {
            ErrorCode refusal = request.Op == OpCode.Auth ? ErrorCode.AuthFailed : ErrorCode.Unimplemented;
            pending.Reply = Replies.Outcome(request, data.Applied.Zxid, refusal);
        }

        bool needsLeader = request.Op.NeedsLeader && pending.Reply is null;
        pending.IsHeld = needsLeader && session.HasBarrier;
        session.Add(pending);
        if (!needsLeader)
        {
            Drain(session);
            return null;
        }

        return pending.IsHeld ? null : pending.Request;
    }

    /// <summary>Does not take a request. Its client learns it in its turn: what it asked before may still
    /// wait for a leader (K3).</summary>
    private void TurnAway(in ClientRequest request)
    {
        ClientReply reply = Replies.Outcome(request, Zxid.None, ErrorCode.ConnectionLoss);
        if (!request.Op.OpensSession
            && _sessions.TryGetValue(request.Session.Value, out ClientSession? session)
            && session.Pending.Count > 0)
        {
            session.AddTurnedAway(new PendingRequest(request, _taken++) { Reply = reply });
        }
        else
        {
            Reply(reply);
        }
    }

    /// <summary>Takes the next request that was held behind a barrier, and is to go to the leader
    /// now.</summary>
    public bool TryTakeReleased(out ClientRequest request) => _released.TryDequeue(out request);

    /// <summary>The state that the oldest waiting answer waits for; null when none does.</summary>
    public Zxid? NextWaiting =>
        _waiting.TryPeek(out (Zxid NotBefore, SessionId, int, Refusal) next) ? next.NotBefore : null;

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

    /// <summary>Its client has given a session up without ending it: it is served no more, so it lives on for
    /// its timeout, or until a client goes on with it.</summary>
    public void Detach(SessionId id)
    {
        Watches.RemoveSession(id);
        _ = _sessions.Remove(id.Value);
    }

    /// <summary>Who a client is with what it has proved in addition; null when that is too much: who it is
    /// goes with each of its requests.</summary>
    private static List<Identity>? Union(IReadOnlyList<Identity>? before, IReadOnlyList<Identity>? added)
    {
        List<Identity> union = [.. before ?? []];
        foreach (Identity identity in added ?? [])
        {
            if (union.Count < IdentitiesMax && !union.Contains(identity))
            {
                union.Add(identity);
            }
            else if (!union.Contains(identity))
            {
                return null;
            }
        }

        int letters = 0;
        foreach (Identity identity in union)
        {
            letters += Math.Min(identity.Scheme.Length + identity.Id.Length, IdentityLettersMax);
        }

        return letters < IdentityLettersMax ? union : null;
    }

    /// <summary>Attaches the client of a session that is to be opened, or goes on here.</summary>
    private bool TryAttach(in ClientRequest request)
    {
        ErrorCode error = request.Op == OpCode.MoveSession && !SessionPassword.IsRight(
            data.State.Secret.Span, request.Session, request.Password.Span)
            ? ErrorCode.AuthFailed
            : ErrorCode.Ok;
        if (error != ErrorCode.Ok)
        {
            Reply(Replies.Outcome(request, data.Applied.Zxid, error));
            return false;
        }

        if (_sessions.TryGetValue(request.Session.Value, out ClientSession? older))
        {
            Invariant.Holds(request.Op == OpCode.MoveSession);
            FailPending(older, ErrorCode.ConnectionLoss); // it stands before the move, and may be done
            End(older, ErrorCode.SessionMoved);
        }

        _sessions.Add(
            request.Session.Value,
            new ClientSession(request.Session, request.IsKept, request.MustBeHeard)
            {
                Identities = request.Identities,
            });
        return true;
    }

    private void Fire(in ZnodeChange change, Zxid zxid) => _watches.Fire(change, zxid, _sessions, _outputs);

    /// <summary>Gives all answers of a session whose turn has come.</summary>
    /// <param name="session">The session.</param>
    /// <param name="withReads">Whether reads are answered too; otherwise they wait for
    /// <see cref="OnStateMoved"/>.</param>
    private void Drain(ClientSession session, bool withReads = true)
    {
        while (session.Pending.TryPeek(out PendingRequest? oldest))
        {
            bool isLocal = oldest.Reply is null && !oldest.Request.Op.NeedsLeader;
            if (!withReads && (isLocal || IsOld(oldest.Reply)))
            {
                _behind.Enqueue(session);
                return;
            }

            oldest.Reply = isLocal ? AnswerLocally(oldest.Request) : oldest.Reply;
            if (oldest.Reply is not { } reply)
            {
                return;
            }

            _ = session.Pending.Dequeue();
            Reply(Renewed(reply));
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
        if (request.Op is OpCode.Auth or OpCode.WhoAmI)
        {
            return Replies.Outcome(request, zxid, ErrorCode.Ok) with { Identities = request.Identities };
        }

        if (request.WatchesAdded > 0 && !_watches.HasRoomFor(request))
        {
            return Replies.Outcome(request, zxid, ErrorCode.ThrottledOp);
        }

        if (request.Op.IsAboutSession)
        {
            ErrorCode error = _watches.Answer(request, data.State.Tree, zxid, _outputs);
            return Replies.Outcome(request, zxid, error);
        }

        ClientReply reply = ReadProcessor.Answer(request, data.State, access);
        if (ReadProcessor.WatchLeftBy(request, reply.Error) is { } left)
        {
            Watches.Add(request.Session, request.Path, left);
        }

        return reply;
    }

    /// <summary>A session is over here.</summary>
    /// <param name="session">The session.</param>
    /// <param name="reason">Why: it expired, it moved, or (<see cref="ErrorCode.Ok"/>) its client closed
    /// it.</param>
    private void End(ClientSession session, ErrorCode reason)
    {
        FailPending(session, reason == ErrorCode.SessionMoved ? reason : ErrorCode.SessionExpired);
        Detach(session.Id);
        if (reason != ErrorCode.Ok)
        {
            bool moved = reason == ErrorCode.SessionMoved;
            _outputs.Add(new ClientOutput(session.Id, expired: !moved, moved: moved));
        }
    }

    private void FailPending(ClientSession session, ErrorCode error)
    {
        while (session.Pending.TryDequeue(out PendingRequest? pending))
        {
            Reply(Renewed(pending.Reply ?? Replies.Outcome(pending.Request, data.Applied.Zxid, error)));
        }
    }

    /// <summary>Whether a refusal has waited behind older requests while the state moved on. Its client has
    /// seen newer states since (K4).</summary>
    private bool IsOld(in ClientReply? reply) => reply is { } refusal && refusal.Error != ErrorCode.Ok
        && refusal.Zxid != Zxid.None && refusal.Zxid < data.Applied.Zxid;

    private ClientReply Renewed(ClientReply reply) =>
        IsOld(reply) ? reply with { Zxid = data.Applied.Zxid } : reply;

    private void Reply(ClientReply reply) => _outputs.Add(new ClientOutput(reply.Session, reply: reply));
}
