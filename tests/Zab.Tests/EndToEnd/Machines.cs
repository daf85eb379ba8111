using Zab.Tests.Hosting;

namespace Zab.Tests.EndToEnd;

/// <summary>Servers on free ports of this machine, with files in a directory that goes with them.</summary>
internal sealed class Machines : IAsyncDisposable
{
    private const int Attempts = 5;

    private readonly string _directory = Directory.CreateTempSubdirectory("zab-tests-").FullName;
    private readonly Dictionary<int, ZabNode> _nodes = [];
    private readonly int _count;
    private readonly int _observers;

    public Machines(int voters, int observers = 0)
    {
        (_count, _observers) = (voters + observers, observers);
        Config = NewConfig();
    }

    public EnsembleConfig Config { get; private set; }

    public IEnumerable<ZabNode> Nodes => _nodes.Values;

    public int LeaderId =>
        _nodes.Single(node => node.Value.Status is { Role: ZabNodeRole.Leader, IsServing: true }).Key;

    public ZabNode this[int id] => _nodes[id];

    public static async Task<Machines> ServingAsync(
        int voters, int observers = 0, Func<ZabNodeOptions, ZabNodeOptions>? change = null)
    {
        Machines machines = new(voters, observers);
        await machines.StartAllAsync([.. Enumerable.Range(1, voters + observers)], change);
        await Task.WhenAll(machines.Nodes.Select(node => node.ServingAsync()));
        return machines;
    }

    /// <summary>Starts servers for the first time. Should another program take a port first, they get
    /// others.</summary>
    public async Task StartAllAsync(int[] ids, Func<ZabNodeOptions, ZabNodeOptions>? change = null)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                foreach (int id in ids)
                {
                    await StartAsync(id, change);
                }

                return;
            }
            catch (IOException) when (attempt < Attempts)
            {
                foreach (ZabNode node in Nodes)
                {
                    await node.DisposeAsync();
                }

                _nodes.Clear();
                Config = NewConfig();
                foreach (string used in Directory.GetDirectories(_directory))
                {
                    Directory.Delete(used, recursive: true);
                }
            }
        }
    }

    public string DirectoryOf(int id) => Path.Combine(_directory, $"server-{id}");

    public ZabNodeOptions Options(int id) => new()
    {
        ServerId = id,
        Ensemble = Config,
        DataDirectory = DirectoryOf(id),
        SyncLimit = 20, // a busy machine must not look like a dead server
    };

    public async Task<ZabNode> StartAsync(int id, Func<ZabNodeOptions, ZabNodeOptions>? change = null)
    {
        ZabNodeOptions options = Options(id);
        return _nodes[id] = await ZabNode.StartAsync(change?.Invoke(options) ?? options, Safety.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Nodes.Select(node => node.DisposeAsync().AsTask()));
        Directory.Delete(_directory, recursive: true);
    }

    private EnsembleConfig NewConfig()
    {
        int[] ports = [.. Enumerable.Range(0, 2 * _count).Select(_ => FreePort.Next())];
        return EnsembleConfig.Parse(string.Join('\n', Enumerable.Range(1, _count).Select(id =>
            $"server.{id}=127.0.0.1:{ports[(2 * id) - 2]}:{ports[(2 * id) - 1]}" +
            (id > _count - _observers ? ":observer" : ""))));
    }
}
