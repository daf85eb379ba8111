using Zab.Core;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Sessions;

/// <summary>Between the sessions of this node and its replica: lets calls in while the node serves, keeps
/// them waiting while it does not, and gives everyone his answers. The loop's, but for
/// <see cref="Published"/>, <see cref="Changes"/>, <see cref="States"/> and <see cref="Calls"/>.</summary>
/// <param name="replica">The replica.</param>
/// <param name="ticks">A time in ticks.</param>
/// <param name="submit">Hands a request to the replica, in the turn that it is in.</param>
/// <param name="limits">What sessions may take, and what is kept for them.</param>
internal sealed partial class ClientGate(
    Replica replica, Func<TimeSpan, int> ticks, Action<ClientRequest> submit, SessionLimits limits)
{
    // Of moves alone, each another for a while: no answer is taken for that of another move.
    private const int MoveCxidMin = ZabSession.CxidMax + 1;

    private readonly Dictionary<SessionId, ZabSession> _attached = [];
    private readonly List<Call> _parked = [];
    private readonly List<(Call Call, ClientReply Reply)> _answers = [];
    private readonly List<(ZabSession Session, bool Moved)> _over = [];
    private Published _published = new(replica.Committed, IsServing: false);
    private long _now;
    private int _moves;

    /// <summary>What readers on any thread see.</summary>
    public Published Published => Volatile.Read(ref _published);

    /// <summary>The latest changes of the tree. They come in after the state that shows them is
    /// published.</summary>
    public ChangeLog Changes { get; } = new(limits, replica.TakeRecovered());

    /// <summary>The latest states of the tree, the published one last.</summary>
    public RecentStates States { get; } = new(limits, replica.Committed);

    /// <summary>The calls of all sessions.</summary>
    public CallCount Calls { get; } = new(limits.RequestsMax);

    /// <summary>Whether calls wait for the node to serve.</summary>
    public bool HasParked => _parked.Count > 0;

    /// <summary>Takes a call: submits it, or keeps it waiting behind those that wait already.</summary>
    public void Ask(Call call)
    {
        if (HasParked || !replica.Status.IsServing)
        {
            // Nobody else would ever close the session.
            bool mayWaitForEver = call.Request.Op == OpCode.CloseSession;
            call.ParkedUntil = mayWaitForEver ? long.MaxValue : _now + ticks(call.Session.Timeout);
            _parked.Add(call);
        }
        else
        {
            Submit(call);
        }
    }

    /// <summary>Submits the calls that waited, in order, if the node serves.</summary>
    public void SubmitParked()
    {
        if (!HasParked || !replica.Status.IsServing)
        {
            return;
        }

        int submitted = 0;
        try
        {
            for (int count = _parked.Count; submitted < count; submitted++)
            {
                Submit(_parked[submitted]);
            }
        }
        finally
        {
            _parked.RemoveRange(0, submitted); // a call that could not be taken stays, to fail with the node
        }
    }

    /// <summary>Ticks passed: calls that waited for a whole session time-out fail.</summary>
    public void Tick(int passed)
    {
        _now += passed;
        PassOnSignsOfLife();
        _ = _parked.RemoveAll(TryGiveUp);
    }

    /// <summary>Ends a call that has waited for too long, or whose caller gave up.</summary>
    private bool TryGiveUp(Call call)
    {
        if (call.ParkedUntil > _now && !call.Task.IsCompleted)
        {
            return false;
        }

        call.Session.OnCallEnded();
        _ = call.TrySetException(ConnectionLossException.NothingSent(
            call.Request.Path, "the server had no leader for as long as the session's time-out."));
        return true;
    }

    /// <summary>Gives the sessions what a turn has for them: events, then the new state, then
    /// answers.</summary>
    /// <remarks>So no session can see a change, in an answer or by a read of its own, before the event of
    /// that change (S23).</remarks>
    public void Deliver(Ready ready)
    {
        foreach (ClientOutput output in ready.ToClients)
        {
            Note(output);
        }

        States.Add(ready);
        Publish(ready);
        Changes.Add(ready);
        foreach ((Call call, ClientReply reply) in _answers)
        {
            Answer(call, reply);
        }

        _answers.Clear();
        foreach ((ZabSession session, bool moved) in _over)
        {
            _ = _attached.Remove(session.Id);
            session.End(
                moved ? ZabSessionState.Moved : ZabSessionState.Expired,
                moved ? new SessionMovedException("") : new SessionExpiredException(""));
        }

        _over.Clear();
        WakeRemotes();
    }

    /// <summary>The node has ended: every call fails, and every session is closed.</summary>
    public void EndAll(Exception? cause)
    {
        Volatile.Write(ref _published, _published with { IsServing = false });
        foreach (RemoteClient client in _remotes.Values)
        {
            client.End();
        }

        _remotes.Clear();
        foreach (ZabSession session in _attached.Values)
        {
            while (session.InFlight.TryDequeue(out Call? call))
            {
                _ = call.TrySetException(ConnectionLossException.OutcomeUnknown(call.Request.Path, cause));
            }

            session.End(ZabSessionState.Closed, error: null);
        }

        _answers.ForEach(
            answer => answer.Call.TrySetException(
                ConnectionLossException.OutcomeUnknown(answer.Call.Request.Path, cause)));
        _parked.ForEach(call => FailUnsent(call, cause));
        _parked.Clear();
        _attached.Clear();
    }

    /// <summary>Fails a call that the ended node will not take.</summary>
    public static void FailUnsent(Call call, Exception? cause) => _ = call.TrySetException(
        ConnectionLossException.NothingSent(call.Request.Path, "the node has ended.", cause));

    private void Submit(Call call)
    {
        ZabSession session = call.Session;
        if (call.Task.IsCompleted)
        {
            session.OnCallEnded(); // its caller gave up before anything was sent
            return;
        }

        if (call.Request.Op == OpCode.CreateSession)
        {
            session.Name(NewId());
            _attached.Add(session.Id, session);
        }
        else if (call.Request.Op == OpCode.MoveSession)
        {
            if (!TryTakeOver(call))
            {
                return;
            }
        }
        else if (!_attached.TryGetValue(session.Id, out ZabSession? attached) || attached != session)
        {
            session.OnCallEnded();
            _ = call.TrySetException(
                session.State == ZabSessionState.Moved
                    ? new SessionMovedException(call.Request.Path)
                    : new SessionExpiredException(call.Request.Path));
            return;
        }

        if (session.IsUsedUp && call.Request.Op is not (OpCode.MoveSession or OpCode.CloseSession))
        {
            session.OnCallEnded();
            _ = call.TrySetException(new RequestThrottledException(
                call.Request.Path, "The session has used up its 2 billion request numbers: open another."));
            return;
        }

        if (!TryNoteWatch(call))
        {
            return;
        }

        call.Cxid = call.Request.Op == OpCode.MoveSession
            ? NextMove()
            : session.NextCxid();
        session.InFlight.Enqueue(call);
        submit(call.Request with
        {
            Session = session.Id,
            Cxid = call.Cxid,
            AnsweredUpTo = call.Request.Op == OpCode.MoveSession ? 0 : session.InFlight.Peek().Cxid - 1,
        });
    }

    private int NextMove() => MoveCxidMin + (_moves++ % (int.MaxValue - MoveCxidMin));

    private SessionId NewId()
    {
        SessionId id = replica.NewSessionId();
        while (_attached.ContainsKey(id) || _remotes.ContainsKey(id))
        {
            id = replica.NewSessionId();
        }

        return id;
    }

    private void Note(in ClientOutput output)
    {
        if (_remotes.TryGetValue(output.Session, out RemoteClient? remote))
        {
            Pass(remote, output);
            return;
        }

        if (!_attached.TryGetValue(output.Session, out ZabSession? session)
            || (session.InFlight.TryPeek(out Call? first) && first.Cxid >= MoveCxidMin
                && output.Reply?.Cxid != first.Cxid))
        {
            return; // nobody's, or for whoever had the session before
        }

        if (output.Event is { } fired)
        {
            session.Watches.Dispatch(fired);
        }
        else if (output.Expired || output.Moved)
        {
            _over.Add((session, output.Moved));
        }
        else if (output.Reply is { } reply)
        {
            Call call = session.InFlight.Peek();
            Invariant.Holds(call.Cxid == reply.Cxid);
            _ = session.InFlight.Dequeue();
            NoteWatch(call, reply);
            _answers.Add((call, reply));
        }
    }

    /// <summary>From the answer on, events are for the watch that the request left; not those before it in
    /// the turn.</summary>
    private static void NoteWatch(Call call, in ClientReply reply)
    {
        if (call.Watch is not { } watch || call.Request.Op == OpCode.RemoveWatches)
        {
            return;
        }

        watch.IsActive = reply.Error == ErrorCode.Ok
            || (reply.Error == ErrorCode.NoNode && call.Request.Op == OpCode.Exists);
        if (!watch.IsActive)
        {
            _ = call.Session.Watches.Remove(watch);
        }
    }

    private void Publish(Ready ready)
    {
        Published before = _published;
        bool isServing = ready.Status.IsServing;
        if (before.State == ready.Committed && before.IsServing == isServing)
        {
            return;
        }

        Volatile.Write(ref _published, new Published(ready.Committed, isServing));
        if (before.IsServing != isServing)
        {
            foreach (ZabSession session in _attached.Values)
            {
                session.OnServing(isServing);
            }

            if (!isServing)
            {
                EndRemotes();
            }
        }
    }

    private void Answer(Call call, in ClientReply reply)
    {
        ZabSession session = call.Session;
        OpCode op = call.Request.Op;
        if (op == OpCode.CloseSession && reply.Error is (ErrorCode.ConnectionLoss or ErrorCode.ThrottledOp))
        {
            call.ParkedUntil = long.MaxValue; // closing twice is closing once, so this alone is tried again
            _parked.Add(call);
            return;
        }

        session.OnCallEnded();
        if (op == OpCode.CloseSession)
        {
            _ = _attached.Remove(session.Id);
            session.End(ZabSessionState.Closed, error: null);
        }
        else if (op.OpensSession && reply.Error != ErrorCode.Ok)
        {
            _ = _attached.Remove(session.Id);
            replica.Detach(session.Id);
        }
        else if (op.OpensSession)
        {
            session.OnOpened(
                reply.TimeoutMs, reply.Count, _published.State.Secret.Span, _published.IsServing);
        }

        if (op == OpCode.Auth && reply.Error == ErrorCode.Ok)
        {
            session.OnAuthenticated(reply.Identities);
        }

        if (!call.TrySetResult(reply) && reply.Error == ErrorCode.Ok)
        {
            Undo(call);
        }
    }
}
