namespace Zab.Core.Recovery;

/// <summary>How a learner is brought to its leader's history.</summary>
internal enum SyncMode
{
    /// <summary>Entries that continue the learner's history.</summary>
    Diff = 1,

    /// <summary>A cut back to the last common position, then entries.</summary>
    Trunc = 2,

    /// <summary>The whole state, then entries.</summary>
    Snap = 3,
}
