using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Roles;
using Zab.Core.Sessions;

namespace Zab.Core;

/// <content>Clients' requests, and the way from a committed entry to what clients learn.</content>
internal sealed partial class Replica
{
    private const int LearnerWindows = 8;
    private readonly List<TxnOutcome> _outcomes = [];
    private List<TxnOutcome> _applied = [];
    private RecoveredOutcomes _recovered;
    private Zxid? _replacedAt;
    private readonly Func<TxnHeader, bool> _mustReadBefore;
    private readonly Action<TxnHeader> _onApplying;
    private readonly ReadOnlyMemory<byte> _secret;
    private LogPosition _lastSnapshot;
    private long _appliedSinceSnapshot;
    private long _snapshotDue;
    private bool _snapshotUnderWay;

    /// <summary>A session id that this server has not given before, and no other server will.</summary>
    /// <remarks>The high byte is this server; the rest is random. The leader refuses one that is in
    /// use.</remarks>
    public SessionId NewSessionId() =>
        new(((long)_options.Self.Value << 56) | (long)(_prng.Next() & 0x00FF_FFFF_FFFF_FFFF));

    /// <summary>What recovery replayed, for the one who asks first; nothing after that.</summary>
    public RecoveredOutcomes TakeRecovered()
    {
        RecoveredOutcomes recovered = _recovered;
        _recovered = new RecoveredOutcomes(outcomesMax: 0) { After = _data.Applied.Zxid };
        return recovered;
    }

    /// <summary>A client of this server asks something.</summary>
    public void Submit(ClientRequest request)
    {
        if (request.Op == OpCode.CreateSession)
        {
            request = request with
            {
                TimeoutMs = int.Clamp(
                    request.TimeoutMs, _options.SessionTimeoutMinMs, _options.SessionTimeoutMaxMs),
                Secret = _secret,
            };
        }

        if (_clients.Submit(request, IsServing) is { } forLeader)
        {
            AskLeader(forLeader);
        }
    }

    /// <summary>The client of a session has given it up without ending it.</summary>
    public void Detach(SessionId session) => _clients.Detach(session);

    private byte[] MadeUpSecret()
    {
        byte[] secret = new byte[SessionPassword.SecretBytes];
        for (int at = 0; at < secret.Length; at += sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(secret.AsSpan(at), _prng.Next());
        }

        return secret;
    }

    /// <summary>A snapshot job has been published.</summary>
    public void OnSnapshotSaved(LogPosition position)
    {
        _snapshotUnderWay = false;
        _lastSnapshot = position;
        PlanNextSnapshot();
    }

    /// <summary>A snapshot job came to nothing; another will be asked for after as many transactions
    /// again.</summary>
    public void OnSnapshotFailed()
    {
        _snapshotUnderWay = false;
        PlanNextSnapshot();
    }

    private void PlanNextSnapshot()
    {
        _appliedSinceSnapshot = 0;
        int half = int.Max(1, _options.SnapshotEvery / 2);
        _snapshotDue = half + _prng.Below(half);
    }

    private SnapshotJob? TakeSnapshotJob()
    {
        bool isDue = _appliedSinceSnapshot >= _snapshotDue && _data.Applied != _lastSnapshot;
        if (!isDue || _snapshotUnderWay || _data.IsInstalling)
        {
            return null;
        }

        _snapshotUnderWay = true;
        return new SnapshotJob(_data.Applied, _data.State);
    }

    /// <summary>Keeps the window in memory within its bounds, but for what is not applied yet, and for what a
    /// learner needs next, up to larger bounds (ZB-57).</summary>
    private void TrimHistory()
    {
        long entriesMax = LearnerWindows * (long)_options.HistoryEntriesMax;
        long bytesMax = LearnerWindows * _options.HistoryBytesMax;
        Zxid keepFrom = _data.Applied.Zxid;
        if (_role is Leader leader && leader.NeededNext(entriesMax, bytesMax) is { } needed
            && needed < keepFrom)
        {
            keepFrom = needed;
        }

        _context.Log.History.Trim(keepFrom, _options.HistoryEntriesMax, _options.HistoryBytesMax);
    }

    /// <summary>Hands messages that the role does not read to the data side.</summary>
    private void TakeForData()
    {
        if (_role is Leader leader)
        {
            foreach ((Link link, Message message) in leader.ForData)
            {
                OnLearnerMessage(leader, link, message);
            }

            leader.ForData.Clear();
        }
        else if (_role is Learner { ForData: { } message, LeaderLink: { } leaderLink })
        {
            OnLeaderMessage(leaderLink, message);
        }
    }

    private void OnLearnerMessage(Leader leader, Link link, in Message message)
    {
        if (_leaderDesk is not { } desk || !leader.Serves(link))
        {
            return;
        }

        if (message.Type == MessageType.Request)
        {
            if (ClientRequest.TryDecode(message.Body, out ClientRequest request))
            {
                _ = desk.OnRequest(request, link, link.Peer, _context.Now, _timeMs);
            }
            else
            {
                _outbox.EndViolated(link, "a REQUEST could not be read");
            }

            return;
        }

        if (!PeerMessages.TryDecodeSessions(message.Body.Span, out List<SessionId> sessions))
        {
            _outbox.EndViolated(link, $"a {message.Type} could not be read");
            return;
        }

        foreach (SessionId session in sessions)
        {
            bool valid = desk.Touch(session, link.Peer, _context.Now);
            if (message.Type != MessageType.Ping)
            {
                _outbox.Send(link, PeerMessages.Revalidate(session, valid));
            }
        }
    }

    private void OnLeaderMessage(Link link, in Message message)
    {
        if (message.Type == MessageType.Revalidate
            && PeerMessages.TryDecodeSessions(message.Body.Span, out _))
        {
            return; // A session that is over ends here when the log, or a snapshot, shows it: not on a word.
        }

        if (PeerMessages.TryDecodeCall(
            message.Body.Span, out SessionId session, out int cxid, out Refusal refusal))
        {
            _asked.OnAnswered(session, cxid);
            if (message.Type == MessageType.Sync)
            {
                _clients.OnSynced(message.Zxid, session, cxid);
            }
            else
            {
                _clients.OnRefused(message.Zxid, session, cxid, refusal);
            }
        }
        else
        {
            _outbox.EndViolated(link, $"a {message.Type} could not be read");
        }
    }

    /// <summary>Moves the state to everything that is committed and on this server's own disk (R9), and tells
    /// the clients.</summary>
    private void Apply()
    {
        TakeReplacedState();
        Zxid committed = _context.Log.Committed.Zxid;
        ApplyTo(committed < _context.Log.Durable ? committed : _context.Log.Durable);
        _leaderDesk?.AnswerBarriers(_clients.OnSynced);
        _clients.OnStateMoved();
    }

    /// <summary>Tells the clients what a snapshot changed.</summary>
    private void TakeReplacedState()
    {
        if (_data.ReplacedState is { } before)
        {
            _replacedAt = _data.Applied.Zxid;
            _clients.OnStateReplaced(before);
            _data.ForgetReplaced();
            _context.NeedsSnapshot = _context.Election.CannotLead = false;
        }
    }

    /// <summary>Moves the state in as few steps as the order within sessions allows: every state that an
    /// answer must be given from is reached, and none after it before that is done.</summary>
    private void ApplyTo(Zxid target)
    {
        if (_leaderDesk is { } desk)
        {
            while (desk.TryTakeCommitted(target, out DataState? state, out List<TxnOutcome> outcomes))
            {
                Invariant.Holds(state is not null);
                _data.MoveTo(state, _context.Log.History.LastNotAfter(state.LastZxid));
                Announce(outcomes);
                _clients.OnStateMoved();
            }

            return;
        }

        if (_context.NeedsSnapshot)
        {
            if (_role is Leader)
            {
                _role.Leave("its state differs from that of an earlier leader");
            }

            return; // It would differ again: nothing but a snapshot helps.
        }

        try
        {
            Zxid next = NextStop(target);
            while (_data.ApplyTo(next, _context.Log.History, _outcomes, _mustReadBefore, _onApplying))
            {
                Announce(_outcomes);
                _outcomes.Clear();
                _clients.OnStateMoved();
                next = NextStop(target);
            }
        }
        catch (StateDivergedException diverged)
        {
            // Nothing of it was shown. The state stays where it was until a leader sends a whole one (R25).
            _outcomes.Clear();
            _context.NeedsSnapshot = _context.Election.CannotLead = true;
            _role.Leave(diverged.Message);
        }
    }

    /// <summary>The entry that the oldest waiting answer waits for, if it is on the way; else the end of the
    /// way.</summary>
    /// <remarks>It is looked up: whatever a leader named, the state stops at entries only (R20).</remarks>
    private Zxid NextStop(Zxid target)
    {
        Zxid stop = _clients.NextWaiting is { } wanted && wanted < target
            ? _context.Log.History.LastNotAfter(wanted).Zxid
            : target;
        return stop > _data.Applied.Zxid ? stop : target;
    }

    private void Announce(List<TxnOutcome> outcomes)
    {
        _appliedSinceSnapshot += outcomes.Count;
        _applied.AddRange(outcomes);
        foreach (TxnOutcome outcome in outcomes)
        {
            _asked.OnAnswered(outcome.Session, outcome.Cxid);
            _clients.OnApplied(outcome);
        }
    }

    /// <summary>An established leader opens its desk once it has applied its whole initial history.</summary>
    private void EnsureLeaderDesk(Leader leader)
    {
        if (_leaderDesk is not null || !leader.IsServing)
        {
            return;
        }

        TakeReplacedState(); // before anything is applied to it, lest its changes be told twice
        if (_data.Applied.Zxid < leader.InitialHistoryEnd.Zxid)
        {
            Zxid target = leader.InitialHistoryEnd.Zxid;
            Invariant.Holds(target <= _context.Log.Durable);
            ApplyTo(target);
            if (leader.LeaveReason is not null)
            {
                return;
            }
        }

        _leaderDesk = new LeaderDesk(leader, _options, _outbox, _data.State, _context.Now);
    }

    /// <summary>When serving begins: from which zxid on, and whose sessions this server tells the leader it
    /// serves.</summary>
    private void NoteServing()
    {
        if (_role.IsServing && !_wasServing)
        {
            _wasServing = true;
            _serveFrom = _context.Log.Committed.Zxid;
            foreach (SessionId session in _clients.OpenSessions())
            {
                if (_role is Learner { LeaderLink: { } link })
                {
                    _outbox.Send(link, PeerMessages.Revalidate(session, isValid: true));
                }
                else
                {
                    _ = _leaderDesk?.Touch(session, _options.Self, _context.Now);
                }
            }

            _mustAskAgain = true;
        }

        _ = AskAgain();
    }
}
