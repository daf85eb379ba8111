using System;
using System.Collections.Generic;
using Zab.Core.Primitives;

namespace Zab.Core.Ports;

/// <summary>What a store found when it was opened: everything that is durable, verified.</summary>
/// <remarks>
/// <para>The history is <see cref="Snapshot"/>, if any, and the entries among <see cref="Records"/>. Records
/// may begin before the snapshot: entries up to its position are then already part of it and serve only to
/// bring other servers up to date. Records are in the order in which they were appended, truncations and
/// installs included; snapshot chunks are left out, and a snapshot that was staged and not installed has left
/// no trace.</para>
/// <para>Enumerate each sequence once, before the first append.</para>
/// </remarks>
public sealed record LogRecovery
{
    /// <summary>The position before the first entry in <see cref="Records"/>.</summary>
    public required LogPosition Base { get; init; }

    /// <summary>The epochs before the first record in <see cref="Records"/>.</summary>
    public required Epochs Epochs { get; init; }

    /// <summary>The position of the newest usable snapshot; null when there is none.</summary>
    public required LogPosition? Snapshot { get; init; }

    /// <summary>The chunks of that snapshot, in order; empty when there is none.</summary>
    public required IEnumerable<ReadOnlyMemory<byte>> SnapshotChunks { get; init; }

    /// <summary>The records from <see cref="Base"/> on.</summary>
    public required IEnumerable<LogRecord> Records { get; init; }
}
