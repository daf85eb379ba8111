using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Server.Configuration;

/// <summary>The transport of a server that is its whole ensemble: there is nobody to reach, so it opens no
/// port.</summary>
internal sealed class LoneTransport : ITransport
{
    private ITransportEvents? _events;

    /// <inheritdoc/>
    public ValueTask StartAsync(ITransportEvents events, CancellationToken cancellationToken)
    {
        _events = events;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Connect(ServerId peer) =>
        _ = _events!.ConnectFailedAsync(
            peer, "this server is alone: it has no peers", CancellationToken.None).AsTask();

    /// <inheritdoc/>
    public void Send(Link link, IReadOnlyList<Message> messages)
    {
        // No link was ever up.
    }

    /// <inheritdoc/>
    public void Break(Link link, string reason)
    {
        // No link was ever up.
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
