using Microsoft.Extensions.Logging;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Sessions;
using Zab.Wire;

namespace Zab.Client.Connections;

/// <summary>The books of a session: what was sent and is not answered, who waits for events, and what the
/// next server must be told. Thread-safe: the writer and the reader of a connection share it.</summary>
/// <param name="session">The session.</param>
/// <param name="chroot">Between its paths and the server's.</param>
/// <param name="logger">Where to.</param>
/// <param name="post">Hands in a call of the client's own behind all others; false when there is no
/// room.</param>
internal sealed partial class SessionBook(
    ZabSession session, Chroot chroot, ILogger logger, Func<Call, bool> post)
{
    private const int CredentialsMax = 256;

    private readonly Lock _lock = new();
    private readonly Queue<Sent> _sent = new();
    private readonly Queue<Sent> _authsSent = new();
    private readonly List<Credential> _credentials = [];
    private Queue<Call> _again = new();
    private long _order;
    private int _lastXid;
    private long _seen;

    /// <summary>The newest transaction that the client knows.</summary>
    public Zxid Seen => new(Volatile.Read(ref _seen));

    /// <summary>Whether the server has closed the session, as it was asked to.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>How many servers, one after the other, did not take the watches of the session.</summary>
    public int RefusedInARow { get; private set; }

    /// <summary>What the next server must be told before anything is asked of it: who the session is, and
    /// what it watches.</summary>
    /// <returns>The requests, which count as sent.</returns>
    public List<Sent> BeginConnection()
    {
        lock (_lock)
        {
            List<Sent> first = [];
            foreach (Credential credential in _credentials)
            {
                ClientRequest auth =
                    new() { Op = OpCode.Auth, Path = credential.Scheme, Data = credential.Token };
                first.Add(new Sent(_order++, WireXid.Auth, auth, Call: null));
                _authsSent.Enqueue(first[^1]);
            }

            foreach (ClientRequest watches in WatchBatches.Of(session.Watches.All, chroot, Seen))
            {
                first.Add(new Sent(_order++, WireXid.SetWatches, watches, Call: null));
                _sent.Enqueue(first[^1]);
            }

            return first;
        }
    }

    /// <summary>The next call that was under way when a connection was lost, and is to be asked
    /// again.</summary>
    public bool TryTakeAgain(out Call? call)
    {
        lock (_lock)
        {
            return _again.TryDequeue(out call);
        }
    }

    /// <summary>The number for a request.</summary>
    public int NextXid() => _lastXid = _lastXid == int.MaxValue ? 1 : _lastXid + 1;

    /// <summary>Notes that a call is about to be sent, and its watch; ends the call when the server need not
    /// see it.</summary>
    public bool TryBegin(Call call, int xid, in ClientRequest request)
    {
        lock (_lock)
        {
            if (!TryNoteWatch(call))
            {
                return false;
            }

            Queue<Sent> queue = xid == WireXid.Auth ? _authsSent : _sent;
            queue.Enqueue(new Sent(_order++, xid, request, call));
            return true;
        }
    }

    /// <summary>The connection was lost. What may be done twice is asked again of the next server, until the
    /// session's time-out is over; all else fails.</summary>
    /// <param name="mayAskAgain">Whether it may be that another server answers better.</param>
    /// <param name="nowMs">The time, in milliseconds.</param>
    /// <param name="cause">Why it was lost.</param>
    public void OnLost(bool mayAskAgain, long nowMs, Exception? cause)
    {
        lock (_lock)
        {
            Queue<Call> again = new();
            foreach (Sent sent in _sent.Concat(_authsSent).OrderBy(sent => sent.Order))
            {
                if (sent.Call is not { } call)
                {
                    continue;
                }

                ForgetWatch(call);
                if (mayAskAgain && IsRepeatable(call) && call.ParkedUntil > nowMs)
                {
                    long until = nowMs + (long)session.Timeout.TotalMilliseconds;
                    call.ParkedUntil = Math.Min(call.ParkedUntil, until);
                    again.Enqueue(call);
                }
                else
                {
                    Fail(call, ConnectionLossException.OutcomeUnknown(call.Request.Path, cause));
                }
            }

            foreach (Call call in _again)
            {
                again.Enqueue(call);
            }

            _again = again;
            _sent.Clear();
            _authsSent.Clear();
        }
    }

    /// <summary>Fails what was to be asked again.</summary>
    public void FailAgain(Func<Call, Exception> error)
    {
        while (TryTakeAgain(out Call? call))
        {
            Fail(call!, error(call!));
        }
    }

    /// <summary>No call and no watch of the session goes on.</summary>
    public void End(ZabSessionState state, Exception? watchError)
    {
        lock (_lock)
        {
            session.End(state, watchError);
        }
    }

    /// <summary>A call ends without an answer.</summary>
    public static void Fail(Call call, Exception error)
    {
        call.Session.OnCallEnded();
        _ = call.TrySetException(error);
    }

    private static bool IsRepeatable(Call call) =>
        !call.Request.Op.IsWrite || call.Request.Op == OpCode.CloseSession;

    /// <summary>The same as in the process of a server: it knows one watch for each path and mode, and
    /// several may stand behind it.</summary>
    private bool TryNoteWatch(Call call)
    {
        if (call is { Request.Op: OpCode.RemoveWatches, Watch: { } gone } && !session.Watches.Remove(gone))
        {
            session.OnCallEnded();
            _ = call.TrySetResult(default);
            return false;
        }

        if (call is { Request.Op: not OpCode.RemoveWatches, Watch: { } added })
        {
            int watchesMax = session.Host.Limits.SessionWatchesMax;
            if (session.Watches.Count >= watchesMax)
            {
                Fail(call, new TooManyWatchesException(call.Request.Path, watchesMax));
                return false;
            }

            session.Watches.Add(added);
        }

        if (call.Request.Op == OpCode.Auth && _credentials.Count >= CredentialsMax)
        {
            Fail(call, new RequestThrottledException("", "The session has proved too often who it is."));
            return false;
        }

        return true;
    }

    private void ForgetWatch(Call call)
    {
        if (call is { Request.Op: not OpCode.RemoveWatches, Watch: { } watch })
        {
            _ = session.Watches.Remove(watch);
        }
    }
}
