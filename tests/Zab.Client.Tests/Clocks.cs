namespace Zab.Client.Tests;

/// <summary>Clocks for clients.</summary>
internal static class Clocks
{
    /// <summary>A clock on which a client waits between two attempts, but never gives up by itself.</summary>
    public static ManualClock New() => new(pauseMax: TimeSpan.FromSeconds(2));
}
