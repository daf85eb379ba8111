namespace Zab.Cli.Shell.Terminal;

/// <summary>Lines of a file or a pipe, without prompts.</summary>
internal sealed class RedirectedLines(TextReader input) : ILineSource
{
    /// <inheritdoc/>
    public Task<string?> ReadLineAsync(string prompt) => input.ReadLineAsync();
}
