using System;
using System.Collections.Generic;
using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab.Core.Requests;

/// <summary>The answer to a <see cref="ClientRequest"/>. Which fields carry meaning depends on the
/// operation.</summary>
/// <remarks>Immutable. The memory behind <see cref="Data"/> is the tree's own: read it, never write to it.
/// Two replies are not compared with ==, as <see cref="Data"/> compares by place.</remarks>
internal readonly record struct ClientReply
{
    /// <summary>The session that asked.</summary>
    public SessionId Session { get; init; }

    /// <summary>The client's number for the request.</summary>
    public int Cxid { get; init; }

    /// <summary>The last transaction in the state that answered; for a write that was done, its
    /// own.</summary>
    public Zxid Zxid { get; init; }

    /// <summary>The outcome. All that follows is empty unless it is <see cref="ErrorCode.Ok"/>.</summary>
    public ErrorCode Error { get; init; }

    /// <summary>The final path of a node that was created.</summary>
    public string? Path { get; init; }

    /// <summary>The stat of the node.</summary>
    public Stat Stat { get; init; }

    /// <summary>The data of the node. Null and empty are two things.</summary>
    public ReadOnlyMemory<byte>? Data { get; init; }

    /// <summary>The names of the children, in the order of their bytes.</summary>
    public IReadOnlyList<string>? Children { get; init; }

    /// <summary>For a read that was answered: the whole state that answered it.</summary>
    public DataState? State { get; init; }

    /// <summary>The timeout that a new session was granted, in milliseconds; otherwise 0.</summary>
    public int TimeoutMs { get; init; }
}
