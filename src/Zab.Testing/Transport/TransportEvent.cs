using System.Diagnostics.CodeAnalysis;
using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Testing.Transport;

/// <summary>What a transport told, as <see cref="TransportRecorder"/> keeps it.</summary>
[SuppressMessage("Design", "CA1034", Justification = "A closed set of cases: no other type may derive.")]
public abstract record TransportEvent
{
    private TransportEvent()
    {
    }

    /// <summary>A link came up.</summary>
    /// <param name="Link">The link.</param>
    public sealed record Up(Link Link) : TransportEvent;

    /// <summary>Messages came.</summary>
    /// <param name="Link">The link on which they came.</param>
    /// <param name="Messages">The messages.</param>
    public sealed record Received(Link Link, IReadOnlyList<Message> Messages) : TransportEvent;

    /// <summary>A link went down.</summary>
    /// <param name="Link">The link.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Down(Link Link, string Reason) : TransportEvent;

    /// <summary>An attempt to connect failed.</summary>
    /// <param name="Peer">The server that was dialled.</param>
    /// <param name="Reason">Why.</param>
    public sealed record ConnectFailed(ServerId Peer, string Reason) : TransportEvent;
}
