using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Testing.Scripts;
using Zab.Testing.Simulation.Clients;

namespace Zab.Core.Tests.Simulation;

/// <summary>Real replicas under a schedule drawn by chance, with clients of the workload; everything that clients are told is judged.</summary>
internal sealed class HonestEnsemble
{
    private const int TimeoutMs = 40 * ScriptedServer.TickMs;
    private readonly SortedDictionary<int, Host> _hosts = [];
    private readonly ScriptedNetwork _network = new();
    private readonly List<Client> _clients = [];
    private readonly WorkloadProfile _profile;
    private readonly Prng _prng;
    private long _tick;
    private int _lastSession;

    public HonestEnsemble(ulong seed, int servers)
    {
        _prng = new Prng(seed);
        _profile = WorkloadProfile.Draw(_prng);
        ServerId[] all = [.. Enumerable.Range(1, servers).Select(id => new ServerId(id))];
        foreach (ServerId id in all)
        {
            bool isForgetful = _prng.OneIn(2);
            _hosts.Add(id.Value, new Host(new ScriptedServer(id, all, [])
            {
                SnapshotEvery = isForgetful ? 20 : 1_000_000,
                HistoryEntriesMax = isForgetful ? 8 : 1_000,
            }));
        }

        foreach (int id in _hosts.Keys)
        {
            Start(id);
        }
    }

    public ClientChecks Checks { get; } = new();

    /// <summary>Whether clients ask on before they have an answer.</summary>
    public bool IsPipelined { get; init; }

    public int Requests { get; private set; }

    public int Answers { get; private set; }

    public int Done { get; private set; }

    public int Events { get; private set; }

    public int Expired { get; private set; }

    public int Installs { get; private set; }

    /// <summary>Takes steps drawn by chance.</summary>
    public void Run(int requests, bool withFaults)
    {
        for (int step = 0; step < 400 * requests && Requests < requests; step++)
        {
            int id = 1 + _prng.Below(_hosts.Count);
            switch (_prng.Below(120))
            {
                case < 40: Deliver(id); break;
                case < 60: Persist(id); break;
                case < 63: Tick(); break;
                case < 110: Ask(id); break;
                case < 111 when withFaults && _hosts[id].Server.Replica is not null && _prng.OneIn(8): Crash(id); break;
                case < 114 when withFaults && _hosts[id].Server.Replica is null: Start(id); break;
                case < 115 when withFaults && _prng.OneIn(6): Cut(id, 1 + _prng.Below(_hosts.Count)); break;
                case < 117 when withFaults: Heal(); break;
                case < 118: Settle(); break;
                default: Deliver(id); break;
            }
        }
    }

    /// <summary>Heals everything, lets orphaned sessions expire, and checks the end.</summary>
    public void End()
    {
        Heal();
        foreach (int id in _hosts.Keys.Where(id => _hosts[id].Server.Replica is null).ToArray())
        {
            Start(id);
        }

        for (int i = 0; i < 400; i++)
        {
            Settle();
            Tick();
        }

        Settle();
        Checks.OnEnd(_hosts.Values.Select(host => (host.Server.Id, host.Server.Replica!.Committed)));
    }

    private void Start(int id)
    {
        Host host = _hosts[id];
        host.Server.Start(_tick);
        Replica replica = host.Server.Replica!;
        host.Applied = replica.Status.Applied;
        host.Log.Clear();
        for (long index = replica.Log.History.FirstIndex; index < replica.Log.History.EndIndex; index++)
        {
            host.Log.Add((replica.Log.History[index].Position, replica.Log.History[index].Body));
        }

        Checks.OnApplied(host.Server.Id, host.Applied, host.Applied);
        EndTurn(host);
        ConnectElectionLinks();
    }

    private void Crash(int id)
    {
        Host host = _hosts[id];
        host.Server.Crash(_prng.Below(3));
        host.InstallTo = null;
        Checks.OnServerStopped(host.Server.Id);
        _clients.RemoveAll(client => client.Host == host);
        foreach (((int From, int, LinkKind) wire, ScriptedNetwork.Wire ends) in _network.Wires.ToArray())
        {
            if (wire.From == id)
            {
                Break(host.Server.Id, ends.SenderLink);
            }
        }
    }

    private void Cut(int a, int b)
    {
        _network.Cut(a, b);
        foreach (((int From, int To, LinkKind) wire, ScriptedNetwork.Wire ends) in _network.Wires.ToArray())
        {
            if (wire.From == a && wire.To == b)
            {
                Break(new ServerId(a), ends.SenderLink);
            }
        }
    }

    private void Heal()
    {
        _network.Heal();
        ConnectElectionLinks();
    }

    private void Ask(int id)
    {
        Host host = _hosts[id];
        if (host.Server.Replica is not { } replica)
        {
            return;
        }

        replica.BeginTurn(_tick * ScriptedServer.TickMs);
        List<Client> here = _clients.FindAll(client => client.Host == host);
        if (here.Count < 2)
        {
            SessionId session = new(((long)id << 56) | (uint)++_lastSession);
            Client opened = new(host, session, new Workload(_profile));
            _clients.Add(opened);
            Submit(replica, opened, new ClientRequest { Op = OpCode.CreateSession, TimeoutMs = TimeoutMs });
        }
        else
        {
            Client client = here[_prng.Below(here.Count)];
            for (int i = _prng.Below(4); i >= 0; i--)
            {
                ClientRequest request = _prng.OneIn(200)
                    ? new ClientRequest { Op = OpCode.CloseSession }
                    : client.Workload.Draw(_prng);
                if (IsPipelined || client.Asked.Count == 0)
                {
                    Submit(replica, client, request);
                }
            }
        }

        EndTurn(host);
    }

    private void Submit(Replica replica, Client client, ClientRequest request)
    {
        request = request with { Session = client.Session, Cxid = ++client.LastCxid };
        client.Asked.Enqueue(request);
        Requests++;
        Checks.OnSubmitted(client.Host.Server.Id, request);
        replica.Submit(request);
    }

    private void EndTurn(Host host)
    {
        ScriptedServer server = host.Server;
        Ready ready = server.Replica!.TakeReady();
        Tell(host, ready);
        foreach (Envelope envelope in ready.SendNow.Concat(server.TakeWrites(ready)))
        {
            _ = _network.TrySend(server.Id, envelope);
        }

        foreach (LinkBreak wish in ready.Break)
        {
            Break(server.Id, wish.Link);
        }

        foreach (ServerId peer in ready.Connect)
        {
            Connect(host, peer);
        }

        if (ready.Snapshot is { } job)
        {
            server.Save(job);
            server.Replica.OnSnapshotSaved(job.Position);
        }
    }

    /// <summary>Tells the checks of a turn, in the order in which they want it.</summary>
    private void Tell(Host host, Ready ready)
    {
        ServerId id = host.Server.Id;
        Zxid applied = ready.Status.Applied;
        foreach (LogRecord record in ready.Persist)
        {
            host.Log.RemoveAll(entry => record.Kind == LogRecordKind.Truncate && entry.Position.Zxid > record.Position.Zxid);
            if (record.Kind == LogRecordKind.Entry)
            {
                host.Log.Add((record.Position, record.Body));
            }
            else if (record.Kind == LogRecordKind.SnapshotInstall)
            {
                host.Log.Clear();
                host.InstallTo = record.Position.Zxid;
            }
        }

        GrowCommitted(host.Log, applied);
        if (host.InstallTo is { } installed && applied >= installed)
        {
            Checks.OnInstalled(id, host.Applied, installed);
            (host.Applied, host.InstallTo) = (installed, null);
            Installs++;
        }

        if (applied != host.Applied)
        {
            Checks.OnApplied(id, host.Applied, applied);
            host.Applied = applied;
        }

        foreach (ClientOutput output in ready.ToClients)
        {
            Checks.OnOutput(id, applied, output);
            Learn(output);
        }
    }

    private void GrowCommitted(List<(LogPosition Position, ReadOnlyMemory<byte> Body)> log, Zxid applied)
    {
        int index = log.FindLastIndex(entry => entry.Position.Zxid <= Checks.Model.Last) + 1;
        for (; index < log.Count && log[index].Position.Zxid <= applied; index++)
        {
            Checks.OnCommitted(log[index].Position, log[index].Body);
        }
    }

    private void Learn(in ClientOutput output)
    {
        SessionId session = output.Session;
        Client client = _clients.Find(client => client.Session == session)
            ?? throw new InvalidOperationException("An output for nobody.");
        Events += output.Event is null ? 0 : 1;
        if (output.Expired)
        {
            Expired++;
            _clients.Remove(client);
        }
        else if (output.Reply is { } reply)
        {
            Answers++;
            ClientRequest request = client.Asked.Dequeue();
            client.Workload.Note(request, reply);
            Done += request.Op.IsWrite && reply.Error == ErrorCode.Ok ? 1 : 0;
            client.IsOver |= request.Op == OpCode.CloseSession && reply.Error == ErrorCode.Ok;
            client.IsOver |= request.Op == OpCode.CreateSession && reply.Error != ErrorCode.Ok;
            if (client.IsOver && client.Asked.Count == 0)
            {
                _clients.Remove(client);
            }
        }
    }

    private void Deliver(int to)
    {
        KeyValuePair<(int From, int To, LinkKind Kind), ScriptedNetwork.Wire>[] wires =
            [.. _network.Wires.Where(wire => wire.Key.To == to && wire.Value.UnderWay.Count > 0)];
        if (wires.Length == 0)
        {
            return;
        }

        ScriptedNetwork.Wire chosen = wires[_prng.Below(wires.Length)].Value;
        Replica replica = _hosts[to].Server.Replica!;
        replica.BeginTurn(_tick * ScriptedServer.TickMs);
        for (int i = _prng.Below(6); i >= 0 && chosen.UnderWay.TryDequeue(out Message message); i--)
        {
            replica.OnMessage(chosen.ReceiverLink, message);
        }

        EndTurn(_hosts[to]);
    }

    private void Persist(int id)
    {
        ScriptedServer server = _hosts[id].Server;
        if (server.Replica is null || !server.HasWrites)
        {
            return;
        }

        PendingWrite write = server.FinishWrite();
        foreach (Envelope envelope in write.SendAfter)
        {
            _ = _network.TrySend(server.Id, envelope);
        }

        server.Replica.OnPersisted(write.RecordsAfter);
        EndTurn(_hosts[id]);
    }

    private void Tick()
    {
        _tick++;
        ConnectElectionLinks();
        foreach (Host host in _hosts.Values)
        {
            if (host.Server.Replica is { } replica)
            {
                replica.BeginTurn(_tick * ScriptedServer.TickMs);
                replica.Tick();
                EndTurn(host);
            }
        }
    }

    private void Settle()
    {
        bool IsBusy() => _network.Wires.Any(wire => wire.Value.UnderWay.Count > 0)
            || _hosts.Values.Any(host => host.Server is { Replica: not null, HasWrites: true });
        while (IsBusy())
        {
            foreach (int id in _hosts.Keys)
            {
                Persist(id);
                Deliver(id);
            }
        }
    }

    private void Connect(Host host, ServerId peer)
    {
        ServerId id = host.Server.Id;
        if (_hosts[peer.Value].Server.Replica is null || !_network.CanReach(id, peer))
        {
            host.Server.Replica!.OnConnectFailed(peer, "it does not answer");
            EndTurn(host);
            return;
        }

        foreach (((int From, int To, LinkKind Kind) wire, ScriptedNetwork.Wire ends) in _network.Wires.ToArray())
        {
            if (wire == (id.Value, peer.Value, LinkKind.Quorum))
            {
                Break(id, ends.SenderLink);
            }
        }

        LinkUp(host, _hosts[peer.Value], LinkKind.Quorum);
    }

    private void ConnectElectionLinks()
    {
        foreach (Host a in _hosts.Values)
        {
            foreach (Host b in _hosts.Values)
            {
                (ServerId left, ServerId right) = (a.Server.Id, b.Server.Id);
                if (left.Value < right.Value && a.Server.Replica is not null && b.Server.Replica is not null
                    && _network.CanReach(left, right) && !_network.IsUp(left, right, LinkKind.Election))
                {
                    LinkUp(a, b, LinkKind.Election);
                }
            }
        }
    }

    private void LinkUp(Host a, Host b, LinkKind kind)
    {
        (Link atA, Link atB) = _network.Connect(a.Server.Id, b.Server.Id, kind);
        a.Server.Replica!.OnLinkUp(atA);
        EndTurn(a);
        b.Server.Replica!.OnLinkUp(atB);
        EndTurn(b);
    }

    private void Break(ServerId from, Link link)
    {
        if (_network.Disconnect(from, link) is not { } ends)
        {
            return;
        }

        foreach ((ServerId at, Link end) in new[] { (from, ends.AtFrom), (link.Peer, ends.AtPeer) })
        {
            if (_hosts[at.Value].Server.Replica is { } replica)
            {
                replica.OnLinkDown(end, "it broke");
                EndTurn(_hosts[at.Value]);
            }
        }
    }

    private sealed class Host(ScriptedServer server)
    {
        public ScriptedServer Server => server;

        public Zxid Applied { get; set; }

        public List<(LogPosition Position, ReadOnlyMemory<byte> Body)> Log { get; } = [];

        public Zxid? InstallTo { get; set; }
    }

    private sealed class Client(Host host, SessionId session, Workload workload)
    {
        public Host Host => host;

        public SessionId Session => session;

        public Workload Workload => workload;

        public Queue<ClientRequest> Asked { get; } = new();

        public int LastCxid { get; set; }

        public bool IsOver { get; set; }
    }
}
