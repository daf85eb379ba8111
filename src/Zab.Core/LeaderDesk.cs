using System;
using System.Collections.Generic;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Roles;
using Zab.Core.Sessions;
using Zab.Core.Tree;

namespace Zab.Core;

/// <summary>The data side of an established leader: validates requests against the newest proposed state, and
/// applies each there, once.</summary>
/// <remarks>What a turn proposes is one batch with one root, unless an answer needs a state in between. When
/// all of it is committed, that root becomes the committed one. When the role is left, the proposed roots are
/// dropped with this object. Source: ZooKeeper <c>PrepRequestProcessor</c>, without its change
/// records.</remarks>
internal sealed class LeaderDesk
{
    private const int WarnedQuotasMax = 64;
    private const int KeptRepliesMax = 10_000;

    private readonly Leader _leader;
    private readonly ReplicaOptions _options;
    private readonly Outbox _outbox;
    private readonly DataWriter _proposed;
    private readonly RequestPreparer _preparer;
    private readonly NodeSweeper _sweeper;
    private readonly SessionTracker _tracker = new();
    private readonly Queue<Batch> _batches = new();
    private readonly SortedDictionary<long, Barrier> _barriers = [];
    private readonly List<SessionId> _expired = [];
    private List<TxnOutcome> _batch = [];
    private List<string> _warnedQuotas = [];
    private Zxid _lastProposed;
    private long _batchBytes;
    private int _outstanding;
    private long _outstandingBytes;
    private long _lastTicket;
    private long _lastTimeMs;
    private int _sizeLast = -1;
    private int _sizeMin = -1;
    private int _sizeMax = -1;

    /// <summary>Begins with the committed state; every session gets a full timeout anew (ZB-69).</summary>
    public LeaderDesk(Leader leader, ReplicaOptions options, Outbox outbox, DataState committed, long now)
    {
        _leader = leader;
        _options = options;
        _outbox = outbox;
        _proposed = new DataWriter(committed);
        _preparer = new RequestPreparer(_proposed, options.Rules);
        _sweeper = new NodeSweeper(options);
        _lastProposed = committed.LastZxid;
        Since = now;
        foreach (SessionRecord session in committed.Sessions.All)
        {
            _tracker.Track(session.Id, TimeoutTicks(session.TimeoutMs), now);
        }
    }

    /// <summary>The tick at which it began.</summary>
    public long Since { get; }

    /// <summary>The barriers that are not answered yet.</summary>
    public int PendingSyncs => _barriers.Count;

    /// <summary>The bytes of what was proposed.</summary>
    public ProposalSizes Sizes => new(_sizeLast, _sizeMin, _sizeMax);

    /// <summary>Takes the nodes whose quotas were exceeded since this was last asked, though that was
    /// allowed: to be told to people.</summary>
    public IReadOnlyList<string> TakeWarnedQuotas()
    {
        List<string> warned = _warnedQuotas;
        _warnedQuotas = [];
        return warned;
    }

    /// <summary>A server says that a client of its is alive.</summary>
    /// <returns>Whether the session exists; only the server that serves it can keep it alive.</returns>
    public bool Touch(SessionId session, ServerId server, long now)
    {
        if (!_proposed.Sessions.TryGet(session, out SessionRecord? record))
        {
            return false;
        }

        _ = record.Owner == server && _tracker.Touch(session, now);
        return true;
    }

    /// <summary>Gives every session a full timeout from the given tick on.</summary>
    public void HoldExpiry(long now) => _tracker.TouchAll(now);

    /// <summary>Takes a request that came through <paramref name="via"/>; from a client of this server when
    /// there is no link.</summary>
    /// <returns>The refusal to give a local client; null when it was proposed, or the answer leaves by the
    /// link.</returns>
    public (Zxid DecidedAt, Refusal Refusal)? OnRequest(
        ClientRequest request, Link? via, ServerId origin, long now, long timeMs)
    {
        if (request.Op == OpCode.Sync && _barriers.Count < _options.OutstandingMax)
        {
            _barriers.Add(++_lastTicket, new Barrier(via, _lastProposed, request.Session, request.Cxid));
            _leader.ConfirmLeadership(_lastTicket);
            return null;
        }

        bool proposed = false;
        Refusal refusal = request.Op == OpCode.Sync ? new Refusal(ErrorCode.ThrottledOp)
            : WasDone(request) ? new Refusal(ErrorCode.Ok)
            : TryPropose(request, origin, now, timeMs, out proposed);
        if (proposed)
        {
            return null;
        }

        if (via is { } link)
        {
            _outbox.Send(link, PeerMessages.Refusal(_lastProposed, request.Session, request.Cxid, refusal));
            return null;
        }

        return (_lastProposed, refusal);
    }

    /// <summary>Deletes containers that are empty, and nodes whose time to live is over.</summary>
    public void SweepNodes(ZnodeTree committed, long now, long timeMs)
    {
        int room = _outstandingBytes >= _options.OutstandingBytesMax
            ? 0
            : _options.OutstandingMax - _outstanding;
        foreach (string path in _sweeper.TakeOver(committed, now, timeMs, room))
        {
            ClientRequest delete = new() { Op = OpCode.DeleteContainer, Path = path };
            _ = TryPropose(delete, ServerId.None, now, timeMs, out _);
        }
    }

    /// <summary>Closes the sessions whose clients have been silent for too long.</summary>
    public void ExpireSessions(long now, long timeMs)
    {
        _tracker.TakeExpired(now, _expired);
        foreach (SessionId session in _expired)
        {
            ClientRequest close = new() { Op = OpCode.CloseSession, Session = session };
            if (TryPropose(close, ServerId.None, now, timeMs, out _).Error == ErrorCode.ThrottledOp
                && _proposed.Sessions.TryGet(session, out SessionRecord? record))
            {
                // There was no room. It is due again at the next tick, unless its client shows up.
                int timeoutTicks = TimeoutTicks(record.TimeoutMs);
                _tracker.Track(session, timeoutTicks, now - timeoutTicks);
            }
        }

        _expired.Clear();
    }

    /// <summary>Takes the next batch that is committed whole and on this server's own disk (R9).</summary>
    public bool TryTakeCommitted(Zxid committed, out DataState? state, out List<TxnOutcome> outcomes)
    {
        (state, outcomes) = (null, []);
        if (!_batches.TryPeek(out Batch batch) || batch.Last > committed)
        {
            return false;
        }

        _ = _batches.Dequeue();
        (state, outcomes) = (batch.State, batch.Outcomes);
        _outstanding -= outcomes.Count;
        _outstandingBytes -= batch.Bytes;
        return true;
    }

    /// <summary>Ends the batch, at the latest at the end of the turn: its root can be committed from now
    /// on.</summary>
    public void EndBatch()
    {
        if (_batch.Count > 0)
        {
            _batches.Enqueue(new Batch(_lastProposed, _proposed.Freeze(), _batch, _batchBytes));
            (_batch, _batchBytes) = ([], 0);
        }
    }

    /// <summary>Answers the barriers that a quorum has confirmed.</summary>
    /// <param name="local">Told of those that local clients asked for.</param>
    public void AnswerBarriers(Action<Zxid, SessionId, int> local)
    {
        while (_leader.TryTakeConfirmed(out long ticket))
        {
            Invariant.Holds(_barriers.Remove(ticket, out Barrier barrier));
            if (barrier.Via is { } link)
            {
                _outbox.Send(link, PeerMessages.Sync(barrier.At, barrier.Session, barrier.Cxid));
            }
            else
            {
                local(barrier.At, barrier.Session, barrier.Cxid);
            }
        }
    }

    /// <summary>Whether a request was done before, or was refused before a later one of its session was
    /// done.</summary>
    private bool WasDone(in ClientRequest request) => request.IsKept && request.Op != OpCode.MoveSession
        && _proposed.Sessions.TryGet(request.Session, out SessionRecord? session)
        && request.Cxid <= session.LastCxid && session.TryGetReply(request.Cxid, out _);

    private Refusal TryPropose(
        ClientRequest request, ServerId origin, long now, long timeMs, out bool proposed)
    {
        proposed = false;
        if (_outstanding >= _options.OutstandingMax || _outstandingBytes >= _options.OutstandingBytesMax)
        {
            return new Refusal(ErrorCode.ThrottledOp);
        }

        if (!_leader.CanPropose)
        {
            return new Refusal(ErrorCode.ConnectionLoss);
        }

        if (CheckSession(request, origin) is var problem and not ErrorCode.Ok)
        {
            return new Refusal(problem);
        }

        // The wall clock may go back; the time in transactions does not.
        _lastTimeMs = Math.Max(_lastTimeMs, timeMs);
        Zxid zxid = _leader.NextZxid;
        ErrorCode error = _preparer.Prepare(request, origin, zxid, _lastTimeMs, out Memory<byte> txn);
        if (_preparer.WarnedQuota is { } warned && _warnedQuotas.Count < WarnedQuotasMax)
        {
            _warnedQuotas.Add(warned);
        }

        if (error != ErrorCode.Ok)
        {
            return new Refusal(error, _preparer.FailedAt);
        }

        proposed = true;
        _batch.Add(_proposed.ApplyNew(zxid, txn));
        _leader.Propose(zxid, txn);
        _lastProposed = zxid;
        _batchBytes += txn.Length;
        _outstanding++;
        _outstandingBytes += txn.Length;
        _sizeLast = txn.Length;
        _sizeMin = _sizeMin < 0 ? txn.Length : Math.Min(_sizeMin, txn.Length);
        _sizeMax = Math.Max(_sizeMax, txn.Length);
        NoteSession(request, now);
        return default;
    }

    private void NoteSession(in ClientRequest request, long now)
    {
        if (request.Op == OpCode.CreateSession)
        {
            _tracker.Track(request.Session, TimeoutTicks(request.TimeoutMs), now);
        }
        else if (request.Op == OpCode.CloseSession)
        {
            _ = _tracker.Remove(request.Session);
        }
        else
        {
            _ = _tracker.Touch(request.Session, now);
        }
    }

    /// <summary>Whether a request came through the server that serves its session, and in its turn.</summary>
    private ErrorCode CheckSession(in ClientRequest request, ServerId origin)
    {
        if (origin == ServerId.None || request.Op.OpensSession
            || !_proposed.Sessions.TryGet(request.Session, out SessionRecord? session))
        {
            return ErrorCode.Ok; // a session that is not there is the preparer's to refuse
        }

        if (session.Owner != origin)
        {
            return ErrorCode.SessionMoved;
        }

        // An older request that was not done never will be: what its session asked later was done without it.
        return !request.IsKept ? ErrorCode.Ok
            : request.Cxid <= session.LastCxid ? ErrorCode.RuntimeInconsistency
            : session.Replies.Count >= KeptRepliesMax ? ErrorCode.ThrottledOp
            : ErrorCode.Ok;
    }

    private int TimeoutTicks(int timeoutMs) =>
        (int)Math.Max(1, ((long)timeoutMs + _options.TickMs - 1) / _options.TickMs);

    /// <summary>What one turn proposed, with the root that shows all of it.</summary>
    private readonly record struct Batch(Zxid Last, DataState State, List<TxnOutcome> Outcomes, long Bytes);

    /// <summary>A client that waits for a confirmed barrier; of this server, when there is no link.</summary>
    private readonly record struct Barrier(Link? Via, Zxid At, SessionId Session, int Cxid);
}
