using Zab.Cli.Shell.Terminal;

namespace Zab.Cli.Shell;

/// <summary>What commands work with.</summary>
internal sealed class ShellContext(
    ShellConnection connection,
    ShellOutput output,
    EventPrinter events,
    LineHistory history,
    TimeZoneInfo zone)
{
    /// <summary>The way to the servers.</summary>
    public ShellConnection Connection => connection;

    /// <summary>The session.</summary>
    /// <exception cref="ShellException">There is none.</exception>
    public IZabSession Session => connection.Session;

    /// <summary>Where results go.</summary>
    public ShellOutput Output => output;

    /// <summary>What prints the events of watches.</summary>
    public EventPrinter Events => events;

    /// <summary>The lines so far.</summary>
    public LineHistory History => history;

    /// <summary>The zone in which times are told.</summary>
    public TimeZoneInfo TimeZone => zone;

    /// <summary>Whether the user has said that this is all.</summary>
    public bool IsOver { get; set; }
}
