// A log store and a transport of your own, as small as they can be: three servers in one process. Both keep
// the promises of their ports as long as the process lives; neither survives it.
using System.Text;
using CustomStore;

const string Servers = "server.1=one\nserver.2=two\nserver.3=three";
using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
Dictionary<ServerId, WireTransport> wires = [];
List<ZabNode> nodes = [];
for (int id = 1; id <= 3; id++)
{
    nodes.Add(await ZabNode.StartAsync(
        new ZabNodeOptions
        {
            ServerId = id,
            Ensemble = EnsembleConfig.Parse(Servers),
            Transport = new WireTransport(wires, new ServerId(id)),
            LogStore = new ListLogStore(),
        },
        limit.Token));
}

await Task.WhenAll(nodes.Select(node => node.WaitUntilServingAsync(limit.Token)));
await using (IZabSession writer = await nodes[0].OpenSessionAsync(cancellationToken: limit.Token))
await using (IZabSession reader = await nodes[2].OpenSessionAsync(cancellationToken: limit.Token))
{
    await writer.CreateAsync("/greeting", Encoding.UTF8.GetBytes("hello"), cancellationToken: limit.Token);
    ZnodeSnapshot read = await reader.GetAsync("/greeting", ReadConsistency.Linearizable, limit.Token);
    Console.WriteLine($"{read.Text}, written as {read.Stat.Czxid}");
}

await Task.WhenAll(nodes.Select(node => node.DisposeAsync().AsTask()));
Console.WriteLine("ok");
