using Zab.Core;
using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Testing.Simulation;

/// <content>The network: links that are FIFO and complete, or broken; slow, cut, deaf on one side, or left
/// half open.</content>
internal sealed partial class World
{
    private readonly List<SimulatedLink> _links = [];
    private readonly HashSet<(int From, int To)> _cut = [];
    private readonly Dictionary<(int From, int To), (long Min, long Max)> _slow = [];
    private long _lastLinkNumber;

    /// <summary>The links that have an end that is up.</summary>
    public IReadOnlyList<SimulatedLink> Links => _links;

    /// <summary>Called for each message that arrives on a quorum link, before it is looked at; for faults
    /// that count packets.</summary>
    public Action<SimulatedLink.Wire, Message>? OnPacket { get; set; }

    /// <summary>Whether nothing goes from one server to another.</summary>
    public bool IsCut(int from, int to) => _cut.Contains((from, to));

    /// <summary>Stops one direction. What is sent waits; the link stays up, as nobody is told.</summary>
    public void CutOneWay(SimulatedServer from, SimulatedServer to)
    {
        if (_cut.Add((from.Id.Value, to.Id.Value)))
        {
            Trace.Note(NowUs, from, $"cannot be heard by {to.Id}");
        }
    }

    /// <summary>Stops both directions, and breaks the links if the ends are to notice.</summary>
    public void Cut(SimulatedServer a, SimulatedServer b, bool noticed)
    {
        CutOneWay(a, b);
        CutOneWay(b, a);
        if (noticed)
        {
            BreakAll(a, b, "the network is cut");
        }
    }

    /// <summary>Breaks the links between two servers; both ends learn of it.</summary>
    public void BreakAll(SimulatedServer a, SimulatedServer b, string reason)
    {
        foreach (SimulatedLink link in _links.ToArray())
        {
            if ((link.AtoB.From == a && link.AtoB.To == b) || (link.AtoB.From == b && link.AtoB.To == a))
            {
                BreakLink(link, reason);
            }
        }
    }

    /// <summary>Breaks one link; both ends learn of it, even when nothing goes from one to the
    /// other.</summary>
    public void BreakLink(SimulatedLink link, string reason)
    {
        (link.AtoB.IsBroken, link.BtoA.IsBroken) = (true, true);
        EndWire(link.AtoB, reason, isReset: true);
        EndWire(link.BtoA, reason, isReset: true);
    }

    /// <summary>Makes one direction slow.</summary>
    public void Slow(SimulatedServer from, SimulatedServer to, long minUs, long maxUs) =>
        _slow[(from.Id.Value, to.Id.Value)] = (minUs, maxUs);

    /// <summary>Mends what was cut or slow between two servers.</summary>
    public void Heal(SimulatedServer a, SimulatedServer b)
    {
        HealOneWay(a, b);
        HealOneWay(b, a);
    }

    /// <summary>Mends everything.</summary>
    public void HealAll()
    {
        foreach (SimulatedServer a in _servers.Values)
        {
            foreach (SimulatedServer b in _servers.Values)
            {
                if (a.Id.Value < b.Id.Value)
                {
                    Heal(a, b);
                }
            }
        }
    }

    private void HealOneWay(SimulatedServer from, SimulatedServer to)
    {
        _ = _slow.Remove((from.Id.Value, to.Id.Value));
        if (!_cut.Remove((from.Id.Value, to.Id.Value)))
        {
            return;
        }

        Trace.Note(NowUs, from, $"can be heard by {to.Id} again");
        foreach (SimulatedLink link in _links)
        {
            PlanDelivery(link.AtoB);
            PlanDelivery(link.BtoA);
        }
    }

    private void Send(SimulatedServer server, in Envelope envelope, long recordsAfter)
    {
        if (FindWire(server, envelope.Link) is not { } wire)
        {
            return; // the link is over: the message would have been dropped by the transport
        }

        Trace.Sent(NowUs, server, envelope);
        Ghost.OnSent(server.Id, envelope, recordsAfter);
        Put(wire, envelope.Message);
    }

    private void Put(SimulatedLink.Wire wire, Message? message)
    {
        (int, int) way = (wire.From.Id.Value, wire.To.Id.Value);
        bool isSlow = _slow.TryGetValue(way, out (long Min, long Max) slow);
        long delay = Between(isSlow ? slow : _settings.DelayUs);
        wire.LastAtUs = Math.Max(wire.LastAtUs, NowUs + delay);
        wire.UnderWay.Enqueue((wire.LastAtUs, message));
        wire.SnapshotBytes = message?.Type == MessageType.UpToDate ? 0 : wire.SnapshotBytes;
        CheckUnderWay(wire);
        PlanDelivery(wire);
    }

    private void PlanDelivery(SimulatedLink.Wire wire)
    {
        if (!wire.IsPlanned && wire.UnderWay.TryPeek(out (long AtUs, Message? Message) first)
            && CanArrive(wire))
        {
            wire.IsPlanned = true;
            _events.Add(
                Math.Max(NowUs, first.AtUs), new SimulatedEvent(EventKind.Deliver, 0, 0, wire));
        }
    }

    private bool CanArrive(SimulatedLink.Wire wire) =>
        !wire.To.IsPaused && (wire.IsBroken || !IsCut(wire.From.Id.Value, wire.To.Id.Value));

    /// <summary>Delivers the first message of a wire, and all that arrive with it.</summary>
    private void DeliverFirst(SimulatedLink.Wire wire)
    {
        wire.IsPlanned = false;
        if (!CanArrive(wire))
        {
            return; // planned again when it can arrive
        }

        SimulatedServer server = wire.To;
        if (!wire.Opposite.IsSenderUp || wire.Opposite.SenderLife != server.Life)
        {
            wire.UnderWay.Clear();
            return;
        }

        bool any = false;
        while (wire.UnderWay.TryPeek(out (long AtUs, Message? Message) first) && first.AtUs <= NowUs)
        {
            _ = wire.UnderWay.Dequeue();
            if (first.Message is not { } message)
            {
                CloseEnd(wire.Opposite, wire.EndReason);
                any = true;
                break;
            }

            OnPacket?.Invoke(wire, message);
            if (!wire.Opposite.IsSenderUp || wire.Opposite.SenderLife != server.Life)
            {
                return; // a fault struck at this packet
            }

            Trace.Delivered(wire, message);
            wire.SnapshotBytes += message.Type == MessageType.SnapChunk ? message.Body.Length : 0;
            bool isNonsense = wire.EndsInNonsense
                && wire.UnderWay.TryPeek(out (long AtUs, Message? Message) next) && next.Message is null;
            if (!isNonsense)
            {
                Ghost.OnDelivered(server.Id, wire.ReceiverLink, message);
            }

            Timeliness.OnDelivered(server, wire.ReceiverLink, message);
            Replica replica = any ? server.Replica! : BeginTurn(server);
            any = true;
            replica.OnMessage(wire.ReceiverLink, message);
        }

        if (any && server.Replica is not null)
        {
            EndTurn(server);
        }

        PlanDelivery(wire);
    }

    /// <summary>A server ends a link: it hears nothing more, and the other end learns of it after what is
    /// under way.</summary>
    private void Break(SimulatedServer server, Link link, string reason)
    {
        if (FindWire(server, link) is { } wire)
        {
            Trace.Break(NowUs, server, link, reason);
            wire.IsSenderUp = false;
            wire.Opposite.UnderWay.Clear();
            Ghost.OnLinkDown(server.Id, link);
            EndWire(wire, reason, isReset: _prng.OneIn(4));
        }
    }

    /// <summary>Nothing more goes on a wire; the receiver learns of it.</summary>
    private void EndWire(SimulatedLink.Wire wire, string reason, bool isReset)
    {
        if (isReset)
        {
            wire.UnderWay.Clear();
            wire.LastAtUs = NowUs;
            wire.EndsInNonsense = false;
        }

        wire.EndReason = reason;
        Put(wire, null);
    }

    /// <summary>An end of a link is over, in a turn that the caller ends.</summary>
    private void CloseEnd(SimulatedLink.Wire end, string reason)
    {
        end.IsSenderUp = false;
        if (!end.EndsInNonsense)
        {
            KeepOnlyTheEnd(end);
        }

        Ghost.OnLinkDown(end.From.Id, end.SenderLink);
        Forget(end.Owner);
        BeginTurn(end.From).OnLinkDown(end.SenderLink, reason);
    }

    /// <summary>What one end has sent is lost with it, but for the news that the link is over.</summary>
    private static void KeepOnlyTheEnd(SimulatedLink.Wire wire)
    {
        (long AtUs, Message? Message)[] ends = [.. wire.UnderWay.Where(sent => sent.Message is null)];
        wire.UnderWay.Clear();
        foreach ((long AtUs, Message? Message) end in ends)
        {
            wire.UnderWay.Enqueue(end);
        }
    }

    private void CloseNow(SimulatedLink.Wire end, string reason)
    {
        if (end.IsSenderUp && end.From.IsUp && end.SenderLife == end.From.Life)
        {
            CloseEnd(end, reason);
            EndTurn(end.From);
        }
        else
        {
            end.IsSenderUp = false;
            Forget(end.Owner);
        }
    }

    private void Forget(SimulatedLink link)
    {
        if (link.IsGone)
        {
            _ = _links.Remove(link);
        }

        if (link.Kind == LinkKind.Election)
        {
            PlanRedial(link.AtoB.From, link.AtoB.To);
        }
    }

    private SimulatedLink.Wire? FindWire(SimulatedServer server, Link link)
    {
        foreach (SimulatedLink candidate in _links)
        {
            if (candidate.AtoB.SenderLink == link && candidate.AtoB.From == server
                && candidate.AtoB.IsSenderUp)
            {
                return candidate.AtoB;
            }

            if (candidate.BtoA.SenderLink == link && candidate.BtoA.From == server
                && candidate.BtoA.IsSenderUp)
            {
                return candidate.BtoA;
            }
        }

        return null;
    }

    /// <summary>Whether a link of a server to another is up at its end.</summary>
    private bool IsLinked(SimulatedServer server, ServerId peer)
    {
        foreach (SimulatedLink link in _links)
        {
            if ((link.AtoB.From == server && link.AtoB.To.Id == peer && link.AtoB.IsSenderUp)
                || (link.BtoA.From == server && link.BtoA.To.Id == peer && link.BtoA.IsSenderUp))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The server is gone: its peers learn of it soon, or, when its machine died silently, not at
    /// all.</summary>
    private void EndLinks(SimulatedServer server)
    {
        bool isSilent = _prng.OneIn(4);
        foreach (SimulatedLink link in _links.ToArray())
        {
            SimulatedLink.Wire? wire =
                link.AtoB.From == server ? link.AtoB : link.BtoA.From == server ? link.BtoA : null;
            if (wire is null || !wire.IsSenderUp)
            {
                continue;
            }

            wire.IsSenderUp = false;
            wire.Opposite.UnderWay.Clear();
            if (isSilent)
            {
                wire.UnderWay.Clear();
            }
            else
            {
                EndWire(wire, "the peer crashed", isReset: _prng.OneIn(2));
            }

            if (link.IsGone)
            {
                _ = _links.Remove(link);
            }
        }
    }
}
