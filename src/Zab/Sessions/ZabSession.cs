using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Threading.Channels;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Sessions;
using Zab.Core.Tree;
using Zab.Hosting;

namespace Zab.Sessions;

/// <summary>A session of a client in this process. This part: its life, and the way of a call into the
/// loop.</summary>
internal sealed partial class ZabSession : IZabSession
{
    /// <summary>The last number of a request.</summary>
    public const int CxidMax = int.MaxValue - 4096;

    private static readonly TimeSpan s_closeTimeoutMax = TimeSpan.FromSeconds(5);

    private readonly ISessionHost _node;
    private readonly LatestValue<ZabSessionState> _state;
    private readonly Queue<Call> _inFlight = new();
    private readonly SessionWatches _watches = new();
    private SessionId _id;
    private TimeSpan _timeout;
    private int _outstanding;
    private int _lastCxid;
    private int _disposed;
    private volatile IReadOnlyList<Identity>? _identities;
    private volatile bool _isOpen;
    private volatile SessionCredentials? _credentials;
    private bool _wasConnected; // the loop's

    /// <summary>Makes a session that is not open yet.</summary>
    public ZabSession(ISessionHost node, TimeSpan timeout, IReadOnlyList<Identity> identities)
    {
        (_node, _timeout) = (node, timeout);
        _identities = identities.Count == 0 ? null : [.. identities];
        _state = new LatestValue<ZabSessionState>(ZabSessionState.Suspended, node.ContinuesInline);
    }

    /// <summary>The node of the session.</summary>
    public ISessionHost Host => _node;

    /// <inheritdoc/>
    public SessionId Id => _id;

    /// <inheritdoc/>
    public SessionCredentials Credentials => _credentials!; // set before anyone has the session

    /// <inheritdoc/>
    public TimeSpan Timeout => _timeout;

    /// <inheritdoc/>
    public ZabSessionState State => _state.Current;

    /// <summary>The requests that were submitted and are not answered, oldest first. The loop's.</summary>
    public Queue<Call> InFlight => _inFlight;

    /// <summary>Who waits for events. The loop's.</summary>
    public SessionWatches Watches => _watches;

    /// <inheritdoc/>
    public IAsyncEnumerable<ZabSessionState> StateChanges(CancellationToken cancellationToken = default) =>
        _state.FollowAsync(cancellationToken);

    /// <summary>Opens the session with the ensemble.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        int timeoutMs = (int)Math.Clamp(_timeout.TotalMilliseconds, 1, int.MaxValue);
        ClientRequest request =
            new() { Op = OpCode.CreateSession, TimeoutMs = timeoutMs, Identities = _identities };
        ClientReply reply = await SendAsync(new Call(this, request), cancellationToken).ConfigureAwait(false);
        ThrowUnlessOk(reply, "");
    }

    /// <summary>Goes on with a session of the ensemble.</summary>
    public async Task ResumeAsync(SessionCredentials credentials, CancellationToken cancellationToken)
    {
        Name(credentials.Id);
        ClientRequest request = new()
        {
            Op = OpCode.MoveSession,
            Password = credentials.Password,
            Identities = _identities,
        };
        ClientReply reply = await SendAsync(new Call(this, request), cancellationToken).ConfigureAwait(false);
        ThrowUnlessOk(reply, "");
    }

    /// <inheritdoc/>
    /// <remarks>Waits until the ensemble has closed the session, but at most for its time-out and for 5 s; if
    /// that was not enough, the node goes on in the background.</remarks>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        bool wasOpen = _isOpen;
        _isOpen = false;
        _streams.EndAll(error: null);
        if (wasOpen)
        {
            TimeSpan limit = _timeout < s_closeTimeoutMax ? _timeout : s_closeTimeoutMax;
            using CancellationTokenSource giveUp = new(limit, _node.TimeProvider);
            try
            {
                Call close = new(this, new ClientRequest { Op = OpCode.CloseSession });
                OnCallBegun();
                Task posted = _node.PostAsync(close, CancellationToken.None).AsTask();
                await posted.WaitAsync(giveUp.Token).ConfigureAwait(false); // only the waiting is given up
                _ = await close.Task.WaitAsync(giveUp.Token).ConfigureAwait(false);
            }
            catch (
                Exception e) when (e is OperationCanceledException or ChannelClosedException or ZabException)
            {
                // The loop closes it when it can; when the node has ended, the ensemble does after the
                // time-out.
            }
        }

        _state.Publish(ZabSessionState.Closed, isLast: true);
        await _node.OnDisposedAsync().ConfigureAwait(false);
    }

    /// <summary>The number for the next request. For the loop.</summary>
    public int NextCxid() => ++_lastCxid;

    /// <summary>Whether the session has used all its numbers.</summary>
    public bool IsUsedUp => _lastCxid >= CxidMax;

    /// <summary>The session is someone else in addition. For the loop.</summary>
    public void OnAuthenticated(IReadOnlyList<Identity>? identities) => _identities = identities;

    /// <summary>The id under which the session will be created. For the loop.</summary>
    public void Name(SessionId id) => _id = id;

    /// <summary>The ensemble has created the session, or moved it here. For the loop.</summary>
    /// <param name="timeoutMs">Its time-out.</param>
    /// <param name="lastCxid">The newest of its earlier requests.</param>
    /// <param name="secret">What its password is made with.</param>
    /// <param name="isServing">Whether the node serves.</param>
    public void OnOpened(int timeoutMs, int lastCxid, ReadOnlySpan<byte> secret, bool isServing)
    {
        _lastCxid = Math.Max(_lastCxid, lastCxid);
        OnOpened(timeoutMs, new SessionCredentials(_id, SessionPassword.Of(secret, _id)), isServing);
    }

    /// <summary>The session was opened, or goes on, at the other end of a connection. For the loop.</summary>
    /// <param name="timeoutMs">Its time-out.</param>
    /// <param name="credentials">What it takes to go on with it; they have its id.</param>
    /// <param name="isServing">Whether the node serves.</param>
    public void OnOpened(int timeoutMs, SessionCredentials credentials, bool isServing)
    {
        _credentials = credentials;
        _timeout = TimeSpan.FromMilliseconds(timeoutMs);
        _isOpen = true;
        OnServing(isServing);
    }

    /// <summary>The node serves, or does not. For the loop.</summary>
    public void OnServing(bool isServing)
    {
        if (_isOpen)
        {
            _state.Publish(!isServing ? ZabSessionState.Suspended
                : _wasConnected ? ZabSessionState.Reconnected : ZabSessionState.Connected);
            _wasConnected |= isServing;
        }
    }

    /// <summary>A call begins that is not the caller's.</summary>
    public void OnCallBegun()
    {
        _ = Interlocked.Increment(ref _outstanding);
        _node.Calls.Begin();
    }

    /// <summary>A call has its answer, or will never have one. For the loop.</summary>
    public void OnCallEnded()
    {
        _ = Interlocked.Decrement(ref _outstanding);
        _node.Calls.End();
    }

    /// <summary>The session is over. For the loop.</summary>
    /// <param name="state">How.</param>
    /// <param name="error">What its watches fail with; null to end them without.</param>
    public void End(ZabSessionState state, Exception? error)
    {
        _isOpen = false;
        _state.Publish(state, isLast: true);
        _watches.EndAll(error);
        _streams.EndAll(error);
    }

    /// <summary>Sends a request, and waits for an answer that says that it was done.</summary>
    private async Task<ClientReply> AskAsync(
        ClientRequest request, CancellationToken cancellationToken, LocalWatch? watch = null)
    {
        ThrowUnlessOpen(request.Path);
        Call call = new(this, request, watch);
        ClientReply reply = await SendAsync(call, cancellationToken).ConfigureAwait(false);
        ThrowUnlessOk(reply, request.Path);
        return reply;
    }

    /// <summary>Sends a read, behind a barrier when it must be linearizable (R23). Both are in the queue
    /// before the first await, so no later call of the session comes between them; the server answers the
    /// read after the barrier.</summary>
    /// <returns>The answer, whatever it says.</returns>
    private async Task<ClientReply> ReadAsync(
        ClientRequest request, ReadConsistency consistency, CancellationToken cancellationToken)
    {
        ThrowUnlessOpen(request.Path);
        if (consistency == ReadConsistency.Local)
        {
            return await SendAsync(new Call(this, request), cancellationToken).ConfigureAwait(false);
        }

        ClientRequest sync = new() { Op = OpCode.Sync, Path = request.Path };
        Task<ClientReply> barrier = SendAsync(new Call(this, sync), cancellationToken);
        Task<ClientReply> read = SendAsync(new Call(this, request), cancellationToken);
        await Task.WhenAll(barrier, read).ConfigureAwait(false);
        ThrowUnlessOk(await barrier.ConfigureAwait(false), request.Path);
        return await read.ConfigureAwait(false);
    }

    /// <summary>Sends a request. Everything up to the queue happens before the first await, so calls keep
    /// their order.</summary>
    private async Task<ClientReply> SendAsync(
        Call call, CancellationToken cancellationToken, bool mayBeRefused = true)
    {
        string path = call.Request.Path;
        if (mayBeRefused)
        {
            BeginCall(path);
        }
        else
        {
            OnCallBegun();
        }

        try
        {
            await _node.PostAsync(call, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            OnCallEnded();
            throw;
        }
        catch (ChannelClosedException)
        {
            OnCallEnded();
            throw _node.NotSent(path);
        }

        await using (cancellationToken.UnsafeRegister(
            static (state, token) => ((Call)state!).TrySetCanceled(token), call).ConfigureAwait(false))
        {
            return await call.Task.ConfigureAwait(false);
        }
    }

    /// <summary>Counts a call, unless there are too many: of this session, or of all sessions of the
    /// node.</summary>
    private void BeginCall(string path)
    {
        int sessionMax = _node.Limits.SessionRequestsMax;
        if (Interlocked.Increment(ref _outstanding) > sessionMax)
        {
            _ = Interlocked.Decrement(ref _outstanding);
            throw new RequestThrottledException(path, $"The session has {sessionMax} calls under way.");
        }

        if (!_node.Calls.TryBegin())
        {
            _ = Interlocked.Decrement(ref _outstanding);
            throw new RequestThrottledException(
                path, $"The sessions of this node have {_node.Calls.Max} calls under way.");
        }
    }

    /// <summary>The state to answer a read from at once, if nothing stands before it.</summary>
    /// <remarks>The loop publishes a state before it ends the calls that could reveal it, so a session
    /// without calls under way finds its own writes here.</remarks>
    private bool TryReadNow([NotNullWhen(true)] out DataState? state)
    {
        bool isIdle = _isOpen && Volatile.Read(ref _outstanding) == 0;
        Published published = _node.Published;
        state = isIdle && published.IsServing ? published.State : null;
        return state is not null;
    }

    /// <summary>Finds a node that this session may read.</summary>
    private ErrorCode Find(DataState state, string path, out ZnodeView node) =>
        ReadProcessor.Find(state, path, _node.Authenticator.Rules, _identities, out node);

    private void ThrowUnlessOpen(string path)
    {
        ThrowIfTooLong(path, dataLength: 0);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        if (!_isOpen)
        {
            throw State switch
            {
                ZabSessionState.Expired => new SessionExpiredException(path),
                ZabSessionState.Moved => new SessionMovedException(path),
                _ => _node.NotSent(path),
            };
        }
    }

    private static void ThrowUnlessOk(in ClientReply reply, string path) => ThrowUnless(reply.Error, path);

    private static void ThrowUnless(ErrorCode error, string path)
    {
        if (error != ErrorCode.Ok)
        {
            throw ZabException.Of(error, path);
        }
    }

    /// <summary>A copy of the caller's data, which the caller may change at once.</summary>
    private byte[]? Copy(string path, ReadOnlyMemory<byte>? data)
    {
        ThrowIfTooLong(path, data?.Length ?? 0);
        return data?.ToArray();
    }

    /// <summary>Refuses what no server would take, before it could cost a link (R19).</summary>
    private void ThrowIfTooLong(string path, int dataLength)
    {
        long length = (long)Encoding.UTF8.GetByteCount(path) + dataLength;
        if (length > _node.Limits.RequestBytesMax)
        {
            throw new RequestTooLargeException(path, length, _node.Limits.RequestBytesMax);
        }
    }
}
