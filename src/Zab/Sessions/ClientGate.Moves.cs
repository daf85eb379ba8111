using Zab.Core.Requests;
using Zab.Core.Sessions;

namespace Zab.Sessions;

/// <content>Watches, sessions that change hands, and calls whose callers gave up.</content>
internal sealed partial class ClientGate
{
    /// <summary>Notes the watch that a call leaves or removes; ends the call when the replica need not see
    /// it.</summary>
    private bool TryNoteWatch(Call call)
    {
        ZabSession session = call.Session;
        if (call is { Request.Op: OpCode.RemoveWatches, Watch: { } gone } && !session.Watches.Remove(gone))
        {
            session.OnCallEnded(); // another one of the session still needs the replica's watch
            _ = call.TrySetResult(default);
            return false;
        }

        if (call is { Request.Op: not OpCode.RemoveWatches, Watch: { } added })
        {
            if (session.Watches.Count >= limits.SessionWatchesMax)
            {
                session.OnCallEnded();
                _ = call.TrySetException(
                    new TooManyWatchesException(call.Request.Path, limits.SessionWatchesMax));
                return false;
            }

            session.Watches.Add(added);
        }

        return true;
    }

    /// <summary>Puts a session that goes on here in the place of whatever had it here before.</summary>
    private bool TryTakeOver(Call call)
    {
        ZabSession session = call.Session;
        bool isRight = SessionPassword.IsRight(
            replica.Committed.Secret.Span, session.Id, call.Request.Password.Span);
        if (!isRight)
        {
            session.OnCallEnded();
            _ = call.TrySetException(new AuthFailedException($"the password of session {session.Id}"));
            return false;
        }

        EndOlder(session.Id);
        _attached[session.Id] = session;
        return true;
    }

    private static void FailInFlight(ZabSession session, Func<string, Exception> error)
    {
        while (session.InFlight.TryDequeue(out Call? call))
        {
            session.OnCallEnded();
            _ = call.TrySetException(error(call.Request.Path));
        }
    }

    /// <summary>The caller gave up while the call was under way: nobody else would end what it
    /// began.</summary>
    private void Undo(Call call)
    {
        if (call.Request.Op == OpCode.MoveSession)
        {
            // The session is not this caller's to end: it lives on for as long as nobody serves it.
            _ = _attached.Remove(call.Session.Id);
            call.Session.End(ZabSessionState.Closed, error: null);
            replica.Detach(call.Session.Id);
            return;
        }

        ClientRequest? request = call.Request.Op switch
        {
            OpCode.CreateSession => new ClientRequest { Op = OpCode.CloseSession },
            OpCode.AddWatch => call.Request with { Op = OpCode.RemoveWatches },
            _ => null,
        };
        if (request is { } undo)
        {
            call.Session.OnCallBegun();
            Call undoing = new(call.Session, undo, call.Watch);
            _ = undoing.Task.ContinueWith(
                static task => task.Exception, // nobody waits for it: so it is seen
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            _parked.Add(undoing);
        }
    }
}
