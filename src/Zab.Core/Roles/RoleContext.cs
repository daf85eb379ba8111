using System;
using Zab.Core.Election;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Quorum;
using Zab.Core.Recovery;

namespace Zab.Core.Roles;

/// <summary>What every role works with: who this server is, its log, its election, and where output
/// goes.</summary>
internal sealed class RoleContext
{
    /// <summary>This server.</summary>
    public required ServerId Self { get; init; }

    /// <summary>Who votes.</summary>
    public required QuorumVerifier Verifier { get; init; }

    /// <summary>Times and limits.</summary>
    public required RoleOptions Options { get; init; }

    /// <summary>Where output goes.</summary>
    public required Outbox Outbox { get; init; }

    /// <summary>The history and the epochs.</summary>
    public required ReplicatedLog Log { get; init; }

    /// <summary>Votes, and what peers last said.</summary>
    public required FastLeaderElection Election { get; init; }

    /// <summary>The state that the committed history has led to.</summary>
    public required ICommittedState State { get; init; }

    /// <summary>Ticks since the replica was made.</summary>
    public long Now { get; set; }

    /// <summary>The highest epoch that any voter was ever heard to have promised.</summary>
    public int HighestEpochHeard { get; set; }

    /// <summary>Whether the disk has not finished a write within the sync limit (ZB-46, ZB-55).</summary>
    public bool IsDiskStalled => Log.OldestWriteTick is { } oldest && Now - oldest > Options.SyncLimitTicks;

    /// <summary>Whether this server's state is not the leader's, though its history is: it must get a
    /// snapshot (R25).</summary>
    public bool NeedsSnapshot { get; set; }

    /// <summary>What a learner puts into its next heartbeat: bytes that the protocol does not read.</summary>
    public ReadOnlyMemory<byte> HeartbeatBody { get; set; }
}
