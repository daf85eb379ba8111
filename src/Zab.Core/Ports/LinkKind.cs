namespace Zab.Core.Ports;

/// <summary>The two roles of a connection between servers: ZooKeeper's ports 3888 and 2888.</summary>
public enum LinkKind
{
    /// <summary>Between each pair of servers, kept up by the transport: elections (the 3888 role).</summary>
    Election = 1,

    /// <summary>From a learner to its leader, opened on demand: recovery and broadcast (the 2888
    /// role).</summary>
    Quorum = 2,
}
