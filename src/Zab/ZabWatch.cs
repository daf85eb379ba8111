using Zab.Core.Watches;
using Zab.Sessions;

namespace Zab;

/// <summary>A watch that stays until it is disposed of.</summary>
/// <remarks>It was registered before the caller got it: every later change is among its events. 4,096 events
/// may wait to be read. The enumeration ends when the session is closed, and fails with
/// <see cref="SessionExpiredException"/> when it expires, and with <see cref="WatchOverflowException"/> when
/// the reader was too slow. For one reader at a time, or for observers: see
/// <see cref="AsObservable"/>.</remarks>
public sealed class ZabWatch : IAsyncEnumerable<WatchEvent>, IAsyncDisposable
{
    private readonly IAsyncEnumerable<WatchEvent> _events;
    private readonly Func<ValueTask> _remove;
    private readonly WatchObservable _observable;

    internal ZabWatch(
        string path,
        WatchMode mode,
        IAsyncEnumerable<WatchEvent> events,
        Func<ValueTask> remove,
        WatchHooks hooks)
    {
        (Path, Mode, _events, _remove) = (path, mode, events, remove);
        _observable = new WatchObservable(events, hooks);
    }

    /// <summary>The watched node.</summary>
    public string Path { get; }

    /// <summary>The kind of watch.</summary>
    public WatchMode Mode { get; }

    /// <inheritdoc/>
    public IAsyncEnumerator<WatchEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        _events.GetAsyncEnumerator(cancellationToken);

    /// <summary>The events for those who would rather be called, as ZooKeeper calls a watcher.</summary>
    /// <remarks>
    /// <para>Nothing happens before the first observer subscribes; he gets the events that wait, too. One who
    /// comes later gets what comes from then on. From the first on, the observers are the readers of the
    /// watch: do not enumerate it as well.</para>
    /// <para>Observers are called on a thread of the pool, one event at a time, in order, one observer after
    /// the other: a slow one holds up the others of this watch, and nobody else. When 4,096 events wait for
    /// them, <c>OnError</c> gets a <see cref="WatchOverflowException"/>; when the session expires, a
    /// <see cref="SessionExpiredException"/>. When the watch or the session is closed, <c>OnCompleted</c> is
    /// called. Nothing follows either of them.</para>
    /// <para>An observer that throws is called no more; the others go on, and the node logs it.</para>
    /// </remarks>
    /// <returns>The events. Disposing of a subscription ends it; disposing of the watch ends all.</returns>
    public IObservable<WatchEvent> AsObservable() => _observable;

    /// <summary>Removes the watch. Events that wait can still be read.</summary>
    /// <returns>A task that ends when it is removed.</returns>
    public ValueTask DisposeAsync() => _remove();
}
