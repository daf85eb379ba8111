using System.Collections.Generic;
using Zab.Core.Primitives;

namespace Zab.Core.Quorum;

/// <summary>More than half of the voters decide. Source: ZooKeeper <c>QuorumMaj</c>.</summary>
internal sealed class MajorityQuorum(IEnumerable<ServerId> voters, IEnumerable<ServerId> observers)
    : QuorumVerifier(voters, observers)
{
    /// <inheritdoc/>
    protected override bool VotersAreQuorum(ServerSet voters) => 2 * voters.Count > Voters.Count;
}
