using System.Net;
using System.Net.Sockets;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Testing.Transport;

namespace Zab.Transport.Grpc.Tests;

/// <summary>Makes transports on addresses of this machine that nobody else uses.</summary>
internal static class GrpcServers
{
    public const string EnsembleId = "zab-tests";

    private static int s_hosts = Random.Shared.Next(1, 1 << 20);

    /// <summary>Servers 1 to <paramref name="count"/> at free ports.</summary>
    public static Dictionary<ServerId, GrpcPeer> Peers(int count)
    {
        Dictionary<ServerId, GrpcPeer> peers = [];
        for (int id = 1; id <= count; id++)
        {
            string host = NextHost();
            // Both are held until both are known: released at once, the first could be given out again.
            using Socket quorum = BindAny(host);
            using Socket election = BindAny(host);
            peers.Add(new ServerId(id), new GrpcPeer(host, PortOf(quorum), PortOf(election)));
        }

        return peers;
    }

    /// <summary>Options for a server, with short pauses.</summary>
    public static GrpcTransportOptions Options(int self, IReadOnlyDictionary<ServerId, GrpcPeer> peers) =>
        new()
    {
        Self = new ServerId(self),
        EnsembleId = EnsembleId,
        Peers = peers,
        BackOffMin = TimeSpan.FromMilliseconds(5),
        BackOffMax = TimeSpan.FromMilliseconds(100),
        ConnectTimeout = Safety.Limit,
        HelloTimeout = Safety.Limit,
        KeepAliveTimeout = Safety.Limit,
        TimeProvider = new SlowClock(),
    };

    /// <summary>What the contract asks for.</summary>
    public static IReadOnlyList<ITransport> Make(TransportSetup setup)
    {
        Dictionary<ServerId, GrpcPeer> peers = Peers(setup.Servers);
        return [.. peers.Keys.Select(id => new GrpcTransport(new GrpcTransportOptions
        {
            Self = id,
            EnsembleId = id == setup.Foreigner ? "another" : EnsembleId,
            Peers = peers,
            SendQueueBytesMax = setup.SendQueueBytesMax,
            BackOffMin = TimeSpan.FromMilliseconds(5),
            BackOffMax = TimeSpan.FromMilliseconds(100),
            ConnectTimeout = Safety.Limit,
            HelloTimeout = Safety.Limit,
            KeepAliveTimeout = Safety.Limit,
            TimeProvider = new SlowClock(),
        }))];
    }

    /// <summary>On Linux all of 127/8 is this machine: an address of its own keeps a test from meeting
    /// another.</summary>
    private static string NextHost()
    {
        if (!OperatingSystem.IsLinux())
            return "127.0.0.1";
        int host = Interlocked.Increment(ref s_hosts);
        return $"127.{1 + (host >> 16 & 0x7f)}.{host >> 8 & 0xff}.{1 + (host & 0x7f)}";
    }

    private static Socket BindAny(string host)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(host), 0));
        return socket;
    }

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;
}
