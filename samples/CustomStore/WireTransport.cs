using System.Threading.Channels;
using Zab.Core.Messages;
using Zab.Core.Ports;

namespace CustomStore;

/// <summary>Links within this process: sending is a post to the other's inbox; one task each tells the node.
/// The map of all transports that run is also the lock of everything here.</summary>
internal sealed class WireTransport(Dictionary<ServerId, WireTransport> wires, ServerId self) : ITransport
{
    private const int WaitingMax = 100_000;

    private readonly Channel<Func<ITransportEvents, ValueTask>> _inbox =
        Channel.CreateUnbounded<Func<ITransportEvents, ValueTask>>();
    private readonly Dictionary<Link, (WireTransport Transport, Link Link)> _farEnds = [];
    private Task _telling = Task.CompletedTask;
    private long _number;

    public ValueTask StartAsync(ITransportEvents events, CancellationToken cancellationToken)
    {
        lock (wires)
        {
            foreach (WireTransport other in wires.Values)
                Open(other, LinkKind.Election);
            wires.Add(self, this);
        }

        _telling = TellAsync(events);
        return ValueTask.CompletedTask;
    }

    public void Connect(ServerId peer)
    {
        lock (wires)
        {
            if (wires.TryGetValue(peer, out WireTransport? other))
                Open(other, LinkKind.Quorum);
            else
                Post(events => events.ConnectFailedAsync(peer, "it does not run", default));
        }
    }

    public void Send(Link link, IReadOnlyList<Message> messages)
    {
        lock (wires)
        {
            if (!_farEnds.TryGetValue(link, out (WireTransport Transport, Link Link) far))
                return;
            Message[] copy = [.. messages];
            if (far.Transport._inbox.Reader.Count < WaitingMax)
                far.Transport.Post(events => events.ReceivedAsync(far.Link, copy, default));
            else
                Break(link, "too much waits to be read"); // never a lost message on a link that lives on
        }
    }

    public void Break(Link link, string reason)
    {
        lock (wires)
        {
            if (!_farEnds.Remove(link, out (WireTransport Transport, Link Link) far))
                return;
            _ = far.Transport._farEnds.Remove(far.Link);
            Post(events => events.LinkDownAsync(link, reason, default));
            far.Transport.Post(events => events.LinkDownAsync(far.Link, reason, default));
            if (link.Kind == LinkKind.Election && wires.ContainsKey(self))
                Open(far.Transport, LinkKind.Election); // a transport keeps these up by itself
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (wires)
        {
            _ = wires.Remove(self);
            foreach (Link link in _farEnds.Keys.ToArray())
                Break(link, $"server {self} stops");
            _ = _inbox.Writer.TryComplete();
        }

        await _telling;
    }

    private void Open(WireTransport other, LinkKind kind)
    {
        Link here = new(other.Self, kind, ++_number);
        Link there = new(self, kind, ++other._number);
        _farEnds.Add(here, (other, there));
        other._farEnds.Add(there, (this, here));
        Post(events => events.LinkUpAsync(here, default));
        other.Post(events => events.LinkUpAsync(there, default));
    }

    private async Task TellAsync(ITransportEvents events)
    {
        await foreach (Func<ITransportEvents, ValueTask> tell in _inbox.Reader.ReadAllAsync())
            await tell(events);
    }

    private ServerId Self => self;

    private void Post(Func<ITransportEvents, ValueTask> tell) => _ = _inbox.Writer.TryWrite(tell);
}
