using System.Collections.Frozen;

namespace Zab.Testing.Storage;

/// <summary>Checks what <see cref="Core.Ports.ILogStore"/> promises, for any test framework.</summary>
/// <remarks>
/// Derive from it once for each implementation, and run each of <see cref="Cases"/> as a test of its own.
/// With xunit:
/// <code>
/// public sealed class MyStoreTests
/// {
///     public static TheoryData&lt;string&gt; Cases => [.. LogStoreContract.Cases];
///
///     [Theory]
///     [MemberData(nameof(Cases))]
///     public void My_store_keeps_the_contract(string name) => new MyStoreContract().Run(name);
/// }
/// </code>
/// </remarks>
public abstract class LogStoreContract
{
    private static readonly FrozenDictionary<string, Action<StoreDriver>> s_cases =
        HistoryCases.All.Concat(SnapshotCases.All).ToFrozenDictionary();

    /// <summary>The names of the cases, sorted.</summary>
    /// <remarks>Each case has a disk of its own; they may run in any order, and at the same time.</remarks>
    public static IReadOnlyList<string> Cases { get; } = [.. s_cases.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Runs one case.</summary>
    /// <param name="name">One of <see cref="Cases"/>.</param>
    /// <exception cref="KeyNotFoundException">There is no such case.</exception>
    /// <exception cref="ContractViolationException">The store does not do what the port promises.</exception>
    public void Run(string name)
    {
        Action<StoreDriver> run = s_cases[name];
        using StoreDriver driver = new(NewDisk());
        run(driver);
    }

    /// <summary>Makes a disk on which nothing is yet.</summary>
    /// <returns>The disk, which the case disposes of.</returns>
    protected abstract LogStoreDisk NewDisk();
}
