using System.Collections.Generic;
using Zab.Core.Broadcast;
using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Quorum;
using Zab.Core.Recovery;

namespace Zab.Core.Roles;

/// <content>What the leader does with each message, and when it gives up.</content>
internal sealed partial class Leader
{
    /// <summary>Meets a learner: FOLLOWERINFO (CEPOCH) or OBSERVERINFO, or it is no learner.</summary>
    /// <remarks>A voter that has promised an epoch at or beyond ours can never be counted in it. Rather than
    /// lock it out, this leader makes way for an election, after which the epoch is higher than that
    /// promise.</remarks>
    private void OnFirstMessage(Link link, in Message message)
    {
        bool votes = message.Type == MessageType.FollowerInfo;
        bool isExpected = _context.Verifier.IsMember(link.Peer)
            && _context.Verifier.IsVoter(link.Peer) == votes;
        if (!isExpected || (!votes && message.Type != MessageType.ObserverInfo)
            || message.Epoch is < 0 or > EpochNegotiation.EpochMax)
        {
            Accuse(link, $"{message.Type} is not what server {link.Peer} may begin with");
            return;
        }

        if (votes && Epoch > 0
            && (message.Epoch > Epoch || (message.Epoch == Epoch && _phase == LeaderPhase.Discovery)))
        {
            _context.HighestEpochHeard = int.Max(_context.HighestEpochHeard, message.Epoch);
            Leave($"server {link.Peer} has promised epoch {message.Epoch}, and this is epoch {Epoch}");
            return;
        }

        LearnerHandler learner = new(link, votes, _context.Now);
        _learners[link.Peer.Value] = learner;
        if (Epoch == 0 && votes)
        {
            OnAcceptedEpoch(link.Peer, message.Epoch);
        }
        else
        {
            SendLeaderInfo(learner);
        }
    }

    /// <summary>A voter told what it accepted; with a quorum, the epoch is known. Source: Zab paper, step
    /// l.1.</summary>
    private void OnAcceptedEpoch(ServerId voter, int acceptedEpoch)
    {
        if (acceptedEpoch == EpochNegotiation.EpochMax)
        {
            Leave("the ensemble has used all its epochs");
            return;
        }

        if (!_negotiation.OnAccepted(voter, acceptedEpoch))
        {
            return;
        }

        _promiseRecord = _context.Log.AcceptEpoch(Epoch);
        foreach (LearnerHandler learner in _learners.Values)
        {
            SendLeaderInfo(learner);
        }
    }

    /// <summary>LEADERINFO (NEWEPOCH): leaves when the leader's own promise is on disk (E4).</summary>
    /// <remarks>Observers hear it only when a quorum has promised: theirs would bind them to an epoch that
    /// may never be.</remarks>
    private void SendLeaderInfo(LearnerHandler learner)
    {
        if (Epoch > 0 && (learner.Votes || _phase >= LeaderPhase.Synchronization))
        {
            _context.Outbox.SendWhenDurable(learner.Link, ProtocolMessages.LeaderInfo(Epoch));
        }
    }

    /// <summary>ACKEPOCH (ACK-E): the learner's promise, and where its history ends. Source: Zab paper, step
    /// l.2.</summary>
    /// <remarks>Until a quorum has promised, a voter with a more recent history is turned away: it must lead,
    /// not follow. Later it cannot hold anything committed that this leader lacks, and is synchronised like
    /// any other.</remarks>
    private void OnAckEpoch(LearnerHandler learner, in Message message)
    {
        if (learner.Phase != LearnerPhase.Discovery || Epoch == 0
            || !PositionList.TryDecode(message.Body.Span, out List<LogPosition> ends)
            || ends[0] != message.Position)
        {
            Accuse(learner.Link, $"an ACKEPOCH out of place, in {learner.Phase}");
            return;
        }

        if (_phase == LeaderPhase.Discovery && learner.Votes && IsMoreRecent(message.Epoch, message.Zxid))
        {
            Refuse(learner.Link, $"a server at {message.Epoch}/{message.Zxid} is ahead of its leader");
            return;
        }

        // A voter that never joined an ensemble may have lost its disk: it counts only among its like (R17).
        bool counts = message.Epoch > 0 || _epochsAtStart.Current == 0;
        learner.OnPromise(ends, counts, needsSnapshot: message.Number != 0);
        if (_phase >= LeaderPhase.Synchronization)
        {
            StartSync(learner);
        }
        else if (message.Flag)
        {
            _negotiation.OnPromised(learner.Link.Peer, learner.Counts);
            CheckPromised();
        }
    }

    private bool IsMoreRecent(int currentEpoch, Zxid last) =>
        currentEpoch > _epochsAtStart.Current
        || (currentEpoch == _epochsAtStart.Current && last > _lastAtStart.Zxid);

    /// <summary>With a quorum of promises, this server's history becomes the initial history. Source: Zab
    /// paper, step l.2.</summary>
    private void CheckPromised()
    {
        if (_phase != LeaderPhase.Discovery || !_negotiation.IsPromised)
        {
            return;
        }

        _phase = LeaderPhase.Synchronization;
        _lastProgress = _context.Now;
        InitialHistoryEnd = _context.Log.Last;
        _adoptRecord = _context.Log.AdoptEpoch(Epoch);
        foreach (LearnerHandler learner in _learners.Values)
        {
            if (learner.Phase == LearnerPhase.Promised)
            {
                learner.CountAmongAll(_negotiation.IsPromisedByAll);
                StartSync(learner);
            }
            else if (!learner.Votes)
            {
                SendLeaderInfo(learner);
            }
        }
    }

    /// <summary>Decides how this learner is brought up to date, and starts it. Source: Zab paper, phase
    /// 2.</summary>
    private void StartSync(LearnerHandler learner)
    {
        SyncPlan plan = SyncPlanner.Plan(_context.Log.History, learner.Ends);

        // A snapshot from before what the learner has acknowledged would cut that from its log, if only for a
        // moment (S12). Such a learner gets entries, logs and votes, and asks again.
        bool mayReplace = learner.NeedsSnapshot && plan.From.Zxid <= _context.State.Applied.Zxid;
        if (plan.Mode == SyncMode.Snap || mayReplace)
        {
            learner.StartSnapshot(
                _context.State.Applied, _context.State.OpenSnapshot(), _context.Log.History, _context.Outbox);
        }
        else
        {
            learner.StartSync(plan, _context.Log.History, _context.Outbox);
        }
    }

    /// <summary>ACK: of NEWLEADER, (epoch, 0), or of everything up to a proposal. Source: Zab paper, steps
    /// l.3 and l.6.</summary>
    private void OnAck(LearnerHandler learner, in Message message)
    {
        if (message.Zxid == Zxid.Of(Epoch, 0) && learner.Phase == LearnerPhase.NewLeaderSent)
        {
            learner.OnNewLeaderAck();
            _lastProgress = _context.Now;
        }
        else if (!learner.Votes || !learner.TryAck(message.Zxid, _context.Log.History))
        {
            Accuse(learner.Link, $"an ACK of {message.Zxid} that cannot be, in {learner.Phase}");
            return;
        }

        bool counts = learner.Votes && (learner.Counts || _phase == LeaderPhase.Broadcast);
        if (counts && learner.Acked is { } acked)
        {
            _ = _proposals.OnAck(learner.Link.Peer, acked);
            CheckEstablished();
        }
    }

    /// <summary>The leader's own ack: only what its own disk holds (R1, ZB-49).</summary>
    private void AckOwn()
    {
        _ = _proposals.OnAck(_context.Self, _context.Log.Durable);
        CheckEstablished();
    }

    /// <summary>With a quorum that took over the epoch, the leader is established, and its initial history is
    /// committed.</summary>
    /// <remarks>Voters that did not count so far have by now a history that a quorum without them agreed on:
    /// from here on they count. Source: Zab paper, step l.4.</remarks>
    private void CheckEstablished()
    {
        if (_phase == LeaderPhase.Synchronization)
        {
            ServerSet adopted = default;
            if (_adoptRecord <= _context.Log.RecordsPersisted)
            {
                adopted.Add(_context.Self);
            }

            foreach (LearnerHandler learner in _learners.Values)
            {
                if (learner.Counts && learner.Acked is not null)
                {
                    adopted.Add(learner.Link.Peer);
                }
            }

            if (!adopted.Contains(_context.Self) || !_context.Verifier.IsQuorum(adopted))
            {
                return;
            }

            _phase = LeaderPhase.Broadcast;
            foreach (LearnerHandler learner in _learners.Values)
            {
                if (learner.Votes && learner.Acked is { } acked)
                {
                    _ = _proposals.OnAck(learner.Link.Peer, acked);
                }
            }
        }

        if (_phase == LeaderPhase.Broadcast && _proposals.Committed > _context.Log.Committed.Zxid)
        {
            _context.Log.CommitTo(_proposals.Committed);
        }
    }

    /// <summary>PING: the answer to a heartbeat, or a report of chunks received.</summary>
    private void OnPing(LearnerHandler learner, in Message message)
    {
        if (message.Flag)
        {
            learner.OnChunksReceived(message.Number);
        }
        else if (learner.TryReceive(message.Zxid, _context.Log.History))
        {
            learner.PingAnswered = long.Max(learner.PingAnswered, message.Number);
        }
        else
        {
            Accuse(learner.Link, $"a PING that reports {message.Zxid}, which was never sent");
            return;
        }

        if (_phase == LeaderPhase.Synchronization && learner.Counts && learner.Acked is null)
        {
            _lastProgress = _context.Now; // Who took over the epoch already brings it no nearer.
        }

        if (!message.Body.IsEmpty && learner.Phase == LearnerPhase.Serving)
        {
            ForData.Add((learner.Link, message));
        }
    }

    /// <summary>REQUEST and REVALIDATE are for the data side, once the learner serves.</summary>
    private void OnDataMessage(LearnerHandler learner, in Message message)
    {
        if (learner.Phase != LearnerPhase.Serving)
        {
            Accuse(learner.Link, $"a {message.Type} from a learner in {learner.Phase}");
            return;
        }

        ForData.Add((learner.Link, message));
    }

    /// <summary>Gives up what makes no progress: learners first, then the role (R14, ZB-46, ZB-52,
    /// ZB-57).</summary>
    private void CheckDeadlines()
    {
        foreach (LearnerHandler learner in new List<LearnerHandler>(_learners.Values))
        {
            int limit = learner.Phase >= LearnerPhase.Synchronized
                ? _context.Options.SyncLimitTicks
                : _context.Options.InitLimitTicks;
            if (_context.Now - learner.LastHeard > limit)
            {
                Refuse(learner.Link, $"nothing was heard from server {learner.Link.Peer} for {limit} ticks");
            }
        }

        if (_context.IsDiskStalled)
        {
            Leave("this server's disk has not finished a write within the sync limit");
        }

        if (_phase == LeaderPhase.Broadcast)
        {
            return;
        }

        if (_context.Now - _lastProgress > _context.Options.InitLimitTicks)
        {
            Leave($"no quorum joined in {_phase} within the init limit");
        }
        else if (!_context.Election.MayHaveQuorum(_context.Self, Connected()))
        {
            Leave($"no quorum would follow in {_phase} any more");
        }
    }

    private ServerSet Connected()
    {
        ServerSet connected = default;
        foreach (int id in _learners.Keys)
        {
            connected.Add(new ServerId(id));
        }

        return connected;
    }

    /// <summary>Whether this server and the voters that took over its epoch, on links that are up, are a
    /// quorum.</summary>
    private bool HasLiveQuorum()
    {
        ServerSet live = ServerSet.Of(_context.Self);
        foreach (LearnerHandler learner in _learners.Values)
        {
            if (learner.Votes && learner.Acked is not null)
            {
                live.Add(learner.Link.Peer);
            }
        }

        return _context.Verifier.IsQuorum(live);
    }

    private void Refuse(Link link, string reason)
    {
        _context.Outbox.EndLink(link, reason);
        OnLinkDown(link, reason);
    }

    /// <summary>Turns away a peer that broke the protocol.</summary>
    private void Accuse(Link link, string reason)
    {
        _context.Outbox.EndViolated(link, reason);
        OnLinkDown(link, reason);
    }
}
