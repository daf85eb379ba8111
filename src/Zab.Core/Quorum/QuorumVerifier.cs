using System.Collections.Generic;
using Zab.Core.Primitives;

namespace Zab.Core.Quorum;

/// <summary>Knows who votes, and which sets of voters may decide. Every quorum question of the protocol is
/// asked here.</summary>
/// <remarks>Any two quorums share a voter: all safety rests on it. Observers never count (R13).
/// Source: ZooKeeper <c>QuorumVerifier</c>.</remarks>
internal abstract class QuorumVerifier
{
    private readonly ServerSet _voters;
    private readonly ServerSet _observers;

    /// <summary>A verifier over the given members.</summary>
    protected QuorumVerifier(IEnumerable<ServerId> voters, IEnumerable<ServerId> observers)
    {
        foreach (ServerId voter in voters)
        {
            _voters.Add(voter);
        }

        foreach (ServerId observer in observers)
        {
            Invariant.Holds(!_voters.Contains(observer));
            _observers.Add(observer);
        }

        Invariant.Holds(_voters.Count > 0);
    }

    /// <summary>The servers that vote.</summary>
    public ServerSet Voters => _voters;

    /// <summary>The servers that only learn.</summary>
    public ServerSet Observers => _observers;

    /// <summary>Whether the server votes.</summary>
    public bool IsVoter(ServerId server) => _voters.Contains(server);

    /// <summary>Whether the server belongs to the ensemble at all.</summary>
    public bool IsMember(ServerId server) => _voters.Contains(server) || _observers.Contains(server);

    /// <summary>Whether the voters among <paramref name="servers"/> may decide together.</summary>
    public bool IsQuorum(ServerSet servers) => VotersAreQuorum(servers.Intersect(_voters));

    /// <summary>Whether these servers, all of them voters, may decide together.</summary>
    protected abstract bool VotersAreQuorum(ServerSet voters);
}
