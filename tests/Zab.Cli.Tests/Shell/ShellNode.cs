using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Testing.Storage;
using Zab.Testing.Transport;

namespace Zab.Cli.Tests.Shell;

/// <summary>An ensemble of one server in this process, in memory, for the sessions of shells.</summary>
public sealed class ShellNode : IAsyncLifetime
{
    private const string EnsembleId = "shell";
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);
    private readonly InMemoryNetwork _network = new();
    private ZabNode? _node;

    public static CancellationToken Safety => new CancellationTokenSource(s_limit).Token;

    public async Task InitializeAsync()
    {
        _node = await ZabNode.StartAsync(
            new ZabNodeOptions
            {
                ServerId = 1,
                Ensemble = EnsembleConfig.Parse("server.1=one:2888:3888"),
                EnsembleId = EnsembleId,
                Transport = _network.CreateTransport(new ServerId(1), EnsembleId),
                LogStore = new InMemoryDisk().NewStore(),
                Seed = 1,
            },
            Safety);
        await _node.WaitUntilServingAsync(Safety);
    }

    public Task<IZabSession> OpenAsync(CancellationToken cancellationToken = default) =>
        _node!.OpenSessionAsync(cancellationToken: cancellationToken);

    /// <summary>A session that may do everything.</summary>
    public Task<IZabSession> OpenSuperAsync() =>
        _node!.OpenSessionAsync(new SessionOptions { Identities = [Identity.Super] }, Safety);

    /// <summary>Deletes what a test has left.</summary>
    public async Task EmptyAsync()
    {
        await using IZabSession session = await OpenSuperAsync();
        await DeleteBelowAsync(session, "/");
        await DeleteBelowAsync(session, "/zookeeper/quota");
    }

    public async Task DisposeAsync() => await _node!.DisposeAsync();

    private static async Task DeleteBelowAsync(IZabSession session, string path)
    {
        foreach (string name in await session.GetChildrenAsync(path))
        {
            string node = path == "/" ? $"/{name}" : $"{path}/{name}";
            if (node != "/zookeeper")
            {
                await DeleteBelowAsync(session, node);
                _ = await session.DeleteAsync(node);
            }
        }
    }
}
