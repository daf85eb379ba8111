using Zab.Core.Primitives;

namespace Zab.Core.Ports;

/// <summary>One connection to one peer, from the moment it came up to the moment it broke.</summary>
/// <remarks>A link is FIFO and complete, or it is broken: it never loses, repeats or reorders a message and
/// lives on (R18). A new connection is a new link with a higher number; nothing is resumed.</remarks>
/// <param name="Peer">The server at the other end.</param>
/// <param name="Kind">What the link is for.</param>
/// <param name="Number">Counts up over all links of this transport, from 1. Local: the peer has a number of
/// its own.</param>
public readonly record struct Link(ServerId Peer, LinkKind Kind, long Number)
{
    /// <summary>The link as people read it in a log.</summary>
    public override string ToString() => $"{Kind} link {Number} with server {Peer}";
}
