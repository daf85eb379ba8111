using System.Net;
using Zab.Core.Primitives;
using Zab.Server;
using Zab.Testing.Storage;
using Zab.Testing.Transport;

namespace Zab.Client.Tests.Servers;

/// <summary>A node of Zab in this process, alone, with a port for ZooKeeper's clients.</summary>
public sealed class ZabServer : IServedAddress, IAsyncLifetime
{
    private const string EnsembleId = "client-tests";

    private readonly InMemoryNetwork _network = new();
    private readonly InMemoryDisk _disk = new();
    private ZabNode? _node;
    private ZooKeeperPort? _port;

    public string Address => _port!.EndPoint.ToString();

    public async Task InitializeAsync()
    {
        _node = await ZabNode.StartAsync(new ZabNodeOptions
        {
            ServerId = 1,
            Ensemble = EnsembleConfig.Parse("server.1=host1:2888:3888"),
            EnsembleId = EnsembleId,
            MaxSessionTimeout = TimeSpan.FromMinutes(1),
            Transport = _network.CreateTransport(new ServerId(1), EnsembleId),
            LogStore = _disk.NewStore(),
        });
        await _node.WaitUntilServingAsync().WaitAsync(Safety.Limit);
        _port = await _node.ListenForZooKeeperClientsAsync(
            new ZooKeeperPortOptions { Port = 0, Address = IPAddress.Loopback, ConnectionsPerAddressMax = 0 });
    }

    public async Task DisposeAsync()
    {
        await _port!.DisposeAsync();
        await _node!.DisposeAsync();
    }
}
