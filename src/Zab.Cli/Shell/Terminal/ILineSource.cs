namespace Zab.Cli.Shell.Terminal;

/// <summary>Where the lines of a shell come from.</summary>
internal interface ILineSource
{
    /// <summary>The next line.</summary>
    /// <param name="prompt">What stands before it, where it is edited.</param>
    /// <returns>The line; null when there is none any more.</returns>
    Task<string?> ReadLineAsync(string prompt);
}
