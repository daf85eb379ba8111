using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Testing.Simulation.Checks;

namespace Zab.Testing.Simulation.Clients;

/// <content>What transactions do to sessions.</content>
internal sealed partial class ReferenceModel
{
    private const int SecretBytes = 32;

    /// <summary>The nodes that a session owned after all transactions up to <paramref name="zxid"/>, in
    /// order.</summary>
    public IEnumerable<string> EphemeralsAt(SessionId session, Zxid zxid) =>
        (Session(session)?.EverOwned ?? []).Where(path => NodeAt(path, zxid)?.Owner == session);

    private void ApplyCreateSession(ModelTxn txn, Zxid zxid)
    {
        SessionId id = txn.Header.Session;
        Rule.Holds(id != SessionId.None && txn.Number > 0, $"S22: {zxid} opens {id} for {txn.Number} ms");
        ModelSession session = new(id, txn.Number, zxid);
        Rule.Holds(_sessions.TryAdd(id, session), $"S22: {zxid} opens {id}, which has been opened before");
        _allSessions.Add(session);
        int brought = txn.Data?.Length ?? 0;
        Rule.Holds(
            brought == (SecretSince == Zxid.None ? SecretBytes : 0),
            $"S22: {zxid} opens {id} and brings {brought} bytes of secret; the ensemble has one since"
                + $" {SecretSince}");
        if (brought > 0)
        {
            (_secret, SecretSince) = (txn.Data!.Value, zxid);
        }
    }

    private void ApplyMoveSession(ModelTxn txn, Zxid zxid)
    {
        ModelSession? session = OpenSession(txn.Header.Session);
        Rule.Holds(session is not null, $"S22: {zxid} moves {txn.Header.Session}, which is not open");
        session.MoveTo(new ServerId(txn.Number), zxid);
    }

    private void ApplyCloseSession(ModelTxn txn, Zxid zxid)
    {
        ModelSession? session = OpenSession(txn.Header.Session);
        Rule.Holds(session is not null, $"S22: {zxid} closes {txn.Header.Session}, which is not open");
        Rule.Holds(
            session.Ephemerals.SequenceEqual(txn.Paths, StringComparer.Ordinal),
            $"S22: {zxid} closes {session.Id} with {txn.Paths.Count} nodes that are not what it owns");
        foreach (string path in txn.Paths)
        {
            ApplyDelete(path, zxid);
        }

        Rule.Holds(session.Ephemerals.Count == 0, $"S22: {session.Id} is closed and still owns nodes");
        session.ClosedAt = zxid;
    }

    /// <summary>A request that may be asked again is never done after a later one of its session.</summary>
    private void NoteKept(ModelTxn txn, Zxid zxid)
    {
        if (txn.AnsweredUpTo is not { } answered || txn.Type == OpCode.MoveSession
            || OpenSession(txn.Header.Session) is not { } session)
        {
            return;
        }

        int cxid = txn.Header.Cxid;
        Rule.Holds(
            cxid > session.LastCxid,
            $"K8: {zxid} does {cxid} of {session.Id}, which has done {session.LastCxid}");
        session.Keep(cxid, answered);
    }

    private ModelSession? OpenSession(SessionId id) =>
        Session(id) is { } session && session.ClosedAt == Zxid.None ? session : null;
}
