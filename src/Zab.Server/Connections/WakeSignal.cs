using System.IO.Pipelines;

namespace Zab.Server.Connections;

/// <summary>Wakes the one task of a connection, whether it waits for bytes or for a signal alone.</summary>
/// <remarks><see cref="Set"/> may come from any thread and never waits; everything else is the
/// task's.</remarks>
/// <param name="input">Where the task waits for bytes.</param>
internal sealed class WakeSignal(PipeReader input)
{
    private int _isSet;
    private TaskCompletionSource? _waiter;

    /// <summary>Wakes the task: now, or as soon as it would wait.</summary>
    public void Set()
    {
        if (Interlocked.Exchange(ref _isSet, 1) == 0)
        {
            input.CancelPendingRead();
            _ = Volatile.Read(ref _waiter)?.TrySetResult();
        }
    }

    /// <summary>Takes the signal back, before the task looks at what it was for.</summary>
    public void Reset() => Interlocked.Exchange(ref _isSet, 0);

    /// <summary>Waits for a signal, and leaves what comes in where it is.</summary>
    public async Task WaitAsync()
    {
        TaskCompletionSource waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = Interlocked.Exchange(ref _waiter, waiter);
        if (Volatile.Read(ref _isSet) == 0)
        {
            await waiter.Task.ConfigureAwait(false);
        }

        _ = Interlocked.Exchange(ref _waiter, null);
    }
}
