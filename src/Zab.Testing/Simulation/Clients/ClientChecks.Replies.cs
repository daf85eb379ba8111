using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Testing.Simulation.Checks;

namespace Zab.Testing.Simulation.Clients;

/// <content>Replies: their order, their zxids, and what reads and barriers show.</content>
internal sealed partial class ClientChecks
{
    private void OnReply(CheckedConnection connection, Zxid applied, in ClientReply reply)
    {
        CheckedSession session = connection.Session;
        CheckedServer at = connection.Server;
        bool isAsked = connection.Pending.TryDequeue(out CheckedRequest? asked);
        Rule.Holds(
            isAsked && asked!.Request.Cxid == reply.Cxid,
            $"K3: {session.Id} gets the answer to {reply.Cxid}, and {asked?.Request.Cxid} is the next");
        if (reply.Zxid == Zxid.None && reply.Error == ErrorCode.ConnectionLoss)
        {
            OnTurnedAway(connection, asked!);
            return;
        }

        Rule.Holds(
            reply.Zxid <= applied,
            $"E14: server {at.Id} answers at {reply.Zxid}, and has applied {applied}");
        if (asked!.Request.Op == OpCode.MoveSession)
        {
            OnMoveReply(connection, asked, reply);
            return;
        }

        (Zxid before, Zxid next) = session.EffectsAround(asked.Number);
        CheckZxid(session, asked, reply);
        bool mayBeKept = asked.Request.Op.IsWrite; // its answer came with a snapshot, from before its state
        Zxid shown = mayBeKept ? Later(reply.Zxid, at.StateAfter(reply.Zxid)) : reply.Zxid;
        BringEventsUpTo(connection, shown);
        Rule.Holds(
            connection.Watches.Due.Count == 0,
            $"S23: (ii) {session.Id} gets {reply.Error} for {asked.Request.Op} {reply.Cxid} at {reply.Zxid}"
                + $" before {Next(connection.Watches.Due)}");
        if (reply.Error == ErrorCode.Ok)
        {
            CheckOpen(session, asked, reply);
            Rule.Holds(
                next == Zxid.None || next > reply.Zxid,
                $"K3: {session.Id} is answered {reply.Cxid} at {reply.Zxid}, after its later {next}");
        }

        if (asked.Request.Op.IsWrite)
        {
            OnWriteReply(connection, asked, reply, before, next);
        }
        else if (IsAboutConnection(connection, reply))
        {
            return;
        }
        else
        {
            OnLocalReply(connection, asked, reply);
        }
    }

    /// <summary>The server was part of no ensemble, and did not take the request.</summary>
    private static void OnTurnedAway(CheckedConnection connection, CheckedRequest asked)
    {
        CheckedSession session = connection.Session;
        _ = asked.Tells?.IsVoid = true;
        if (asked.Request.Op.OpensSession)
        {
            connection.Refusal = ErrorCode.ConnectionLoss;
        }

        if (asked.Request.Op == OpCode.MoveSession)
        {
            connection.IsOver = true;
            Leave(connection);
        }
        else if (asked.IsAtKnownState && asked.Attempts.Count == 1)
        {
            NoteRefused(session, asked, ErrorCode.ConnectionLoss);
        }
        else
        {
            NoteLost(session, asked);
        }
    }

    private static void CheckZxid(CheckedSession session, CheckedRequest asked, in ClientReply reply)
    {
        bool isDone = reply.Error == ErrorCode.Ok;
        if (asked.Request.Op == OpCode.Sync && isDone)
        {
            Rule.Holds(
                reply.Zxid >= asked.AckedBefore,
                $"K6: {session.Id} synced to {reply.Zxid}, and {asked.AckedBefore} was acknowledged before");
            session.Barrier = asked.AckedBefore > session.Barrier ? asked.AckedBefore : session.Barrier;
        }

        if (asked.Request.Op.IsRead)
        {
            Rule.Holds(
                reply.Zxid >= session.Barrier,
                $"K6: {session.Id} reads at {reply.Zxid}, behind a barrier at {session.Barrier} or later");
            Rule.Holds(
                reply.Zxid >= session.LastAcked,
                $"K5: {session.Id} reads at {reply.Zxid}, before its own write at {session.LastAcked}");
        }

        // The answer to a request that was asked more than once may be that of the first time.
        bool isRepeated = isDone && asked.IsKept && asked.Request.Op.IsWrite
            && asked.CommittedAt == reply.Zxid;
        Rule.Holds(
            reply.Zxid >= session.LastSeen || isRepeated,
            $"K4: {session.Id} is answered at {reply.Zxid} after it has seen {session.LastSeen}");
        session.LastSeen = Later(session.LastSeen, reply.Zxid);
    }

    /// <summary>Nobody gets a good answer in a session that the table does not have.</summary>
    private void CheckOpen(CheckedSession session, CheckedRequest asked, in ClientReply reply)
    {
        Rule.Holds(
            !session.IsOver,
            $"E16: {session.Id} is over, and gets a good answer to {asked.Request.Op} {reply.Cxid}");
        Rule.Holds(
            asked.Request.Op.IsWrite || Model.IsOpen(session.Id, reply.Zxid),
            $"E16: {session.Id} gets {asked.Request.Op} {reply.Cxid} at {reply.Zxid}, where it is not open");
    }

    /// <summary>Whether a reply says nothing about the data: it tells of a lost connection, of a session that
    /// is over, or of one that could not be opened.</summary>
    private bool IsAboutConnection(CheckedConnection connection, in ClientReply reply)
    {
        if (reply.Error == ErrorCode.Ok)
        {
            return false;
        }

        CheckedSession session = connection.Session;
        if (reply.Error == ErrorCode.SessionExpired && session.IsOpen && !session.IsOver
            && Model.IsOpen(session.Id, reply.Zxid))
        {
            _saidToBeOver.Add(session.Id);
        }

        if (reply.Error == ErrorCode.SessionMoved)
        {
            Rule.Holds(
                Model.Session(session.Id)?.WasElsewhere(connection.Server.Id, connection.Since, reply.Zxid)
                    == true,
                $"E16: {session.Id} is told at {reply.Zxid} that it moved, and it did not");
        }

        return reply.Error is ErrorCode.ConnectionLoss or ErrorCode.SessionExpired or ErrorCode.SessionMoved
            || (connection.Refusal != ErrorCode.Ok && reply.Error == connection.Refusal);
    }

    private void OnLocalReply(CheckedConnection connection, CheckedRequest asked, in ClientReply reply)
    {
        CheckedSession session = connection.Session;
        ClientRequest request = asked.Effective;
        if (request.Op == OpCode.Sync)
        {
            Rule.Holds(
                reply.Error is ErrorCode.Ok or ErrorCode.ThrottledOp,
                $"K6: {session.Id} gets {reply.Error} for a barrier");
            return;
        }

        Rule.Holds(
            Model.WasAt(reply.Zxid),
            $"E15: {session.Id} gets an answer at {reply.Zxid}, and there is no such state");
        ErrorCode expected = request.Op switch
        {
            OpCode.RemoveWatches when connection.Watches.Remove(request.Path, request.WatchMode)
                => ErrorCode.Ok,
            OpCode.CheckWatches when connection.Watches.Contains(request.Path, request.WatchMode)
                => ErrorCode.Ok,
            OpCode.RemoveWatches or OpCode.CheckWatches => ErrorCode.NoWatcher,
            _ => Precedence.Of(request, Model, reply.Zxid),
        };
        string id = request.Op.IsRead ? "E15" : "S23";
        Rule.Holds(
            reply.Error == expected,
            $"{id}: {request.Op} {request.Path} gives {reply.Error} at {reply.Zxid}, not {expected}");
        if (reply.Error == ErrorCode.Ok)
        {
            CheckAnswer(connection, asked, request, reply);
        }

        AddWatchOf(connection, request, reply.Error);
    }

    private void CheckAnswer(
        CheckedConnection connection, CheckedRequest asked, in ClientRequest request, in ClientReply reply)
    {
        if (request.Op is OpCode.SetWatches or OpCode.SetWatches2)
        {
            SetAgain(connection, request.Watches!, reply.Zxid);
        }
        else if (request.Op is OpCode.Auth or OpCode.WhoAmI)
        {
            IReadOnlyList<Identity> who = (asked.Tells ?? asked.Identities).Who;
            Rule.Holds(
                who.ToHashSet().SetEquals(reply.Identities ?? []),
                $"E15: {connection.Session.Id} is {string.Join(", ", who)}, and is told to be"
                    + $" {string.Join(", ", reply.Identities ?? [])}");
        }
        else if (request.Op.IsRead)
        {
            CheckContent(request, reply);
        }
    }
}
