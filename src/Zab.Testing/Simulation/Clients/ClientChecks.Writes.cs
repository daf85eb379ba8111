using Zab.Core.Access;
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
        ClientRequest request = asked.Effective;
        Rule.Holds(
            asked.CommittedAt == Zxid.None,
            $"K8: {header.Session} asked {header.Cxid} once; {asked.CommittedAt} and {header.Zxid} do it");
        Rule.Holds(
            !asked.IsRefused,
            $"K9: {header.Session} was told that {header.Cxid} is not done; it is done at {header.Zxid}");
        Rule.Holds(
            session.Effects.Count == 0 || session.Effects[^1].Number < asked.Number,
            $"K3: {header.Session} asked {header.Cxid} earlier than what came before {header.Zxid}");
        OpCode type = Precedence.TypeOf(request);
        Rule.Holds(
            header.Type == type,
            $"K2: {header.Session} asked {header.Cxid} as {type}; {header.Zxid} is a {header.Type}");
        (ErrorCode outcome, int failedAt) = Precedence.OutcomeOf(request, Model, Model.Last);
        bool isOfSession = outcome == ErrorCode.SessionExpired || request.Op == OpCode.CreateSession;
        Rule.Holds(
            outcome == ErrorCode.Ok || !isOfSession,
            $"S22: {header.Zxid} does {request.Op} for {header.Session}, and it must be refused: {outcome}");
        Rule.Holds(
            outcome == ErrorCode.Ok,
            $"K2: {header.Zxid} does {request.Op} {request.Path}, and it must be refused: {outcome}"
                + $" ({failedAt})");
        CheckWayOf(session, asked, txn);
        if (request.Op == OpCode.Multi)
        {
            CheckParts(request, txn);
        }
        else if (request.Op != OpCode.CreateSession)
        {
            CheckPart(request, request.Identities, txn, new ModelView(Model, Model.Last));
        }
    }

    /// <summary>A transaction comes by the server that serves its session, and says what its client has
    /// answers to.</summary>
    private void CheckWayOf(CheckedSession session, CheckedRequest asked, ModelTxn txn)
    {
        Zxid zxid = txn.Header.Zxid;
        if (Model.Session(session.Id) is { } known)
        {
            Rule.Holds(
                asked.Attempts.Exists(attempt => attempt.Server == known.Owner),
                $"S22: {zxid} is what {session.Id} never asked of server {known.Owner}, which serves it");
        }

        Rule.Holds(
            asked.Attempts.Exists(attempt => attempt.AnsweredUpTo == txn.AnsweredUpTo),
            $"K8: {zxid} says that {session.Id} has answers up to {txn.AnsweredUpTo}, which it never said");
    }

    private void CheckParts(in ClientRequest request, ModelTxn txn)
    {
        IReadOnlyList<ClientRequest> operations = request.Operations ?? [];
        Rule.Holds(
            txn.Parts.Count == operations.Count,
            $"K7: {txn.Header.Zxid} does {txn.Parts.Count} of {operations.Count} operations");
        ModelView view = new(Model, Model.Last);
        for (int i = 0; i < operations.Count; i++)
        {
            ModelTxn part = txn.Parts[i];
            OpCode type = Precedence.TypeOf(operations[i]);
            Rule.Holds(part.Type == type, $"K7: {txn.Header.Zxid} does {part.Type}; asked for was {type}");
            CheckPart(operations[i], request.Identities, part, view);
            view.Do(operations[i], part.Path, part.Acl, request.Session);
        }
    }

    /// <summary>One operation is done as it was asked for.</summary>
    private static void CheckPart(
        in ClientRequest request, IReadOnlyList<Identity>? who, ModelTxn txn, ModelView view)
    {
        Zxid zxid = txn.Header.Zxid;
        bool creates = Precedence.Creates(request.Op);
        string path = creates ? Precedence.PathOf(request, view) : request.Path;
        Rule.Holds(
            txn.Path == path, $"K2: {zxid} does {txn.Type} {txn.Path}; asked for was {request.Op} {path}");
        bool isEphemeral = creates
            && request.Mode is CreateMode.Ephemeral or CreateMode.EphemeralSequential;
        Rule.Holds(
            txn.IsEphemeral == isEphemeral && txn.TtlMs == (creates ? request.TtlMs : 0),
            $"K2: {zxid} creates {path} and mistakes whether it is ephemeral, or how long it stays");
        Rule.Holds(
            !(creates || request.Op == OpCode.SetData) || AreSame(txn.Data, request.Data),
            $"K2: {zxid} does {request.Op} {path} with other data than was asked for");
        Rule.Holds(
            request.Op != OpCode.Check || txn.Number == request.Version,
            $"K2: {zxid} checks {path} for {txn.Number}; asked for was {request.Version}");
        if (creates || request.Op == OpCode.SetAcl)
        {
            _ = ModelAccess.TryExpand(request.Acl, who, out Acl? acl);
            Rule.Holds(
                Equals(acl, txn.Acl),
                $"K2: {zxid} gives {path} the permissions {txn.Acl}; asked for was {acl}");
        }
    }

    private void OnWriteReply(
        CheckedConnection connection, CheckedRequest asked, in ClientReply reply, Zxid before, Zxid next)
    {
        CheckedSession session = connection.Session;
        if (reply.Error == ErrorCode.Ok)
        {
            OnDone(session, asked, reply);
            return;
        }

        bool isAboutConnection = IsAboutConnection(connection, reply);
        bool isAgain = asked.Attempts.Count > 1;
        if (reply.Error == ErrorCode.ConnectionLoss
            || (asked.IsKept && reply.Error == ErrorCode.SessionMoved)
            || (isAgain && reply.Error == ErrorCode.SessionExpired))
        {
            NoteLost(session, asked);
            CheckLostAgainst(session, asked);
            return;
        }

        NoteRefused(session, asked, reply.Error);
        if (asked.Request.Op == OpCode.CreateSession)
        {
            connection.Refusal = reply.Error;
        }

        if (asked.IsKept && reply.Error == ErrorCode.RuntimeInconsistency)
        {
            Rule.Holds(
                session.HasEffectAfter(asked.Number),
                $"K8: {session.Id} is told that {asked.Request.Cxid} is too late at {reply.Zxid}; it is not");
        }
        else if (!isAboutConnection && reply.Error != ErrorCode.ThrottledOp)
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
        if (request.Op == OpCode.Multi)
        {
            CheckResults(session, request, reply);
        }
        else
        {
            CheckResult(session, request, reply);
        }

        session.LastAcked = Later(session.LastAcked, reply.Zxid);
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

        string path = Precedence.Creates(request.Op)
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

        // It is the only one of its transaction.
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
        int failedAt = FailedAt(session, asked.Request, reply);
        Zxid from = Later(asked.SeenBefore, before);
        from = RefusalsAreFresh ? Later(from, asked.AckedBefore) : from;
        Zxid to = next != Zxid.None && next <= reply.Zxid ? new Zxid(next.Value - 1) : reply.Zxid;
        bool isQuota = error == ErrorCode.QuotaExceeded && Model.Session(session.Id) is { } owner
            && Precedence.CouldExceedQuota(asked.Request, failedAt, owner, Model);
        Rule.Holds(
            isQuota || Precedence.CouldBe(
                outcome => outcome == (error, failedAt), asked.Effective, Model, from, to),
            $"K2: {asked.Request.Op} {asked.Request.Path} gets {error} ({failedAt}), wrong from {from} to"
                + $" {to}");
    }

    /// <summary>A multi that was done tells what each operation gave back (K7).</summary>
    private void CheckResults(CheckedSession session, in ClientRequest request, in ClientReply reply)
    {
        IReadOnlyList<(string Path, Stat Stat)>? done = Model.ResultsOf(reply.Zxid);
        IReadOnlyList<OpResult> told = reply.Results ?? [];
        int count = request.Operations?.Count ?? 0;
        Rule.Holds(
            done?.Count == count && told.Count == count && reply.Path is null,
            $"K7: {session.Id} gets {told.Count} results for {count} operations at {reply.Zxid}");
        for (int i = 0; i < count; i++)
        {
            Rule.Holds(
                told[i].Op == request.Operations![i].Op && told[i].Error == ErrorCode.Ok
                    && told[i].Path == done[i].Path && told[i].Stat == done[i].Stat,
                $"K7: operation {i} at {reply.Zxid} is said to give {told[i]}, not {done[i]}");
        }
    }

    /// <summary>The operation of a multi that failed: those before it could have been done, those after it
    /// were not tried (K7).</summary>
    private static int FailedAt(CheckedSession session, in ClientRequest request, in ClientReply reply)
    {
        if (request.Op != OpCode.Multi)
        {
            return 0;
        }

        IReadOnlyList<OpResult> told = reply.Results ?? [];
        int count = request.Operations?.Count ?? 0;
        Rule.Holds(
            told.Count == count, $"K7: {session.Id} gets {told.Count} results for {count} operations");
        int failedAt = 0;
        while (failedAt < count && told[failedAt].Error == ErrorCode.Ok)
        {
            failedAt++;
        }

        for (int i = failedAt; i < count; i++)
        {
            ErrorCode error = i == failedAt ? reply.Error : ErrorCode.RuntimeInconsistency;
            Rule.Holds(
                told[i].Error == error && told[i].Op == request.Operations![i].Op,
                $"K7: {session.Id} gets {told[i].Error} for operation {i} of {request.Cxid}, not {error}");
        }

        return failedAt;
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
        bool mayBeQuota = Model.Session(session.Id) is { } owner
            && Enumerable.Range(0, lost.Request.Operations?.Count ?? 1).Any(
                failedAt => Precedence.CouldExceedQuota(lost.Request, failedAt, owner, Model));
        Rule.Holds(
            mayBeQuota || Precedence.CouldBe(
                outcome => outcome.Error != ErrorCode.Ok, lost.Effective, Model, lost.SeenBefore, to),
            $"K3: {session.Id} asked {lost.Request.Cxid} before what was done at {zxid}; only it is missing");
    }

    private static Zxid Later(Zxid left, Zxid right) => left > right ? left : right;
}
