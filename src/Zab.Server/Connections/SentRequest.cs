using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Server.Connections;

/// <summary>A request of a client that is not answered yet.</summary>
internal readonly record struct SentRequest
{
    /// <summary>Whether it is answered here, in its turn; otherwise by the loop.</summary>
    public bool IsOwn { get; init; }

    /// <summary>Its number in the session, for the loop.</summary>
    public int Cxid { get; init; }

    /// <summary>Its bytes on the wire.</summary>
    public int Bytes { get; init; }

    /// <summary>The client's own number for it.</summary>
    public int Xid => Request.Cxid;

    /// <summary>What was asked, under the client's own number.</summary>
    public required ClientRequest Request { get; init; }

    /// <summary>When, as the clock's timestamp.</summary>
    public long StartedAt { get; init; }

    /// <summary>For one that is answered here: the answer.</summary>
    public ErrorCode Error { get; init; }

    /// <summary>For a step of a SASL exchange: the token to answer with.</summary>
    public byte[]? Token { get; init; }

    /// <summary>Whether the connection is to be closed behind the answer.</summary>
    public bool IsLast { get; init; }
}
