namespace Zab.Cli.Shell.Terminal;

/// <summary>The terminal of the process.</summary>
internal sealed class ConsoleTerminal : ITerminal
{
    private const int ColumnsWhenUnknown = 80;

    /// <inheritdoc/>
    public int Columns => Console.WindowWidth is > 0 and int width ? width : ColumnsWhenUnknown;

    /// <inheritdoc/>
    public bool IsInterruptAKey
    {
        set => Console.TreatControlCAsInput = value;
    }

    /// <inheritdoc/>
    public Task<ConsoleKeyInfo> ReadKeyAsync() => Task.Run(() => Console.ReadKey(intercept: true));

    /// <inheritdoc/>
    public void Write(string text) => Console.Out.Write(text);

    /// <inheritdoc/>
    public void Clear() => Console.Clear();
}
