using Zab.Core.Watches;

namespace Zab;

/// <summary>A watch that stays until it is disposed of.</summary>
/// <remarks>It was registered before the caller got it: every later change is among its events. 4,096 events
/// may wait to be read. The enumeration ends when the session is closed, and fails with
/// <see cref="SessionExpiredException"/> when it expires, and with <see cref="WatchOverflowException"/> when
/// the reader was too slow. For one reader at a time.</remarks>
public sealed class ZabWatch : IAsyncEnumerable<WatchEvent>, IAsyncDisposable
{
    private readonly IAsyncEnumerable<WatchEvent> _events;
    private readonly Func<ValueTask> _remove;

    internal ZabWatch(
        string path, WatchMode mode, IAsyncEnumerable<WatchEvent> events, Func<ValueTask> remove) =>
        (Path, Mode, _events, _remove) = (path, mode, events, remove);

    /// <summary>The watched node.</summary>
    public string Path { get; }

    /// <summary>The kind of watch.</summary>
    public WatchMode Mode { get; }

    /// <inheritdoc/>
    public IAsyncEnumerator<WatchEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        _events.GetAsyncEnumerator(cancellationToken);

    /// <summary>Removes the watch. Events that wait can still be read.</summary>
    /// <returns>A task that ends when it is removed.</returns>
    public ValueTask DisposeAsync() => _remove();
}
