using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Testing.Storage;
using Zab.Testing.Transport;

namespace Zab.Tests.Hosting;

/// <summary>Nodes in this process on a network and disks in memory.</summary>
internal sealed class TestEnsemble(int voters, int observers = 0) : IAsyncDisposable
{
    private const string EnsembleId = "test";

    private readonly Dictionary<int, ZabNode> _nodes = [];
    private readonly Dictionary<int, InMemoryDisk> _disks = [];

    public InMemoryNetwork Network { get; } = new();

    public IEnumerable<ZabNode> Nodes => _nodes.Values;

    public ZabNode this[int id] => _nodes[id];

    private EnsembleConfig Config { get; } = EnsembleConfig.Parse(string.Join('\n', Enumerable
        .Range(1, voters + observers)
        .Select(id => $"server.{id}=host{id}:2888:3888{(id > voters ? ":observer" : "")}")));

    /// <summary>One node that serves, alone.</summary>
    public static async Task<TestEnsemble> OfOneAsync()
    {
        TestEnsemble ensemble = new(voters: 1);
        await (await ensemble.StartAsync(1)).ServingAsync();
        return ensemble;
    }

    /// <summary>An ensemble that serves.</summary>
    public static async Task<TestEnsemble> OfAsync(
        int voters,
        int observers = 0,
        Func<int, ILogStore, ILogStore>? wrap = null,
        Func<ZabNodeOptions, ZabNodeOptions>? change = null)
    {
        TestEnsemble ensemble = new(voters, observers);
        for (int id = 1; id <= voters + observers; id++)
        {
            int server = id;
            await ensemble.StartAsync(id, wrap is null ? null : store => wrap(server, store), change);
        }

        await Task.WhenAll(ensemble.Nodes.Select(node => node.ServingAsync()));
        return ensemble;
    }

    public ZabNodeOptions Options(int id) => new()
    {
        ServerId = id,
        Ensemble = Config,
        EnsembleId = EnsembleId,
        SyncLimit = 100, // a busy machine must not look like a dead server
        Transport = Network.CreateTransport(new ServerId(id), EnsembleId),
        LogStore = DiskOf(id).NewStore(),
        Seed = (ulong)id,
    };

    public InMemoryDisk DiskOf(int id)
    {
        if (!_disks.TryGetValue(id, out InMemoryDisk? disk))
        {
            _disks.Add(id, disk = new InMemoryDisk());
        }

        return disk;
    }

    public async Task<ZabNode> StartAsync(
        int id, Func<ILogStore, ILogStore>? wrap = null, Func<ZabNodeOptions, ZabNodeOptions>? change = null)
    {
        ZabNodeOptions options = Options(id);
        options = options with { LogStore = wrap?.Invoke(options.LogStore!) ?? options.LogStore };
        return _nodes[id] = await ZabNode.StartAsync(change?.Invoke(options) ?? options, Safety.Token);
    }

    /// <summary>The leader that serves now.</summary>
    public int LeaderId =>
        _nodes.Single(node => node.Value.Status is { Role: ZabNodeRole.Leader, IsServing: true }).Key;

    public async ValueTask DisposeAsync()
    {
        foreach (ZabNode node in Nodes)
        {
            await node.DisposeAsync();
        }
    }
}
