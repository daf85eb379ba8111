using System;
using System.Collections.Generic;
using Zab.Core.Access;
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

    /// <summary>The permissions of the node.</summary>
    public Acl? Acl { get; init; }

    /// <summary>Who the session is.</summary>
    public IReadOnlyList<Identity>? Identities { get; init; }

    /// <summary>How many nodes there are below a node; for a session that goes on here, the newest of its
    /// requests whose answer was kept.</summary>
    public int Count { get; init; }

    /// <summary>For a multi or a multi-read: how each operation went. It is there even when a multi
    /// failed.</summary>
    public IReadOnlyList<OpResult>? Results { get; init; }

    /// <summary>For a read that was answered: the whole state that answered it.</summary>
    public DataState? State { get; init; }

    /// <summary>The timeout that a new session was granted, in milliseconds; otherwise 0.</summary>
    public int TimeoutMs { get; init; }
}
