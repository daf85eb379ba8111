using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Zab.Core.Messages;
using Zab.Core.Primitives;

namespace Zab.Core.Ports;

/// <summary>Carries messages between the servers of an ensemble. Plug in your own through
/// <c>ZabNodeOptions.Transport</c>.</summary>
/// <remarks>
/// <para>What a transport promises: each <see cref="Link"/> is FIFO and complete, or broken (R18); at most
/// one link per peer and kind is up, and a newer one is announced only after the end of the older; the peer
/// at the other end is the server it claims to be, of the same ensemble and protocol version; garbage or a
/// stranger breaks one connection and nothing else (R20); every queue is bounded, and a link whose queue
/// overflows breaks (R19).</para>
/// <para>Election links are kept up by the transport itself between every pair of servers, with back-off, for
/// as long as it runs. Quorum links are opened by <see cref="Connect"/> on one side and accepted on the
/// other.</para>
/// <para>The contract tests in <c>Zab.Testing</c> (<c>TransportContract</c>) check an implementation. All
/// members but <see cref="StartAsync"/> may be called from any thread, one at a time, and return at
/// once.</para>
/// </remarks>
public interface ITransport : IAsyncDisposable
{
    /// <summary>Starts listening and connecting. Called once.</summary>
    /// <param name="events">Told of everything that happens, until the transport is disposed.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <returns>A task that ends when the transport accepts connections.</returns>
    /// <exception cref="System.IO.IOException">The transport cannot listen, for example because the port is
    /// in use.</exception>
    ValueTask StartAsync(ITransportEvents events, CancellationToken cancellationToken);

    /// <summary>Opens a quorum link to <paramref name="peer"/>. The outcome is an event: the link is up, or
    /// the attempt failed. One attempt; the caller decides whether to try again.</summary>
    /// <param name="peer">The server to dial.</param>
    void Connect(ServerId peer);

    /// <summary>Sends messages in order. Never blocks; messages to a link that is no longer up are
    /// dropped.</summary>
    /// <param name="link">The link to send on.</param>
    /// <param name="messages">The messages. The list belongs to the caller again when the call returns; the
    /// memory of their bodies is never written to again by anyone.</param>
    void Send(Link link, IReadOnlyList<Message> messages);

    /// <summary>Ends a link, if it is still up. <see cref="ITransportEvents.LinkDownAsync"/> follows at both
    /// ends.</summary>
    /// <param name="link">The link to end.</param>
    /// <param name="reason">Why, for the logs of both ends.</param>
    void Break(Link link, string reason);
}
