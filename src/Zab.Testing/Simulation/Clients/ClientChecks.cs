using Zab.Core;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Testing.Simulation.Checks;

namespace Zab.Testing.Simulation.Clients;

/// <summary>Judges everything that clients are told: K1 to K9, E14 to E16, S22 and S23.</summary>
/// <remarks>
/// <para>It is fed with what happens, in the order in which it happens: transactions before anything that
/// could reveal them, what a server applied before what it says. Servers never reset it, not even by a crash.
/// Each event costs a look-up or two, or a search that halves.</para>
/// <para>Replies carry zxids, so nothing has to be guessed: a read is compared with the model at exactly that
/// zxid, a write with its transaction. An error is right when it was right at some state between the newest
/// that the client knew of and the reply's.</para>
/// </remarks>
internal sealed partial class ClientChecks
{
    private readonly Dictionary<SessionId, CheckedSession> _sessions = [];
    private readonly Dictionary<ServerId, CheckedServer> _servers = [];
    private readonly List<SessionId> _saidToBeOver = [];
    private Zxid _lastAcked;

    /// <summary>What the committed sequence leads to.</summary>
    public ReferenceModel Model { get; private set; } = new(Zxid.None);

    /// <summary>The newest write that any client was told to be done.</summary>
    public Zxid LastAcked => _lastAcked;

    /// <summary>The most bytes of a transaction, header and all (R19).</summary>
    public int RecordBytesMax { get; init; } = ReferenceModel.DefaultRecordBytesMax;

    /// <summary>Whether leaders may refuse requests because they have too many under way.</summary>
    public bool ExpectsThrottling { get; init; }

    /// <summary>Whether a refused write must rest on a state as new as every write that anyone had been told
    /// of before it was asked.</summary>
    /// <remarks>A leader that has been replaced and does not know it yet refuses by an older state. It never
    /// acknowledges anything, but its refusals are as stale as a read may be.</remarks>
    public bool RefusalsAreFresh { get; init; }

    /// <summary>The committed sequence begins after <paramref name="start"/>, with nothing in it.</summary>
    public void OnBase(Zxid start) =>
        Model = new ReferenceModel(start) { RecordBytesMax = RecordBytesMax };

    /// <summary>The committed sequence grew by one.</summary>
    public void OnCommitted(LogPosition position, ReadOnlyMemory<byte> txn)
    {
        ModelTxn decoded = ModelTxn.Decode(position.Zxid, txn);
        TxnHeader header = decoded.Header;
        if (decoded.IsOfServer)
        {
            Model.Apply(decoded);
            return;
        }

        CheckedSession? session = _sessions.GetValueOrDefault(header.Session);
        if (header.Type == OpCode.MoveSession)
        {
            ServerId server = new(decoded.Number);
            Rule.Holds(
                session is not null && session.Moves.Contains((header.Cxid, server)),
                $"K2: {header.Zxid} moves {header.Session} to {server}, where it has not come");
            Model.Apply(decoded);
            return;
        }

        CheckedRequest? request = session?.Writes.GetValueOrDefault(header.Cxid);
        Rule.Holds(
            session is not null && request is not null,
            $"K2: {header.Zxid} is a {header.Type} of {header.Session} that nobody has asked for yet");
        CheckCommit(session, request, decoded);
        Model.Apply(decoded);
        request.CommittedAt = header.Zxid;
        session.Effects.Add((request.Number, header.Zxid));
        CheckLostBefore(session, request);
    }

    /// <summary>A client handed a request to a server.</summary>
    public void OnSubmitted(ServerId server, in ClientRequest request)
    {
        CheckedServer at = Server(server);
        CheckedSession session = SessionOf(request.Session);
        if (request.Op == OpCode.MoveSession && !Model.IsPassword(request.Session, request.Password))
        {
            _ = at.Strangers.Add((request.Session, request.Cxid));
            return;
        }

        CheckedConnection? connection = session.Connection;
        if (connection?.Server != at || request.Op.OpensSession)
        {
            connection = Attach(session, at);
        }

        if (request.Op.OpensSession)
        {
            connection.Identities = new CheckedIdentities(before: null, request.Identities);
        }

        connection.Pending.Enqueue(Asked(connection, request));
        if (request.Op == OpCode.MoveSession)
        {
            _ = session.Moves.Add((request.Cxid, server));
        }
    }

    /// <summary>A client gave its session up at a server, without ending it: it is told nothing more
    /// there.</summary>
    public void OnDetached(ServerId server, SessionId session)
    {
        foreach (CheckedConnection connection in Server(server).BySession.GetValueOrDefault(session) ?? [])
        {
            (connection.IsOver, connection.IsDetached) = (true, true);
            Leave(connection);
        }
    }

    /// <summary>A server applied the committed transactions after <paramref name="from"/> up to
    /// <paramref name="to"/>. To be called before what it says in the same turn.</summary>
    public void OnApplied(ServerId server, Zxid from, Zxid to)
    {
        CheckedServer at = Server(server);
        Rule.Holds(
            at.Applied == Zxid.None || at.Applied == from,
            $"S6: server {server} applies from {from}, and was at {at.Applied}");
        Rule.Holds(to <= Model.Last, $"S6: server {server} applied {to}, and only {Model.Last} is committed");
        at.Applied = to;
    }

    /// <summary>A snapshot took a server from one state to a later one. Its watches follow the
    /// difference.</summary>
    public void OnInstalled(ServerId server, Zxid from, Zxid to)
    {
        OnApplied(server, from, to);
        CheckedServer at = Server(server);
        at.Jumps.Add(new StateJump(from, to, StateDifference.Between(Model, from, to)));
    }

    /// <summary>Something left a server for a client.</summary>
    /// <param name="server">The server.</param>
    /// <param name="applied">How far it has applied at the end of the turn.</param>
    /// <param name="output">What the client learns.</param>
    public void OnOutput(ServerId server, Zxid applied, in ClientOutput output)
    {
        CheckedServer at = Server(server);
        if (output.Reply is { } answer && at.Strangers.Remove((output.Session, answer.Cxid)))
        {
            Rule.Holds(
                answer.Error is ErrorCode.AuthFailed or ErrorCode.ConnectionLoss,
                $"E16: {output.Session} is asked for with a wrong password, and server {server} says"
                    + $" {answer.Error}");
            return;
        }

        CheckedConnection? connection = Find(at, output);
        Rule.Holds(
            connection is not null,
            $"K3: server {server} tells something to {output.Session}, which is not its own");
        if (connection.IsLeft)
        {
            OnLateOutput(connection, output);
        }
        else if (output.Event is { } fired)
        {
            OnEvent(connection, applied, fired);
        }
        else if (output.Reply is { } reply)
        {
            OnReply(connection, applied, reply);
        }
        else if (output.Moved)
        {
            OnMovedAway(connection, applied);
        }
        else
        {
            OnExpired(connection);
        }
    }

    /// <summary>A server stopped, between two of its turns. Its clients learn nothing more; what they had
    /// asked has an outcome that they will never know.</summary>
    public void OnServerStopped(ServerId server)
    {
        if (!_servers.Remove(server, out CheckedServer? at))
        {
            return;
        }

        foreach (CheckedConnection connection in at.Connections)
        {
            CheckNothingDue(connection, at.Applied);
            Leave(connection);
        }
    }

    /// <summary>The end of a run: everything is healed, has caught up, and is at rest, and sessions without
    /// a client have expired.</summary>
    /// <param name="servers">The state of each server.</param>
    public void OnEnd(IEnumerable<(ServerId Server, DataState State)> servers)
    {
        foreach ((ServerId server, DataState state) in servers)
        {
            Rule.Holds(
                state.LastZxid >= _lastAcked,
                $"K1: {_lastAcked} was acknowledged, and server {server} is at {state.LastZxid}");
            CheckState(server, state);
        }

        foreach (CheckedServer server in _servers.Values)
        {
            server.Connections.ForEach(CheckAtRest);
        }

        foreach (SessionId session in _saidToBeOver)
        {
            Rule.Holds(
                Model.Session(session) is null or { ClosedAt.Value: > 0 },
                $"E16: {session} was told that it is over, and it never was");
        }
    }

    private void CheckAtRest(CheckedConnection connection)
    {
        CheckNothingDue(connection, connection.Server.Applied);
        SessionId id = connection.Session.Id;
        Rule.Holds(
            connection.IsOver || connection.Pending.Count == 0,
            $"K3: {id} never got an answer to {connection.Pending.Count} of its requests");
        ServerId server = connection.Server.Id;
        Rule.Holds(
            connection.IsOver || !connection.IsLeft
                || (Model.IsOpen(id, Model.Last) && Model.Session(id)!.Owner == server),
            $"E16: server {server} never said that {id} is not there any more");
    }

    private CheckedServer Server(ServerId id)
    {
        if (!_servers.TryGetValue(id, out CheckedServer? server))
        {
            server = new CheckedServer(id);
            _servers.Add(id, server);
        }

        return server;
    }

    private CheckedSession SessionOf(SessionId id)
    {
        if (!_sessions.TryGetValue(id, out CheckedSession? session))
        {
            session = new CheckedSession(id);
            _sessions.Add(id, session);
        }

        return session;
    }

    /// <summary>Takes note of a request. One that is asked again, as its answer was lost, is still the
    /// same.</summary>
    private CheckedRequest Asked(CheckedConnection connection, in ClientRequest request)
    {
        CheckedSession session = connection.Session;
        CheckedServer at = connection.Server;
        bool isAgain = session.Writes.TryGetValue(request.Cxid, out CheckedRequest? asked)
            && asked.IsKept && request.IsKept && request.Op == asked.Request.Op;
        if (isAgain)
        {
            (asked!.IsRefused, asked.LostWith, asked.Identities) = (false, 0, connection.Identities);
            _ = session.Lost.Remove(asked);
        }
        else
        {
            asked = new CheckedRequest(request)
            {
                Number = ++session.Requests,
                AckedBefore = _lastAcked,
                SeenBefore = session.LastSeen,
                Identities = connection.Identities,
                Tells = request.Op == OpCode.Auth
                    ? new CheckedIdentities(connection.Identities, request.Identities)
                    : null,
            };
        }

        asked.IsAtKnownState = at.Applied > Zxid.None;
        asked.Attempts.Add((at.Id, request.AnsweredUpTo));
        if (asked.Tells is { } tells)
        {
            BringEventsUpTo(connection, at.Applied); // those before are for whom the client was
            connection.Identities = tells;
        }

        if (!isAgain && request.Op.IsWrite && request.Op != OpCode.MoveSession)
        {
            session.Writes.Add(request.Cxid, asked);
        }

        return asked;
    }
}
