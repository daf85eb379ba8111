namespace Zab.Cli.Shell;

/// <summary>What <c>zab shell</c> is asked to do.</summary>
internal sealed record ShellOptions
{
    /// <summary>Where the server's client port is, as <c>host:port</c>; several, separated by commas. A path
    /// behind them is where the shell's root is.</summary>
    public string Server { get; init; } = "localhost:2181";

    /// <summary>How long the session lives on without the shell.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where lines are kept for the next time; null to keep them in memory alone.</summary>
    public string? HistoryFile { get; init; }

    /// <summary>The one command to run, as words; empty to read commands from the input.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];
}
