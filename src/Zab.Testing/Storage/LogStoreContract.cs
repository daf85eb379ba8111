namespace Zab.Testing.Storage;

/// <summary>What every <see cref="Core.Ports.ILogStore"/> must keep, as cases for any test
/// framework.</summary>
/// <remarks>
/// Derive from it once for each implementation, and run every case as a test of its own. With xunit:
/// <code>
/// public sealed class MyStoreTests
/// {
///     private static readonly MyStoreContract s_contract = new();
///
///     public static TheoryData&lt;string&gt; Names() => [.. s_contract.Cases.Select(contractCase =>
/// contractCase.Name)];
///
///     [Theory]
///     [MemberData(nameof(Names))]
///     public void My_store_keeps_the_contract(string name) => s_contract.Run(name);
/// }
/// </code>
/// </remarks>
public abstract class LogStoreContract
{
    /// <summary>Makes the cases.</summary>
    protected LogStoreContract() => Cases = [.. HistoryCases.All(NewDisk), .. SnapshotCases.All(NewDisk)];

    /// <summary>The cases. Each has a disk of its own; they may run in any order, and at the same
    /// time.</summary>
    public IReadOnlyList<ContractCase> Cases { get; }

    /// <summary>Runs one case.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">There is no such case.</exception>
    /// <exception cref="ContractViolationException">The contract is not kept.</exception>
    public void Run(string name)
    {
        ContractCase contractCase = Cases.FirstOrDefault(contractCase => contractCase.Name == name)
            ?? throw new ArgumentException($"There is no case '{name}'.", nameof(name));
        contractCase.Run();
    }

    /// <summary>Makes a disk on which nothing is yet.</summary>
    /// <returns>The disk, which the case disposes of.</returns>
    protected abstract LogStoreDisk NewDisk();
}
