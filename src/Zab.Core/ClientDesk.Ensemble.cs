using System.Collections.Generic;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Sessions;
using Zab.Core.Tree;

namespace Zab.Core;

/// <content>What the ensemble decides, and what becomes of clients while there is no leader.</content>
internal sealed partial class ClientDesk
{
    private const int AskedMax = 32;

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

        if (outcome.Op.OpensSession)
        {
            if (outcome.Owner != self)
            {
                if (session.IsOpen)
                {
                    End(session, ErrorCode.SessionMoved);
                }

                return; // one that is on its way here comes after this one
            }

            session.IsOpen |= session.Find(outcome.Cxid) is not null;
        }

        // What came before the session moved here is for the client that it had there.
        if (session.IsOpen && session.Find(outcome.Cxid) is { } pending)
        {
            pending.Reply ??= Replies.Of(pending.Request, outcome) with
            {
                Count = outcome.Op == OpCode.MoveSession ? LastCxidOf(session.Id) : 0,
            };
        }

        Drain(session, withReads: false);
        if (outcome.Op == OpCode.CloseSession)
        {
            End(session, outcome.Cxid == 0 ? ErrorCode.SessionExpired : ErrorCode.Ok);
        }
    }

    /// <summary>The leader refused a request, by the state at <paramref name="decidedAt"/>: the answer waits
    /// for that state.</summary>
    /// <remarks>It may rest on transactions that were proposed and not committed. Were they lost, the answer
    /// would be wrong, and it is not given: the link to that leader is lost then, and the request with it
    /// (K9).</remarks>
    public void OnRefused(Zxid decidedAt, SessionId session, int cxid, Refusal refusal) =>
        _waiting.Enqueue((decidedAt, session, cxid, refusal));

    /// <summary>The leader confirmed a barrier: the answer waits for the state at it.</summary>
    public void OnSynced(Zxid barrier, SessionId session, int cxid) =>
        _waiting.Enqueue((barrier, session, cxid, default));

    /// <summary>Gives the answers that waited for the state that is there now: reads behind what was
    /// applied, then what the leader decided.</summary>
    public void OnStateMoved()
    {
        while (_behind.TryDequeue(out ClientSession? session))
        {
            Drain(session);
        }

        while (_waiting.TryPeek(out (Zxid NotBefore, SessionId Session, int Cxid, Refusal Refusal) next)
            && next.NotBefore <= data.Applied.Zxid)
        {
            _ = _waiting.Dequeue();
            if (_sessions.TryGetValue(next.Session.Value, out ClientSession? session))
            {
                Resolve(session, next.Cxid, next.Refusal);
            }
        }
    }

    /// <summary>The server left its ensemble: what waits for the leader will be asked again of the next one,
    /// unless its client did not want that; then its outcome is not known.</summary>
    /// <remarks>Sessions stay: they live as long as the ensemble says. Those that would not ask again, and
    /// are not created yet, are gone.</remarks>
    public void OnLeaderLost()
    {
        _waiting.Clear();
        _released.Clear();
        foreach (ClientSession session in new List<ClientSession>(_sessions.Values))
        {
            if (!session.IsKept)
            {
                GiveUp(session);
            }
        }
    }

    /// <summary>This server has been without a leader for a time: whoever has waited for as long as its
    /// session lives learns that its outcome is not known.</summary>
    /// <param name="waitedMs">For how long, in milliseconds.</param>
    public void GiveUpAfter(long waitedMs)
    {
        foreach (ClientSession session in new List<ClientSession>(_sessions.Values))
        {
            if (session.Pending.TryPeek(out PendingRequest? oldest))
            {
                int timeoutMs = data.State.Sessions.TryGet(session.Id, out SessionRecord? record)
                    ? record.TimeoutMs
                    : oldest.Request.TimeoutMs;
                if (waitedMs >= timeoutMs)
                {
                    GiveUp(session);
                }
            }
        }
    }

    /// <summary>There is a leader again: the requests to ask it, in the order in which they came.</summary>
    /// <remarks>Some may be done already, by the leader that was lost. Each carries its number, so none is
    /// done twice. In the order of the sessions those of the last one would fall behind what others asked
    /// long after them, with each leader anew (L2).</remarks>
    public List<ClientRequest> AskAgain()
    {
        foreach (ClientSession session in new List<ClientSession>(_sessions.Values))
        {
            // A request that costs every leader its link, or its life, must not go round for ever (R20).
            if (session.Pending.TryPeek(out PendingRequest? oldest) && oldest.Asked >= AskedMax)
            {
                GiveUp(session);
            }
        }

        List<PendingRequest> again = [];
        foreach (ClientSession session in _sessions.Values)
        {
            foreach (PendingRequest pending in session.Pending)
            {
                if (pending is { IsHeld: false, Reply: null } && pending.Request.Op.NeedsLeader)
                {
                    pending.Asked++;
                    again.Add(pending);
                }
            }
        }

        again.Sort((left, right) => left.Number.CompareTo(right.Number));
        return again.ConvertAll(pending => pending.Request);
    }

    /// <summary>A snapshot replaced the state: fires the watches for whatever differs, and ends sessions that
    /// are gone.</summary>
    public void OnStateReplaced(DataState before)
    {
        foreach (ZnodeChange change in TreeDiff.Between(before.Tree, data.State.Tree))
        {
            Fire(change, data.Applied.Zxid);
        }

        SettleOpenings();
        foreach (SessionId id in OpenSessions())
        {
            bool exists = data.State.Sessions.TryGet(id, out SessionRecord? record);
            if (!exists || record!.Owner != self)
            {
                // What was under way may have been done before the end.
                FailPending(_sessions[id.Value], ErrorCode.ConnectionLoss);
                End(_sessions[id.Value], exists ? ErrorCode.SessionMoved : ErrorCode.SessionExpired);
            }
            else
            {
                FailReadsBefore(_sessions[id.Value], record.LastCxid);
                AnswerFromRecord(_sessions[id.Value], record);
            }
        }
    }

    /// <summary>A session that was to be opened, and that a snapshot shows, is open. One that it does not
    /// show may have been opened and be over by now. Neither is asked for again: it could be over before the
    /// leader hears it, and would be opened once more (K8).</summary>
    private void SettleOpenings()
    {
        foreach (ClientSession session in new List<ClientSession>(_sessions.Values))
        {
            if (session.IsOpen || !session.Pending.TryPeek(out PendingRequest? oldest)
                || oldest.Request.Op != OpCode.CreateSession)
            {
                continue;
            }

            if (WasDone(oldest.Request))
            {
                session.IsOpen = true;
            }
            else
            {
                GiveUp(session);
            }
        }
    }

    /// <summary>Gives the answers that a session's record holds: the end of the session may follow, and with
    /// it goes the record (K9).</summary>
    private void AnswerFromRecord(ClientSession session, SessionRecord record)
    {
        foreach (PendingRequest pending in session.Pending)
        {
            if (pending is { Reply: null, Request.IsKept: true }
                && record.TryGetReply(pending.Request.Cxid, out KeptReply? kept))
            {
                pending.Reply = Replies.Of(pending.Request, kept, record);
            }
        }

        Drain(session);
    }

    /// <summary>A transaction is about to follow the state that is there. What its session asked before it,
    /// and was not done, never will be: another leader refused it, and was lost with the reason. Its client
    /// is told now, so that reads behind it still find the state before the later request (K3).</summary>
    public void OnApplying(TxnHeader next)
    {
        if (next.Type.OpensSession || !_sessions.TryGetValue(next.Session.Value, out ClientSession? session)
            || !session.IsKept)
        {
            return;
        }

        bool any = false;
        foreach (PendingRequest pending in session.Pending)
        {
            if (pending.Request.Cxid >= next.Cxid)
            {
                break;
            }

            if (pending.Reply is null && pending.Request.Op.NeedsLeader)
            {
                pending.Reply = WasDone(pending.Request)
                    ? AnswerDoneBefore(session, pending.Request)
                    : Replies.Refused(
                        pending.Request, data.Applied.Zxid, new Refusal(ErrorCode.RuntimeInconsistency));
                any = true;
            }
        }

        if (any)
        {
            Drain(session);
        }
    }

    /// <summary>The state shows what a session asked later than some of its reads: they cannot be answered in
    /// its order any more.</summary>
    private void FailReadsBefore(ClientSession session, int cxid)
    {
        foreach (PendingRequest pending in session.Pending)
        {
            if (pending.Request.Cxid < cxid && !pending.Request.Op.NeedsLeader)
            {
                pending.Reply ??= Replies.Outcome(
                    pending.Request, data.Applied.Zxid, ErrorCode.ConnectionLoss);
            }
        }
    }

    /// <summary>Fills in what the leader decided, and gives all answers whose turn has come.</summary>
    private void Resolve(ClientSession session, int cxid, Refusal refusal)
    {
        PendingRequest? pending = session.Find(cxid);
        if (pending is { Reply: null })
        {
            if (refusal.Error == ErrorCode.ConnectionLoss && pending.Request.IsKept)
            {
                return; // that leader is about to leave: the next one is asked
            }

            pending.Reply = refusal.Error == ErrorCode.Ok && pending.Request.Op != OpCode.Sync
                ? AnswerDoneBefore(session, pending.Request)
                : Replies.Refused(pending.Request, data.Applied.Zxid, refusal);
        }

        if (!session.IsOpen && refusal.Error != ErrorCode.Ok && pending is { Request.Op.OpensSession: true })
        {
            FailPending(session, refusal.Error); // what was asked behind it is not answered by any state
            Detach(session.Id);
            return;
        }

        Drain(session);
        if (refusal.Error == ErrorCode.SessionMoved && pending is not null)
        {
            End(session, ErrorCode.SessionMoved); // else a client asked that was here before this one
        }
    }

    private bool WasDone(in ClientRequest request) =>
        data.State.Sessions.TryGet(request.Session, out SessionRecord? record)
        && record.TryGetReply(request.Cxid, out _);

    private ClientReply AnswerDoneBefore(ClientSession session, in ClientRequest request)
    {
        if (!data.State.Sessions.TryGet(session.Id, out SessionRecord? record)
            || !record.TryGetReply(request.Cxid, out KeptReply? kept))
        {
            return Replies.Outcome(request, data.Applied.Zxid, ErrorCode.ConnectionLoss);
        }

        session.IsOpen = true;
        return Replies.Of(request, kept, record);
    }

    private int LastCxidOf(SessionId id) =>
        data.State.Sessions.TryGet(id, out SessionRecord? record) ? record.LastCxid : 0;

    private void GiveUp(ClientSession session)
    {
        FailPending(session, ErrorCode.ConnectionLoss);
        if (!session.IsOpen)
        {
            Detach(session.Id);
        }
    }
}
