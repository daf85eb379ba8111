using System.Globalization;
using Zab.Core;
using Zab.Core.Messages;
using Zab.Core.Primitives;
using Zab.Hosting;
using Zab.Sessions;

namespace Zab.Testing.Simulation.Hosting;

/// <summary>An ensemble with what a process puts around each server: the node, its sessions, the
/// clock.</summary>
internal sealed class EnsembleHost
{
    private const int EventsKept = 40;
    private const long StartLimitUs = 600_000_000;

    private readonly EventTrace _trace;
    private readonly NodeTimes _times;
    private readonly SortedDictionary<int, SimulatedNode> _nodes = [];
    private readonly Queue<string> _events = new();
    private readonly long _limitUs;
    private int _leader;

    /// <summary>An ensemble of which no server runs yet.</summary>
    public EnsembleHost(ulong seed, SimulatedEnsembleOptions options)
    {
        Prng = new Prng(seed);
        Pump = new Pump(options.HasSynchronizationContext);
        _trace = new EventTrace(options.Trace);
        _times = new NodeTimes(NodeOptionsOf(options));
        _limitUs = (long)options.TimeLimit.TotalMicroseconds;
        World = new World(SettingsOf(options, _times), Prng, _trace)
        {
            OnClientEvent = work => Pump.Queue((Action)work),
            OnServerEnded = server => NodeOf(server)?.End(),
            OnTicked = (server, ticks) => NodeOf(server)?.OnTicked(ticks),
            OnTurnEnding = OnTurnEnding,
            OnTurnEnded = OnTurnEnded,
        };
        Time = new SimulatedTime(World, Pump);
        Faults = new RandomFaults(this);
    }

    /// <summary>The ensemble.</summary>
    public World World { get; }

    /// <summary>Where chance comes from.</summary>
    public Prng Prng { get; }

    /// <summary>What runs the user's code.</summary>
    public Pump Pump { get; }

    /// <summary>The clock.</summary>
    public SimulatedTime Time { get; }

    /// <summary>What goes wrong by chance.</summary>
    public RandomFaults Faults { get; }

    /// <summary>A check that did not hold, even if the user's code caught it.</summary>
    public ViolationException? Violation { get; private set; }

    /// <summary>A hash over all that happened.</summary>
    public ulong TraceHash => _trace.Hash;

    /// <summary>What happened, line by line: all of it when the options say so, else the last
    /// deeds.</summary>
    public IReadOnlyList<string> Events => _trace.IsKept ? _trace.Lines : [.. _events];

    /// <summary>The session time-out that is asked for when the caller names none.</summary>
    public TimeSpan DefaultSessionTimeout => _times.DefaultSessionTimeout;

    /// <summary>Starts all servers, and waits until they serve.</summary>
    public void StartAll()
    {
        foreach (SimulatedServer server in World.Servers)
        {
            _ = Enter(() => World.Start(server));
        }

        while (World.Servers.Any(server => !server.Replica!.Status.IsServing))
        {
            if (!Enter(() => World.TryStep(StartLimitUs)))
            {
                throw new TimeoutException("The ensemble did not begin to serve.");
            }
        }
    }

    /// <summary>The next piece of the user's code, or, when there is none, the next event.</summary>
    /// <exception cref="TimeoutException">The time is up.</exception>
    public void Step()
    {
        if (Pump.Escape is { } escape)
        {
            throw new InvalidOperationException(escape);
        }

        if (!Pump.TryRunNext() && !Enter(() => World.TryStep(_limitUs)))
        {
            throw new TimeoutException(
                $"The scenario has not ended within {TimeSpan.FromMicroseconds(_limitUs)} of simulated " +
                "time. It waits for something that does not happen, or that is not part of the simulation, " +
                "such as Task.Delay without the ensemble's TimeProvider, real I/O, or a task that nobody " +
                $"completes; or it needs a longer {nameof(SimulatedEnsembleOptions.TimeLimit)}.");
        }
    }

    /// <summary>Does something to the ensemble.</summary>
    public T Enter<T>(Func<T> deed)
    {
        try
        {
            return Pump.Enter(deed);
        }
        catch (ViolationException e)
        {
            throw Violation = e;
        }
        catch (InvariantViolatedException e)
        {
            throw Violation = new ViolationException($"R20: a server stopped itself: {e.Message}", e);
        }
    }

    /// <summary>Does something to a server, and notes it.</summary>
    public void Do(SimulatedServer server, string what, Action<SimulatedServer> deed)
    {
        _ = Enter(() =>
        {
            Note($"server {server.Id} {what}");
            deed(server);
            return true;
        });
    }

    /// <summary>Starts a server that is down.</summary>
    public void Start(SimulatedServer server) => Do(server, "starts", down => _ = World.Start(down));

    /// <summary>Notes a line among the events.</summary>
    public void Note(string what)
    {
        double seconds = World.NowUs / 1e6;
        _events.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{seconds:0.000000} {what}"));
        if (_events.Count > EventsKept)
        {
            _ = _events.Dequeue();
        }

        _trace.Note(World.NowUs, what);
    }

    /// <summary>Opens a session with a server, as its node would.</summary>
    public Task<IZabSession> OpenSessionAsync(
        SimulatedServer server,
        TimeSpan timeout,
        SessionOptions options,
        SessionCredentials? resumed,
        CancellationToken cancellationToken) =>
        Pump.CallAsync<IZabSession>(
            async token =>
            {
                if (NodeOf(server) is not { } node)
                {
                    throw ConnectionLossException.NothingSent("", $"server {server.Id} is down.");
                }

                ZabSession session = new(node, timeout, options.Identities);
                await (resumed is null ? session.OpenAsync(token) : session.ResumeAsync(resumed, token))
                    .ConfigureAwait(false);
                return new SimulatedSession(Pump, session);
            },
            cancellationToken);

    private static ZabNodeOptions NodeOptionsOf(SimulatedEnsembleOptions options) => new()
    {
        ServerId = 1,
        Ensemble = EnsembleConfig.Parse(string.Join(
            '\n', Enumerable.Range(1, options.Voters).Select(id => $"server.{id}=s{id}"))),
        TickTime = options.TickTime,
        InitLimit = options.InitLimit,
        SyncLimit = options.SyncLimit,
    };

    private static WorldSettings SettingsOf(SimulatedEnsembleOptions options, NodeTimes times) => new()
    {
        Voters = options.Voters,
        Observers = options.Observers,
        TickMs = times.TickMs,
        Roles = times.Roles,
        OwedTicksMax = times.TicksOwedMax,
        SessionTicks = (times.Ticks(2 * options.TickTime), times.Ticks(40 * options.TickTime)),
    };

    /// <summary>The node of a server that runs.</summary>
    private SimulatedNode? NodeOf(SimulatedServer server) => _nodes.GetValueOrDefault(server.Id.Value);

    private void OnTurnEnding(SimulatedServer server)
    {
        SimulatedNode? node = NodeOf(server);
        if (node is null || node.Life != server.Life)
        {
            node = new SimulatedNode(World, server, Time, _times.Ticks);
            _nodes[server.Id.Value] = node;
        }

        node.OnTurnEnding();
    }

    private void OnTurnEnded(SimulatedServer server, Ready ready)
    {
        NodeOf(server)!.OnTurnEnded(ready);
        bool leads = ready.Status is { State: ServerState.Leading, IsServing: true };
        if (leads && _leader != server.Id.Value)
        {
            _leader = server.Id.Value;
            Note($"server {server.Id} leads epoch {ready.Status.Epoch}");
        }
        else if (!leads && _leader == server.Id.Value)
        {
            _leader = 0;
            Note($"server {server.Id} leads no more: {ready.Status.Reason}");
        }
    }
}
