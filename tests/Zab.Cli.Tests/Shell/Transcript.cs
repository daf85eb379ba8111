using System.Text;
using System.Text.RegularExpressions;

namespace Zab.Cli.Tests.Shell;

/// <summary>All that a shell writes, in order; errors are marked. What differs from run to run is
/// masked.</summary>
internal sealed partial class Transcript : IDisposable
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Transcript()
    {
        Output = new Writer(this, "");
        Error = new Writer(this, "! ");
    }

    public TextWriter Output { get; }

    public TextWriter Error { get; }

    public void Dispose()
    {
        Output.Dispose();
        Error.Dispose();
    }

    public string Text
    {
        get
        {
            lock (_lock)
            {
                return Masked(_text.ToString());
            }
        }
    }

    /// <summary>Waits until a text was written, however long that takes.</summary>
    public async Task UntilAsync(string text)
    {
        while (true)
        {
            Task written;
            lock (_lock)
            {
                written = _written.Task;
            }

            if (Text.Contains(text, StringComparison.Ordinal))
            {
                return;
            }

            await written.WaitAsync(ShellNode.Safety);
        }
    }

    private static string Masked(string text)
    {
        string zxids = Zxid().Replace(text, "Zxid = 0x#");
        string times = Time().Replace(zxids, "time = #");
        string owners = Owner().Replace(times, "ephemeralOwner = 0x#");
        string events = EventZxid().Replace(owners, "zxid: #");
        return Version().Replace(events, "version: #");
    }

    [GeneratedRegex("Zxid = 0x[0-9a-f]+")]
    private static partial Regex Zxid();

    [GeneratedRegex("time = [A-Z][a-z]{2} [A-Z][a-z]{2} [0-9: ]+ UTC [0-9]{4}")]
    private static partial Regex Time();

    [GeneratedRegex("ephemeralOwner = 0x[1-9a-f][0-9a-f]*")]
    private static partial Regex Owner();

    [GeneratedRegex("zxid: [0-9]+")]
    private static partial Regex EventZxid();

    [GeneratedRegex("version: [^ \n]+")]
    private static partial Regex Version();

    private sealed class Writer(Transcript transcript, string mark) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            TaskCompletionSource written;
            lock (transcript._lock)
            {
                transcript._text.Append(mark).Append(value).Append('\n');
                written = transcript._written;
                transcript._written = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            written.SetResult();
        }
    }
}
