using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Requests;

namespace Zab.Testing.Scripts;

/// <summary>A whole ensemble of real replicas on one thread: messages, disks and time move only when they are
/// told to.</summary>
/// <remarks>Deterministic: the same commands give the same trace. After every command all invariants are
/// checked.</remarks>
internal sealed partial class Cluster
{
    private const int QuietTicks = 80;
    private const int TicksMax = 4_000;
    private const int SettleRoundsMax = 20_000;
    private readonly SortedDictionary<int, ScriptedServer> _servers = [];
    private readonly ScriptedNetwork _network = new();
    private readonly ClusterChecks _checks = new();
    private readonly ClusterTrace _trace = new();
    private readonly Dictionary<int, (SessionId Session, int LastCxid)> _sessions = [];
    private readonly Dictionary<(SessionId Session, int Cxid), ClientRequest> _asked = [];
    private readonly List<(SessionId Session, int Cxid, ClientReply Reply)> _replies = [];
    private long _tick;

    /// <summary>An ensemble of voters 1 to <paramref name="voters"/>, then observers; none of them runs
    /// yet.</summary>
    public Cluster(int voters, int observers)
    {
        ServerId[] all = [.. Enumerable.Range(1, voters + observers).Select(id => new ServerId(id))];
        foreach (ServerId id in all)
        {
            _servers.Add(id.Value, new ScriptedServer(id, all[..voters], all[voters..]));
        }
    }

    /// <summary>What happened since the trace was last taken.</summary>
    public ClusterTrace Trace => _trace;

    /// <summary>The replies that clients got, in order.</summary>
    public IReadOnlyList<(SessionId Session, int Cxid, ClientReply Reply)> Replies => _replies;

    /// <summary>What must hold at all times.</summary>
    public ClusterChecks Checks => _checks;

    /// <summary>The server of an id.</summary>
    public ScriptedServer this[int id] => _servers[id];

    /// <summary>All servers, running or not.</summary>
    public IEnumerable<ScriptedServer> Servers => _servers.Values;

    /// <summary>The server that leads an established epoch; the newest, should an old one not know yet that
    /// it is over.</summary>
    public ScriptedServer? Leader => Running()
        .Where(server => server.Replica!.Status is { State: ServerState.Leading, IsServing: true })
        .MaxBy(server => server.Replica!.Status.Epoch);

    /// <summary>One of the wires that are up, for tests that meddle; null when none is.</summary>
    public ScriptedNetwork.Wire? AnyWire(int choice)
    {
        ScriptedNetwork.Wire[] wires = [.. _network.Wires.Select(wire => wire.Value)];
        return wires.Length == 0 ? null : wires[choice % wires.Length];
    }

    /// <summary>Starts servers from what their disks hold.</summary>
    public void Start(params int[] ids)
    {
        foreach (int id in ids)
        {
            _servers[id].Start(_tick);
            EndTurn(_servers[id]);
        }

        ConnectElectionLinks();
    }

    /// <summary>Ends a server without warning. Its peers see their links break.</summary>
    public void Crash(int id, int writesKept = 0)
    {
        ScriptedServer server = _servers[id];
        server.Crash(writesKept);
        _checks.OnCrash(server.Id);
        foreach (((int From, int, LinkKind) wire, ScriptedNetwork.Wire ends) in _network.Wires.ToArray())
        {
            if (wire.From == id)
            {
                BreakLink(server.Id, ends.SenderLink, "the peer crashed");
            }
        }

        if (_sessions.Remove(id, out (SessionId Session, int) session))
        {
            _trace.Add($"session {session.Session} has lost its server {id}");
        }
    }

    /// <summary>Splits the servers into groups that cannot reach each other; links between groups
    /// break.</summary>
    public void Partition(IReadOnlyList<int[]> groups)
    {
        _network.Heal();
        foreach (int a in _servers.Keys)
        {
            foreach (int b in _servers.Keys)
            {
                if (a < b && !groups.Any(group => group.Contains(a) && group.Contains(b)))
                {
                    CutLink(a, b);
                }
            }
        }
    }

    /// <summary>Cuts one pair of servers off from each other; their links break.</summary>
    public void CutLink(int a, int b)
    {
        _network.Cut(a, b);
        foreach (((int From, int To, LinkKind) wire, ScriptedNetwork.Wire ends) in _network.Wires.ToArray())
        {
            if (wire.From == a && wire.To == b)
            {
                BreakLink(new ServerId(a), ends.SenderLink, "the network is cut");
            }
        }
    }

    /// <summary>Mends the network.</summary>
    public void Heal()
    {
        _network.Heal();
        ConnectElectionLinks();
    }

    /// <summary>Lets time pass on one server.</summary>
    public void Tick(int id, int ticks)
    {
        for (int i = 0; i < ticks; i++)
        {
            _tick++;
            if (_servers[id].Replica is { } replica)
            {
                replica.BeginTurn(_tick * ScriptedServer.TickMs);
                replica.Tick();
                EndTurn(_servers[id]);
            }
        }
    }

    /// <summary>Lets time pass on all servers together.</summary>
    public void TickAll(int ticks)
    {
        for (int i = 0; i < ticks; i++)
        {
            ConnectElectionLinks();
            _tick++;
            foreach (ScriptedServer server in Running())
            {
                server.Replica!.BeginTurn(_tick * ScriptedServer.TickMs);
                server.Replica.Tick();
                EndTurn(server);
            }
        }
    }

    /// <summary>Lets time pass, with messages and disks keeping up.</summary>
    public void Pass(int ticks)
    {
        for (int i = 0; i < ticks; i++)
        {
            Settle();
            TickAll(1);
        }

        Settle();
    }

    /// <summary>Delivers messages that are under way to a server.</summary>
    /// <param name="to">The receiver.</param>
    /// <param name="from">The sender; any when null.</param>
    /// <param name="count">How many at most.</param>
    public void Deliver(int to, int? from = null, int count = int.MaxValue)
    {
        while (count-- > 0 && _servers[to].Replica is not null && DeliverNext(to, from))
        {
            // One message a turn.
        }
    }

    /// <summary>Loses what is under way between two servers, and with it the link: a link never loses a
    /// message and lives on.</summary>
    public void Drop(int from, int to)
    {
        foreach (((int From, int To, LinkKind) wire, ScriptedNetwork.Wire ends) in _network.Wires.ToArray())
        {
            if (wire.From == from && wire.To == to && ends.UnderWay.Count > 0)
            {
                BreakLink(new ServerId(from), ends.SenderLink, "messages were dropped");
            }
        }
    }

    /// <summary>Finishes all writes that are under way on a server.</summary>
    public void Persist(int id)
    {
        ScriptedServer server = _servers[id];
        while (server.Replica is { } replica && server is { HasWrites: true, IsStalled: false })
        {
            PendingWrite write = server.FinishWrite();
            _trace.Persisted(server.Id, write);
            Send(server, write.SendAfter);
            replica.OnPersisted(write.RecordsAfter);
            EndTurn(server);
        }
    }

    /// <summary>Delivers, writes and lets time pass until the running servers follow one leader, or nothing
    /// changes any more.</summary>
    /// <returns>Whether there is one leader that all running servers follow and have caught up
    /// with.</returns>
    public bool Stabilize()
    {
        string last = "";
        int quiet = 0;
        for (int i = 0; i < TicksMax && quiet < QuietTicks; i++)
        {
            Settle();
            if (IsStable())
            {
                return true;
            }

            TickAll(1);
            string now = string.Join('|', Running().Select(server => $"{server.Id}{server.Replica!.Status}"));
            quiet = now == last ? quiet + 1 : 0;
            last = now;
        }

        return false;
    }

    /// <summary>Delivers and writes everything, without any time passing.</summary>
    public void Settle()
    {
        ConnectElectionLinks();
        bool moved = true;
        for (int round = 0; moved; round++)
        {
            _trace.ShowsMessages |= round > SettleRoundsMax - 100;
            if (round == SettleRoundsMax)
            {
                string tail = string.Join('\n', _trace.Take().TakeLast(40));
                throw new InvariantViolatedException($"L8: servers talk without end, in no time:\n{tail}\n");
            }

            moved = false;
            foreach (ScriptedServer server in Running().ToArray())
            {
                moved |= server is { HasWrites: true, IsStalled: false };
                Persist(server.Id.Value);
                moved |= DeliverNext(server.Id.Value, from: null);
            }
        }
    }

    /// <summary>Checks every invariant.</summary>
    public void Check()
    {
        foreach (ScriptedServer server in _servers.Values)
        {
            _checks.Check(server);
        }
    }

    private bool IsStable() =>
        Leader is { } leader
        && Running().All(server => server.Replica!.Status is { IsServing: true } status
            && status.Leader == leader.Id
            && status.Applied == leader.Replica!.Status.Logged);

    private IEnumerable<ScriptedServer> Running() =>
        _servers.Values.Where(server => server.Replica is not null);
}
