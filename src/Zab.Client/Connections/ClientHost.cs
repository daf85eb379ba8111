using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Zab.Authentication;
using Zab.Core.Requests;
using Zab.Sessions;

namespace Zab.Client.Connections;

/// <summary>What a node is to its sessions, for one session at the other end of a connection. This part: its
/// beginning and its end.</summary>
/// <remarks>One task lives as long as the session: it connects, serves, and connects anew. Calls come to it
/// through one bounded queue.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "It goes with its session: see OnDisposedAsync.")]
internal sealed partial class ClientHost : ISessionHost
{
    private readonly ZabClientOptions _options;
    private readonly Chroot _chroot;
    private readonly ServerList _servers;
    private readonly ILogger _logger;
    private readonly ZabSession _session;
    private readonly SessionBook _book;
    private readonly Channel<Call?> _calls; // null: a sign of life
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private Call? _opening;
    private Exception? _lastFailure;

    private ClientHost(ConnectString servers, ZabClientOptions options)
    {
        (_options, _chroot) = (options, servers.Chroot);
        _servers = new ServerList(servers.Servers, options.Seed ?? (ulong)Random.Shared.NextInt64());
        _logger = options.LoggerFactory.CreateLogger("Zab.Client");
        Limits = new SessionLimits(
            options.RequestBytesMax, options.SessionRequestsMax, options.SessionWatchesMax);
        Calls = new CallCount(options.SessionRequestsMax);
        _calls = Channel.CreateBounded<Call?>(
            new BoundedChannelOptions(options.RequestsInFlightMax)
            {
                FullMode = BoundedChannelFullMode.Wait, // a caller waits for his turn
            });
        _session = new ZabSession(this, options.SessionTimeout, []);
        _book = new SessionBook(_session, _chroot, _logger, call => _calls.Writer.TryWrite(call));
    }

    /// <inheritdoc/>
    public Published Published { get; } = new(DataState.Initial, IsServing: false);

    /// <inheritdoc/>
    public Authenticator Authenticator => throw NotHere("Permissions");

    /// <inheritdoc/>
    public TimeProvider TimeProvider => _options.TimeProvider;

    /// <inheritdoc/>
    public SessionLimits Limits { get; }

    /// <inheritdoc/>
    public CallCount Calls { get; }

    /// <inheritdoc/>
    public ChangeLog Changes => throw NotHere("Streams of changes");

    /// <inheritdoc/>
    public RecentStates States => throw NotHere("States of the past");

    /// <inheritdoc/>
    public bool ContinuesInline => false;

    /// <inheritdoc/>
    public bool AnswersWithState => false;

    private long NowMs => (long)TimeProvider.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>Opens a session, or goes on with one.</summary>
    /// <param name="servers">With which servers.</param>
    /// <param name="options">How.</param>
    /// <param name="resumed">The session to go on with; null for a new one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IZabSession> OpenAsync(
        ConnectString servers,
        ZabClientOptions options,
        SessionCredentials? resumed,
        CancellationToken cancellationToken)
    {
        options.Validate();
        ClientHost host = new(servers, options);
        host._running = Task.Run(host.RunAsync, CancellationToken.None);
        try
        {
            await (resumed is null
                ? host._session.OpenAsync(cancellationToken)
                : host._session.ResumeAsync(resumed, cancellationToken)).ConfigureAwait(false);
            return host._session;
        }
        catch
        {
            await host._session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<ClientRequest> AuthenticateAsync(
        string scheme, ReadOnlyMemory<byte> credentials, CancellationToken cancellationToken) =>
        new(new ClientRequest { Op = OpCode.Auth, Path = scheme, Data = credentials.ToArray() });

    /// <inheritdoc/>
    public ValueTask PostAsync(Call call, CancellationToken cancellationToken) =>
        _calls.Writer.WriteAsync(call, cancellationToken);

    /// <inheritdoc/>
    public void OnObserverFailed(string path, Exception failure) =>
        ClientLog.ObserverFailed(_logger, _session.Id, path, failure);

    /// <inheritdoc/>
    public ConnectionLossException NotSent(string path) =>
        ConnectionLossException.NothingSent(path, "the session is over.", _lastFailure);

    /// <inheritdoc/>
    public async ValueTask OnDisposedAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stop.Dispose();
    }

    /// <summary>Lives as long as the session. Whatever ends it ends the session too.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "The task must not die alone: the session ends.")]
    private async Task RunAsync()
    {
        Exception? failure = null;
        try
        {
            _opening = await _calls.Reader.ReadAsync(_stop.Token).ConfigureAwait(false);
            while (await ConnectAsync().ConfigureAwait(false) is { } link)
            {
                await using (link.ConfigureAwait(false))
                {
                    await ServeAsync(link).ConfigureAwait(false);
                }

                if (_book.IsClosed)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The session was disposed of.
        }
        catch (Exception e)
        {
            failure = e;
            ClientLog.Failed(_logger, _session.Id, e);
        }

        End(failure);
    }

    private void End(Exception? failure)
    {
        _ = _calls.Writer.TryComplete();
        bool isExpired = _session.State == ZabSessionState.Expired;
        Exception Error(string path) => isExpired
            ? new SessionExpiredException(path)
            : ConnectionLossException.NothingSent(path, "the session is over.", failure ?? _lastFailure);
        _book.OnLost(mayAskAgain: false, NowMs, failure);
        _book.FailAgain(call => Error(call.Request.Path));
        FailOpening(call => Error(call.Request.Path));
        while (_calls.Reader.TryRead(out Call? call))
        {
            if (call is not null)
            {
                SessionBook.Fail(call, Error(call.Request.Path));
            }
        }

        _book.End(ZabSessionState.Closed, failure is null ? null : Error(""));
    }

    private void FailOpening(Func<Call, Exception> error)
    {
        if (_opening is { } opening)
        {
            _opening = null;
            SessionBook.Fail(opening, error(opening));
        }
    }

    private static NotSupportedException NotHere(string what) =>
        new($"{what} are not part of the protocol of ZooKeeper's clients: " +
            "open the session in the process of a server.");
}
