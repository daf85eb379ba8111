using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Testing.Simulation.Checks;

namespace Zab.Testing.Simulation.Clients;

/// <content>Replies: their order, their zxids, and what reads and barriers show.</content>
internal sealed partial class ClientChecks
{
    private void OnReply(CheckedSession session, Zxid applied, in ClientReply reply)
    {
        CheckedServer at = session.Server!;
        bool isAsked = session.Pending.TryDequeue(out CheckedRequest? asked);
        Rule.Holds(
            isAsked && asked!.Request.Cxid == reply.Cxid,
            $"K3: {session.Id} gets the answer to {reply.Cxid}, and {asked?.Request.Cxid} is the next");
        if (reply.Zxid == Zxid.None && reply.Error == ErrorCode.ConnectionLoss)
        {
            OnTurnedAway(session, asked!);
            return;
        }

        (Zxid before, Zxid next) = session.EffectsAround(asked!.Number);
        Rule.Holds(
            reply.Zxid <= applied,
            $"E14: server {at.Id} answers at {reply.Zxid}, and has applied {applied}");
        CheckZxid(session, asked, reply);
        BringEventsUpTo(session, reply.Zxid);
        Rule.Holds(
            session.Watches.Due.Count == 0,
            $"S23: (ii) {session.Id} gets {reply.Error} for {asked.Request.Op} {reply.Cxid} at {reply.Zxid}"
                + $" before {Next(session.Watches.Due)}");
        if (reply.Error == ErrorCode.Ok)
        {
            CheckOpen(session, asked, reply);
            Rule.Holds(
                next == Zxid.None || next > reply.Zxid,
                $"K3: {session.Id} is answered {reply.Cxid} at {reply.Zxid}, after its later {next}");
        }

        if (asked.Request.Op.IsWrite)
        {
            OnWriteReply(session, asked, reply, before, next);
        }
        else if (IsAboutConnection(session, reply))
        {
            return;
        }
        else
        {
            OnLocalReply(session, asked, reply);
        }
    }

    /// <summary>The server was part of no ensemble, and did not take the request.</summary>
    private static void OnTurnedAway(CheckedSession session, CheckedRequest asked)
    {
        if (!asked.IsAtKnownState)
        {
            NoteLost(session, asked);
            return;
        }

        NoteRefused(session, asked, ErrorCode.ConnectionLoss);
        if (asked.Request.Op == OpCode.CreateSession)
        {
            session.Refusal = ErrorCode.ConnectionLoss;
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

        Rule.Holds(
            reply.Zxid >= session.LastSeen,
            $"K4: {session.Id} is answered at {reply.Zxid} after it has seen {session.LastSeen}");
        session.LastSeen = reply.Zxid;
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
    private bool IsAboutConnection(CheckedSession session, in ClientReply reply)
    {
        if (reply.Error == ErrorCode.Ok)
        {
            return false;
        }

        if (reply.Error == ErrorCode.SessionExpired && session.IsOpen && !session.IsOver
            && Model.IsOpen(session.Id, reply.Zxid))
        {
            _saidToBeOver.Add(session.Id);
        }

        return reply.Error is ErrorCode.ConnectionLoss or ErrorCode.SessionExpired
            || (session.Refusal != ErrorCode.Ok && reply.Error == session.Refusal);
    }

    private void OnLocalReply(CheckedSession session, CheckedRequest asked, in ClientReply reply)
    {
        ClientRequest request = asked.Request;
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
        ErrorCode expected = Precedence.Of(request, Model, reply.Zxid);
        if (request.Op == OpCode.RemoveWatches)
        {
            expected = session.Watches.Remove(request.Path, request.WatchMode)
                ? ErrorCode.Ok
                : ErrorCode.NoWatcher;
        }

        string id = request.Op.IsRead ? "E15" : "S23";
        Rule.Holds(
            reply.Error == expected,
            $"{id}: {request.Op} {request.Path} gives {reply.Error} at {reply.Zxid}, not {expected}");
        if (request.Op.IsRead && reply.Error == ErrorCode.Ok)
        {
            CheckContent(request, reply, Model.NodeAt(request.Path, reply.Zxid)!);
        }

        AddWatchOf(session, request, reply.Error);
    }

    /// <summary>What a read shows is the node as it was at the reply's zxid.</summary>
    private static void CheckContent(in ClientRequest request, in ClientReply reply, ModelNode node)
    {
        Rule.Holds(
            reply.Stat == node.Stat,
            $"E15: {request.Op} {request.Path} at {reply.Zxid} shows {reply.Stat}, not {node.Stat}");
        if (request.Op == OpCode.GetData)
        {
            Rule.Holds(
                AreSame(reply.Data, node.Data),
                $"E15: {request.Op} {request.Path} at {reply.Zxid} shows data that it did not have");
        }

        if (request.Op is OpCode.GetChildren or OpCode.GetChildren2)
        {
            Rule.Holds(
                reply.Children is { } children && AreSame(children, node),
                $"E15: {request.Op} {request.Path} at {reply.Zxid} shows children that it did not have");
        }
    }

    private static bool AreSame(IReadOnlyList<string> shown, ModelNode node)
    {
        if (shown.Count != node.Children.Count)
        {
            return false;
        }

        int index = 0;
        foreach (string name in node.Children)
        {
            if (!string.Equals(shown[index++], name, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreSame(ReadOnlyMemory<byte>? left, ReadOnlyMemory<byte>? right) =>
        left.HasValue == right.HasValue
        && (left is not { } shown || shown.Span.SequenceEqual(right!.Value.Span));
}
