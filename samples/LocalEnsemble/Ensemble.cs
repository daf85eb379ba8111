using System.Net;
using System.Net.Sockets;

namespace LocalEnsemble;

/// <summary>Servers 1, 2 and 3, which vote, and 4, which observes; each with two ports and a directory of its own.</summary>
internal sealed class Ensemble : IAsyncDisposable
{
    private const int Attempts = 5;

    private readonly bool _inProcesses;
    private readonly string _directory;
    private readonly string _text;
    private readonly Dictionary<int, IServer> _servers = [];

    private Ensemble(bool inProcesses, string directory, string text) =>
        (_inProcesses, _directory, _text) = (inProcesses, directory, text);

    /// <summary>The ids of all servers.</summary>
    public static IReadOnlyList<int> Ids { get; } = [1, 2, 3, 4];

    /// <summary>A server that runs.</summary>
    public IServer this[int id] => _servers[id];

    /// <summary>Starts all servers, on ports that are free now. Another program may take one of them just before its server
    /// does: then all of it starts again, with other ports.</summary>
    public static async Task<Ensemble> StartAsync(bool inProcesses, string directory, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            string data = Path.Combine(directory, $"attempt-{attempt}");
            Ensemble ensemble = new(inProcesses, data, EnsembleText(FreePorts(2 * Ids.Count)));
            try
            {
                await Task.WhenAll(Ids.Select(id => ensemble.StartAsync(id, cancellationToken)));
                return ensemble;
            }
            catch (IOException e) when (attempt < Attempts)
            {
                Console.WriteLine($"Again, with other ports: {e.Message}");
                await ensemble.DisposeAsync();
            }
        }
    }

    /// <summary>Starts a server, for the first time or again.</summary>
    public async Task StartAsync(int id, CancellationToken cancellationToken)
    {
        if (_servers.Remove(id, out IServer? old))
        {
            await old.DisposeAsync();
        }

        string directory = Path.Combine(_directory, $"server-{id}");
        _ = Directory.CreateDirectory(_directory);
        IServer server = _inProcesses
            ? await ServerProcess.StartAsync(id, _text, directory, cancellationToken)
            : await LocalServer.StartAsync(id, _text, directory, cancellationToken);
        lock (_servers)
        {
            _servers.Add(id, server);
        }
    }

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(_servers.Values.Select(server => server.DisposeAsync().AsTask()));

    private static string EnsembleText(int[] ports) => string.Join('\n', Ids.Select(id =>
        $"server.{id}=127.0.0.1:{ports[2 * (id - 1)]}:{ports[(2 * id) - 1]}{(id == 4 ? ":observer" : "")}"));

    /// <summary>Asks the system for ports: binds to port 0, reads what it gave, and lets go.</summary>
    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        try
        {
            return [.. listeners.Select(listener =>
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            })];
        }
        finally
        {
            Array.ForEach(listeners, listener => listener.Dispose());
        }
    }
}
