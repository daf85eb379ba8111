using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Transport.Grpc.Wire;

namespace Zab.Transport.Grpc.Links;

/// <summary>Which links are up: at most one per peer and kind. Thread-safe.</summary>
internal sealed class LinkTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(ServerId Peer, LinkKind Kind), Slot> _slots = [];
    private long _number;
    private bool _stopped;

    /// <summary>Admits a link, after the end of the one that it replaces.</summary>
    /// <returns>OK, or why it is not admitted.</returns>
    /// <remarks>A newer link from the same process replaces the older one: the peer reconnected before this
    /// side noticed (R18, ZB-33). From another process it is refused for as long as the older one lives: two
    /// servers run with one id (ZB-72), and if the first is dead its link will be found dead.</remarks>
    public async Task<GrpcStatus> AdmitAsync(GrpcLink link, CancellationToken cancellationToken)
    {
        long ticket = 0;
        while (true)
        {
            GrpcLink? current;
            lock (_lock)
            {
                if (_stopped)
                    return new GrpcStatus(GrpcStatusCode.Unavailable, "this server is stopping");
                Slot slot = SlotOf(link.Link);
                ticket = ticket == 0 ? ++slot.Tickets : ticket;
                if (ticket != slot.Tickets)
                    return new GrpcStatus(GrpcStatusCode.Aborted, "replaced by a newer link");
                current = slot.Current;
                if (current is null)
                {
                    slot.Current = link;
                    link.Admit(++_number);
                    return GrpcStatus.Ok;
                }
            }

            if (current.ProcessNonce != link.ProcessNonce && !current.IsEnding)
            {
                return new GrpcStatus(GrpcStatusCode.FailedPrecondition,
                    $"server {link.Link.Peer} is already connected from another process; "
                    + $"are two servers running with id {link.Link.Peer}?");
            }

            current.Break("replaced by a newer link");
            await current.Finished.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The link, if it is the one that is up.</summary>
    public GrpcLink? Find(Link link)
    {
        lock (_lock)
        {
            return _slots.TryGetValue((link.Peer, link.Kind), out Slot? slot) && slot.Current?.Link == link
                ? slot.Current
                : null;
        }
    }

    /// <summary>Makes room for the next link, after the last event of this one.</summary>
    public void Remove(GrpcLink link)
    {
        lock (_lock)
        {
            Slot slot = SlotOf(link.Link);
            if (slot.Current == link)
                slot.Current = null;
        }
    }

    /// <summary>Admits nothing more, and ends all links.</summary>
    /// <returns>A task that ends with the last of them.</returns>
    public Task StopAsync(string reason)
    {
        GrpcLink[] links;
        lock (_lock)
        {
            _stopped = true;
            links = [.. _slots.Values.Select(slot => slot.Current).OfType<GrpcLink>()];
        }

        foreach (GrpcLink link in links)
            link.Break(reason);
        return Task.WhenAll(links.Select(link => link.Finished));
    }

    private Slot SlotOf(Link link)
    {
        if (!_slots.TryGetValue((link.Peer, link.Kind), out Slot? slot))
            _slots.Add((link.Peer, link.Kind), slot = new Slot());
        return slot;
    }

    private sealed class Slot
    {
        public GrpcLink? Current { get; set; }

        public long Tickets { get; set; }
    }
}
