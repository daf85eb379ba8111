using System.Diagnostics;

namespace Zab.Cli.Sim;

/// <summary>Without a terminal: the progress is a line every few seconds.</summary>
internal sealed class PlainOutput(TextWriter output, TextWriter error) : ISimOutput
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);
    private readonly Stopwatch _sinceProgress = Stopwatch.StartNew();

    public void Line(string text) => output.WriteLine(text);

    public void Note(string text) => error.WriteLine(text);

    public void Progress(string what, long done, long total)
    {
        if (_sinceProgress.Elapsed >= s_interval)
        {
            error.WriteLine($"{what}: {done} of {total}");
            _sinceProgress.Restart();
        }
    }
}
