using Zab.Core.Primitives;

namespace Zab.Testing.Simulation.Checks;

/// <summary>What went out on one end of a link.</summary>
internal sealed class GhostLink
{
    /// <summary>The last position that the stream of entries reached; null before it began.</summary>
    public LogPosition? LastEntry { get; set; }

    /// <summary>Whether NEWLEADER was acknowledged by this end.</summary>
    public bool HasAckedNewLeader { get; set; }

    /// <summary>The newest acknowledged entry.</summary>
    public Zxid LastAck { get; set; }

    /// <summary>The newest COMMIT or UPTODATE.</summary>
    public Zxid LastCommit { get; set; }
}
