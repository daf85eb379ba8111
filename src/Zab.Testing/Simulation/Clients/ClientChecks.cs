using Zab.Core;
using Zab.Core.Primitives;
using Zab.Core.Requests;
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
    private readonly List<CheckedSession> _allSessions = [];
    private readonly Dictionary<ServerId, CheckedServer> _servers = [];
    private readonly List<SessionId> _saidToBeOver = [];
    private Zxid _lastAcked;

    /// <summary>What the committed sequence leads to.</summary>
    public ReferenceModel Model { get; private set; } = new(Zxid.None);

    /// <summary>The newest write that any client was told to be done.</summary>
    public Zxid LastAcked => _lastAcked;

    /// <summary>Whether leaders may refuse requests because they have too many under way.</summary>
    public bool ExpectsThrottling { get; init; }

    /// <summary>Whether a refused write must rest on a state as new as every write that anyone had been told
    /// of before it was asked.</summary>
    /// <remarks>A leader that has been replaced and does not know it yet refuses by an older state. It never
    /// acknowledges anything, but its refusals are as stale as a read may be.</remarks>
    public bool RefusalsAreFresh { get; init; }

    /// <summary>The committed sequence begins after <paramref name="start"/>, with nothing in it.</summary>
    public void OnBase(Zxid start) => Model = new ReferenceModel(start);

    /// <summary>The committed sequence grew by one.</summary>
    public void OnCommitted(LogPosition position, ReadOnlyMemory<byte> txn)
    {
        ModelTxn decoded = ModelTxn.Decode(position.Zxid, txn);
        TxnHeader header = decoded.Header;
        CheckedSession? session = _sessions.GetValueOrDefault(header.Session);
        bool isOfServer = header is { Type: OpCode.CloseSession, Cxid: 0 };
        if (isOfServer)
        {
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
        if (!_sessions.TryGetValue(request.Session, out CheckedSession? session))
        {
            session = new CheckedSession(request.Session);
            _sessions.Add(request.Session, session);
            _allSessions.Add(session);
        }

        if (session.Server != at)
        {
            Attach(session, at);
        }

        CheckedRequest asked = new(request)
        {
            Number = ++session.Requests,
            AckedBefore = _lastAcked,
            SeenBefore = session.LastSeen,
            IsAtKnownState = at.Applied > Zxid.None,
        };
        session.Pending.Enqueue(asked);
        if (request.Op.IsWrite)
        {
            session.Writes.Add(request.Cxid, asked);
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
        CheckedSession? session = _sessions.GetValueOrDefault(output.Session);
        Rule.Holds(
            session is not null && session.Server == at,
            $"K3: server {server} tells something to {output.Session}, which is not its own");
        if (output.Event is { } fired)
        {
            OnEvent(session, applied, fired);
        }
        else if (output.Reply is { } reply)
        {
            OnReply(session, applied, reply);
        }
        else
        {
            OnExpired(session, at);
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

        foreach (CheckedSession session in at.Sessions)
        {
            if (session.Server == at)
            {
                CheckNothingDue(session, at.Applied);
                Detach(session);
            }
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

        foreach (CheckedSession session in _allSessions)
        {
            if (session.Server is { } at)
            {
                CheckNothingDue(session, at.Applied);
                Rule.Holds(
                    session.Pending.Count == 0,
                    $"K3: {session.Id} never got an answer to {session.Pending.Count} of its requests");
            }
        }

        foreach (SessionId session in _saidToBeOver)
        {
            Rule.Holds(
                Model.Session(session) is null or { ClosedAt.Value: > 0 },
                $"E16: {session} was told that it is over, and it never was");
        }
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

    private void Attach(CheckedSession session, CheckedServer server)
    {
        if (session.Server is not null)
        {
            Detach(session);
        }

        session.Server = server;
        session.NextChange = Model.ChangesUpTo(server.Applied);
        session.NextJump = server.Jumps.Count;
        server.Sessions.Add(session);
    }

    private static void Detach(CheckedSession session)
    {
        session.Server = null;
        session.Watches.Clear();
        foreach (CheckedRequest request in session.Pending)
        {
            NoteLost(session, request);
        }

        session.Pending.Clear();
    }

    private void OnExpired(CheckedSession session, CheckedServer at)
    {
        Rule.Holds(!session.IsOver, $"E16: {session.Id} is told to have expired after it was over");
        Rule.Holds(
            session.Pending.Count == 0,
            $"K3: {session.Id} has expired, and {session.Pending.Count} of its requests were not answered");
        NoteOver(session, at.Applied);
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
