using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Testing.Transport;

namespace Zab.Transport.Grpc.Tests;

public sealed class ContractTests
{
    public static TheoryData<string> Cases => [.. TransportContract.Cases];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_gRPC_transport_keeps_the_contract(string name)
    {
        using CancellationTokenSource patience = new(Safety.Limit);

        await new TransportContract(GrpcServers.Make).RunAsync(name, patience.Token);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_transport_in_memory_keeps_the_contract(string name)
    {
        using CancellationTokenSource patience = new(Safety.Limit);

        await new TransportContract(MakeInMemory).RunAsync(name, patience.Token);
    }

    private static IReadOnlyList<ITransport> MakeInMemory(TransportSetup setup)
    {
        InMemoryNetwork network = new(setup.SendQueueBytesMax);
        return [.. Enumerable.Range(1, setup.Servers).Select(id => new ServerId(id)).Select(
            id => network.CreateTransport(id, id == setup.Foreigner ? "another" : "zab-tests"))];
    }
}
