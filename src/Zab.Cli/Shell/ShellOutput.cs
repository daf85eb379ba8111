namespace Zab.Cli.Shell;

/// <summary>Where the shell writes. Thread-safe: events come while commands write.</summary>
internal sealed class ShellOutput(TextWriter output, TextWriter error)
{
    private readonly Lock _lock = new();

    /// <summary>Shows a text above the line that is being edited; null when none ever is.</summary>
    public Action<string>? Announce { get; set; }

    /// <summary>A line of a result.</summary>
    public void Line(string text)
    {
        lock (_lock)
        {
            output.WriteLine(text);
        }
    }

    /// <summary>Why a command was not done.</summary>
    public void Error(string text)
    {
        lock (_lock)
        {
            error.WriteLine(text);
        }
    }

    /// <summary>What happened meanwhile: not the result of a command.</summary>
    public void Event(string text)
    {
        if (Announce is { } announce)
        {
            announce(text);
            return;
        }

        lock (_lock)
        {
            output.WriteLine(text);
            output.Flush();
        }
    }
}
