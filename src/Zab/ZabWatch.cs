using Zab.Core.Watches;
using Zab.Sessions;

namespace Zab;

/// <summary>A watch that stays until it is disposed of.</summary>
/// <remarks>It was registered before the caller got it: every later change is among its events. 4,096 events may wait to be
/// read. The enumeration ends when the session is closed, and fails with <see cref="SessionExpiredException"/> when it
/// expires, and with <see cref="WatchOverflowException"/> when the reader was too slow. For one reader at a
/// time.</remarks>
public sealed class ZabWatch : IAsyncEnumerable<WatchEvent>, IAsyncDisposable
{
    private readonly ZabSession _session;
    private readonly StreamWatch _watch;

    internal ZabWatch(ZabSession session, StreamWatch watch) => (_session, _watch) = (session, watch);

    /// <summary>The watched node.</summary>
    public string Path => _watch.Path;

    /// <summary>The kind of watch.</summary>
    public WatchMode Mode => _watch.Mode;

    /// <inheritdoc/>
    public IAsyncEnumerator<WatchEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        _watch.Events.ReadAllAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);

    /// <summary>Removes the watch. Events that wait can still be read.</summary>
    /// <returns>A task that ends when it is removed.</returns>
    public ValueTask DisposeAsync() => _session.RemoveWatchAsync(_watch);
}
