namespace TestingYourApp;

/// <summary>The application: one of several workers, of which at most one works. It knows nothing of
/// tests.</summary>
/// <param name="name">Who it is.</param>
/// <param name="open">Opens a session: <c>ZabNode.OpenSessionAsync</c> in production.</param>
/// <param name="time">The clock.</param>
/// <param name="ledger">Where the work goes.</param>
internal sealed class Candidate(
    string name, Func<CancellationToken, Task<IZabSession>> open, TimeProvider time, Ledger ledger)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Stands for election again and again, and works whenever it is elected.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using IZabSession session = await open(stop);
                await StandAsync(session, stop);
            }
            catch (Exception e) when (e is ZabException or OperationCanceledException)
            {
                // The session, and the office with it, is lost; there will be another.
            }

            await Task.Delay(s_pause, time, CancellationToken.None);
        }
    }

    private async Task StandAsync(IZabSession session, CancellationToken stop)
    {
        try
        {
            await session.CreateAsync("/election", cancellationToken: stop);
        }
        catch (NodeExistsException)
        {
            // Another candidate was first.
        }

        CreateResult mine = await session.CreateWithStatAsync(
            "/election/candidate-", mode: CreateMode.EphemeralSequential, cancellationToken: stop);
        while (true)
        {
            IReadOnlyList<string> all = await session.GetChildrenAsync("/election", cancellationToken: stop);
            string? before = all
                .Select(child => $"/election/{child}")
                .Where(path => string.CompareOrdinal(path, mine.Path) < 0)
                .Max(StringComparer.Ordinal);
            if (before is null)
            {
                await WorkAsync(session, mine.Stat.Czxid, stop);
                return;
            }

            Watched<Stat?> watched = await session.ExistsAndWatchAsync(before, stop);
            if (watched.Value is not null)
            {
                _ = await watched.Changed.WaitAsync(stop); // each waits for the one before it alone
            }
        }
    }

    /// <summary>Works until the session suffers. It may be slow to notice that another one leads already: so
    /// the ledger is shown the zxid of this candidature, and refuses an older one.</summary>
    private async Task WorkAsync(IZabSession session, Zxid fence, CancellationToken stop)
    {
        while (session.State is ZabSessionState.Connected or ZabSessionState.Reconnected
            && ledger.TryWrite(name, fence))
        {
            await Task.Delay(s_pause, time, stop);
        }
    }
}
