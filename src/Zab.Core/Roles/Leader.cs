using System;
using System.Collections.Generic;
using Zab.Core.Broadcast;
using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Recovery;

namespace Zab.Core.Roles;

/// <summary>Leads an epoch: agrees on it, brings learners to its history, then proposes and
/// commits.</summary>
/// <remarks>Source: Zab paper, section 4; ZooKeeper <c>Leader</c>.</remarks>
internal sealed partial class Leader : Role
{
    /// <summary>Why a leader leaves whose epoch has no zxid left (R21).</summary>
    public const string EpochUsedUp = "the epoch has used all its zxids";

    private readonly RoleContext _context;
    private readonly SortedDictionary<int, LearnerHandler> _learners = [];
    private readonly EpochNegotiation _negotiation;
    private readonly OutstandingProposals _proposals;
    private readonly LeadershipProbe _probe;
    private readonly Epochs _epochsAtStart;
    private readonly LogPosition _lastAtStart;
    private readonly FlowLimits _flow;
    private LeaderPhase _phase = LeaderPhase.Discovery;
    private long _promiseRecord;
    private long _adoptRecord;
    private long _lastProgress;

    /// <summary>Begins discovery. The history is what this server's disk holds, or will once its writes are
    /// done.</summary>
    public Leader(RoleContext context)
    {
        _context = context;
        _negotiation = new EpochNegotiation(context.Verifier);
        _proposals = new OutstandingProposals(context.Verifier);
        _probe = new LeadershipProbe(context.Verifier, context.Self);
        _epochsAtStart = context.Log.Epochs;
        _lastAtStart = context.Log.Last;
        _lastProgress = context.Now;
        _flow = new FlowLimits(context.Options.InFlightEntriesMax, context.Options.InFlightBytesMax);
        OnAcceptedEpoch(context.Self, int.Max(context.Log.Epochs.Accepted, context.HighestEpochHeard));
    }

    /// <inheritdoc/>
    public override ServerState State => ServerState.Leading;

    /// <inheritdoc/>
    public override ServerId LeaderId => _context.Self;

    /// <inheritdoc/>
    public override bool IsServing => _phase == LeaderPhase.Broadcast;

    /// <summary>The epoch that this server leads, or is about to; 0 before it is known.</summary>
    public int Epoch => _negotiation.Proposed;

    /// <summary>The end of the history with which the epoch began.</summary>
    public LogPosition InitialHistoryEnd { get; private set; }

    /// <summary>The zxid that the next proposal will have.</summary>
    public Zxid NextZxid =>
        Zxid.Of(Epoch, _context.Log.Last.Zxid.Epoch == Epoch ? _context.Log.Last.Zxid.Counter + 1 : 1);

    /// <summary>Whether another proposal fits into the epoch (R21).</summary>
    public bool CanPropose =>
        IsServing && LeaveReason is null
        && (_context.Log.Last.Zxid.Epoch < Epoch || _context.Log.Last.Zxid.Counter < uint.MaxValue);

    /// <summary>Takes what a request or a heartbeat brought, for the data side.</summary>
    public List<(Link Link, Message Message)> ForData { get; } = [];

    /// <summary>The learner's handler, if it has one on this link.</summary>
    public bool Serves(Link link) =>
        _learners.TryGetValue(link.Peer.Value, out LearnerHandler? learner)
        && learner.Link == link && learner.Phase == LearnerPhase.Serving;

    /// <summary>The learners that are up to date and served, by id; for people.</summary>
    public IEnumerable<ServerId> Synced
    {
        get
        {
            foreach (LearnerHandler learner in _learners.Values)
            {
                if (learner.Phase == LearnerPhase.Serving)
                {
                    yield return learner.Link.Peer;
                }
            }
        }
    }

    /// <summary>Logs a transaction and sends it to all learners, in this turn. Source: Zab paper, step
    /// l.5.</summary>
    /// <remarks>It leaves while this server's own disk writes. The caller has checked
    /// <see cref="CanPropose"/>.</remarks>
    public void Propose(Zxid zxid, ReadOnlyMemory<byte> body)
    {
        Invariant.Holds(CanPropose);
        Invariant.Holds(zxid == NextZxid);
        _ = _context.Log.Append(zxid, body);
        if (zxid.Counter == uint.MaxValue)
        {
            Leave(EpochUsedUp);
        }
    }

    /// <summary>Asks a quorum, contacted from now on, whether this server still leads (R23).</summary>
    /// <param name="ticket">Comes back through <see cref="TryTakeConfirmed"/>.</param>
    public void ConfirmLeadership(long ticket) => _probe.Ask(ticket);

    /// <summary>Takes the next ticket that a quorum has confirmed, in the order of asking.</summary>
    public bool TryTakeConfirmed(out long ticket) => _probe.TryTakeConfirmed(_learners.Values, out ticket);

    /// <summary>The position before the oldest entry that is kept for a learner, if one is.</summary>
    /// <param name="entriesMax">How many entries are kept for a learner, whatever it has received.</param>
    /// <param name="bytesMax">How many bytes of entries.</param>
    public Zxid? NeededNext(long entriesMax, long bytesMax)
    {
        History history = _context.Log.History;
        long? needed = null;
        foreach (LearnerHandler learner in _learners.Values)
        {
            if (learner.NeededNext(history, entriesMax, bytesMax) is { } cursor)
            {
                needed = long.Min(needed ?? long.MaxValue, cursor);
            }
        }

        return needed is { } index ? history.PositionBefore(index).Zxid : null;
    }

    /// <inheritdoc/>
    public override void OnLinkUp(Link link)
    {
    }

    /// <inheritdoc/>
    public override void OnLinkDown(Link link, string reason)
    {
        if (!_learners.TryGetValue(link.Peer.Value, out LearnerHandler? learner) || learner.Link != link)
        {
            return;
        }

        _ = _learners.Remove(link.Peer.Value);
        _negotiation.OnLost(link.Peer);
        _proposals.OnLost(link.Peer);
        if (_phase == LeaderPhase.Broadcast && !HasLiveQuorum())
        {
            Leave($"no quorum is left after server {link.Peer} was lost: {reason}");
        }
    }

    /// <inheritdoc/>
    public override void Step(Link link, in Message message)
    {
        if (!_learners.TryGetValue(link.Peer.Value, out LearnerHandler? learner) || learner.Link != link)
        {
            OnFirstMessage(link, message);
            return;
        }

        learner.LastHeard = _context.Now;
        switch (message.Type)
        {
            case MessageType.AckEpoch: OnAckEpoch(learner, message); break;
            case MessageType.Ack: OnAck(learner, message); break;
            case MessageType.Ping: OnPing(learner, message); break;
            case MessageType.Request:
            case MessageType.Revalidate: OnDataMessage(learner, message); break;
            case MessageType.Proposal:
            case MessageType.Commit:
            case MessageType.Sync:
            case MessageType.Inform:
            case MessageType.NewLeader:
            case MessageType.FollowerInfo:
            case MessageType.UpToDate:
            case MessageType.Diff:
            case MessageType.Trunc:
            case MessageType.Snap:
            case MessageType.ObserverInfo:
            case MessageType.LeaderInfo:
            case MessageType.Notification:
            case MessageType.SnapChunk:
            case MessageType.Refusal:
            default: Accuse(link, $"a leader in {_phase} got {message.Type} in {learner.Phase}"); break;
        }
    }

    /// <inheritdoc/>
    public override void OnPersisted()
    {
        long persisted = _context.Log.RecordsPersisted;
        if (_promiseRecord > 0 && persisted >= _promiseRecord)
        {
            _promiseRecord = 0;
            _negotiation.OnPromised(_context.Self, counts: true);
            CheckPromised();
        }

        if (_phase >= LeaderPhase.Synchronization && _adoptRecord <= persisted)
        {
            AckOwn();
        }
    }

    /// <inheritdoc/>
    public override void Tick()
    {
        if (_context.Now % _context.Options.PingTicks == 0)
        {
            _probe.StartRound();
        }

        CheckDeadlines();
    }

    /// <inheritdoc/>
    public override void EndTurn()
    {
        bool ping = _probe.TakeRoundToSend(out long round);
        History history = _context.Log.History;
        Zxid committed = _context.Log.Committed.Zxid;
        _ = history.TryFindEnd(_context.Log.Committed, out long committedEnd);
        List<LearnerHandler>? lost = null;
        foreach (LearnerHandler learner in _learners.Values)
        {
            long limit = learner.Votes ? history.EndIndex : committedEnd;
            if (!learner.Pump(history, limit, Epoch, _flow, _context.Outbox))
            {
                (lost ??= []).Add(learner);
                continue;
            }

            if (_phase == LeaderPhase.Broadcast)
            {
                learner.SendUpToDate(committed, _context.Outbox);
                learner.SendCommit(committed, _context.Outbox);
            }

            if (ping)
            {
                _context.Outbox.Send(learner.Link, ProtocolMessages.Ping(round, committed, default));
            }
        }

        lost?.ForEach(learner => Refuse(learner.Link, "it fell behind what the leader keeps in memory"));
    }
}
