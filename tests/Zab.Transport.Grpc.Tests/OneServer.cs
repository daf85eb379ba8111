using Microsoft.Extensions.Logging;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Testing.Transport;

namespace Zab.Transport.Grpc.Tests;

/// <summary>Server 2 of three, started; servers 1 and 3 are played by the test.</summary>
internal sealed class OneServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _patience = new(Safety.Limit);

    private readonly bool _isHasty;

    private OneServer(
        GrpcTransport transport, Dictionary<ServerId, GrpcPeer> peers, RecordingLoggerFactory logs, bool isHasty)
    {
        Transport = transport;
        Peers = peers;
        Logs = logs;
        _isHasty = isHasty;
    }

    public GrpcTransport Transport { get; }

    public Dictionary<ServerId, GrpcPeer> Peers { get; }

    public TransportRecorder Recorder { get; } = new();

    public RecordingLoggerFactory Logs { get; }

    public GrpcPeer Address => Peers[new ServerId(2)];

    public CancellationToken Patience => _patience.Token;

    /// <summary>Starts it.</summary>
    /// <param name="helloTimeout">How long strangers may take; longer than any test when null. When it is short,
    /// honest callers may be late, too, and try again.</param>
    /// <param name="strangersMax">How many of them there may be.</param>
    /// <param name="clock">Its clock; one that suits the time-out when null.</param>
    public static async Task<OneServer> StartAsync(
        TimeSpan? helloTimeout = null, int strangersMax = 64, TimeProvider? clock = null)
    {
        Dictionary<ServerId, GrpcPeer> peers = GrpcServers.Peers(3);
        RecordingLoggerFactory logs = new();
        GrpcTransport transport = new(new GrpcTransportOptions
        {
            Self = new ServerId(2),
            EnsembleId = GrpcServers.EnsembleId,
            Peers = peers,
            HelloTimeout = helloTimeout ?? Safety.Limit,
            KeepAliveTimeout = Safety.Limit,
            StrangersMax = strangersMax,
            BackOffMin = TimeSpan.FromMilliseconds(5),
            BackOffMax = TimeSpan.FromMilliseconds(100),
            LoggerFactory = logs,
            TimeProvider = clock ?? (helloTimeout is null ? new SlowClock() : TimeProvider.System),
        });
        OneServer server = new(transport, peers, logs, isHasty: helloTimeout is not null);
        await transport.StartAsync(server.Recorder, server.Patience);
        return server;
    }

    /// <summary>Opens a call as a stranger would.</summary>
    public Task<RawCall> CallAsync(LinkKind kind) => RawCall.OpenAsync(Address, kind, Patience);

    /// <summary>Links as server 3.</summary>
    public async Task<RawCall> GreetAsync(LinkKind kind, ulong nonce = 7)
    {
        while (true)
        {
            try
            {
                return await RawCall.GreetAsync(
                    Address, kind, RawCall.Hello(sender: 3, receiver: 2, nonce), Patience);
            }
            catch (Exception e) when (_isHasty && e is (IOException or HttpRequestException))
            {
                // Late, or one of too many strangers.
                Patience.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Waits for a link with server 3.</summary>
    public Task<Link> LinkAsync(LinkKind kind, long after = 0) => Recorder.WaitAsync(
        r => r.LinkWith(new ServerId(3), kind) is { } link && link.Number > after
            ? link : default(Link?), "a link", Patience);

    /// <summary>Waits for the end of a link.</summary>
    public async Task<string> DownAsync(Link link)
    {
        TransportEvent.Down? Find(TransportRecorder r) =>
            r.Events.OfType<TransportEvent.Down>().FirstOrDefault(e => e.Link == link);
        _ = await Recorder.WaitAsync<bool>(
            r => Find(r) is null ? null : true, $"the end of {link}", Patience);
        return Find(Recorder)!.Reason;
    }

    /// <summary>Shows that the server is well: server 3 links on both ports, and a message goes
    /// through.</summary>
    public async Task AssertWellAsync()
    {
        foreach (LinkKind kind in new[] { LinkKind.Election, LinkKind.Quorum })
        {
            using RawCall call = await GreetAsync(kind, nonce: 99);
            Link link = await LinkAsync(kind);
            Transport.Send(link, [new() { Type = Core.Messages.MessageType.Ping, Number = 5 }]);
            Assert.Equal(1ul, (await call.ReadAsync()).Batch.Sequence);
            call.Complete();
            _ = await DownAsync(link);
        }

        Recorder.Check();
        Assert.DoesNotContain(Logs.Entries, entry => entry.Level >= LogLevel.Error);
    }

    public async ValueTask DisposeAsync()
    {
        await Transport.DisposeAsync();
        _patience.Dispose();
        Logs.Dispose();
    }
}
