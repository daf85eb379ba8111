using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Zab.Hosting;
using Zab.Server.Words;

namespace Zab.Server.Connections;

/// <summary>Accepts connections, and sees to it that none waits for ever.</summary>
/// <remarks>One task accepts, and one serves each connection. Whatever a connection does ends that connection
/// alone.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "The source has neither a timer nor a handle to free.")]
internal sealed class ClientListener
{
    private const int ReadBufferBytes = 64 * 1024;

    private static readonly TimeSpan s_sweepInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_pauseAfterFailure = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_pauseWhileClosing = TimeSpan.FromMilliseconds(10);

    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _completion =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IConnectionListener? _listener;

    /// <summary>Makes it. Nothing listens yet.</summary>
    public ClientListener(ZabNode node, ZooKeeperPortOptions options)
    {
        Node = node;
        Options = options;
        Connections = new ConnectionTable(options);
        StartedAt = TimeProvider.GetTimestamp();
        Words = new FourLetterWords(this);
        _logger = Loop.Options.LoggerFactory.CreateLogger<ZooKeeperPort>();
        EndPoint = new IPEndPoint(
            options.Address ?? (Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any), options.Port);
    }

    /// <summary>The node that is served.</summary>
    public ZabNode Node { get; }

    /// <summary>The node's loop.</summary>
    public NodeLoop Loop => Node.Loop;

    /// <summary>The options.</summary>
    public ZooKeeperPortOptions Options { get; }

    /// <summary>The connections.</summary>
    public ConnectionTable Connections { get; }

    /// <summary>What is counted.</summary>
    public ServerCounters Counters { get; } = new();

    /// <summary>When the port was made, as the clock's timestamp.</summary>
    public long StartedAt { get; }

    /// <summary>The four-letter words.</summary>
    public FourLetterWords Words { get; }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; private set; }

    /// <summary>The node's clock.</summary>
    public TimeProvider TimeProvider => Loop.TimeProvider;

    /// <summary>Ends when nothing listens and every connection is gone.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Cancelled when everything is to end.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Listens.</summary>
    /// <exception cref="IOException">The port cannot be used.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        SocketTransportFactory factory = new(
            Microsoft.Extensions.Options.Options.Create(new SocketTransportOptions
            {
                Backlog = Options.Backlog,
                MaxReadBufferSize = ReadBufferBytes,
            }),
            Loop.Options.LoggerFactory);
        try
        {
            _listener = await factory.BindAsync(EndPoint, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or AddressInUseException)
        {
            string remedy = e is SocketException { SocketErrorCode: SocketError.AddressNotAvailable }
                ? "Name an address of this machine (clientPortAddress)."
                : "Stop what uses the port, or choose another (clientPort).";
            throw new IOException(
                $"Cannot listen for ZooKeeper clients on {EndPoint}: {e.Message.TrimEnd('.')}. {remedy}", e);
        }

        EndPoint = (IPEndPoint)_listener.EndPoint;
        PortLog.Listening(_logger, EndPoint);
        _ = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Asks everything to end; <see cref="Completion"/> follows.</summary>
    public void Stop() => _stopping.Cancel();

    private async Task RunAsync()
    {
        _ = Loop.Completion.ContinueWith(
            _ => Stop(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        List<Task> tasks = [AcceptAsync(_listener!), SweepAsync()];
        await Task.WhenAll(tasks).ConfigureAwait(false);
        await _listener!.DisposeAsync().ConfigureAwait(false);
        foreach (ClientConnection connection in Connections.All)
        {
            connection.End();
        }

        await WhenNoneIsLeftAsync().ConfigureAwait(false);
        PortLog.Stopped(_logger, EndPoint);
        _completion.SetResult();
    }

    [SuppressMessage("Design", "CA1031", Justification = "No failure ends accepting; it is logged.")]
    private async Task AcceptAsync(IConnectionListener listener)
    {
        while (!Stopping.IsCancellationRequested)
        {
            try
            {
                ConnectionContext? context = await listener.AcceptAsync(Stopping).ConfigureAwait(false);
                if (context is null)
                {
                    return;
                }

                if (!TryReserve(context, out IPEndPoint remote))
                {
                    await context.DisposeAsync().ConfigureAwait(false);
                    continue;
                }

                _ = Task.Run(() => ServeAsync(context, remote), CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e)
            {
                PortLog.AcceptFailed(_logger, e);
                await Task.Delay(s_pauseAfterFailure, TimeProvider.System, CancellationToken.None)
                    .ConfigureAwait(false);
            }
        }
    }

    /// <summary>Makes room for a connection, before the next is accepted.</summary>
    private bool TryReserve(ConnectionContext context, out IPEndPoint remote)
    {
        remote = context.RemoteEndPoint as IPEndPoint ?? new IPEndPoint(IPAddress.None, 0);
        if (remote.Address.IsIPv4MappedToIPv6)
        {
            remote = new IPEndPoint(remote.Address.MapToIPv4(), remote.Port);
        }

        if (Connections.TryReserve(remote.Address, out string? limit))
        {
            return true;
        }

        PortLog.Refused(_logger, remote.Address, limit);
        return false;
    }

    private async Task ServeAsync(ConnectionContext context, IPEndPoint remote)
    {
        ClientConnection connection = new(context, remote, this);
        try
        {
            Connections.Add(connection);
            if (Stopping.IsCancellationRequested)
            {
                connection.End(); // whoever ended all connections may not have seen this one
            }

            await ServeAsync(connection).ConfigureAwait(false);
            await context.DisposeAsync().ConfigureAwait(false); // it waits for what was written to leave
        }
        finally
        {
            Connections.Release(remote.Address, connection);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "It ends the connection; the port goes on.")]
    private async Task ServeAsync(ClientConnection connection)
    {
        try
        {
            await connection.RunAsync().ConfigureAwait(false);
            PortLog.Closed(_logger, connection.EndPoint, connection.Session, connection.Reason);
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException or ChannelClosedException)
        {
            PortLog.Closed(_logger, connection.EndPoint, connection.Session, e.Message);
        }
        catch (Exception e)
        {
            PortLog.Failed(_logger, connection.EndPoint, e);
        }
    }

    /// <summary>Cuts off who takes too long to say anything, or to go.</summary>
    private async Task SweepAsync()
    {
        using PeriodicTimer timer = new(s_sweepInterval, TimeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(Stopping).ConfigureAwait(false))
            {
                long now = TimeProvider.GetTimestamp();
                foreach (ClientConnection connection in Connections.All)
                {
                    connection.CheckDeadline(now);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The port is closed.
        }
    }

    /// <summary>Waits for the connections to go; those that do not are cut off.</summary>
    private async Task WhenNoneIsLeftAsync()
    {
        long start = Environment.TickCount64;
        while (Connections.Count > 0)
        {
            await Task.Delay(s_pauseWhileClosing, TimeProvider.System, CancellationToken.None)
                .ConfigureAwait(false);
            if (Environment.TickCount64 - start > 1000)
            {
                foreach (ClientConnection connection in Connections.All)
                {
                    connection.Abort("the port is closed");
                }
            }
        }
    }
}
