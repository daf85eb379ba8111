namespace Zab;

/// <summary>How fresh the answer of a read is.</summary>
public enum ReadConsistency
{
    /// <summary>The state of this node: never older than what the session has seen or written, perhaps older
    /// than what another client has just written through another node.</summary>
    Local = 0,

    /// <summary>At least as fresh as every write that was acknowledged to anyone before the call: the leader
    /// confirms with a quorum that it still leads (R23). Costs a round trip; takes no write.</summary>
    Linearizable = 1,
}
