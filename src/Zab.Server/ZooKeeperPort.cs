using System.Net;
using Zab.Server.Connections;

namespace Zab.Server;

/// <summary>The port at which a node serves ZooKeeper's clients.</summary>
/// <remarks>
/// <para>Clients are served while the node serves; otherwise they are cut off, and go on elsewhere or try
/// again. The port closes with its node, too.</para>
/// <para>Thread-safe. Source: ZooKeeper <c>ServerCnxnFactory</c>.</para>
/// </remarks>
public sealed class ZooKeeperPort : IAsyncDisposable
{
    private readonly ClientListener _listener;

    internal ZooKeeperPort(ClientListener listener) => _listener = listener;

    /// <summary>Where the port listens.</summary>
    public IPEndPoint EndPoint => _listener.EndPoint;

    /// <summary>How many connections there are.</summary>
    public int Connections => _listener.Connections.Count;

    /// <summary>Ends when the port is closed and every connection gone.</summary>
    public Task Completion => _listener.Completion;

    internal ClientListener Listener => _listener;

    /// <summary>Closes the port and every connection. The sessions live on for their time-outs.</summary>
    /// <returns>A task that ends when nothing is left. It does not fail.</returns>
    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await Completion.ConfigureAwait(false);
    }
}
