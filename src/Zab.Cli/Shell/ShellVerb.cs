namespace Zab.Cli.Shell;

/// <summary>A command of the shell.</summary>
internal sealed record ShellVerb
{
    /// <summary>The word that calls it.</summary>
    public required string Name { get; init; }

    /// <summary>Its options and operands, as ZooKeeper's shell writes them.</summary>
    public required string Usage { get; init; }

    /// <summary>The letters of the options that have no value.</summary>
    public string Switches { get; init; } = "";

    /// <summary>The letters of the options that have a value.</summary>
    public string Valued { get; init; } = "";

    /// <summary>Whether every word is an operand.</summary>
    public bool IsFree { get; init; }

    /// <summary>The fewest operands.</summary>
    public int OperandsMin { get; init; }

    /// <summary>The most operands.</summary>
    public int OperandsMax { get; init; }

    /// <summary>Whether it is about the nodes of an ensemble, so that it needs a session.</summary>
    public bool NeedsServer { get; init; } = true;

    /// <summary>Does it. Fails with a <see cref="ShellException"/> or a <see cref="ZabException"/> when it
    /// cannot be done.</summary>
    public required Func<ShellContext, VerbArguments, CancellationToken, Task> RunAsync { get; init; }

    /// <summary>Name and usage.</summary>
    public string Line => $"{Name} {Usage}".TrimEnd();

    /// <summary>The failure of a call that does not keep to the usage.</summary>
    public ShellException Misused(string why) => new($"{Name}: {why}\n{Line}");
}
