namespace Zab.Cli.Shell;

/// <summary>The shell's session: there is one, or there is none.</summary>
internal sealed class ShellConnection(
    ShellOptions options,
    Func<ShellOptions, CancellationToken, Task<IZabSession>> open,
    EventPrinter printer) : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private IZabSession? _session;
    private WatchList? _watches;
    private Task _following = Task.CompletedTask;
    private bool _isOpening;

    /// <summary>The server of the session, or the one to which it is to be opened.</summary>
    public string Server { get; private set; } = options.Server;

    /// <summary>The session.</summary>
    /// <exception cref="ShellException">There is none.</exception>
    public IZabSession Session => _session ?? throw new ShellException("Not connected");

    /// <summary>What commands have left with the session.</summary>
    public WatchList Watches => _watches ?? throw new ShellException("Not connected");

    /// <summary>Whether there is a session that answers.</summary>
    public bool IsConnected => StateText == "CONNECTED";

    /// <summary>The state as ZooKeeper's client names it.</summary>
    public string StateText => _isOpening ? "CONNECTING" : _session?.State switch
    {
        ZabSessionState.Connected or ZabSessionState.Reconnected => "CONNECTED",
        ZabSessionState.Suspended => "CONNECTING",
        ZabSessionState.Expired or ZabSessionState.Closed or ZabSessionState.Moved or null => "CLOSED",
    };

    /// <summary>Opens a session, after closing the one that there is.</summary>
    /// <param name="server">The server; null for the same as before.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task OpenAsync(string? server, CancellationToken cancellationToken)
    {
        await CloseAsync().ConfigureAwait(false);
        Server = server ?? Server;
        _isOpening = true;
        try
        {
            _session = await open(options with { Server = Server }, cancellationToken).ConfigureAwait(false);
            _watches = new WatchList(_session, printer);
            _following = FollowAsync(_session);
        }
        finally
        {
            _isOpening = false;
        }
    }

    /// <summary>Closes the session, if there is one.</summary>
    public async Task CloseAsync()
    {
        if (_session is null)
            return;

        IZabSession session = _session;
        WatchList watches = _watches!;
        (_session, _watches) = (null, null);
        await watches.DisposeAsync().ConfigureAwait(false);
        await session.DisposeAsync().ConfigureAwait(false);
        await _following.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await CloseAsync().ConfigureAwait(false);
        _end.Dispose();
    }

    /// <summary>Tells of the states that the user did not bring about.</summary>
    private async Task FollowAsync(IZabSession session)
    {
        try
        {
            await foreach (ZabSessionState state in session.StateChanges(_end.Token).ConfigureAwait(false))
            {
                string? name = state switch
                {
                    ZabSessionState.Suspended => "Disconnected",
                    ZabSessionState.Reconnected => "SyncConnected",
                    ZabSessionState.Expired => "Expired",
                    ZabSessionState.Connected or ZabSessionState.Closed or ZabSessionState.Moved => null,
                };
                if (name is not null)
                    printer.PrintState(name);
            }
        }
        catch (OperationCanceledException)
        {
            // The shell ends.
        }
    }
}
