using System.Collections.Generic;
using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab.Core.Requests;

/// <summary>What one transaction did.</summary>
internal sealed record TxnOutcome
{
    /// <summary>Who asked for it; the session that was opened or closed.</summary>
    public required SessionId Session { get; init; }

    /// <summary>The client's number for the request.</summary>
    public required int Cxid { get; init; }

    /// <summary>The transaction.</summary>
    public required Zxid Zxid { get; init; }

    /// <summary>What it did.</summary>
    public required OpCode Op { get; init; }

    /// <summary>When the leader made it, in milliseconds since 1970.</summary>
    public required long TimeMs { get; init; }

    /// <summary>How it went: a transaction that could not be done is never proposed, so always
    /// <see cref="ErrorCode.Ok"/>.</summary>
    public ErrorCode Error { get; init; }

    /// <summary>The node that was created (its final path), deleted or set; null for a session.</summary>
    public string? Path { get; init; }

    /// <summary>The stat of a node that was created or set.</summary>
    public Stat Stat { get; init; }

    /// <summary>For <see cref="OpCode.CreateSession"/>: the timeout in milliseconds.</summary>
    public int TimeoutMs { get; init; }

    /// <summary>What watches must be told, in order.</summary>
    public IReadOnlyList<ZnodeChange> Changes { get; init; } = [];
}
