using System.Net;
using System.Net.Sockets;

namespace Zab.Benchmarks;

/// <summary>An ensemble of one server in this process, in a directory that goes with it, and a session with
/// it.</summary>
internal sealed class OneServer : IAsyncDisposable
{
    private const int InFlight = 500;

    private readonly DirectoryInfo _directory;
    private readonly ZabNode _node;

    private OneServer(DirectoryInfo directory, ZabNode node, IZabSession session)
    {
        _directory = directory;
        _node = node;
        Session = session;
    }

    /// <summary>The session.</summary>
    public IZabSession Session { get; }

    /// <summary>Starts the server, and waits until it serves.</summary>
    public static async Task<OneServer> StartAsync()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("zab-bench-");
        ZabNodeOptions options = new()
        {
            ServerId = 1,
            Ensemble = EnsembleConfig.Parse($"server.1=127.0.0.1:{FreePort()}:{FreePort()}"),
            DataDirectory = directory.FullName,
        };
        ZabNode node = await ZabNode.StartAsync(options);
        return new OneServer(directory, node, await node.OpenSessionAsync());
    }

    /// <summary>Creates the nodes of a shape through the session.</summary>
    public async Task FillAsync(Shape shape, Action<int> progress)
    {
        byte[] data = new byte[TreeOf.DataBytes];
        foreach (string parent in shape.Parents)
        {
            _ = await Session.CreateAsync(parent);
        }

        int created = 0;
        foreach (int[] batch in Enumerable.Range(0, shape.Count).Chunk(InFlight))
        {
            _ = await Task.WhenAll(batch.Select(leaf => Session.CreateAsync(shape.PathOf(leaf), data)));
            progress(created += batch.Length);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        await _node.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    /// <summary>Asks the system for a port: binds to port 0, reads what it gave, and lets go.</summary>
    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, port: 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
