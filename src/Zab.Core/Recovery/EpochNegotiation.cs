using System.Collections.Generic;
using Zab.Core.Primitives;
using Zab.Core.Quorum;

namespace Zab.Core.Recovery;

/// <summary>The leader's side of discovery: which epoch to propose, and who has promised it.</summary>
/// <remarks>An epoch is proposed above every epoch that a quorum of voters has accepted, and used only when a
/// quorum has durably promised it (R4). The leader is one voter among them and counts only when its own disk
/// is done. Source: Zab paper, phase 1; ZooKeeper <c>Leader.getEpochToPropose</c> and
/// <c>waitForEpochAck</c>.</remarks>
internal sealed class EpochNegotiation(QuorumVerifier verifier)
{
    /// <summary>The last epoch that can be used (R21).</summary>
    public const int EpochMax = int.MaxValue - 1;

    private readonly SortedDictionary<int, int> _acceptedBy = [];
    private ServerSet _promised;
    private ServerSet _counting;

    /// <summary>The epoch that is proposed; 0 until a quorum has told what it accepted.</summary>
    public int Proposed { get; private set; }

    /// <summary>Whether a quorum of voters that count, or every voter, has durably promised the proposed
    /// epoch.</summary>
    public bool IsPromised => Proposed > 0 && (verifier.IsQuorum(_counting) || IsPromisedByAll);

    /// <summary>Whether every voter has durably promised the proposed epoch.</summary>
    public bool IsPromisedByAll => Proposed > 0 && _promised.Equals(verifier.Voters);

    /// <summary>A voter told which epoch it has accepted. Observers are not asked.</summary>
    /// <returns>True when this completes the quorum, and the epoch to propose is known now.</returns>
    public bool OnAccepted(ServerId voter, int acceptedEpoch)
    {
        if (Proposed > 0 || !verifier.IsVoter(voter))
        {
            return false;
        }

        _acceptedBy[voter.Value] = acceptedEpoch;
        ServerSet heard = default;
        int highest = 0;
        foreach ((int id, int accepted) in _acceptedBy)
        {
            heard.Add(new ServerId(id));
            highest = accepted > highest ? accepted : highest;
        }

        if (!verifier.IsQuorum(heard))
        {
            return false;
        }

        Invariant.Holds(highest < EpochMax);
        Proposed = highest + 1;
        return true;
    }

    /// <summary>A voter's disk holds the promise of the proposed epoch.</summary>
    /// <param name="voter">The voter.</param>
    /// <param name="counts">Whether it is known not to have lost its disk. One that may have counts only when
    /// all promise: then whatever it once acknowledged is on the disk of another that is heard, too
    /// (R17).</param>
    public void OnPromised(ServerId voter, bool counts)
    {
        Invariant.Holds(Proposed > 0);
        if (!verifier.IsVoter(voter))
        {
            return;
        }

        _promised.Add(voter);
        if (counts)
        {
            _counting.Add(voter);
        }
    }

    /// <summary>A voter is gone before it promised: what it accepted no longer counts toward a
    /// quorum.</summary>
    public void OnLost(ServerId voter)
    {
        if (Proposed == 0)
        {
            _ = _acceptedBy.Remove(voter.Value);
        }
    }
}
