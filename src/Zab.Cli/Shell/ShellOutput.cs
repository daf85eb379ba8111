using System.Globalization;
using System.Text;

namespace Zab.Cli.Shell;

/// <summary>Where the shell writes. Thread-safe: events come while commands write.</summary>
/// <param name="output">Where results go.</param>
/// <param name="error">Where errors go.</param>
/// <param name="isTerminal">Whether people read it on a terminal. What came from a server must not give
/// orders to that: control characters, but for tabs and ends of lines, are shown as <c>\x1b</c>.</param>
internal sealed class ShellOutput(TextWriter output, TextWriter error, bool isTerminal)
{
    private readonly Lock _lock = new();

    /// <summary>Shows a text above the line that is being edited; null when none ever is.</summary>
    public Action<string>? Announce { get; set; }

    /// <summary>A line of a result.</summary>
    public void Line(string text)
    {
        lock (_lock)
        {
            output.WriteLine(Shown(text));
        }
    }

    /// <summary>Why a command was not done.</summary>
    public void Error(string text)
    {
        lock (_lock)
        {
            error.WriteLine(Shown(text));
        }
    }

    /// <summary>What happened meanwhile: not the result of a command.</summary>
    public void Event(string text)
    {
        if (Announce is { } announce)
        {
            announce(Shown(text));
            return;
        }

        lock (_lock)
        {
            output.WriteLine(Shown(text));
            output.Flush();
        }
    }

    private string Shown(string text)
    {
        if (!isTerminal || !text.Any(IsOrder))
        {
            return text;
        }

        StringBuilder shown = new(text.Length);
        foreach (char one in text)
        {
            _ = IsOrder(one)
                ? shown.Append(CultureInfo.InvariantCulture, $"\\x{(int)one:x2}")
                : shown.Append(one);
        }

        return shown.ToString();
    }

    private static bool IsOrder(char one) => char.IsControl(one) && one is not ('\n' or '\t');
}
