using Zab.Core.Watches;

namespace Zab.Cli.Shell;

/// <summary>The watches that commands have left with a session: at most one of a kind on a path.</summary>
internal sealed class WatchList(IZabSession session, EventPrinter printer) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(WatchMode Mode, string Path), LeftWatch> _watches = [];

    /// <summary>Follows a one-shot watch that a read has left, instead of the one before it.</summary>
    public async Task FollowAsync(WatchMode mode, string path, Task<WatchEvent> changed)
    {
        LeftWatch watch = new(stays: null);
        LeftWatch? before;
        lock (_lock)
        {
            before = _watches.GetValueOrDefault((mode, path));
            _watches[(mode, path)] = watch;
            watch.Begin(token => PrintOnceAsync((mode, path), watch, changed, token));
        }

        if (before is not null)
            await before.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Opens a watch that stays, unless there is one.</summary>
    public async Task OpenAsync(WatchMode mode, string path, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_watches.ContainsKey((mode, path)))
                return;
        }

        ZabWatch opened = await session.OpenWatchAsync(path, mode, cancellationToken).ConfigureAwait(false);
        LeftWatch watch = new(opened);
        lock (_lock)
        {
            _watches.Add((mode, path), watch);
            watch.Begin(token => PrintAllAsync(opened, token));
        }
    }

    /// <summary>Removes the watches on a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="mode">The kind; null for all kinds.</param>
    /// <returns>The kinds that were removed.</returns>
    public async Task<IReadOnlyList<WatchMode>> RemoveAsync(string path, WatchMode? mode)
    {
        List<(WatchMode Mode, LeftWatch Watch)> removed = [];
        lock (_lock)
        {
            foreach (WatchMode kind in Enum.GetValues<WatchMode>())
            {
                if ((mode is null || mode == kind) && _watches.Remove((kind, path), out LeftWatch? watch))
                    removed.Add((kind, watch));
            }
        }

        foreach ((_, LeftWatch watch) in removed)
        {
            await watch.DisposeAsync().ConfigureAwait(false);
        }

        return [.. removed.Select(one => one.Mode)];
    }

    /// <summary>Removes all of them.</summary>
    public async ValueTask DisposeAsync()
    {
        LeftWatch[] all;
        lock (_lock)
        {
            all = [.. _watches.Values];
            _watches.Clear();
        }

        foreach (LeftWatch watch in all)
        {
            await watch.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task PrintOnceAsync(
        (WatchMode Mode, string Path) key,
        LeftWatch watch,
        Task<WatchEvent> changed,
        CancellationToken cancellationToken)
    {
        WatchEvent happened = await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            if (_watches.TryGetValue(key, out LeftWatch? current) && current == watch)
                _ = _watches.Remove(key);
        }

        printer.Print(happened, watch);
    }

    private async Task PrintAllAsync(ZabWatch watch, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (WatchEvent happened in watch
                .WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                printer.Print(happened, watch);
            }
        }
        catch (WatchOverflowException e)
        {
            printer.PrintLoss(e.Message);
        }
    }
}
