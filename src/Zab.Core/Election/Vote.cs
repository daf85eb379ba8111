using Zab.Core.Primitives;

namespace Zab.Core.Election;

/// <summary>Whom a server would follow, and how recent that server's history is.</summary>
/// <remarks>The most recent history wins: by epoch, then zxid, then id, so votes for two servers never tie.
/// Source: ZooKeeper <c>FastLeaderElection.totalOrderPredicate</c>.</remarks>
internal readonly record struct Vote(int PeerEpoch, Zxid LastZxid, ServerId Candidate)
{
    /// <summary>Whether this vote should replace <paramref name="other"/>. A strict total order
    /// (R22).</summary>
    public bool Beats(Vote other) =>
        PeerEpoch != other.PeerEpoch ? PeerEpoch > other.PeerEpoch
        : LastZxid != other.LastZxid ? LastZxid > other.LastZxid
        : Candidate.Value > other.Candidate.Value;

    /// <summary>The vote as people read it: candidate, epoch, zxid.</summary>
    public override string ToString() => $"{Candidate}@{PeerEpoch}/{LastZxid}";
}
