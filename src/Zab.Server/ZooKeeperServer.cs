using System.Diagnostics.CodeAnalysis;
using System.Net;
using Zab.Server.Admin;
using Zab.Server.Statistics;

namespace Zab.Server;

/// <summary>A stand-alone server: a node, its port for ZooKeeper's clients, and what answers over
/// HTTP.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class ZooKeeperServer : IAsyncDisposable
{
    private readonly AdminServer? _admin;

    private ZooKeeperServer(ZabNode node, ZooKeeperPort port, AdminServer? admin)
    {
        Node = node;
        Port = port;
        _admin = admin;
    }

    /// <summary>The node. It belongs to the server.</summary>
    public ZabNode Node { get; }

    /// <summary>The port. It belongs to the server.</summary>
    public ZooKeeperPort Port { get; }

    /// <summary>Where questions are answered over HTTP; null when they are not.</summary>
    public IPEndPoint? AdminEndPoint => _admin?.EndPoint;

    /// <summary>Starts a server. The port is open when it has started; clients are served as soon as the node
    /// serves (<see cref="ZabNode.WaitUntilServingAsync"/>).</summary>
    /// <param name="options">How it runs.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <returns>The server, which belongs to the caller.</returns>
    /// <exception cref="ZabConfigurationException">The options cannot be used.</exception>
    /// <exception cref="IOException">A port or the directory is in use, or cannot be used.</exception>
    /// <exception cref="InvalidDataException">The directory is damaged, or belongs to another server or
    /// ensemble.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The server disposes of it.")]
    public static async Task<ZooKeeperServer> StartAsync(
        ZooKeeperServerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Admin?.Validate();
        ZabNode node = await ZabNode.StartAsync(options.Node, cancellationToken).ConfigureAwait(false);
        ZooKeeperPort? port = null;
        AdminServer? admin = null;
        try
        {
            port = await node.ListenForZooKeeperClientsAsync(options.Port, cancellationToken)
                .ConfigureAwait(false);
            if (options.Admin is { } asked)
            {
                admin = new AdminServer(new ServerFacts(port.Listener), asked);
                await admin.StartAsync(cancellationToken).ConfigureAwait(false);
            }

            return new ZooKeeperServer(node, port, admin);
        }
        catch
        {
            if (admin is not null)
            {
                await admin.DisposeAsync().ConfigureAwait(false);
            }

            if (port is not null)
            {
                await port.DisposeAsync().ConfigureAwait(false);
            }

            await node.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops the server: first nobody is served any more, then the node stops.</summary>
    /// <returns>A task that ends when everything has stopped. It does not fail; see
    /// <see cref="ZabNode.Completion"/>.</returns>
    public async ValueTask DisposeAsync()
    {
        if (_admin is not null)
        {
            await _admin.DisposeAsync().ConfigureAwait(false);
        }

        await Port.DisposeAsync().ConfigureAwait(false);
        await Node.DisposeAsync().ConfigureAwait(false);
    }
}
