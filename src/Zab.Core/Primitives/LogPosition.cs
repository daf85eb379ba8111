namespace Zab.Core.Primitives;

/// <summary>A place in a history: the zxid of an entry, and the hash of everything up to and including
/// it.</summary>
/// <remarks>Equal positions mean equal histories (R7): the synchronisation of a learner is decided by looking
/// positions up, never by comparing zxids alone.</remarks>
/// <param name="Zxid">The zxid of the last entry; <see cref="Zxid.None"/> for the empty history.</param>
/// <param name="Chain">The hash of the history up to it.</param>
public readonly record struct LogPosition(Zxid Zxid, ChainHash Chain)
{
    /// <summary>The empty history.</summary>
    public static LogPosition Start => default;

    /// <summary>The zxid and the hash.</summary>
    public override string ToString() => $"{Zxid}#{Chain}";
}
