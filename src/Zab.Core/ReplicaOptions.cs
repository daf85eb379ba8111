using System;
using System.Collections.Generic;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Roles;

namespace Zab.Core;

/// <summary>What a replica has to know before it starts. Checked by the host; trusted here.</summary>
internal sealed record ReplicaOptions
{
    /// <summary>This server: one of the members.</summary>
    public required ServerId Self { get; init; }

    /// <summary>The servers that vote; at least one.</summary>
    public required IReadOnlyList<ServerId> Voters { get; init; }

    /// <summary>The servers that only learn.</summary>
    public required IReadOnlyList<ServerId> Observers { get; init; }

    /// <summary>Times and limits of the protocol.</summary>
    public required RoleOptions Roles { get; init; }

    /// <summary>The length of a tick in milliseconds of session time.</summary>
    public required int TickMs { get; init; }

    /// <summary>The shortest session timeout granted, in milliseconds.</summary>
    public required int SessionTimeoutMinMs { get; init; }

    /// <summary>The longest session timeout granted, in milliseconds.</summary>
    public required int SessionTimeoutMaxMs { get; init; }

    /// <summary>Transactions applied between snapshots: between half of this and this, by chance, so that
    /// servers do not write theirs together.</summary>
    public required int SnapshotEvery { get; init; }

    /// <summary>The seed of everything random in this replica.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Applied entries kept in memory, to bring others up to date by DIFF.</summary>
    public int HistoryEntriesMax { get; init; } = 16 * 1024;

    /// <summary>Bytes of applied entries kept in memory.</summary>
    public long HistoryBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>Outcomes of transactions that recovery replays, and that are kept for the host.</summary>
    public int RecoveredOutcomesMax { get; init; } = 16 * 1024;

    /// <summary>The bytes of a chunk of a snapshot for a learner.</summary>
    public int SnapshotChunkBytesMax { get; init; } = 256 * 1024;

    /// <summary>What this server allows when it leads, and who may read what.</summary>
    public RequestRules Rules { get; init; } = RequestRules.Default;

    /// <summary>The most nodes that one session may watch on this server.</summary>
    public int SessionWatchesMax { get; init; } = 100_000;

    /// <summary>The most watches that all sessions of this server may have together, but for a few of
    /// each.</summary>
    public int WatchesMax { get; init; } = 2_000_000;

    /// <summary>A secret to offer to an ensemble that has none yet; made of the seed when empty.</summary>
    public ReadOnlyMemory<byte> Secret { get; init; }

    /// <summary>How often containers and nodes with a time to live are looked at, in ticks.</summary>
    public int SweepTicks { get; init; } = 120;

    /// <summary>How many of them the leader deletes in a minute at most.</summary>
    public int SweepsPerMinuteMax { get; init; } = 10_000;

    /// <summary>Transactions proposed and not committed, beyond which the leader refuses requests.</summary>
    public int OutstandingMax { get; init; } = 64 * 1024;

    /// <summary>Their bytes, beyond which the leader refuses requests.</summary>
    public long OutstandingBytesMax { get; init; } = 256 * 1024 * 1024;
}
