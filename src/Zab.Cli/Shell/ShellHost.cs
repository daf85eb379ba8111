using Zab.Cli.Shell.Terminal;

namespace Zab.Cli.Shell;

/// <summary>What the shell runs on: a way to the servers, and a console or what stands for it.</summary>
internal sealed record ShellHost
{
    /// <summary>Opens a session with <see cref="ShellOptions.Server"/>, which then belongs to the
    /// shell.</summary>
    public required Func<ShellOptions, CancellationToken, Task<IZabSession>> OpenSession { get; init; }

    /// <summary>Where lines come from when there is no terminal.</summary>
    public required TextReader Input { get; init; }

    /// <summary>Where results go.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Where errors go.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>The terminal on which lines are edited; null when input or output is redirected.</summary>
    public ITerminal? Terminal { get; init; }

    /// <summary>The zone in which times are told.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Local;

    /// <summary>Ctrl+C while a command runs.</summary>
    public Interrupts Interrupts { get; init; } = new();
}
