using Zab.Core.Watches;

namespace Zab.Sessions;

/// <summary>A watch that fires once.</summary>
internal sealed class OneShotWatch(string path, WatchMode mode, ISessionHost host) : LocalWatch(path, mode)
{
    private readonly TaskCompletionSource<WatchEvent> _fired =
        new(
            host.ContinuesInline
                ? TaskCreationOptions.None
                : TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends with the event.</summary>
    public Task<WatchEvent> Fired => _fired.Task;

    /// <inheritdoc/>
    public override void Fire(in WatchEvent fired) => _ = _fired.TrySetResult(fired);

    /// <inheritdoc/>
    public override void End(Exception? error)
    {
        if (error is null)
        {
            _ = _fired.TrySetCanceled();
        }
        else if (_fired.TrySetException(error))
        {
            _ = _fired.Task.Exception; // Seen: a caller who forgot the watch has missed nothing.
        }
    }
}
