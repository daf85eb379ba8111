using Zab.Core.Primitives;

namespace Zab;

/// <summary>What a node is at one moment.</summary>
/// <param name="Role">What it does.</param>
/// <param name="Leader">Its leader, which may be itself; <see cref="ServerId.None"/> while there is
/// none.</param>
/// <param name="Epoch">The last epoch that it took over; 0 when it never joined an ensemble.</param>
/// <param name="LastLogged">The end of its log, on disk or on the way to it.</param>
/// <param name="LastApplied">The last transaction that its readers see.</param>
/// <param name="IsServing">Whether clients are served now.</param>
/// <param name="LastSync">How its leader last brought it up to date.</param>
/// <param name="Reason">Why it last left a role, stopped or failed; empty when it did not.</param>
public sealed record ZabNodeStatus(
    ZabNodeRole Role,
    ServerId Leader,
    int Epoch,
    Zxid LastLogged,
    Zxid LastApplied,
    bool IsServing,
    SyncKind LastSync,
    string Reason)
{
    /// <summary>Whether the node has ended, by will or by failure.</summary>
    public bool HasEnded => Role is ZabNodeRole.Stopped or ZabNodeRole.Failed;
}
