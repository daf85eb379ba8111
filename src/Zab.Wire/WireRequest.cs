using Zab.Core.Requests;

namespace Zab.Wire;

/// <summary>A packet of a client after the first one.</summary>
internal readonly record struct WireRequest
{
    /// <summary>The client's number for the request; below 0 for a ping, an auth packet and its old
    /// watches.</summary>
    public int Xid { get; init; }

    /// <summary>The operation as the wire numbers it; it may be one that <see cref="OpCode"/> does not
    /// have.</summary>
    public int Type { get; init; }

    /// <summary>What the core is asked, without the session and who it is; null for a ping, an auth packet, a
    /// SASL token and a reconfiguration.</summary>
    public ClientRequest? Operation { get; init; }

    /// <summary>For an auth packet: the scheme.</summary>
    public string? Scheme { get; init; }

    /// <summary>For an auth packet or a SASL token: the bytes, which share the memory of the frame.</summary>
    public ReadOnlyMemory<byte>? Token { get; init; }

    /// <summary>For a reconfiguration: what it asks.</summary>
    public Reconfiguration? Reconfiguration { get; init; }
}
