using System;
using System.Collections.Generic;
using Zab.Core.Access;
using Zab.Core.Sessions;

namespace Zab.Core.Requests;

/// <summary>What a transaction is to do, decided and not written yet. Which fields carry meaning depends on
/// the type.</summary>
internal sealed record TxnRecord
{
    /// <summary>What it does.</summary>
    public required OpCode Type { get; init; }

    /// <summary>The node, by its final path.</summary>
    public string Path { get; init; } = "";

    /// <summary>The data to create or set; for the first session the secret of the ensemble.</summary>
    public ReadOnlyMemory<byte>? Data { get; init; }

    /// <summary>The permissions to create with or to set, expanded; null for everyone.</summary>
    public Acl? Acl { get; init; }

    /// <summary>For <see cref="OpCode.Create"/>: whether the session owns the node.</summary>
    public bool IsEphemeral { get; init; }

    /// <summary>For a create the parent's new count of creations, for a set or check the version, for a new
    /// session its timeout, for one that moves its new server.</summary>
    public int Number { get; init; }

    /// <summary>For <see cref="OpCode.CreateTtl"/>: the time to live in milliseconds.</summary>
    public long TtlMs { get; init; }

    /// <summary>For <see cref="OpCode.CloseSession"/>: the session.</summary>
    public SessionRecord? Session { get; init; }

    /// <summary>For <see cref="OpCode.Multi"/>: the parts.</summary>
    public IReadOnlyList<TxnRecord> Parts { get; init; } = [];
}
