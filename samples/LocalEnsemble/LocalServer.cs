using System.Globalization;
using System.Text;

namespace LocalEnsemble;

/// <summary>A server in this process: a node and a client's session with it.</summary>
internal sealed class LocalServer : IServer
{
    private readonly ZabNode _node;
    private IZabSession? _session;
    private ZabWatch? _watch;
    private Task _killed = Task.CompletedTask;

    private LocalServer(ZabNode node) => _node = node;

    public static async Task<LocalServer> StartAsync(
        int id, string ensemble, string directory, CancellationToken ct)
    {
        ZabNodeOptions options = new()
        {
            ServerId = id,
            Ensemble = EnsembleConfig.Parse(ensemble),
            DataDirectory = directory,
        };
        return new LocalServer(await ZabNode.StartAsync(options, ct));
    }

    public async Task<string> AskAsync(string command, CancellationToken cancellationToken)
    {
        switch (command.Split(' '))
        {
            case ["serving"]:
                await _node.WaitUntilServingAsync(cancellationToken);
                return Describe(_node.Status);
            case ["create", string path, string data]:
                return await CreateAsync(path, data, cancellationToken);
            case ["get", string path]:
                return await GetAsync(path, cancellationToken);
            case ["list", string path]:
                return await ListAsync(path, cancellationToken);
            case ["watch", string path]:
                IZabSession session = await SessionAsync(cancellationToken);
                _watch = await session.OpenWatchAsync(path, WatchMode.PersistentRecursive, cancellationToken);
                return "watching";
            case ["event"]:
                await foreach (WatchEvent fired in _watch!.WithCancellation(cancellationToken))
                {
                    return $"{fired.Type} {fired.Path} {fired.Zxid}";
                }

                return "no event: the watch has ended";
            default:
                return $"what is '{command}'?";
        }
    }

    /// <summary>The nearest thing to a crash that a node in a living process can have.</summary>
    /// <remarks>Stopping a node sends nothing: sessions are not closed and nobody is told, so to the others
    /// it is as if the process had died: their connections break. But what is on its way to the disk still
    /// gets there; to see a server lose even that, run with <c>--processes</c>.</remarks>
    public Task KillAsync()
    {
        _killed = _node.DisposeAsync().AsTask();
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _killed;
        await _node.DisposeAsync();
    }

    private async Task<IZabSession> SessionAsync(CancellationToken ct) =>
        _session ??= await _node.OpenSessionAsync(cancellationToken: ct);

    private async Task<string> CreateAsync(string path, string data, CancellationToken ct)
    {
        try
        {
            IZabSession session = await SessionAsync(ct);
            CreateResult created =
                await session.CreateWithStatAsync(
                    path, Encoding.UTF8.GetBytes(data), CreateMode.Persistent, ct);
            return $"{created.Path} {created.Stat.Czxid}";
        }
        catch (ConnectionLossException e)
        {
            return $"lost: {e.Message}";
        }
    }

    private async Task<string> GetAsync(string path, CancellationToken ct)
    {
        IZabSession session = await SessionAsync(ct);
        ZnodeSnapshot read = await session.GetAsync(path, ReadConsistency.Linearizable, ct);
        return $"{read.Text} {read.Stat.Mzxid}";
    }

    private async Task<string> ListAsync(string path, CancellationToken ct)
    {
        IZabSession session = await SessionAsync(ct);
        return string.Join(' ', await session.GetChildrenAsync(path, ReadConsistency.Linearizable, ct));
    }

    private static string Describe(ZabNodeStatus status) => string.Create(
        CultureInfo.InvariantCulture,
        $"{status.Role} {status.Leader} {status.Epoch} {status.LastApplied} {status.LastSync}");
}
