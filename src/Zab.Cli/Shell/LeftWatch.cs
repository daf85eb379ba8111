namespace Zab.Cli.Shell;

/// <summary>A watch, and the task that prints what it tells.</summary>
/// <param name="stays">The watch of the session when it stays; null for a one-shot watch, which a session
/// cannot take back: it is not listened to any more.</param>
internal sealed class LeftWatch(ZabWatch? stays) : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private Task _printing = Task.CompletedTask;

    /// <summary>Begins to print.</summary>
    public void Begin(Func<CancellationToken, Task> print) => _printing = print(_end.Token);

    /// <summary>Ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (stays is not null)
                await stays.DisposeAsync().ConfigureAwait(false);
            await _end.CancelAsync().ConfigureAwait(false);
            await _printing.ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or ZabException)
        {
            // It ended with its session, or as it was told to.
        }
        finally
        {
            _end.Dispose();
        }
    }
}
