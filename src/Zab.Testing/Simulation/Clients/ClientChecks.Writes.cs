using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Testing.Simulation.Checks;

namespace Zab.Testing.Simulation.Clients;

/// <content>Writes: what becomes of them, and what their clients are told.</content>
internal sealed partial class ClientChecks
{
    /// <summary>A transaction is about to enter the model: it must be what was asked for, once, in its turn,
    /// and possible.</summary>
    private void CheckCommit(CheckedSession session, CheckedRequest asked, ModelTxn txn)
    {
        TxnHeader header = txn.Header;
        ClientRequest request = asked.Request;
        Rule.Holds(
            asked.CommittedAt == Zxid.None,
            $"K8: {header.Session} asked {header.Cxid} once; {asked.CommittedAt} and {header.Zxid} do it");
        Rule.Holds(
            !asked.IsRefused,
            $"K9: {header.Session} was told that {header.Cxid} is not done; it is done at {header.Zxid}");
        Rule.Holds(
            session.Effects.Count == 0 || session.Effects[^1].Number < asked.Number,
            $"K3: {header.Session} asked {header.Cxid} earlier than what came before {header.Zxid}");
        Rule.Holds(
            header.Type == request.Op,
            $"K2: {header.Session} asked {header.Cxid} as {request.Op}; {header.Zxid} is a {header.Type}");
        ErrorCode outcome = Precedence.Of(request, Model, Model.Last);
        bool isOfSession = outcome == ErrorCode.SessionExpired || request.Op == OpCode.CreateSession;
        Rule.Holds(
            outcome == ErrorCode.Ok || !isOfSession,
            $"S22: {header.Zxid} does {request.Op} for {header.Session}, and it must be refused: {outcome}");
        Rule.Holds(
            outcome == ErrorCode.Ok,
            $"K2: {header.Zxid} does {request.Op} {request.Path}, and it must be refused: {outcome}");
        if (request.Op is OpCode.Create or OpCode.Create2)
        {
            string path = Precedence.PathOf(request, Model, Model.Last);
            Rule.Holds(txn.Path == path, $"K2: {header.Zxid} creates {txn.Path}; asked for was {path}");
            Rule.Holds(
                txn.IsEphemeral == request.Mode.IsEphemeral,
                $"K2: {header.Zxid} creates {path} and mistakes whether it is ephemeral");
        }
        else
        {
            Rule.Holds(
                txn.Path == request.Path,
                $"K2: {header.Zxid} does {request.Op} {txn.Path}; asked for was {request.Path}");
        }

        Rule.Holds(
            request.Op is OpCode.Delete || AreSame(txn.Data, request.Data),
            $"K2: {header.Zxid} does {request.Op} {request.Path} with other data than was asked for");
    }

    private void OnWriteReply(
        CheckedSession session, CheckedRequest asked, in ClientReply reply, Zxid before, Zxid next)
    {
        if (reply.Error == ErrorCode.Ok)
        {
            OnDone(session, asked, reply);
            return;
        }

        if (reply.Error == ErrorCode.ConnectionLoss)
        {
            NoteLost(session, asked);
            CheckLostAgainst(session, asked);
            return;
        }

        NoteRefused(session, asked, reply.Error);
        if (asked.Request.Op == OpCode.CreateSession)
        {
            session.Refusal = reply.Error;
        }

        bool saysNothing = IsAboutConnection(session, reply)
            || reply.Error is ErrorCode.SessionMoved or ErrorCode.ThrottledOp;
        if (!saysNothing)
        {
            CheckRefusal(session, asked, reply, before, next);
        }
    }

    private void OnDone(CheckedSession session, CheckedRequest asked, in ClientReply reply)
    {
        ClientRequest request = asked.Request;
        Rule.Holds(
            asked.CommittedAt != Zxid.None,
            $"K1: {session.Id} is told that {reply.Cxid} is done at {reply.Zxid}; it is not committed");
        Rule.Holds(
            asked.CommittedAt == reply.Zxid,
            $"K1: {session.Id} is told {reply.Zxid} for {reply.Cxid}; it was done at {asked.CommittedAt}");
        Rule.Holds(
            reply.Zxid > asked.AckedBefore,
            $"K2: {session.Id} did {reply.Cxid} at {reply.Zxid}, not after {asked.AckedBefore}");
        CheckResult(session, request, reply);
        session.LastAcked = reply.Zxid;
        _lastAcked = reply.Zxid > _lastAcked ? reply.Zxid : _lastAcked;
        if (request.Op == OpCode.CreateSession)
        {
            session.IsOpen = true;
        }
        else if (request.Op == OpCode.CloseSession)
        {
            session.IsOver = true;
        }
    }

    private void CheckResult(CheckedSession session, in ClientRequest request, in ClientReply reply)
    {
        if (request.Op is OpCode.CreateSession)
        {
            int granted = Model.Session(session.Id)!.TimeoutMs;
            Rule.Holds(
                reply.TimeoutMs == granted,
                $"E16: {session.Id} is told a timeout of {reply.TimeoutMs} ms, and {granted} were granted");
            return;
        }

        if (request.Op == OpCode.CloseSession)
        {
            return;
        }

        string path = request.Op is OpCode.Create or OpCode.Create2
            ? PathCreated(request, reply.Zxid)
            : request.Path;
        Rule.Holds(
            reply.Path == path,
            $"K2: {request.Op} at {reply.Zxid} is said to concern {reply.Path}, not {path}");
        Stat stat = Model.NodeAt(path, reply.Zxid)?.Stat ?? default;
        Rule.Holds(
            reply.Stat == stat,
            $"K2: {request.Op} {path} at {reply.Zxid} is said to leave {reply.Stat}, not {stat}");
    }

    /// <summary>The node that the create at a zxid made: the number in its name is one less than its parent's
    /// count after it.</summary>
    private string PathCreated(in ClientRequest request, Zxid zxid)
    {
        if (!request.Mode.IsSequential)
        {
            return request.Path;
        }

        int creations = Model.NodeAt(ModelPath.ParentOf(request.Path), zxid)!.Creations;
        return request.Path + ModelPath.Sequence(unchecked(creations - 1));
    }

    /// <summary>An error must have been the right one at some state: one not older than what the client knew
    /// when it asked, after its earlier writes and before its later ones, and not newer than the
    /// reply.</summary>
    private void CheckRefusal(
        CheckedSession session, CheckedRequest asked, in ClientReply reply, Zxid before, Zxid next)
    {
        ErrorCode error = reply.Error;
        Zxid from = Later(asked.SeenBefore, before);
        from = RefusalsAreFresh ? Later(from, asked.AckedBefore) : from;
        Zxid to = next != Zxid.None && next <= reply.Zxid ? new Zxid(next.Value - 1) : reply.Zxid;
        bool isQuota = error == ErrorCode.QuotaExceeded && Model.Session(session.Id) is { } owner
            && Precedence.CouldExceedQuota(asked.Request, owner);
        Rule.Holds(
            isQuota || Precedence.CouldBe(outcome => outcome == error, asked.Request, Model, from, to),
            $"K2: {asked.Request.Op} {asked.Request.Path} gets {error}, wrong from {from} to {to}");
    }

    private static void NoteRefused(CheckedSession session, CheckedRequest asked, ErrorCode error)
    {
        Rule.Holds(
            asked.CommittedAt == Zxid.None,
            $"K9: {session.Id} is told {error} for {asked.Request.Cxid}; it is done at {asked.CommittedAt}");
        asked.IsRefused = true;
    }

    /// <summary>The answer to a write is lost: whether it is done will show, or never.</summary>
    private static void NoteLost(CheckedSession session, CheckedRequest asked)
    {
        asked.LostWith = session.Requests;
        if (asked.Request.Op.IsWrite && asked.CommittedAt == Zxid.None)
        {
            session.Lost.Add(asked);
        }
    }

    /// <summary>A write took effect: what was lost before it on the same connection can have no effect any
    /// more, and must have been refused.</summary>
    private void CheckLostBefore(CheckedSession session, CheckedRequest done)
    {
        if (session.Lost.Count == 0)
        {
            return;
        }

        foreach (CheckedRequest lost in session.Lost)
        {
            if (lost.Number < done.Number)
            {
                CheckPassedOver(session, lost, done.Number, done.CommittedAt);
            }
        }

        _ = session.Lost.RemoveAll(lost => lost.Number <= done.Number);
    }

    /// <summary>A write is lost: if a later one on the same connection took effect, it must have been
    /// refused.</summary>
    private void CheckLostAgainst(CheckedSession session, CheckedRequest lost)
    {
        if (lost.CommittedAt == Zxid.None && session.EffectsAnswered < session.Effects.Count)
        {
            (int number, Zxid zxid) = session.Effects[session.EffectsAnswered];
            CheckPassedOver(session, lost, number, zxid);
            _ = session.Lost.Remove(lost);
        }
    }

    private void CheckPassedOver(CheckedSession session, CheckedRequest lost, int number, Zxid zxid)
    {
        if (lost.CommittedAt != Zxid.None || number > lost.LostWith || ExpectsThrottling)
        {
            return;
        }

        Zxid to = new(zxid.Value - 1);
        Rule.Holds(
            Precedence.CouldBe(outcome => outcome != ErrorCode.Ok, lost.Request, Model, lost.SeenBefore, to),
            $"K3: {session.Id} asked {lost.Request.Cxid} before what was done at {zxid}; only it is missing");
    }

    private static Zxid Later(Zxid left, Zxid right) => left > right ? left : right;
}
