using Zab.Core;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Testing.Simulation.Checks;

namespace Zab.Testing.Simulation.Clients;

/// <content>Sessions at servers: how they come, move on, and end.</content>
internal sealed partial class ClientChecks
{
    private CheckedConnection Attach(CheckedSession session, CheckedServer server)
    {
        if (session.Connection is { } before)
        {
            Leave(before);
        }

        CheckedConnection connection = new(session, server)
        {
            NextChange = Model.ChangesUpTo(server.Applied),
            NextJump = server.Jumps.Count,
        };
        session.Connection = connection;
        server.Connections.Add(connection);
        if (!server.BySession.TryGetValue(session.Id, out List<CheckedConnection>? ofSession))
        {
            server.BySession.Add(session.Id, ofSession = []);
        }

        ofSession.Add(connection);
        return connection;
    }

    /// <summary>A client is not there any more: the answers to what it had asked are lost.</summary>
    private static void Leave(CheckedConnection connection)
    {
        CheckedSession session = connection.Session;
        if (connection.IsLeft)
        {
            return;
        }

        session.Connection = null;
        connection.Watches.Clear();
        foreach (CheckedRequest request in connection.Pending)
        {
            NoteLost(session, request);
        }
    }

    /// <summary>A server will never see a request: its connection ends before.</summary>
    /// <returns>Whether the request belongs to the connection whose end comes next.</returns>
    public bool TryDrop(ServerId server, ClientRequest request)
    {
        CheckedConnection? next = (Server(server).BySession.GetValueOrDefault(request.Session) ?? [])
            .Find(connection => !connection.IsOver);
        CheckedRequest? dropped = next?.Pending.FirstOrDefault(asked => asked.Request.Cxid == request.Cxid);
        if (next is null || dropped is null)
        {
            return false;
        }

        CheckedRequest[] kept = [.. next.Pending.Where(asked => asked != dropped)];
        next.Pending.Clear();
        Array.ForEach(kept, next.Pending.Enqueue);
        NoteLost(next.Session, dropped);
        return true;
    }

    /// <summary>The connection that an output is for: the oldest of the session that is not over, unless it
    /// answers what only a newer one has asked.</summary>
    private static CheckedConnection? Find(CheckedServer server, in ClientOutput output)
    {
        List<CheckedConnection> ofSession = server.BySession.GetValueOrDefault(output.Session) ?? [];
        CheckedConnection? oldest = ofSession.Find(connection => !connection.IsOver);
        if (output.Reply is { } reply)
        {
            int cxid = reply.Cxid;
            return ofSession.Find(connection => !connection.IsOver
                && connection.Pending.TryPeek(out CheckedRequest? next) && next.Request.Cxid == cxid)
                ?? oldest
                ?? ofSession.Find(connection => connection.IsDetached
                    && connection.Pending.Any(asked => asked.Request.Cxid == cxid));
        }

        // The end of a session may be told to one that could not go on with it.
        return oldest ?? ((output.Expired || output.Moved)
            ? ofSession.Find(refused => refused.Refusal != ErrorCode.Ok && !refused.IsToldOver)
            : null);
    }

    /// <summary>Something for a client that has gone on elsewhere: nobody hears it, but it must be
    /// true.</summary>
    private static void OnLateOutput(CheckedConnection connection, in ClientOutput output)
    {
        SessionId id = connection.Session.Id;
        if (output.Reply is { } reply)
        {
            while (connection.IsDetached && connection.Pending.Peek().Request.Cxid != reply.Cxid)
            {
                _ = connection.Pending.Dequeue();
            }

            bool isAsked = connection.Pending.TryDequeue(out CheckedRequest? asked);
            Rule.Holds(
                isAsked && asked!.Request.Cxid == reply.Cxid,
                $"K3: {id} gets the answer to {reply.Cxid}, and {asked?.Request.Cxid} is the next");
            bool isDone = reply.Error == ErrorCode.Ok && asked!.Request.Op.IsWrite
                && asked.Request.Op != OpCode.MoveSession;
            Rule.Holds(
                !isDone || asked!.CommittedAt == reply.Zxid,
                $"K1: {id} is told {reply.Zxid} for {reply.Cxid}; it was done at {asked!.CommittedAt}");
            connection.IsOver |= asked!.Request.Op.OpensSession
                && reply.Error is not (ErrorCode.Ok or ErrorCode.SessionMoved);
        }
        else if (output.Expired || output.Moved)
        {
            Rule.Holds(
                connection.Pending.Count == 0,
                $"K3: {id} is over, and {connection.Pending.Count} of its requests were not answered");
            (connection.IsOver, connection.IsToldOver) = (true, true);
        }
    }

    /// <summary>The answer to a client that goes on with a session at another server, with the right
    /// password.</summary>
    private void OnMoveReply(CheckedConnection connection, CheckedRequest asked, in ClientReply reply)
    {
        CheckedSession session = connection.Session;
        ModelSession? known = Model.Session(session.Id);
        if (reply.Error == ErrorCode.Ok)
        {
            CheckOpen(session, asked, reply);
            CheckZxid(session, asked, reply);
            ServerId? owner = known?.OwnerAt(reply.Zxid);
            Rule.Holds(
                known is not null && known.IsOpenAt(reply.Zxid) && owner == connection.Server.Id,
                $"E16: {session.Id} goes on at {connection.Server.Id} since {reply.Zxid}; {owner} serves it");
            Zxid at = reply.Zxid;
            int kept = session.Writes.Values.Where(
                write => write.IsKept && write.CommittedAt != Zxid.None && write.CommittedAt <= at)
                .Select(write => write.Request.Cxid).DefaultIfEmpty().Max();
            bool isOverAlready = !known.IsOpenAt(connection.Server.Applied);
            Rule.Holds(
                reply.TimeoutMs == known.TimeoutMs && (reply.Count == kept || isOverAlready),
                $"E16: {session.Id} goes on with {reply.TimeoutMs} ms from {reply.Count}, not with"
                    + $" {known.TimeoutMs} ms from {kept}");
            session.IsOpen = true;
            return;
        }

        bool mayBe = reply.Error switch
        {
            ErrorCode.ConnectionLoss or ErrorCode.ThrottledOp => true,
            ErrorCode.SessionExpired => !Model.IsOpen(session.Id, reply.Zxid),
            ErrorCode.SessionMoved =>
                known?.WasElsewhere(connection.Server.Id, connection.Since, reply.Zxid) == true,
            ErrorCode.AuthFailed => Model.SecretSince > reply.Zxid, // it cannot know yet
            _ => false,
        };
        Rule.Holds(mayBe, $"E16: {session.Id} may not go on at {connection.Server.Id}: {reply.Error}");
        connection.Refusal = reply.Error;
        if (reply.Error != ErrorCode.SessionMoved)
        {
            connection.IsOver = true; // otherwise it is told once more
            Leave(connection);
        }
    }

    /// <summary>A client learns that its session goes on elsewhere: by the will of one who knows its
    /// password.</summary>
    private void OnMovedAway(CheckedConnection connection, Zxid applied)
    {
        SessionId id = connection.Session.Id;
        Rule.Holds(
            Model.Session(id)?.WasElsewhere(connection.Server.Id, connection.Since, applied) == true,
            $"E16: {id} is told by {connection.Server.Id} at {applied} that it moved, and it did not");
        Rule.Holds(
            connection.Pending.Count == 0,
            $"K3: {id} has moved, and {connection.Pending.Count} of its requests were not answered");
        connection.IsOver = true;
        Leave(connection);
    }

    private void OnExpired(CheckedConnection connection)
    {
        CheckedSession session = connection.Session;
        Rule.Holds(!session.IsOver, $"E16: {session.Id} is told to have expired after it was over");
        Rule.Holds(
            connection.Pending.Count == 0,
            $"K3: {session.Id} expired, and {connection.Pending.Count} of its requests were not answered");
        connection.IsOver = true;
        NoteOver(session, connection.Server.Applied);
    }

    /// <summary>A client learns that its session is over.</summary>
    /// <remarks>The table may not show it yet: a leader that has proposed the end says so to a server that
    /// joins it. Then it must come true before the run is over.</remarks>
    private void NoteOver(CheckedSession session, Zxid applied)
    {
        session.IsOver = true;
        if (Model.IsOpen(session.Id, applied))
        {
            _saidToBeOver.Add(session.Id);
        }
    }
}
