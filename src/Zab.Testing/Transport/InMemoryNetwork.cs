using System.Diagnostics.CodeAnalysis;
using Zab.Core.Ports;
using Zab.Core.Primitives;

namespace Zab.Testing.Transport;

/// <summary>A network of transports within one process, whose links can be cut and healed.</summary>
/// <remarks>Thread-safe. Nothing in it depends on a clock: an election link that broke is made anew as soon
/// as both ends have taken the news, and one that was cut as soon as it is healed.</remarks>
[SuppressMessage("Reliability", "CA2000", Justification = "A transport belongs to whoever had it made.")]
public sealed class InMemoryNetwork
{
    private readonly long _queueBytesMax;
    private readonly Lock _lock = new();
    private readonly Dictionary<ServerId, InMemoryTransport> _running = [];
    private readonly HashSet<(ServerId, ServerId)> _cuts = [];

    /// <summary>Makes a network.</summary>
    /// <param name="queueBytesMax">How many bytes may wait in each direction of a link; one more breaks
    /// it.</param>
    public InMemoryNetwork(long queueBytesMax = 64 << 20)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(queueBytesMax);
        _queueBytesMax = queueBytesMax;
    }

    /// <summary>Makes the transport of a server, not yet started.</summary>
    /// <param name="self">The server.</param>
    /// <param name="ensembleId">The ensemble to which it belongs; others do not link with it.</param>
    public InMemoryTransport CreateTransport(ServerId self, string ensembleId) => new(this, self, ensembleId);

    /// <summary>Cuts all links between two servers, and lets none come up until <see cref="Heal"/>.</summary>
    /// <param name="one">A server.</param>
    /// <param name="other">Another.</param>
    public void Cut(ServerId one, ServerId other)
    {
        lock (_lock)
        {
            _ = _cuts.Add(Pair(one, other));
            if (_running.TryGetValue(one, out InMemoryTransport? transport))
                transport.EndLinks(other, "the network between the servers is cut");
        }
    }

    /// <summary>Undoes <see cref="Cut"/>.</summary>
    /// <param name="one">A server.</param>
    /// <param name="other">Another.</param>
    public void Heal(ServerId one, ServerId other)
    {
        lock (_lock)
        {
            _ = _cuts.Remove(Pair(one, other));
            TryLinkForElection(one, other);
        }
    }

    /// <summary>A transport starts: it is linked with all others that run.</summary>
    internal void Join(InMemoryTransport transport)
    {
        lock (_lock)
        {
            if (!_running.TryAdd(transport.Self, transport))
                throw new IOException($"server {transport.Self} runs already");
            foreach (ServerId peer in _running.Keys.Order(
                Comparer<ServerId>.Create((a, b) => a.Value - b.Value)).ToArray())
                TryLinkForElection(transport.Self, peer);
        }
    }

    /// <summary>A transport stops.</summary>
    /// <returns>The ends of its links, which are ending.</returns>
    internal IReadOnlyList<InMemoryLinkEnd> Leave(InMemoryTransport transport)
    {
        lock (_lock)
        {
            if (_running.GetValueOrDefault(transport.Self) == transport)
                _ = _running.Remove(transport.Self);
            return transport.EndAll($"server {transport.Self} is stopping");
        }
    }

    /// <summary>Links two servers for recovery and broadcast.</summary>
    /// <returns>Why it could not be done; null when it was.</returns>
    internal string? TryConnect(InMemoryTransport transport, ServerId peer)
    {
        lock (_lock)
        {
            if (_running.GetValueOrDefault(transport.Self) != transport)
                return $"server {transport.Self} is stopping";
            return WhyUnreachable(transport, peer, out InMemoryTransport? other)
                ?? MakeLink(transport, other!, LinkKind.Quorum);
        }
    }

    /// <summary>Both ends of an election link are done with it.</summary>
    internal void Relink(ServerId one, ServerId other)
    {
        lock (_lock)
        {
            TryLinkForElection(one, other);
        }
    }

    private static (ServerId, ServerId) Pair(ServerId one, ServerId other) =>
        one.Value < other.Value ? (one, other) : (other, one);

    private void TryLinkForElection(ServerId one, ServerId other)
    {
        if (one != other
            && _running.TryGetValue(one, out InMemoryTransport? transport)
            && WhyUnreachable(transport, other, out InMemoryTransport? peer) is null
            && !transport.IsLinked(other, LinkKind.Election))
        {
            _ = MakeLink(transport, peer!, LinkKind.Election);
        }
    }

    private string? WhyUnreachable(
        InMemoryTransport transport, ServerId peer, out InMemoryTransport? other) =>
        !_running.TryGetValue(peer, out other) ? $"server {peer} does not run"
        : _cuts.Contains(Pair(transport.Self, peer)) ? "the network between the servers is cut"
        : other.EnsembleId != transport.EnsembleId
            ? $"server {peer} is of another ensemble, '{other.EnsembleId}'"
        : null;

    private string? MakeLink(InMemoryTransport one, InMemoryTransport other, LinkKind kind)
    {
        InMemoryLinkEnd here = one.MakeEnd(other.Self, kind, _queueBytesMax);
        InMemoryLinkEnd there = other.MakeEnd(one.Self, kind, _queueBytesMax);
        here.Join(there);
        one.Run(here);
        other.Run(there);
        return null;
    }
}
