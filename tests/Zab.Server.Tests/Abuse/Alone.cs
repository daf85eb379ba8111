namespace Zab.Server.Tests.Abuse;

/// <summary>Tests that take much of the machine: none runs beside another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
