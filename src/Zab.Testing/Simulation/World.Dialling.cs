using Zab.Core.Ports;

namespace Zab.Testing.Simulation;

/// <content>How links come up: quorum links when a server asks for them, election links between every pair,
/// again and again.</content>
internal sealed partial class World
{
    private const long DialTimeoutUs = 1_000_000;
    private readonly HashSet<(int A, int B)> _redials = [];

    /// <summary>An attempt to open a link.</summary>
    internal sealed record DialAttempt(
        SimulatedServer From, SimulatedServer To, LinkKind Kind, int Life, bool Fails);

    /// <summary>Tries to open a link. The outcome comes later.</summary>
    private void Dial(SimulatedServer from, SimulatedServer to, LinkKind kind)
    {
        bool fails = !CanReach(from, to);
        long delay = fails && to.IsUp ? DialTimeoutUs : 2 * Between(_settings.DelayUs);
        DialAttempt attempt = new(from, to, kind, from.Life, fails);
        _events.Add(NowUs + delay, new SimulatedEvent(EventKind.Dialled, 0, 0, attempt));
    }

    private bool CanReach(SimulatedServer from, SimulatedServer to) =>
        to.IsUp && !IsCut(from.Id.Value, to.Id.Value) && !IsCut(to.Id.Value, from.Id.Value);

    private void OnDialled(DialAttempt dial)
    {
        SimulatedServer from = dial.From;
        if (from.Life != dial.Life || from.Replica is null)
        {
            return;
        }

        if (from.IsPaused)
        {
            DialAttempt later = dial with { Fails = true };
            _events.Add(NowUs + DialTimeoutUs, new SimulatedEvent(EventKind.Dialled, 0, 0, later));
            return;
        }

        if (dial.Fails || !CanReach(from, dial.To))
        {
            BeginTurn(from).OnConnectFailed(dial.To.Id, "it does not answer");
            EndTurn(from);
            return;
        }

        Connect(from, dial.To, dial.Kind);
    }

    /// <summary>A link comes up, after the end of the one that was there before.</summary>
    private void Connect(SimulatedServer a, SimulatedServer b, LinkKind kind)
    {
        foreach (SimulatedLink old in _links.ToArray())
        {
            if (old.Kind == kind && ((old.AtoB.From == a && old.AtoB.To == b)
                || (old.AtoB.From == b && old.AtoB.To == a)))
            {
                CloseNow(old.AtoB, "a newer link replaces it");
                CloseNow(old.BtoA, "a newer link replaces it");
            }
        }

        if (!a.IsUp || !b.IsUp)
        {
            return;
        }

        SimulatedLink link = new(a, b, kind, _lastLinkNumber += 2);
        _links.Add(link);
        AnnounceLink(link.AtoB);
        AnnounceLink(link.BtoA);
    }

    private void AnnounceLink(SimulatedLink.Wire wire)
    {
        if (wire.IsSenderUp && wire.From.Replica is not null)
        {
            BeginTurn(wire.From).OnLinkUp(wire.SenderLink);
            EndTurn(wire.From);
        }
    }

    /// <summary>Every pair of servers has an election link, or tries to open one.</summary>
    private void DialPeers(SimulatedServer server)
    {
        foreach (SimulatedServer other in _servers.Values)
        {
            if (other != server && other.Replica is not null)
            {
                PlanRedial(server, other);
            }
        }
    }

    private void PlanRedial(SimulatedServer a, SimulatedServer b)
    {
        (SimulatedServer low, SimulatedServer high) = a.Id.Value < b.Id.Value ? (a, b) : (b, a);
        if (_redials.Add((low.Id.Value, high.Id.Value)))
        {
            long delay = 10_000 + Between((0, 200_000));
            DialAttempt dial = new(low, high, LinkKind.Election, low.Life, Fails: false);
            _events.Add(NowUs + delay, new SimulatedEvent(EventKind.Redial, 0, 0, dial));
        }
    }

    private void OnRedial(DialAttempt dial)
    {
        (SimulatedServer a, SimulatedServer b) = (dial.From, dial.To);
        _ = _redials.Remove((a.Id.Value, b.Id.Value));
        if (a.Replica is null || b.Replica is null)
        {
            return; // whoever starts dials
        }

        if (!CanReach(a, b) || !a.IsUp)
        {
            PlanRedial(a, b);
        }
        else if (!HasElectionLink(a, b))
        {
            Connect(a, b, LinkKind.Election);
        }
    }

    private bool HasElectionLink(SimulatedServer a, SimulatedServer b)
    {
        foreach (SimulatedLink link in _links)
        {
            if (link.Kind == LinkKind.Election && link.AtoB.IsSenderUp && link.BtoA.IsSenderUp
                && ((link.AtoB.From == a && link.AtoB.To == b) || (link.AtoB.From == b && link.AtoB.To == a)))
            {
                return true;
            }
        }

        return false;
    }
}
