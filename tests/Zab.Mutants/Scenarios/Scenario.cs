using System;
using System.Collections.Generic;
using System.Linq;
using Zab.Core;
using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Testing.Simulation;
using Zab.Testing.Simulation.Disks;

namespace Zab.Mutants.Scenarios;

/// <summary>An ensemble that does only what a scenario says: the exact schedule of a known bug.</summary>
/// <remarks>All checks of the simulator are on. Time is virtual, links take 1 ms and flushes 1 ms unless the
/// scenario says otherwise, and nothing is left to chance.</remarks>
internal sealed class Scenario
{
    private readonly Dictionary<SessionId, List<ClientReply>> _replies = [];
    private readonly Dictionary<int, (SessionId Session, int Cxid)> _sessions = [];

    /// <summary>An ensemble of voters 1 to <paramref name="voters"/>, then observers; none of them runs
    /// yet.</summary>
    public Scenario(int voters, int observers = 0, Func<WorldSettings, WorldSettings>? change = null)
    {
        WorldSettings settings = new()
        {
            Voters = voters,
            Observers = observers,
            DelayUs = (1_000, 1_000),
            FlushUs = (1_000, 1_000),
        };
        World = new World(change?.Invoke(settings) ?? settings, new Prng(1), new EventTrace(isKept: true))
        {
            OnOutput = OnOutput,
        };
        World.OnServerEnded = server => _sessions.Remove(server.Id.Value);
    }

    /// <summary>The ensemble, for whatever has no word of its own here.</summary>
    public World World { get; }

    /// <summary>A server.</summary>
    public SimulatedServer this[int id] => World[id];

    /// <summary>The established leader.</summary>
    public SimulatedServer Leader => World.Leader
        ?? throw new InvalidOperationException("No server leads: the scenario is wrong.");

    /// <summary>The servers that are not the given ones, running or not.</summary>
    public SimulatedServer[] But(params SimulatedServer[] servers) =>
        [.. World.Servers.Where(server => !servers.Contains(server))];

    /// <summary>Lets time pass.</summary>
    public void Run(int ms) => World.RunUntil(World.NowUs + (ms * 1_000L));

    /// <summary>Lets time pass until something is so; the scenario is wrong when it never is.</summary>
    public void RunUntil(Func<bool> holds, int limitMs = 60_000)
    {
        for (int passed = 0; !holds(); passed++)
        {
            if (passed == limitMs)
            {
                throw new ViolationException("L1: what the scenario waits for does not happen:\n"
                    + string.Join('\n', World.Trace.Lines.TakeLast(40)));
            }

            Run(1);
        }
    }

    /// <summary>What must be so at this point of the scenario.</summary>
    public void Check(bool holds, string violation)
    {
        if (!holds)
        {
            throw new ViolationException(violation);
        }
    }

    /// <summary>Starts servers that are down; all when none is named.</summary>
    public void Start(params SimulatedServer[] servers)
    {
        foreach (SimulatedServer server in servers.Length == 0 ? [.. World.Servers] : servers)
        {
            if (server.Replica is null)
            {
                _ = World.Start(server);
            }
        }
    }

    /// <summary>Starts all, and waits until they serve.</summary>
    public void StartAll()
    {
        Start();
        RunUntilServing([.. World.Servers]);
    }

    /// <summary>Waits until the servers serve under one leader.</summary>
    public void RunUntilServing(params SimulatedServer[] servers) => RunUntil(() => servers.All(Serves));

    /// <summary>Whether a server runs and serves.</summary>
    public static bool Serves(SimulatedServer server) => server.Replica?.Status.IsServing == true;

    /// <summary>Waits until another server leads.</summary>
    public SimulatedServer RunUntilLeaderIsNot(SimulatedServer old)
    {
        RunUntil(() => World.Leader is { } leader && leader != old);
        return Leader;
    }

    /// <summary>A loss of power: what was not flushed is lost, all of it unless said otherwise.</summary>
    public void Crash(params SimulatedServer[] servers)
    {
        foreach (SimulatedServer server in servers)
        {
            World.LosePower(server, PowerLoss.LosesAll);
        }
    }

    /// <summary>Cuts a server off from all others; the links break.</summary>
    public void Isolate(SimulatedServer server, bool noticed = true)
    {
        foreach (SimulatedServer other in But(server))
        {
            World.Cut(server, other, noticed);
        }
    }

    /// <summary>Breaks all links of a server, and what is under way on them is lost.</summary>
    public void ResetLinks(SimulatedServer server)
    {
        foreach (SimulatedServer other in But(server))
        {
            World.BreakAll(server, other, "the link was reset");
        }
    }

    /// <summary>Mends everything.</summary>
    public void Heal() => World.HealAll();

    /// <summary>Opens a session on a server, and waits for it.</summary>
    public SessionId OpenSession(SimulatedServer server, int timeoutMs = 1_000_000)
    {
        SessionId session = server.Replica!.NewSessionId();
        _replies[session] = [];
        _sessions[server.Id.Value] = (session, 0);
        World.Ask(server, new ClientRequest
        {
            Op = OpCode.CreateSession, Session = session, TimeoutMs = timeoutMs,
        });
        RunUntil(() => _replies[session].Count > 0);
        return session;
    }

    /// <summary>Asks for a session, and does not wait: a write that needs nothing before it.</summary>
    public void Propose(SimulatedServer server) => World.Ask(server, new ClientRequest
    {
        Op = OpCode.CreateSession, Session = server.Replica!.NewSessionId(), TimeoutMs = 1_000_000,
    });

    /// <summary>Asks something in the session of a server, and does not wait.</summary>
    /// <returns>The number of the request.</returns>
    public int Ask(SimulatedServer server, ClientRequest request)
    {
        if (!_sessions.TryGetValue(server.Id.Value, out (SessionId Session, int Cxid) session))
        {
            _ = OpenSession(server);
            session = _sessions[server.Id.Value];
        }

        int cxid = session.Cxid + 1;
        _sessions[server.Id.Value] = session with { Cxid = cxid };
        World.Ask(server, request with { Session = session.Session, Cxid = cxid });
        return cxid;
    }

    /// <summary>Creates a node through a server, and does not wait.</summary>
    public int Create(SimulatedServer server, string path, CreateMode mode = CreateMode.Persistent) =>
        Ask(server, new ClientRequest
        {
            Op = OpCode.Create2, Path = path, Data = new byte[8], Mode = mode, Version = -1,
        });

    /// <summary>Creates a node through a server, and waits for the answer.</summary>
    public ClientReply Write(SimulatedServer server, string path) => Await(server, Create(server, path));

    /// <summary>Waits for the answer to a request.</summary>
    public ClientReply Await(SimulatedServer server, int cxid)
    {
        SessionId session = _sessions[server.Id.Value].Session;
        RunUntil(() => _replies[session].Exists(reply => reply.Cxid == cxid));
        return _replies[session].Find(reply => reply.Cxid == cxid);
    }

    /// <summary>Creates a number of nodes through a server, one after the other.</summary>
    public void WriteMany(SimulatedServer server, string path, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _ = Write(server, $"{path}{i}");
        }
    }

    /// <summary>Does something when the k-th message of a kind arrives, before it is looked at.</summary>
    public void AtMessage(MessageType type, int count, Action<SimulatedLink.Wire> deed)
    {
        World.OnPacket = (wire, message) =>
        {
            if (message.Type == type && --count == 0)
            {
                World.OnPacket = null;
                deed(wire);
            }
        };
    }

    /// <summary>The end of every scenario: everything mended, all servers started, they must come to one
    /// state; then all lose their power, and must come back with it.</summary>
    public void Finish()
    {
        World.OnPacket = null;
        foreach (SimulatedServer server in World.Servers)
        {
            (server.Disk.ErrorIn, server.Disk.ErrorAt, server.Disk.CapacityBytes) = (null, 0, null);
            server.FlushUs = World.Settings.FlushUs;
            World.ResumeDisk(server);
            World.Resume(server);
        }

        Heal();
        Start();
        RunUntil(AllAreEqual);
        Crash([.. World.Servers]);
        Start();
        RunUntil(AllAreEqual);
    }

    /// <summary>Whether all servers serve and have applied everything that is committed.</summary>
    public bool AllAreEqual() => World.Servers.All(server => Serves(server)
        && server.Replica!.Status.Applied == World.Ghost.Committed.Last.Zxid);

    private void OnOutput(SimulatedServer server, ClientOutput output)
    {
        if (output.Reply is { } reply && _replies.TryGetValue(reply.Session, out List<ClientReply>? replies))
        {
            replies.Add(reply);
        }
    }
}
