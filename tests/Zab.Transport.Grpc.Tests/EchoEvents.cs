using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Testing.Transport;

namespace Zab.Transport.Grpc.Tests;

/// <summary>Sends every message back, and records as well.</summary>
internal sealed class EchoEvents(ITransport transport) : ITransportEvents
{
    public TransportRecorder Recorder { get; } = new();

    public ValueTask LinkUpAsync(Link link, CancellationToken cancellationToken) =>
        Recorder.LinkUpAsync(link, cancellationToken);

    public ValueTask ReceivedAsync(
        Link link, IReadOnlyList<Message> messages, CancellationToken cancellationToken)
    {
        transport.Send(link, messages);
        return Recorder.ReceivedAsync(link, messages, cancellationToken);
    }

    public ValueTask LinkDownAsync(Link link, string reason, CancellationToken cancellationToken) =>
        Recorder.LinkDownAsync(link, reason, cancellationToken);

    public ValueTask ConnectFailedAsync(ServerId peer, string reason, CancellationToken cancellationToken) =>
        Recorder.ConnectFailedAsync(peer, reason, cancellationToken);
}
