namespace Zab;

/// <summary>How a learner was last brought up to date by its leader.</summary>
public enum SyncKind
{
    /// <summary>It was not, since the node was started.</summary>
    None = 0,

    /// <summary>By the transactions that it lacked, perhaps none (ZooKeeper's DIFF).</summary>
    Diff = 1,

    /// <summary>By cutting off what was never committed, then as by <see cref="Diff"/> (ZooKeeper's
    /// TRUNC).</summary>
    Trunc = 2,

    /// <summary>By a copy of the whole state (ZooKeeper's SNAP).</summary>
    Snap = 3,
}
