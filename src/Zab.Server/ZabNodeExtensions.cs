using Zab.Server.Connections;

namespace Zab.Server;

/// <summary>Opens a node to ZooKeeper's clients.</summary>
public static class ZabNodeExtensions
{
    /// <summary>Listens for ZooKeeper's clients on a port, on every address of the machine.</summary>
    /// <param name="node">The node that serves them.</param>
    /// <param name="port">The port, 2181 by custom; 0 for one that the system chooses.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The port, which belongs to the caller, and closes with the node at the latest.</returns>
    /// <exception cref="ZabConfigurationException">The number is no port.</exception>
    /// <exception cref="IOException">The port is in use, or cannot be used.</exception>
    public static Task<ZooKeeperPort> ListenForZooKeeperClientsAsync(
        this ZabNode node, int port, CancellationToken cancellationToken = default) =>
        node.ListenForZooKeeperClientsAsync(new ZooKeeperPortOptions { Port = port }, cancellationToken);

    /// <summary>Listens for ZooKeeper's clients.</summary>
    /// <param name="node">The node that serves them.</param>
    /// <param name="options">Where, and for how many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The port, which belongs to the caller, and closes with the node at the latest.</returns>
    /// <exception cref="ZabConfigurationException">The options cannot be used. The message lists what to
    /// change.</exception>
    /// <exception cref="IOException">The port is in use, or cannot be used.</exception>
    public static async Task<ZooKeeperPort> ListenForZooKeeperClientsAsync(
        this ZabNode node, ZooKeeperPortOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        ClientListener listener = new(node, options);
        await listener.StartAsync(cancellationToken).ConfigureAwait(false);
        return new ZooKeeperPort(listener);
    }
}
