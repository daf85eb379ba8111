using System.Net;
using System.Net.Sockets;

namespace Zab.Client.Tests.Servers;

/// <summary>A server that a test plays itself, packet by packet.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<FakeConnection> _connections = [];

    public FakeServer() => _listener.Start();

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>The next connection, not greeted yet.</summary>
    public async Task<FakeConnection> AcceptAsync()
    {
        TcpClient client = await _listener.AcceptTcpClientAsync().WaitAsync(Safety.Limit);
        client.NoDelay = true;
        _connections.Add(new FakeConnection(client));
        return _connections[^1];
    }

    /// <summary>The next connection, with its session granted.</summary>
    public async Task<FakeConnection> GreetAsync(int timeoutMs = 30_000)
    {
        FakeConnection connection = await AcceptAsync();
        await connection.GreetAsync(timeoutMs);
        return connection;
    }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        _connections.ForEach(connection => connection.Drop());
        return default;
    }
}
