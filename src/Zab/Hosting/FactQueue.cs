using System.Threading.Channels;
using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Hosting;

/// <summary>The one way into the node's loop.</summary>
/// <remarks>
/// <para>Bounded, and full means wait (<see cref="BoundedChannelFullMode.Wait"/>): the links stop reading and the sessions
/// stop asking until the loop has room, and no fact is ever dropped, which would break a link's promise (R18, R19).</para>
/// <para>Nobody on whom the loop could wait ever waits here: the log thread and the clock leave what they have to say in a
/// number, and only <see cref="Wake"/> the loop, which never waits. When there is no room for a wake-up there are facts to
/// read, so the loop is awake.</para>
/// </remarks>
internal sealed class FactQueue : ITransportEvents
{
    private const int Capacity = 4096;

    private readonly Channel<Fact> _channel = Channel.CreateBounded<Fact>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    /// <summary>Adds a fact, after those of the same caller before it.</summary>
    /// <exception cref="ChannelClosedException">The node has ended.</exception>
    public ValueTask PostAsync(Fact fact, CancellationToken cancellationToken) =>
        _channel.Writer.WriteAsync(fact, cancellationToken);

    /// <summary>Begins a turn soon. Never waits.</summary>
    public void Wake()
    {
        if (_channel.Reader.Count == 0)
        {
            _ = _channel.Writer.TryWrite(Fact.Woken);
        }
    }

    /// <summary>Waits until there is a fact.</summary>
    /// <returns>False when the queue is closed and empty.</returns>
    public ValueTask<bool> WaitAsync() => _channel.Reader.WaitToReadAsync();

    /// <summary>Takes the next fact, if there is one.</summary>
    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Fact? fact) =>
        _channel.Reader.TryRead(out fact);

    /// <summary>Takes no more facts.</summary>
    public void Close() => _ = _channel.Writer.TryComplete();

    ValueTask ITransportEvents.LinkUpAsync(Link link, CancellationToken cancellationToken) =>
        PostUnlessClosedAsync(new Fact.LinkUp(link), cancellationToken);

    ValueTask ITransportEvents.ReceivedAsync(
        Link link, IReadOnlyList<Message> messages, CancellationToken cancellationToken) =>
        PostUnlessClosedAsync(new Fact.Received(link, messages), cancellationToken);

    ValueTask ITransportEvents.LinkDownAsync(Link link, string reason, CancellationToken cancellationToken) =>
        PostUnlessClosedAsync(new Fact.LinkDown(link, reason), cancellationToken);

    ValueTask ITransportEvents.ConnectFailedAsync(ServerId peer, string reason, CancellationToken cancellationToken) =>
        PostUnlessClosedAsync(new Fact.ConnectFailed(peer, reason), cancellationToken);

    /// <summary>What a transport tells a node that has ended is of no interest to anyone.</summary>
    private async ValueTask PostUnlessClosedAsync(Fact fact, CancellationToken cancellationToken)
    {
        try
        {
            await PostAsync(fact, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            // The transport is about to be disposed of by the same stop that closed the queue.
        }
    }
}
