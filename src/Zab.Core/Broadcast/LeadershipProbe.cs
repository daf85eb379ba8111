using System.Collections.Generic;
using Zab.Core.Primitives;
using Zab.Core.Quorum;

namespace Zab.Core.Broadcast;

/// <summary>Numbers the heartbeats, and tells when a quorum has answered one that left after a question was
/// asked (R23).</summary>
/// <remarks>A voter that answers round r was this leader's when the heartbeat arrived, so no later epoch was
/// established before the question. Many questions share one round. ZooKeeper has no such confirmation
/// (ZK-1675, ZB-64).</remarks>
internal sealed class LeadershipProbe(QuorumVerifier verifier, ServerId self)
{
    private readonly Queue<(long Ticket, long Round)> _asked = new();
    private long _round;
    private bool _wanted;

    /// <summary>Wants a heartbeat to leave at the end of this turn.</summary>
    public void StartRound() => _wanted = true;

    /// <summary>Asks for a confirmation by a heartbeat that has not left yet.</summary>
    public void Ask(long ticket)
    {
        _wanted = true;
        _asked.Enqueue((ticket, _round + 1));
    }

    /// <summary>The number of the heartbeat to send now, if one is wanted.</summary>
    public bool TakeRoundToSend(out long round)
    {
        bool send = _wanted;
        _wanted = false;
        round = send ? ++_round : _round;
        return send;
    }

    /// <summary>Takes the oldest question whose heartbeat has been answered by a quorum of synchronised
    /// voters.</summary>
    public bool TryTakeConfirmed(IEnumerable<LearnerHandler> learners, out long ticket)
    {
        ticket = 0;
        if (!_asked.TryPeek(out (long Ticket, long Round) oldest) || oldest.Round > _round)
        {
            return false;
        }

        ServerSet answered = ServerSet.Of(self);
        foreach (LearnerHandler learner in learners)
        {
            if (learner.Votes && learner.Acked is not null && learner.PingAnswered >= oldest.Round)
            {
                answered.Add(learner.Link.Peer);
            }
        }

        if (!verifier.IsQuorum(answered))
        {
            return false;
        }

        ticket = _asked.Dequeue().Ticket;
        return true;
    }
}
