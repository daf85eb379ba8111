using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Testing.Simulation;
using Zab.Testing.Simulation.Disks;

namespace Zab.Core.Tests.Simulation.Enumerations;

/// <summary>A simulated ensemble that does what a script says, with all checks on.</summary>
internal sealed class ScriptedRun
{
    private const int StepUs = 2_000;
    private readonly Dictionary<SessionId, List<ClientReply>> _replies = [];
    private readonly Dictionary<int, (SessionId Session, int Cxid)> _sessions = [];
    private int _nodes;

    public ScriptedRun(WorldSettings settings, ulong seed, bool isTraced)
    {
        World = new World(settings, new Prng(seed), new EventTrace(isTraced)) { OnOutput = OnOutput };
        World.OnServerEnded = server => _sessions.Remove(server.Id.Value);
    }

    public World World { get; }

    /// <summary>How many bytes a write has.</summary>
    public int DataBytes { get; set; } = 8;

    /// <summary>How many nodes are created, before writes go to the first one: the state grows no more.</summary>
    public int NodesMax { get; set; } = 1_000;

    /// <summary>Watched: while time passes, its end throws <see cref="WatchedServerEndedException"/>.</summary>
    public SimulatedServer? Watched { get; set; }

    public SimulatedServer this[int id] => World[id];

    public SimulatedServer Leader => World.Leader ?? throw new InvalidOperationException("The script is wrong: nobody leads.");

    /// <summary>Runs a script; a failure says which case it was, and how it came to it.</summary>
    /// <remarks>A run without a trace is faster: one that fails is done again.</remarks>
    public static void Judge(string name, WorldSettings settings, ulong seed, Action<ScriptedRun> script)
    {
        ScriptedRun run = new(settings, seed, isTraced: false);
        if (Record.Exception(() => script(run)) is null)
        {
            return;
        }

        ScriptedRun again = new(settings, seed, isTraced: true);
        Exception? failure = Record.Exception(() => script(again));
        string where = failure is null or ViolationException ? "" : $"\n{failure.StackTrace}";
        string end = string.Join('\n', again.World.Trace.Lines.TakeLast(40));
        Assert.Fail($"{name}: {failure?.Message ?? "fails only without a trace"}{where}\n{end}");
    }

    public static WorldSettings Settings(int voters) => new()
    {
        Voters = voters,
        Observers = 0,
        DelayUs = (1_000, 1_000),
        FlushUs = (1_000, 1_000),
    };

    /// <summary>The longest time to a leader: ten silent followers, and one failed attempt (L1).</summary>
    public static long LeaderLimitUs(WorldSettings settings) =>
        ((10L * settings.Roles.SyncLimitTicks) + (2L * settings.Roles.InitLimitTicks)) * settings.TickMs * 1_000;

    public static bool Serves(SimulatedServer server) => server.Replica?.Status.IsServing == true;

    public IEnumerable<SimulatedServer> But(params SimulatedServer[] servers) => World.Servers.Where(server => !servers.Contains(server));

    public void Run(int ms)
    {
        for (long end = World.NowUs + (ms * 1_000L); World.NowUs < end;)
        {
            Pass(long.Min(StepUs, end - World.NowUs));
        }
    }

    /// <summary>Lets time pass until something is so.</summary>
    public void RunUntil(Func<bool> holds, string what)
    {
        long deadline = World.NowUs + (2 * LeaderLimitUs(World.Settings));
        while (!holds())
        {
            if (World.NowUs > deadline)
            {
                throw new ViolationException($"L1: not within the time allowed: {what}: {Describe()}");
            }

            Pass(StepUs);
        }
    }

    public void RunUntilServing(params SimulatedServer[] servers) =>
        RunUntil(() => servers.All(ServesUnderTheLeader), $"servers {string.Join(' ', servers.Select(server => server.Id))} serve");

    public void Start(params SimulatedServer[] servers)
    {
        foreach (SimulatedServer server in servers)
        {
            if (server.Replica is null)
            {
                _ = World.Start(server);
            }
        }
    }

    public void StartAll()
    {
        Start([.. World.Servers]);
        RunUntilServing([.. World.Servers]);
    }

    public void Crash(params SimulatedServer[] servers)
    {
        foreach (SimulatedServer server in servers)
        {
            World.LosePower(server, PowerLoss.LosesAll);
        }
    }

    /// <summary>Cuts all links between servers and all others.</summary>
    public void Separate(params SimulatedServer[] servers)
    {
        foreach (SimulatedServer server in servers)
        {
            foreach (SimulatedServer other in But(servers))
            {
                World.Cut(server, other, noticed: true);
            }
        }
    }

    /// <summary>Asks for a write through a server, and does not wait.</summary>
    public (SessionId Session, int Cxid) Ask(SimulatedServer server)
    {
        if (!_sessions.TryGetValue(server.Id.Value, out (SessionId Session, int Cxid) session))
        {
            session = (server.Replica!.NewSessionId(), 0);
            _replies[session.Session] = [];
            World.Ask(server, new ClientRequest { Op = OpCode.CreateSession, Session = session.Session, TimeoutMs = 1_000_000 });
            ThrowIfEnded();
        }

        session.Cxid++;
        _sessions[server.Id.Value] = session;
        bool isNew = _nodes < NodesMax;
        _nodes += isNew ? 1 : 0;
        World.Ask(server, new ClientRequest
        {
            Op = isNew ? OpCode.Create2 : OpCode.SetData,
            Path = isNew ? $"/n{_nodes}" : "/n1",
            Data = new byte[DataBytes],
            Version = -1,
            Session = session.Session,
            Cxid = session.Cxid,
        });
        return session;
    }

    public bool IsAnswered((SessionId Session, int Cxid) request) =>
        _replies[request.Session].Exists(reply => reply.Cxid == request.Cxid);

    /// <summary>Writes through a server, one after the other.</summary>
    public void Write(SimulatedServer server, int count)
    {
        for (; count > 0; count--)
        {
            (SessionId, int) request = Ask(server);
            RunUntil(() => IsAnswered(request), $"server {server.Id} answers a write");
        }
    }

    /// <summary>Cuts a leader off while it writes, so that it has entries that nobody else has, and ends it;
    /// the others go on without it.</summary>
    public void LeaveWithTail(SimulatedServer leader, int entries)
    {
        Separate(leader);
        for (int i = 0; i < entries; i++)
        {
            _ = Ask(leader);
        }

        Run(20);
        Crash(leader);
        World.HealAll();
        RunUntilServing([.. But(leader)]);
    }

    /// <summary>The end of every script: everything mended, all servers must come to one state and take a
    /// write; then all lose their power, and must come back with it.</summary>
    public void Finish()
    {
        Watched = null;
        World.OnPacket = null;
        World.HealAll();
        foreach (SimulatedServer server in World.Servers)
        {
            server.Disk.PowerLossAt = 0;
            server.Loss = null;
        }

        Start([.. World.Servers]);
        RunUntil(AllAreEqual, "all come to one state");
        Write(Leader, 1);
        RunUntil(AllAreEqual, "all come to one state");
        LogPosition last = World.Ghost.Committed.Last;
        Crash([.. World.Servers]);
        Start([.. World.Servers]);
        RunUntil(AllAreEqual, "all come to one state after a loss of all power");
        if (!World.Ghost.Committed.Contains(last))
        {
            throw new ViolationException($"K1: {last} was committed, and is gone");
        }

        World.ClientChecks.OnEnd(World.Servers.Select(server => (server.Id, server.Replica!.Committed)));
    }

    public bool IsCaughtUp(SimulatedServer server) =>
        Serves(server) && server.Replica!.Status.Applied >= World.Ghost.Committed.Last.Zxid;

    public string Describe() => string.Join(
        "; ", World.Servers.Select(server => server.Replica is { } replica ? $"{server.Id} {replica.Status}" : $"{server.Id} is down"));

    private bool AllAreEqual() => World.Servers.All(ServesUnderTheLeader);

    private bool ServesUnderTheLeader(SimulatedServer server) =>
        IsCaughtUp(server) && server.Replica!.Status.Leader == World.Leader?.Id;

    private void Pass(long timeUs)
    {
        World.RunUntil(World.NowUs + timeUs);
        ThrowIfEnded();
    }

    private void ThrowIfEnded()
    {
        if (Watched is { Replica: null })
        {
            throw new WatchedServerEndedException();
        }
    }

    private void OnOutput(SimulatedServer server, ClientOutput output)
    {
        if (output.Reply is { } reply && _replies.TryGetValue(reply.Session, out List<ClientReply>? replies))
        {
            replies.Add(reply);
        }
    }
}
