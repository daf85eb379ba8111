namespace Zab.Core.Messages;

/// <summary>What a server is doing. Source: ZooKeeper <c>QuorumPeer.ServerState</c>.</summary>
public enum ServerState
{
    /// <summary>Without a leader: electing one.</summary>
    Looking = 1,

    /// <summary>A voter with a leader.</summary>
    Following = 2,

    /// <summary>The leader, or about to become it.</summary>
    Leading = 3,

    /// <summary>An observer with a leader.</summary>
    Observing = 4,
}
