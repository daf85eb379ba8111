using System.Collections.Generic;
using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab.Core.Requests;

/// <summary>What one transaction did.</summary>
internal sealed record TxnOutcome
{
    /// <summary>What the transaction began with.</summary>
    public required TxnHeader Header { get; init; }

    /// <summary>Who asked for it; the session that was opened, moved or closed.</summary>
    public SessionId Session => Header.Session;

    /// <summary>The client's number for the request.</summary>
    public int Cxid => Header.Cxid;

    /// <summary>The transaction.</summary>
    public Zxid Zxid => Header.Zxid;

    /// <summary>What it did.</summary>
    public OpCode Op => Header.Type;

    /// <summary>When the leader made it, in milliseconds since 1970.</summary>
    public long TimeMs => Header.TimeMs;

    /// <summary>What it gives back: the node that was created, deleted or set; no path for a
    /// session.</summary>
    public WriteResult Result { get; init; }

    /// <summary>For a multi: what each of its operations gives back.</summary>
    public IReadOnlyList<WriteResult> Parts { get; init; } = [];

    /// <summary>The node that was created (its final path), deleted or set; null for a session.</summary>
    public string? Path => Result.Path;

    /// <summary>The stat of a node that was created or set.</summary>
    public Stat Stat => Result.Stat;

    /// <summary>For a session that was opened or moved: the timeout in milliseconds.</summary>
    public int TimeoutMs { get; init; }

    /// <summary>For a session that was opened or moved: the server that serves it.</summary>
    public ServerId Owner { get; init; }

    /// <summary>What watches must be told, in order.</summary>
    public IReadOnlyList<ZnodeChange> Changes { get; init; } = [];
}
