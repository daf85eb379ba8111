namespace Zab.Cli.Shell;

/// <summary>Turns Ctrl+C into the end of the command that runs, and of nothing else.</summary>
internal sealed class Interrupts
{
    private readonly Lock _lock = new();
    private CancellationTokenSource? _current;

    /// <summary>Whether a command was interrupted so far.</summary>
    public bool Happened { get; private set; }

    /// <summary>Runs a command that an interrupt cancels.</summary>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> command)
    {
        using CancellationTokenSource source = new();
        Enter(source);
        try
        {
            return await command(source.Token).ConfigureAwait(false);
        }
        finally
        {
            Enter(null);
        }
    }

    /// <summary>Interrupts the command that runs.</summary>
    /// <returns>False when none does.</returns>
    public bool Trigger()
    {
        lock (_lock)
        {
            if (_current is null)
                return false;

            Happened = true;
            _current.Cancel();
            return true;
        }
    }

    private void Enter(CancellationTokenSource? source)
    {
        lock (_lock)
        {
            _current = source;
        }
    }
}
