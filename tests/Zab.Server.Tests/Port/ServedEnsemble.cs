using System.Diagnostics.CodeAnalysis;
using System.Net;
using Zab.Tests.Hosting;

namespace Zab.Server.Tests.Port;

/// <summary>Nodes in this process, each with a port for ZooKeeper's clients.</summary>
internal sealed class ServedEnsemble : IAsyncDisposable
{
    /// <summary>No session is to be over because a machine is busy.</summary>
    private static readonly TimeSpan s_sessionTimeoutMax = TimeSpan.FromMinutes(10);

    private readonly TestEnsemble _ensemble;
    private readonly Dictionary<int, ZooKeeperPort> _ports = [];

    private ServedEnsemble(TestEnsemble ensemble) => _ensemble = ensemble;

    public TestEnsemble Nodes => _ensemble;

    public ZooKeeperPort this[int id] => _ports[id];

    [SuppressMessage("Reliability", "CA2000", Justification = "The caller disposes of it.")]
    public static async Task<ServedEnsemble> OfAsync(
        int servers,
        Func<ZooKeeperPortOptions, ZooKeeperPortOptions>? change = null,
        Func<ZabNodeOptions, ZabNodeOptions>? changeNode = null)
    {
        ServedEnsemble served = new(new TestEnsemble(servers));
        for (int id = 1; id <= servers; id++)
        {
            _ = await served._ensemble.StartAsync(id, change: options =>
            {
                ZabNodeOptions patient = options with { MaxSessionTimeout = s_sessionTimeoutMax };
                return changeNode?.Invoke(patient) ?? patient;
            });
        }

        for (int id = 1; id <= servers; id++)
        {
            ZabNode node = served._ensemble[id];
            _ = await node.ServingAsync();
            ZooKeeperPortOptions options = new()
            {
                Port = 0,
                Address = IPAddress.Loopback,
                ConnectionsPerAddressMax = 0,
            };
            served._ports[id] =
                await node.ListenForZooKeeperClientsAsync(change?.Invoke(options) ?? options, Safety.Token);
        }

        return served;
    }

    /// <summary>A client with a new session.</summary>
    public async Task<WireClient> ClientAsync(int id = 1, int timeoutMs = 600_000)
    {
        WireClient client = await WireClient.ConnectAsync(_ports[id].EndPoint);
        Greeting greeting = await client.GreetAsync(timeoutMs: timeoutMs)
            ?? throw new InvalidOperationException("the server closed the connection");
        Assert.NotEqual(0, greeting.TimeoutMs);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ZooKeeperPort port in _ports.Values)
        {
            await port.DisposeAsync();
        }

        await _ensemble.DisposeAsync();
    }
}
