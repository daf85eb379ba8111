using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Zab.Core.Primitives;

namespace Zab.Transport.Grpc;

/// <summary>What a <see cref="GrpcTransport"/> needs to know, and its limits.</summary>
public sealed class GrpcTransportOptions
{
    /// <summary>The smallest <see cref="FrameBytesMax"/>, in bytes.</summary>
    public const int FrameBytesMin = 16 << 10;

    /// <summary>The largest <see cref="FrameBytesMax"/>, in bytes.</summary>
    public const int FrameBytesLimit = 1 << 30;

    /// <summary>This server.</summary>
    public required ServerId Self { get; init; }

    /// <summary>The name of the ensemble: servers of different ensembles refuse each other.</summary>
    public required string EnsembleId { get; init; }

    /// <summary>All servers of the ensemble, this one included.</summary>
    public required IReadOnlyDictionary<ServerId, GrpcPeer> Peers { get; init; }

    /// <summary>Where to listen. When not set, at the addresses of this server's own host, the IPv4 ones if
    /// there are any; <see cref="IPAddress.Any"/> or <see cref="IPAddress.IPv6Any"/> for all addresses of the
    /// machine.</summary>
    public IPAddress? BindAddress { get; init; }

    /// <summary>The largest frame, in bytes, the same on all servers. A message larger than this, less 1 KiB,
    /// breaks the link. Default 4 MiB.</summary>
    public int FrameBytesMax { get; init; } = 4 << 20;

    /// <summary>How many bytes may wait to be sent on one link; one more breaks it. Default 64 MiB.</summary>
    public long SendQueueBytesMax { get; init; } = 64 << 20;

    /// <summary>The first pause between two attempts at an election link; it doubles, with jitter. Default 50
    /// ms.</summary>
    public TimeSpan BackOffMin { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest pause between two attempts. Default 2 s.</summary>
    public TimeSpan BackOffMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long resolving and connecting may take. Default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the other side may take to say Hello. Default 5 s.</summary>
    public TimeSpan HelloTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After how much silence the other side is asked for a sign of life, at least 1 s. Default 5
    /// s.</summary>
    public TimeSpan KeepAliveDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long it may take to give one before the link breaks, at least 1 s. Default 5 s.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many connections that have not said Hello each port takes. Default 64.</summary>
    public int StrangersMax { get; init; } = 64;

    /// <summary>The clock of all time-outs but those of keep-alive, which are the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where to log.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Finds the addresses of a host; a seam for tests.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> ResolveAsync { get; init; } =
        Dns.GetHostAddressesAsync;

    /// <summary>Checks everything that can be checked without the network.</summary>
    /// <exception cref="ArgumentException">A value is out of its bounds; the message names it.</exception>
    internal void Validate()
    {
        Require(Self.IsValid, nameof(Self), $"must be from {ServerId.Min} to {ServerId.Max}");
        Require(!string.IsNullOrEmpty(EnsembleId) && EnsembleId.Length <= 255,
            nameof(EnsembleId), "1 to 255 characters");
        Require(Peers is not null && Peers.ContainsKey(Self),
            nameof(Peers), $"must hold server {Self} itself");
        foreach ((ServerId id, GrpcPeer peer) in Peers!)
        {
            Require(id.IsValid, nameof(Peers), $"server {id}: ids are from {ServerId.Min} to {ServerId.Max}");
            Require(!string.IsNullOrEmpty(peer.Host), nameof(Peers), $"server {id} has no host");
            Require(IsPort(peer.QuorumPort) && IsPort(peer.ElectionPort)
                && peer.QuorumPort != peer.ElectionPort,
                nameof(Peers), $"server {id} needs two different ports from 1 to 65535");
        }

        Require(FrameBytesMax is >= FrameBytesMin and <= FrameBytesLimit,
            nameof(FrameBytesMax), $"must be from {FrameBytesMin} to {FrameBytesLimit}");
        Require(SendQueueBytesMax > 0, nameof(SendQueueBytesMax), "must be positive");
        Require(BackOffMin > TimeSpan.Zero && BackOffMax >= BackOffMin, nameof(BackOffMax), "0 < min <= max");
        Require(ConnectTimeout > TimeSpan.Zero, nameof(ConnectTimeout), "must be positive");
        Require(HelloTimeout > TimeSpan.Zero, nameof(HelloTimeout), "must be positive");
        Require(KeepAliveDelay >= TimeSpan.FromSeconds(1), nameof(KeepAliveDelay), "at least 1 s");
        Require(KeepAliveTimeout >= TimeSpan.FromSeconds(1), nameof(KeepAliveTimeout), "at least 1 s");
        Require(StrangersMax > 0, nameof(StrangersMax), "must be positive");
    }

    private static bool IsPort(int port) => port is >= 1 and <= 65535;

    private static void Require(bool condition, string option, string rule)
    {
        if (!condition)
            throw new ArgumentException($"{nameof(GrpcTransportOptions)}.{option}: {rule}.");
    }
}
