using Zab.Storage.Tests.Support;
using Zab.Testing.Simulation.Disks;
using Zab.Testing.Storage;

namespace Zab.Storage.Tests;

public sealed class ContractTests
{
    private static readonly LogStoreContract s_directory = new DirectoryContract();
    private static readonly LogStoreContract s_processDies = new SimulatedDiskContract(loss: null);
    private static readonly LogStoreContract s_keepsAll = new SimulatedDiskContract(PowerLoss.KeepsAll);
    private static readonly LogStoreContract s_losesAll = new SimulatedDiskContract(PowerLoss.LosesAll);
    private static readonly LogStoreContract s_keepsSome = new SimulatedDiskContract(PowerLoss.KeepsSome);
    private static readonly LogStoreContract s_keepsPrefix =
        new SimulatedDiskContract(PowerLoss.KeepsPrefix);

    private static readonly LogStoreContract s_inMemory = new InMemoryContract();

    public static TheoryData<string> Names() => [.. LogStoreContract.Cases];

    [Theory]
    [MemberData(nameof(Names))]
    public void Files_keep_the_contract(string name) => s_directory.Run(name);

    [Theory]
    [MemberData(nameof(Names))]
    public void Files_keep_the_contract_when_a_process_dies(string name) => s_processDies.Run(name);

    [Theory]
    [MemberData(nameof(Names))]
    public void Files_keep_the_contract_when_nothing_is_lost(string name) => s_keepsAll.Run(name);

    [Theory]
    [MemberData(nameof(Names))]
    public void Files_keep_the_contract_when_everything_unflushed_is_lost(string name) =>
        s_losesAll.Run(name);

    [Theory]
    [MemberData(nameof(Names))]
    public void Files_keep_the_contract_when_some_of_the_unflushed_is_lost(string name) =>
        s_keepsSome.Run(name);

    [Theory]
    [MemberData(nameof(Names))]
    public void Files_keep_the_contract_when_the_newest_of_the_unflushed_is_lost(string name) =>
        s_keepsPrefix.Run(name);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_store_in_memory_keeps_the_contract(string name) => s_inMemory.Run(name);
}
