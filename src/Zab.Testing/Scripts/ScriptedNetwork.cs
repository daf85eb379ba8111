using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Testing.Scripts;

/// <summary>The links of a scripted cluster: FIFO queues that move only when they are told to.</summary>
internal sealed class ScriptedNetwork
{
    private readonly SortedDictionary<(int From, int To, LinkKind Kind), Wire> _wires = [];
    private readonly HashSet<(int, int)> _cut = [];
    private long _lastNumber;

    /// <summary>One direction of a link: what the sender calls it, what the receiver calls it, and what is
    /// under way.</summary>
    internal sealed record Wire(Link SenderLink, Link ReceiverLink, Queue<Message> UnderWay);

    /// <summary>The wires that are up, in a fixed order.</summary>
    public IEnumerable<KeyValuePair<(int From, int To, LinkKind Kind), Wire>> Wires => _wires;

    /// <summary>Whether two servers can reach each other.</summary>
    public bool CanReach(ServerId a, ServerId b) => !_cut.Contains(Pair(a.Value, b.Value));

    /// <summary>Whether a link of this kind is up between two servers.</summary>
    public bool IsUp(ServerId a, ServerId b, LinkKind kind) => _wires.ContainsKey((a.Value, b.Value, kind));

    /// <summary>Cuts two servers off from each other.</summary>
    public void Cut(int a, int b) => _ = _cut.Add(Pair(a, b));

    /// <summary>Mends all cuts.</summary>
    public void Heal() => _cut.Clear();

    /// <summary>Makes a link; both ends get a number of their own.</summary>
    /// <returns>The names of the link at the two ends.</returns>
    public (Link AtA, Link AtB) Connect(ServerId a, ServerId b, LinkKind kind)
    {
        Link atA = new(b, kind, ++_lastNumber);
        Link atB = new(a, kind, ++_lastNumber);
        _wires[(a.Value, b.Value, kind)] = new Wire(atA, atB, new Queue<Message>());
        _wires[(b.Value, a.Value, kind)] = new Wire(atB, atA, new Queue<Message>());
        return (atA, atB);
    }

    /// <summary>Puts a message on its way; on a link that is not up any more it is dropped.</summary>
    public bool TrySend(ServerId from, in Envelope envelope)
    {
        if (_wires.TryGetValue((from.Value, envelope.Link.Peer.Value, envelope.Link.Kind), out Wire? wire)
            && wire.SenderLink == envelope.Link)
        {
            wire.UnderWay.Enqueue(envelope.Message);
            return true;
        }

        return false;
    }

    /// <summary>Takes a link down; what was under way is lost.</summary>
    /// <returns>The names of the link at the two ends; null when it was not up.</returns>
    public (Link AtFrom, Link AtPeer)? Disconnect(ServerId from, Link link)
    {
        if (!_wires.TryGetValue((from.Value, link.Peer.Value, link.Kind), out Wire? wire)
            || wire.SenderLink != link)
        {
            return null;
        }

        _ = _wires.Remove((from.Value, link.Peer.Value, link.Kind));
        _ = _wires.Remove((link.Peer.Value, from.Value, link.Kind));
        return (wire.SenderLink, wire.ReceiverLink);
    }

    private static (int, int) Pair(int a, int b) => a < b ? (a, b) : (b, a);
}
