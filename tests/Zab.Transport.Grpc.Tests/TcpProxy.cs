using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Zab.Transport.Grpc.Tests;

/// <summary>A proxy before a port, that can go dead: it stays connected at both ends and carries nothing any
/// more.</summary>
internal sealed class TcpProxy : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _sockets = [];
    private volatile bool _dead;

    public TcpProxy(IPEndPoint target)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Running = RunAsync(target);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public Task Running { get; }

    /// <summary>Drops all bytes from now on, and takes no connections.</summary>
    public void Die() => _dead = true;

    public void Dispose()
    {
        _listener.Dispose();
        lock (_sockets)
        {
            _sockets.ForEach(socket => socket.Dispose());
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "Dispose disposes of all sockets.")]
    private async Task RunAsync(IPEndPoint target)
    {
        List<Task> copies = [];
        try
        {
            while (!_dead)
            {
                Socket near = await _listener.AcceptAsync();
                Socket far =
                    new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                near.NoDelay = true;
                lock (_sockets)
                {
                    _sockets.AddRange([near, far]);
                }

                await far.ConnectAsync(target);
                copies.AddRange([CopyAsync(near, far), CopyAsync(far, near)]);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(copies); // Disposed.
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (true)
            {
                int count = await from.ReceiveAsync(buffer);
                if (count == 0)
                    return;
                if (!_dead)
                    _ = await to.SendAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One of the ends is gone.
        }
    }
}
