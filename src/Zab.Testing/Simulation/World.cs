using Zab.Core;
using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Quorum;
using Zab.Core.Requests;
using Zab.Testing.Simulation.Checks;
using Zab.Testing.Simulation.Clients;

namespace Zab.Testing.Simulation;

/// <summary>A whole ensemble in virtual time on one thread: real replicas and real stores, on disks and
/// networks that misbehave when they are told to.</summary>
/// <remarks>Deterministic: the same seed and the same calls give the same run, event by event. This part:
/// time, and the turns of servers.</remarks>
internal sealed partial class World
{
    private readonly WorldSettings _settings;
    private readonly Prng _prng;
    private readonly EventQueue _events = new();
    private readonly SortedDictionary<int, SimulatedServer> _servers = [];
    private readonly ServerId[] _voters;
    private readonly ServerId[] _observers;

    /// <summary>An ensemble of which no server runs yet.</summary>
    public World(WorldSettings settings, Prng prng, EventTrace trace)
    {
        _settings = settings;
        _prng = prng;
        Trace = trace;
        ServerId[] all =
            [.. Enumerable.Range(1, settings.Voters + settings.Observers).Select(id => new ServerId(id))];
        _voters = all[..settings.Voters];
        _observers = all[settings.Voters..];
        Verifier = new MajorityQuorum(_voters, _observers);
        ClientChecks = new ClientChecks
        {
            ExpectsThrottling = settings.OutstandingMax < 100,
            RecordBytesMax = settings.Rules.RecordBytesMax,
        };
        ClientChecks.OnBase(settings.Start.Zxid);
        Ghost = new Ghost(Verifier, settings.Start, settings.StartEpochs, ClientChecks);
        Timeliness = new Timeliness(settings, Verifier);
        foreach (ServerId id in all)
        {
            SimulatedServer server = new(id)
            {
                TickUs = settings.TickMs * 1000L,
                FlushUs = settings.FlushUs,
            };
            _servers.Add(id.Value, server);
            GiveDisk(server, NewDisk());
            Format(server);
        }
    }

    /// <summary>What happened.</summary>
    public EventTrace Trace { get; }

    /// <summary>What is checked.</summary>
    public Ghost Ghost { get; }

    /// <summary>What is checked by the servers' own clocks.</summary>
    public Timeliness Timeliness { get; }

    /// <summary>What is checked of that which clients see.</summary>
    public ClientChecks ClientChecks { get; }

    /// <summary>Who votes.</summary>
    public QuorumVerifier Verifier { get; }

    /// <summary>How the ensemble was set up.</summary>
    public WorldSettings Settings => _settings;

    /// <summary>The time since the beginning, in microseconds.</summary>
    public long NowUs { get; private set; }

    /// <summary>How many events there were.</summary>
    public long Steps { get; private set; }

    /// <summary>The servers, running or not, in the order of their ids.</summary>
    public IReadOnlyCollection<SimulatedServer> Servers => _servers.Values;

    /// <summary>The server of an id.</summary>
    public SimulatedServer this[int id] => _servers[id];

    /// <summary>Told when a client's event comes up.</summary>
    public Action<object>? OnClientEvent { get; set; }

    /// <summary>Told of everything that leaves a server for a client.</summary>
    public Action<SimulatedServer, ClientOutput>? OnOutput { get; set; }

    /// <summary>Told when a server has ended, and its clients are on their own.</summary>
    public Action<SimulatedServer>? OnServerEnded { get; set; }

    /// <summary>Told when ticks passed for a server, in a turn that has not ended.</summary>
    public Action<SimulatedServer, int>? OnTicked { get; set; }

    /// <summary>Told of each turn before it ends: the last time to submit something in it.</summary>
    public Action<SimulatedServer>? OnTurnEnding { get; set; }

    /// <summary>Told at the end of each turn that was carried out.</summary>
    public Action<SimulatedServer, Ready>? OnTurnEnded { get; set; }

    /// <summary>Told when a server's store is about to drop what it needs no more.</summary>
    public Action<SimulatedServer>? OnPurge { get; set; }

    /// <summary>The next step of whatever steers the run.</summary>
    public Action? OnPlan { get; set; }

    /// <summary>The server that leads an established epoch; the newest, should an old one not know yet that
    /// it is over.</summary>
    public SimulatedServer? Leader
    {
        get
        {
            SimulatedServer? leader = null;
            foreach (SimulatedServer server in _servers.Values)
            {
                if (server.Replica?.Status is { State: ServerState.Leading, IsServing: true } status
                    && (leader is null || status.Epoch > leader.Replica!.Status.Epoch))
                {
                    leader = server;
                }
            }

            return leader;
        }
    }

    /// <summary>Lets time pass.</summary>
    /// <returns>The number of events.</returns>
    public void RunUntil(long timeUs)
    {
        while (TryStep(timeUs))
        {
        }

        NowUs = timeUs;
    }

    /// <summary>Handles the next event, if there is one up to the given time.</summary>
    public bool TryStep(long untilUs)
    {
        if (!_events.TryTake(untilUs, out SimulatedEvent next, out long at))
        {
            return false;
        }

        NowUs = at;
        Step(next);
        return true;
    }

    /// <summary>A client of a server asks something; a server that stands still sees it later.</summary>
    public void Ask(SimulatedServer server, in ClientRequest request)
    {
        Trace.Asked(NowUs, server, request);
        ClientChecks.OnSubmitted(server.Id, request);
        StepServer(server, new SimulatedEvent(EventKind.Ask, server.Id.Value, server.Life, request));
    }

    /// <summary>Plans something that a server's host does in a turn of its own; void when the server ends
    /// before.</summary>
    public void PlanWork(SimulatedServer server, long delayUs, Action work) =>
        _events.Add(NowUs + delayUs, new SimulatedEvent(EventKind.Work, server.Id.Value, server.Life, work));

    /// <summary>A client of a server asks something, in a turn that its host began and ends.</summary>
    public void Submit(SimulatedServer server, in ClientRequest request)
    {
        Trace.Asked(NowUs, server, request);
        ClientChecks.OnSubmitted(server.Id, request);
        server.Replica!.Submit(request);
    }

    /// <summary>The client of a session gives it up at a server, without ending it.</summary>
    public void Detach(SimulatedServer server, SessionId session)
    {
        Action work = () => DetachInTurn(server, session);
        StepServer(server, new SimulatedEvent(EventKind.Work, server.Id.Value, server.Life, work));
    }

    /// <summary>The same, in a turn that has begun.</summary>
    public void DetachInTurn(SimulatedServer server, SessionId session)
    {
        ClientChecks.OnDetached(server.Id, session);
        server.Replica!.Detach(session);
    }

    /// <summary>Plans an event that no server's life can void.</summary>
    public void PlanClient(long delayUs, object client) =>
        _events.Add(NowUs + delayUs, new SimulatedEvent(EventKind.Client, 0, 0, client));

    /// <summary>Plans the next step of whatever steers the run.</summary>
    public void PlanNext(long delayUs) =>
        _events.Add(NowUs + delayUs, new SimulatedEvent(EventKind.Plan, 0, 0));

    /// <summary>A number in a range, both ends included.</summary>
    public long Between((long Min, long Max) range) =>
        range.Min + (long)(_prng.Next() % (ulong)(range.Max - range.Min + 1));

    private void Step(in SimulatedEvent next)
    {
        Steps++;
        switch (next.Kind)
        {
            case EventKind.Deliver:
                DeliverFirst((SimulatedLink.Wire)next.Subject!);
                return;
            case EventKind.Dialled:
                OnDialled((DialAttempt)next.Subject!);
                return;
            case EventKind.Redial:
                OnRedial((DialAttempt)next.Subject!);
                return;
            case EventKind.Client:
                OnClientEvent?.Invoke(next.Subject!);
                return;
            case EventKind.Plan:
                OnPlan?.Invoke();
                return;
            case EventKind.Tick:
            case EventKind.LogDone:
            case EventKind.SnapshotStep:
            case EventKind.Ask:
            case EventKind.Work:
            default:
                StepServer(_servers[next.Server], next);
                return;
        }
    }

    private void StepServer(SimulatedServer server, in SimulatedEvent next)
    {
        if (next.Life != server.Life || server.Replica is null)
        {
            return;
        }

        if (next.Kind == EventKind.LogDone)
        {
            // The disk works on while the process stands still; the process learns of it later.
            OnLogDone(server);
        }
        else if (server.IsPaused)
        {
            server.Backlog.Add(next);
        }
        else if (next.Kind == EventKind.Tick)
        {
            PlanTick(server);
            Tick(server, 1);
        }
        else if (next.Kind == EventKind.Ask)
        {
            BeginTurn(server).Submit((ClientRequest)next.Subject!);
            EndTurn(server);
        }
        else if (next.Kind == EventKind.Work)
        {
            _ = BeginTurn(server);
            ((Action)next.Subject!)();
            EndTurn(server);
        }
        else
        {
            OnSnapshotStep(server);
        }
    }

    private void PlanTick(SimulatedServer server) =>
        _events.Add(
            NowUs + server.TickUs, new SimulatedEvent(EventKind.Tick, server.Id.Value, server.Life));

    private void Tick(SimulatedServer server, int ticks)
    {
        Replica replica = BeginTurn(server);
        Timeliness.OnTicks(server, ticks);
        replica.Tick(ticks);
        OnTicked?.Invoke(server, ticks);
        EndTurn(server);
        if (server.Replica is not null)
        {
            Timeliness.OnTicked(server, _servers.Values, IsCalm);
            Timeliness.CheckLinked(server, IsLinked);
        }
    }

    /// <summary>Whether links, disks and clocks are in order, and no link is half open.</summary>
    private bool IsCalm()
    {
        bool isCalm = _cut.Count == 0 && _slow.Count == 0;
        foreach (SimulatedLink link in _links)
        {
            isCalm &= link.AtoB.IsSenderUp == link.BtoA.IsSenderUp;
        }

        foreach (SimulatedServer server in _servers.Values)
        {
            isCalm &= !server.IsPaused && !server.IsDiskHung && server.FlushUs == _settings.FlushUs
                && server.TickUs == _settings.TickMs * 1000L;
        }

        return isCalm;
    }

    private Replica BeginTurn(SimulatedServer server)
    {
        Replica replica = server.Replica!;
        replica.BeginTurn((NowUs / 1000) + server.WallOffsetMs);
        return replica;
    }

    /// <summary>Ends a turn, checks it, and carries it out.</summary>
    private void EndTurn(SimulatedServer server)
    {
        OnTurnEnding?.Invoke(server);
        Ready ready = server.Replica!.TakeReady();
        Trace.Turn(NowUs, server, ready);
        DropUnseen(server, ready);
        Ghost.OnTurn(server.Id, server.Replica, ready);
        Timeliness.OnTurn(server, ready);
        CarryOut(server, ready);
    }

    /// <summary>Carries out a turn, as a host does: what needs no disk leaves at once, the rest waits for
    /// it.</summary>
    private void CarryOut(SimulatedServer server, Ready ready)
    {
        int life = server.Life;
        if (ready.Persist.Count > 0)
        {
            server.LogWork.Enqueue(
                new SimulatedServer.LogWorkItem(ready.Persist, ready.RecordsAfter, Snapshot: null));
        }

        foreach (Envelope envelope in ready.SendNow)
        {
            Send(server, envelope, ready.RecordsAfter);
        }

        foreach (Envelope envelope in ready.SendAfterPersist)
        {
            if (server.Persisted >= ready.RecordsAfter)
            {
                Send(server, envelope, ready.RecordsAfter);
            }
            else
            {
                server.Waiting.Enqueue((ready.RecordsAfter, envelope));
            }
        }

        foreach (ServerId peer in ready.Connect)
        {
            Dial(server, _servers[peer.Value], LinkKind.Quorum);
        }

        foreach (LinkBreak end in ready.Break)
        {
            Break(server, end.Link, end.Reason);
        }

        foreach (ClientOutput output in ready.ToClients)
        {
            Trace.Client(NowUs, server, output);
            OnOutput?.Invoke(server, output);
        }

        if (ready.Snapshot is { } job)
        {
            server.IsSnapshotWanted = true;
            server.LogWork.Enqueue(new SimulatedServer.LogWorkItem(null, 0, job));
        }

        OnTurnEnded?.Invoke(server, ready);
        if (life == server.Life)
        {
            StartLog(server);
        }
    }
}
