using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Zab.Server.Connections;

/// <summary>The connections of a port, and how many there may be. Thread-safe.</summary>
/// <param name="options">The limits.</param>
internal sealed class ConnectionTable(ZooKeeperPortOptions options)
{
    private readonly ConcurrentDictionary<ClientConnection, bool> _connections = [];
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private readonly Lock _lock = new();
    private int _count;

    /// <summary>How many there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The connections, in no defined order.</summary>
    public ICollection<ClientConnection> All => _connections.Keys;

    /// <summary>Makes room for a connection.</summary>
    /// <param name="address">Where it comes from.</param>
    /// <param name="limit">Which limit stands against it.</param>
    public bool TryReserve(IPAddress address, [NotNullWhen(false)] out string? limit)
    {
        lock (_lock)
        {
            _ = _byAddress.TryGetValue(address, out int ofAddress);
            limit = options.ConnectionsMax > 0 && _count >= options.ConnectionsMax
                ? $"there are {_count} connections already (maxCnxns)"
                : options.ConnectionsPerAddressMax > 0 && ofAddress >= options.ConnectionsPerAddressMax
                ? $"there are {ofAddress} connections from there already (maxClientCnxns)"
                : null;
            if (limit is not null)
            {
                return false;
            }

            _byAddress[address] = ofAddress + 1;
            _count++;
            return true;
        }
    }

    /// <summary>Adds a connection for which room was made.</summary>
    public void Add(ClientConnection connection) => _ = _connections.TryAdd(connection, true);

    /// <summary>Gives back the room of a connection that is gone.</summary>
    public void Release(IPAddress address, ClientConnection connection)
    {
        _ = _connections.TryRemove(connection, out _);
        lock (_lock)
        {
            _count--;
            if (--_byAddress[address] == 0)
            {
                _ = _byAddress.Remove(address);
            }
        }
    }
}
