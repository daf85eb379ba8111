using System.Collections.Generic;
using Zab.Core.Primitives;
using Zab.Core.Quorum;

namespace Zab.Core.Broadcast;

/// <summary>Counts how far each voter's disk has come, and so what is committed.</summary>
/// <remarks>Acks are cumulative, so one zxid a voter tells it all; a transaction is committed once a quorum
/// is at it or beyond, and then everything before it is. A voter that leaves counts again only when it has
/// come back and acknowledged anew: it may have lost its disk meanwhile (R13). Source: Zab paper, step l.6;
/// ZooKeeper <c>Leader.processAck</c>.</remarks>
internal sealed class OutstandingProposals(QuorumVerifier verifier)
{
    private readonly SortedDictionary<int, Zxid> _acked = [];

    /// <summary>Everything up to here is on the disks of a quorum.</summary>
    public Zxid Committed { get; private set; }

    /// <summary>How far the given voter's disk is known to be.</summary>
    public Zxid AckedBy(ServerId server) => _acked.GetValueOrDefault(server.Value);

    /// <summary>A voter's disk holds everything up to <paramref name="zxid"/>.</summary>
    /// <returns>True when <see cref="Committed"/> moved.</returns>
    public bool OnAck(ServerId server, Zxid zxid)
    {
        Invariant.Holds(verifier.IsVoter(server));
        Invariant.Holds(zxid >= AckedBy(server));
        _acked[server.Value] = zxid;
        Zxid best = Committed;
        foreach (Zxid candidate in _acked.Values)
        {
            if (candidate > best && verifier.IsQuorum(VotersAt(candidate)))
            {
                best = candidate;
            }
        }

        bool moved = best > Committed;
        Committed = best;
        return moved;
    }

    /// <summary>A voter's link is gone: what it acknowledged on it counts no longer for what is not committed
    /// yet.</summary>
    public void OnLost(ServerId server) => _ = _acked.Remove(server.Value);

    private ServerSet VotersAt(Zxid zxid)
    {
        ServerSet voters = default;
        foreach ((int id, Zxid acked) in _acked)
        {
            if (acked >= zxid)
            {
                voters.Add(new ServerId(id));
            }
        }

        return voters;
    }
}
