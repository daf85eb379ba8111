using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Zab.Testing.Simulation.Hosting;

/// <summary>Runs the user's code between the events of a simulation, piece by piece, on the one thread of the
/// run.</summary>
/// <remarks>
/// <para>No user's code runs while a server is in a turn: whatever ends a promise to the user waits here
/// until the turn is over.</para>
/// <para>A plain <c>await</c> comes back through <see cref="Post"/>. One with <c>ConfigureAwait(false)</c>
/// goes on inside of whatever completes its task, which it only does where there is no context: so promises
/// are completed without one.</para>
/// </remarks>
internal sealed class Pump : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State, bool HasContext)> _ready = new();
    private readonly Queue<Action> _unfinished = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly SynchronizationContext? _usersContext;
    private volatile string? _escape;

    /// <summary>A pump of the calling thread.</summary>
    /// <param name="isContext">Whether the user's code finds this as its context.</param>
    public Pump(bool isContext) => _usersContext = isContext ? this : null;

    /// <summary>How the user's code left the thread, once it did.</summary>
    public string? Escape => _escape;

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsHere("a task of the scenario was completed"))
        {
            _ready.Enqueue((d, state, true));
        }
    }

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state)
    {
        ThrowUnlessHere();
        d(state);
    }

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs something soon, without a context.</summary>
    public void Queue(Action work)
    {
        if (IsHere("a token was cancelled"))
        {
            _ready.Enqueue((static state => ((Action)state!)(), work, false));
        }
    }

    /// <summary>Does something as soon as the piece of user's code that runs now has come to its
    /// end.</summary>
    public void Finish(Action work) => _unfinished.Enqueue(work);

    /// <summary>Runs the next piece of what waits.</summary>
    /// <returns>False when nothing waits.</returns>
    public bool TryRunNext()
    {
        while (_unfinished.TryDequeue(out Action? finish))
        {
            finish();
        }

        if (!_ready.TryDequeue(out (SendOrPostCallback Callback, object? State, bool HasContext) next))
        {
            return false;
        }

        SetSynchronizationContext(next.HasContext ? _usersContext : null);
        try
        {
            next.Callback(next.State);
        }
        finally
        {
            SetSynchronizationContext(null);
        }

        return true;
    }

    /// <summary>Begins the user's code.</summary>
    public Task Begin(Func<Task> scenario)
    {
        SetSynchronizationContext(_usersContext);
        try
        {
            return scenario();
        }
        finally
        {
            SetSynchronizationContext(null);
        }
    }

    /// <summary>Refuses a caller on another thread.</summary>
    public void ThrowUnlessHere()
    {
        if (!IsHere("the ensemble was used"))
        {
            throw new InvalidOperationException(_escape);
        }
    }

    /// <summary>Does something with a server or a session, without a context, so that nothing that it
    /// completes is left to the thread pool.</summary>
    public T Enter<T>(Func<T> work)
    {
        ThrowUnlessHere();
        SynchronizationContext? before = Current;
        SetSynchronizationContext(null);
        try
        {
            return work();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <summary>Makes a call whose answer the user gets between two events.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The token is disposed of when the call ends.")]
    public Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        PumpedToken token = new(this, cancellationToken);
        Task<T> inner = Enter(() => call(token.Token));
        if (inner.IsCompleted)
        {
            token.Dispose();
            return inner;
        }

        TaskCompletionSource<T> outer = new();
        _ = inner.ContinueWith(
            ended => Queue(() => End(ended, outer, token)),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return outer.Task;
    }

    /// <summary>As <see cref="CallAsync"/>, for what has no result and cannot be cancelled.</summary>
    public async ValueTask CallAsync(Func<ValueTask> call) =>
        _ = await CallAsync(
            async _ =>
            {
                await call().ConfigureAwait(false);
                return true;
            },
            CancellationToken.None).ConfigureAwait(false);

    /// <summary>The same task for the user: it ends between two events.</summary>
    public Task<T> Carry<T>(Task<T> task) => CallAsync(_ => task, CancellationToken.None);

    /// <summary>The same elements for the user: each comes between two events.</summary>
    public async IAsyncEnumerable<T> Follow<T>(
        IAsyncEnumerable<T> source, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using PumpedToken token = new(this, cancellationToken);
        IAsyncEnumerator<T> elements = source.GetAsyncEnumerator(token.Token);
        try
        {
            while (await CallAsync(
                _ => elements.MoveNextAsync().AsTask(), CancellationToken.None).ConfigureAwait(false))
            {
                yield return elements.Current;
            }
        }
        finally
        {
            await CallAsync(elements.DisposeAsync).ConfigureAwait(false);
        }
    }

    private static void End<T>(Task<T> ended, TaskCompletionSource<T> outer, PumpedToken token)
    {
        token.Dispose();
        if (ended.IsCanceled)
        {
            _ = outer.TrySetCanceled(token.Original);
        }
        else if (ended.Exception is { } failure)
        {
            _ = outer.TrySetException(failure.InnerExceptions);
            _ = outer.Task.Exception; // Seen: whoever drops a call, or a watch, has missed nothing.
        }
        else
        {
            _ = outer.TrySetResult(ended.Result);
        }
    }

    private bool IsHere(string what)
    {
        if (Environment.CurrentManagedThreadId == _thread)
        {
            return true;
        }

        _escape ??= $"The scenario left the thread of the simulation: {what} on another one. The run " +
            "cannot be repeated then. Use no Task.Run, no timer of the system and no real I/O; for code " +
            $"with ConfigureAwait(false) see {nameof(SimulatedEnsembleOptions)}." +
            $"{nameof(SimulatedEnsembleOptions.HasSynchronizationContext)}.";
        return false;
    }
}
