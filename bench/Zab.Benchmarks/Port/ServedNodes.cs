using System.Net;
using System.Net.Sockets;
using Zab.Server;

namespace Zab.Benchmarks.Port;

/// <summary>Nodes in this process, each with a port for ZooKeeper's clients; what the child process of a
/// measure runs.</summary>
internal static class ServedNodes
{
    /// <summary>Serves until standard input ends. The first line of the output names the ports.</summary>
    public static async Task RunAsync(int servers, TextReader input, TextWriter output)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("zab-bench-");
        List<ZabNode> nodes = [];
        try
        {
            int[] ports = FreePorts(2 * servers);
            IEnumerable<string> lines = Enumerable.Range(1, servers).Select(
                id => $"server.{id}=127.0.0.1:{ports[(2 * id) - 2]}:{ports[(2 * id) - 1]}");
            EnsembleConfig ensemble = EnsembleConfig.Parse(string.Join('\n', lines));
            for (int id = 1; id <= servers; id++)
            {
                nodes.Add(await ZabNode.StartAsync(new ZabNodeOptions
                {
                    ServerId = id,
                    Ensemble = ensemble,
                    DataDirectory = Path.Combine(directory.FullName, $"{id}"),
                }));
            }

            List<string> endPoints = [];
            foreach (ZabNode node in nodes)
            {
                await node.WaitUntilServingAsync();
                ZooKeeperPort port = await node.ListenForZooKeeperClientsAsync(new ZooKeeperPortOptions
                {
                    Port = 0,
                    Address = IPAddress.Loopback,
                    ConnectionsPerAddressMax = 0,
                });
                endPoints.Add(port.EndPoint.ToString());
            }

            await output.WriteLineAsync(string.Join(' ', endPoints));
            await output.FlushAsync();
            while (await input.ReadLineAsync() is not null)
            {
            }
        }
        finally
        {
            foreach (ZabNode node in nodes)
            {
                await node.DisposeAsync();
            }

            directory.Delete(recursive: true);
        }
    }

    private static int[] FreePorts(int count)
    {
        List<TcpListener> listeners = [];
        for (int i = 0; i < count; i++)
        {
            TcpListener listener = new(IPAddress.Loopback, 0);
            listener.Start();
            listeners.Add(listener);
        }

        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }
}
