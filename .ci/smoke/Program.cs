using System.Net;
using System.Net.Sockets;
using Zab;

TcpListener[] free = [.. Enumerable.Range(0, 6).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
Array.ForEach(free, listener => listener.Start());
int[] ports = [.. free.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
Array.ForEach(free, listener => listener.Stop());
EnsembleConfig ensemble = EnsembleConfig.Parse(string.Join('\n', Enumerable.Range(0, 3)
    .Select(i => $"server.{i + 1}=127.0.0.1:{ports[2 * i]}:{ports[(2 * i) + 1]}")));

using CancellationTokenSource giveUp = new(TimeSpan.FromMinutes(1));
List<ZabNode> nodes = [];
for (int id = 1; id <= 3; id++)
    nodes.Add(await ZabNode.StartAsync(new() { ServerId = id, Ensemble = ensemble, DataDirectory = $"data/{id}" }, giveUp.Token));
foreach (ZabNode node in nodes) await node.WaitUntilServingAsync(giveUp.Token);

IZabSession writer = await nodes[0].OpenSessionAsync();
string path = await writer.CreateAsync("/greeting", "hello"u8.ToArray(), CreateMode.Persistent);
IZabSession reader = await nodes[1].OpenSessionAsync();
ZnodeSnapshot read = await reader.GetAsync(path, ReadConsistency.Linearizable);
foreach (ZabNode node in nodes) await node.DisposeAsync();
Console.WriteLine(read.Text == "hello" ? "ok" : "wrong");
