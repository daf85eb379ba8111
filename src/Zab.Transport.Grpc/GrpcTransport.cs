using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Transport.Grpc.Links;
using Zab.Transport.Grpc.Wire;

namespace Zab.Transport.Grpc;

/// <summary>Carries messages between servers over gRPC streams in clear text.</summary>
/// <remarks>
/// <para>Each link is one bidirectional call over an HTTP/2 connection of its own, so that a snapshot on one
/// never delays a heartbeat on another. The election port and the quorum port serve one method each;
/// <c>zab.proto</c> describes them. Both sides say who they are before anything else is read. Batches are
/// numbered and carry a CRC-32C.</para>
/// <para>There is no encryption and no proof of identity: use it in a network of your own.</para>
/// <para>Thread-safe as <see cref="ITransport"/> demands. Bodies of received messages belong to the
/// receiver.</para>
/// </remarks>
public sealed class GrpcTransport : ITransport
{
    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(5);

    private readonly GrpcTransportOptions _options;
    private readonly ILogger _logger;
    private readonly LinkTable _table = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _tasks = [];
    private readonly Dictionary<ServerId, CancellationTokenSource> _attempts = [];

    private GrpcServer? _server;
    private Dialer? _dialer;
    private bool _disposed;

    /// <summary>Makes a transport that does nothing until <see cref="StartAsync"/>.</summary>
    /// <param name="options">Who this server is, where the others are, and the limits.</param>
    /// <exception cref="ArgumentException">An option is out of its bounds; the message names it.</exception>
    public GrpcTransport(GrpcTransportOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _logger = options.LoggerFactory.CreateLogger<GrpcTransport>();
    }

    /// <inheritdoc/>
    public async ValueTask StartAsync(ITransportEvents events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_server is not null)
            throw new InvalidOperationException("A transport is started once.");
        LinkContext context = new(_options, _table, events, _logger, _stopping.Token);
        Handshake handshake = new(_options);
        Acceptor acceptor = new(context, handshake);
        IPAddress[] addresses = await BindAddressesAsync(cancellationToken).ConfigureAwait(false);
        GrpcService quorum = ServiceOf(LinkKind.Quorum, addresses, acceptor);
        GrpcService election = ServiceOf(LinkKind.Election, addresses, acceptor);
        _server = new GrpcServer(ServerOptions(), [quorum, election], _options.LoggerFactory);
        await _server.StartAsync(cancellationToken).ConfigureAwait(false);
        Log.Listening(
            _logger, _options.Self,
            string.Join(", ", quorum.Addresses), string.Join(", ", election.Addresses));

        Dialer dialer = new(context, handshake);
        foreach (ServerId peer in _options.Peers.Keys.Where(peer => peer.Value < _options.Self.Value))
            Track(() => dialer.KeepLinkedAsync(peer));
        Volatile.Write(ref _dialer, dialer);
    }

    /// <inheritdoc/>
    /// <remarks>A call while an attempt at the same peer is under way gives that attempt up.</remarks>
    public void Connect(ServerId peer)
    {
        Dialer dialer = _dialer ?? throw new InvalidOperationException("The transport is not started.");
        if (peer == _options.Self || !_options.Peers.ContainsKey(peer))
            throw new ArgumentException($"Server {peer} is none of this server's peers.", nameof(peer));
        CancellationTokenSource attempt;
        lock (_lock)
        {
            if (_disposed)
                return;
            if (_attempts.TryGetValue(peer, out CancellationTokenSource? older))
                _ = older.CancelAsync();
            _attempts[peer] = attempt = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        }

        Track(() => ConnectAsync(dialer, peer, attempt));
    }

    /// <inheritdoc/>
    public void Send(Link link, IReadOnlyList<Message> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        _table.Find(link)?.Send(messages);
    }

    /// <inheritdoc/>
    public void Break(Link link, string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        _table.Find(link)?.Break(reason);
    }

    /// <summary>Ends all links and stops, in seconds at most. No event comes after the task has
    /// ended.</summary>
    /// <returns>A task that ends when everything has stopped.</returns>
    public async ValueTask DisposeAsync()
    {
        Task[] tasks;
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            tasks = [.. _tasks];
        }

        Task links = _table.StopAsync($"server {_options.Self} is stopping");
        await WithinTimeAsync(_stopping.CancelAsync(), "what waits").ConfigureAwait(false);
        await WithinTimeAsync(links, "links").ConfigureAwait(false);
        await WithinTimeAsync(Task.WhenAll(tasks), "attempts to connect").ConfigureAwait(false);
        if (_server is not null)
        {
            using CancellationTokenSource limit = new(TimeSpan.FromMilliseconds(500), _options.TimeProvider);
            await WithinTimeAsync(_server.StopAsync(limit.Token), "listeners").ConfigureAwait(false);
            _server.Dispose();
        }

        _stopping.Dispose();
    }

    private async Task ConnectAsync(Dialer dialer, ServerId peer, CancellationTokenSource attempt)
    {
        await dialer.ConnectAsync(peer, attempt.Token).ConfigureAwait(false);
        lock (_lock)
        {
            if (_attempts.TryGetValue(peer, out CancellationTokenSource? current) && current == attempt)
                _ = _attempts.Remove(peer);
            attempt.Dispose(); // Within the lock: nobody can be about to cancel it.
        }
    }

    /// <summary>Runs a task that <see cref="DisposeAsync"/> waits for. The task handles its own
    /// errors.</summary>
    private void Track(Func<Task> run)
    {
        Task task = Task.Run(run);
        lock (_lock)
        {
            _ = _tasks.Add(task);
        }

        _ = task.ContinueWith(
            finished =>
            {
                lock (_lock)
                {
                    _ = _tasks.Remove(finished);
                }
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    [SuppressMessage("Design", "CA1031",
        Justification = "Stopping goes on to its end, whatever fails on the way.")]
    private async Task WithinTimeAsync(Task task, string what)
    {
        try
        {
            await task.WaitAsync(s_stopTimeout, _options.TimeProvider).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.SlowStop(_logger, $"{what}: {e.Message}");
        }
    }

    private GrpcService ServiceOf(LinkKind kind, IPAddress[] addresses, Acceptor acceptor)
    {
        int port = Methods.PortOf(kind, _options.Peers[_options.Self]);
        return new GrpcService(
            Methods.Of(kind), [.. addresses.Select(a => new IPEndPoint(a, port))],
            call => acceptor.AcceptAsync(call, kind));
    }

    private GrpcServerOptions ServerOptions() => new()
    {
        IdleTimeout = _options.HelloTimeout,
        KeepAliveDelay = _options.KeepAliveDelay,
        KeepAliveTimeout = _options.KeepAliveTimeout,
        StrangersMax = _options.StrangersMax,
        TimeProvider = _options.TimeProvider,
    };

    private async Task<IPAddress[]> BindAddressesAsync(CancellationToken cancellationToken)
    {
        if (_options.BindAddress is { } address)
            return [address];
        string host = _options.Peers[_options.Self].Host;
        try
        {
            IPAddress[] all = await _options.ResolveAsync(host, cancellationToken).ConfigureAwait(false);
            // A name such as localhost often has an IPv6 address that the machine does not have.
            IPAddress[] v4 = [.. all.Where(a => a.AddressFamily == AddressFamily.InterNetwork).Distinct()];
            IPAddress[] chosen = v4.Length > 0 ? v4 : all;
            return chosen.Length > 0
                ? chosen : throw new IOException($"cannot listen: {host} has no address");
        }
        catch (SocketException e)
        {
            throw new IOException($"cannot listen: {host} is not resolved: {e.Message}", e);
        }
    }
}
