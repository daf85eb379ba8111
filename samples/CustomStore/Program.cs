// A log store and a transport of your own, as small as they can be: three servers that live in one process.
using CustomStore;

EnsembleConfig ensemble = EnsembleConfig.Parse("server.1=one\nserver.2=two\nserver.3=three");
using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
Dictionary<ServerId, WireTransport> wires = [];
ZabNode[] nodes = await Task.WhenAll(Enumerable.Range(1, 3).Select(id => ZabNode.StartAsync(
    new ZabNodeOptions
    {
        ServerId = id, Ensemble = ensemble,
        Transport = new WireTransport(wires, new ServerId(id)), LogStore = new ListLogStore(),
    },
    limit.Token)));
await Task.WhenAll(nodes.Select(node => node.WaitUntilServingAsync(limit.Token)));
await using (IZabSession writer = await nodes[0].OpenSessionAsync(cancellationToken: limit.Token))
await using (IZabSession reader = await nodes[2].OpenSessionAsync(cancellationToken: limit.Token))
{
    await writer.CreateAsync("/greeting", "hello"u8.ToArray(), cancellationToken: limit.Token);
    ZnodeSnapshot read = await reader.GetAsync("/greeting", ReadConsistency.Linearizable, limit.Token);
    Console.WriteLine($"{read.Text}, written as {read.Stat.Czxid}");
}

await Task.WhenAll(nodes.Select(node => node.DisposeAsync().AsTask()));
Console.WriteLine("ok");
