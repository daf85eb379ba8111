using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Zab.Core.Messages;
using Zab.Core.Primitives;

namespace Zab.Core.Ports;

/// <summary>What a transport tells its node.</summary>
/// <remarks>Events of one link come one after another, each awaited before the next: up, then messages in
/// order, then down. Awaiting is the back-pressure: the node takes what it has room for. Events of different
/// links may overlap.</remarks>
public interface ITransportEvents
{
    /// <summary>A link came up: dialled by this side or accepted from the other.</summary>
    /// <param name="link">The new link.</param>
    /// <param name="cancellationToken">Gives up waiting for room.</param>
    /// <returns>A task that ends when the node has taken the event.</returns>
    ValueTask LinkUpAsync(Link link, CancellationToken cancellationToken);

    /// <summary>Messages arrived, in the order in which they were sent.</summary>
    /// <param name="link">The link on which they came.</param>
    /// <param name="messages">The messages; the node owns the list from now on.</param>
    /// <param name="cancellationToken">Gives up waiting for room.</param>
    /// <returns>A task that ends when the node has taken the messages.</returns>
    ValueTask ReceivedAsync(Link link, IReadOnlyList<Message> messages, CancellationToken cancellationToken);

    /// <summary>A link is gone. Nothing comes from it any more.</summary>
    /// <param name="link">The link that was up.</param>
    /// <param name="reason">Why, in words for a log.</param>
    /// <param name="cancellationToken">Gives up waiting for room.</param>
    /// <returns>A task that ends when the node has taken the event.</returns>
    ValueTask LinkDownAsync(Link link, string reason, CancellationToken cancellationToken);

    /// <summary>An attempt of <see cref="ITransport.Connect"/> came to nothing.</summary>
    /// <param name="peer">The server that was dialled.</param>
    /// <param name="reason">Why, in words for a log.</param>
    /// <param name="cancellationToken">Gives up waiting for room.</param>
    /// <returns>A task that ends when the node has taken the event.</returns>
    ValueTask ConnectFailedAsync(ServerId peer, string reason, CancellationToken cancellationToken);
}
