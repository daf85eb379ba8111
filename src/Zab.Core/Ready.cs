using System.Collections.Generic;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Requests;

namespace Zab.Core;

/// <summary>What the host must do at the end of a turn. It belongs to the host; the replica keeps no part of
/// it.</summary>
internal sealed record Ready
{
    /// <summary>Messages to send at once, in order.</summary>
    public required IReadOnlyList<Envelope> SendNow { get; init; }

    /// <summary>Records to append to the log, in order, after those of earlier turns.</summary>
    public required IReadOnlyList<LogRecord> Persist { get; init; }

    /// <summary>How many records there have been in all, this turn's included: report it when they are on
    /// disk.</summary>
    public required long RecordsAfter { get; init; }

    /// <summary>Messages to send, in order, once that many records are on disk: at once when they are already
    /// (R1).</summary>
    public required IReadOnlyList<Envelope> SendAfterPersist { get; init; }

    /// <summary>What clients of this server learn, in order. Events first, then <see cref="Committed"/> is
    /// published, then replies.</summary>
    public required IReadOnlyList<ClientOutput> ToClients { get; init; }

    /// <summary>Links to break, after everything in <see cref="SendNow"/>.</summary>
    public required IReadOnlyList<LinkBreak> Break { get; init; }

    /// <summary>Servers to dial for a quorum link.</summary>
    public required IReadOnlyList<ServerId> Connect { get; init; }

    /// <summary>The state at the end of the turn, for readers.</summary>
    public required DataState Committed { get; init; }

    /// <summary>A snapshot to write, if one is due.</summary>
    public required SnapshotJob? Snapshot { get; init; }

    /// <summary>Nodes whose quotas were exceeded, though that was allowed: people should know.</summary>
    public required IReadOnlyList<string> WarnedQuotas { get; init; }

    /// <summary>What the replica is now.</summary>
    public required ReplicaStatus Status { get; init; }
}
