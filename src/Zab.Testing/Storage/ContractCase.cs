namespace Zab.Testing.Storage;

/// <summary>One thing that an implementation must keep.</summary>
/// <param name="Name">A sentence.</param>
/// <param name="Run">Checks it; throws <see cref="ContractViolationException"/>, or what the implementation
/// threw, when it is not kept.</param>
public sealed record ContractCase(string Name, Action Run)
{
    /// <summary>The sentence.</summary>
    public override string ToString() => Name;
}
