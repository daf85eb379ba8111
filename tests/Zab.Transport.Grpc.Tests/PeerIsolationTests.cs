using System.Net;
using System.Net.Sockets;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Testing.Transport;

namespace Zab.Transport.Grpc.Tests;

public sealed class PeerIsolationTests
{
    private static readonly ServerId s_one = new(1);
    private static readonly ServerId s_two = new(2);
    private static readonly ServerId s_three = new(3);

    [Fact]
    public async Task A_name_is_resolved_anew_at_each_dial()
    {
        using CancellationTokenSource patience = new(Safety.Limit);
        Dictionary<ServerId, GrpcPeer> peers = GrpcServers.Peers(2);
        IPAddress right = IPAddress.Parse(peers[s_one].Host);
        IPAddress wrong = IPAddress.Parse(GrpcServers.Peers(1)[s_one].Host);
        Dictionary<ServerId, GrpcPeer> named =
            new(peers) { [s_one] = peers[s_one] with { Host = "one.test" } };
        int dials = 0;
        await using GrpcTransport one = new(GrpcServers.Options(1, peers));
        await using GrpcTransport two = Two(named, (host, _) => host == "one.test"
            ? Task.FromResult<IPAddress[]>([Interlocked.Increment(ref dials) < 3 ? wrong : right])
            : Dns.GetHostAddressesAsync(host, CancellationToken.None));
        TransportRecorder recorder = new();
        await one.StartAsync(new TransportRecorder(), patience.Token);

        await two.StartAsync(recorder, patience.Token);

        _ = await recorder.WaitAsync(
            r => r.LinkWith(s_one, LinkKind.Election), "a link at the third try", patience.Token);
        Assert.Equal(3, dials);
    }

    [Fact]
    public async Task The_second_address_of_a_name_is_tried_when_the_first_refuses()
    {
        using CancellationTokenSource patience = new(Safety.Limit);
        Dictionary<ServerId, GrpcPeer> peers = GrpcServers.Peers(2);
        IPAddress right = IPAddress.Parse(peers[s_one].Host);
        IPAddress wrong = IPAddress.Parse(GrpcServers.Peers(1)[s_one].Host);
        Dictionary<ServerId, GrpcPeer> named =
            new(peers) { [s_one] = peers[s_one] with { Host = "one.test" } };
        await using GrpcTransport one = new(GrpcServers.Options(1, peers));
        await using GrpcTransport two = Two(named, (host, _) => host == "one.test"
            ? Task.FromResult<IPAddress[]>([wrong, right])
            : Dns.GetHostAddressesAsync(host, CancellationToken.None));
        TransportRecorder recorder = new();
        await one.StartAsync(new TransportRecorder(), patience.Token);
        await two.StartAsync(recorder, patience.Token);

        two.Connect(s_one);

        _ = await recorder.WaitAsync(
            r => r.LinkWith(s_one, LinkKind.Quorum), "a link at the first try", patience.Token);
        Assert.Empty(recorder.Events.OfType<TransportEvent.ConnectFailed>());
    }

    [Theory]
    [InlineData("never answers")]
    [InlineData("fails")]
    [InlineData("has no address")]
    public async Task A_peer_whose_name_is_not_resolved_does_not_disturb_the_others(string manner)
    {
        using CancellationTokenSource patience = new(Safety.Limit);
        Dictionary<ServerId, GrpcPeer> peers = GrpcServers.Peers(3);
        Dictionary<ServerId, GrpcPeer> named =
            new(peers) { [s_one] = peers[s_one] with { Host = "one.test" } };
        await using GrpcTransport two = new(GrpcServers.Options(2, peers));
        await using GrpcTransport three = new(new GrpcTransportOptions
        {
            Self = s_three,
            EnsembleId = GrpcServers.EnsembleId,
            Peers = named,
            ResolveAsync = async (host, cancellationToken) =>
            {
                if (host != "one.test")
                    return [IPAddress.Parse(host)];
                if (manner == "never answers")
                    await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
                return manner == "fails" ? throw new SocketException((int)SocketError.HostNotFound) : [];
            },
        });
        TransportRecorder recorder = new();
        await two.StartAsync(new TransportRecorder(), patience.Token);

        await three.StartAsync(recorder, patience.Token);
        three.Connect(s_one);
        three.Connect(s_two);

        foreach (LinkKind kind in new[] { LinkKind.Election, LinkKind.Quorum })
            _ = await recorder.WaitAsync(
                r => r.LinkWith(s_two, kind), "a link with server 2", patience.Token);
    }

    [Fact]
    public async Task A_peer_that_takes_connections_and_says_nothing_does_not_disturb_the_others()
    {
        using CancellationTokenSource patience = new(Safety.Limit);
        Dictionary<ServerId, GrpcPeer> peers = GrpcServers.Peers(3);
        using Socket mute = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        mute.Bind(new IPEndPoint(IPAddress.Parse(peers[s_one].Host), peers[s_one].QuorumPort));
        mute.Listen();
        await using GrpcTransport two = new(GrpcServers.Options(2, peers));
        await using GrpcTransport three = new(new GrpcTransportOptions
        {
            Self = s_three,
            EnsembleId = GrpcServers.EnsembleId,
            Peers = peers,
            HelloTimeout = TimeSpan.FromMilliseconds(300),
        });
        TransportRecorder recorder = new();
        await two.StartAsync(new TransportRecorder(), patience.Token);
        await three.StartAsync(recorder, patience.Token);

        three.Connect(s_one);

        _ = await recorder.WaitAsync(
            r => r.LinkWith(s_two, LinkKind.Election), "a link with server 2", patience.Token);
        _ = await recorder.WaitAsync<bool>(
            r => r.Events.OfType<TransportEvent.ConnectFailed>().Any(
                e => e.Reason.Contains("no Hello within", StringComparison.Ordinal)) ? true : null,
            "the end of patience with server 1", patience.Token);
    }

    [Fact]
    public async Task A_wire_that_goes_dead_without_a_word_is_found_at_both_ends()
    {
        using CancellationTokenSource patience = new(Safety.Limit);
        Dictionary<ServerId, GrpcPeer> peers = GrpcServers.Peers(2);
        using TcpProxy wire =
            new(new IPEndPoint(IPAddress.Parse(peers[s_one].Host), peers[s_one].ElectionPort));
        Dictionary<ServerId, GrpcPeer> wired = new(peers)
        {
            [s_one] = new GrpcPeer("127.0.0.1", peers[s_one].QuorumPort, wire.Port),
        };
        await using GrpcTransport one = new(Impatient(1, peers));
        await using GrpcTransport two = new(Impatient(2, wired));
        TransportRecorder[] recorders = [new(), new()];
        await one.StartAsync(recorders[0], patience.Token);
        await two.StartAsync(recorders[1], patience.Token);
        _ = await recorders[0].WaitAsync(
            r => r.LinkWith(s_two, LinkKind.Election), "a link at server 1", patience.Token);
        _ = await recorders[1].WaitAsync(
            r => r.LinkWith(s_one, LinkKind.Election), "a link at server 2", patience.Token);

        wire.Die();

        foreach (TransportRecorder recorder in recorders)
        {
            _ = await recorder.WaitAsync<bool>(
                r => r.Events.OfType<TransportEvent.Down>().Any()
                    ? true : null, "the end of the link", patience.Token);
        }
    }

    [Fact]
    public async Task A_port_in_use_is_told_at_the_start()
    {
        Dictionary<ServerId, GrpcPeer> peers = GrpcServers.Peers(1);
        using Socket other = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Parse(peers[s_one].Host), peers[s_one].QuorumPort));
        other.Listen();
        await using GrpcTransport transport = new(GrpcServers.Options(1, peers));

        IOException e = await Assert.ThrowsAsync<IOException>(
            () => transport.StartAsync(new TransportRecorder(), CancellationToken.None).AsTask());

        Assert.Contains("in use", e.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_message_that_fits_in_no_frame_breaks_its_link_and_tells_both_ends()
    {
        using CancellationTokenSource patience = new(Safety.Limit);
        await using OneServer server = await OneServer.StartAsync();
        using RawCall call = await server.GreetAsync(LinkKind.Quorum);
        Link link = await server.LinkAsync(LinkKind.Quorum);

        server.Transport.Send(
            link, [new() { Type = Core.Messages.MessageType.SnapChunk, Body = new byte[4 << 20] }]);

        const string Reason =
            "a SnapChunk of 4194304 bytes is larger than a frame may be (4194304 bytes, FrameBytesMax)";
        Assert.Equal(Reason, await server.DownAsync(link));
        Assert.Equal(Reason, (await call.ReadAsync()).Goodbye.Reason);
    }

    private static GrpcTransportOptions Impatient(int self, Dictionary<ServerId, GrpcPeer> peers) => new()
    {
        Self = new ServerId(self),
        EnsembleId = GrpcServers.EnsembleId,
        Peers = peers,
        KeepAliveDelay = TimeSpan.FromSeconds(1),
        KeepAliveTimeout = TimeSpan.FromSeconds(1),
    };

    private static GrpcTransport Two(
        Dictionary<ServerId, GrpcPeer> peers, Func<string, CancellationToken, Task<IPAddress[]>> resolve) =>
            new(new()
        {
            Self = s_two,
            EnsembleId = GrpcServers.EnsembleId,
            Peers = peers,
            BackOffMin = TimeSpan.FromMilliseconds(5),
            ResolveAsync = resolve,
        });
}
