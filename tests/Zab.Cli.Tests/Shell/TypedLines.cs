using System.Threading.Channels;

namespace Zab.Cli.Tests.Shell;

/// <summary>An input that a test writes line by line, while a shell reads it.</summary>
internal sealed class TypedLines : TextReader
{
    private readonly Channel<string> _lines = Channel.CreateBounded<string>(16);

    public ValueTask TypeAsync(string line) => _lines.Writer.WriteAsync(line);

    public void End() => _lines.Writer.Complete();

    public override async Task<string?> ReadLineAsync() =>
        await _lines.Reader.WaitToReadAsync(ShellNode.Safety) ? await _lines.Reader.ReadAsync() : null;
}
