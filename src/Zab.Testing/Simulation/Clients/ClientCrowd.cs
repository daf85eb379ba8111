using Zab.Core;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Testing.Simulation.Clients;

/// <summary>The clients of a run: they open sessions, use them, close them, and lose them with their
/// servers.</summary>
internal sealed class ClientCrowd
{
    private const int WaitingMax = 6;
    private readonly World _world;
    private readonly Prng _prng;
    private readonly List<SimulatedClient> _clients = [];
    private readonly Dictionary<SessionId, SimulatedClient> _bySession = [];

    /// <summary>Clients that begin to act at once.</summary>
    public ClientCrowd(World world, Prng prng, int count)
    {
        _world = world;
        _prng = prng;
        WorkloadProfile profile = WorkloadProfile.Draw(prng);
        world.OnClientEvent = client => Act((SimulatedClient)client);
        world.OnOutput = OnOutput;
        world.OnServerEnded = OnServerEnded;
        for (int i = 0; i < count; i++)
        {
            SimulatedClient client = new(new Workload(profile));
            _clients.Add(client);
            world.PlanClient(Pause(), client);
        }
    }

    /// <summary>Whether clients open sessions and ask; otherwise they wait.</summary>
    public bool IsActive { get; set; } = true;

    /// <summary>The least and the most time between two deeds of a client, in microseconds.</summary>
    public (long Min, long Max) PauseUs { get; set; } = (5_000, 600_000);

    /// <summary>The server whose clients only read, and ask for barriers.</summary>
    public SimulatedServer? Readers { get; set; }

    /// <summary>The servers that clients may go to; all when null.</summary>
    public Func<SimulatedServer, bool>? MayUse { get; set; }

    /// <summary>The sessions that a client has, open or about to be.</summary>
    public IEnumerable<SessionId> Sessions =>
        _clients.Where(client => client.Server is not null).Select(client => client.Session);

    /// <summary>How long the oldest request on one of the servers has waited, in microseconds.</summary>
    public long LongestWaitUs(Func<SimulatedServer, bool> servers)
    {
        long longest = 0;
        foreach (SimulatedClient client in _clients)
        {
            if (client.Server is { } server && servers(server)
                && client.Waiting.TryPeek(out (ClientRequest, long AtUs) oldest))
            {
                longest = Math.Max(longest, _world.NowUs - oldest.AtUs);
            }
        }

        return longest;
    }

    /// <summary>Has the clients of a server, or one that is sent there, write at once.</summary>
    public void WriteNow(SimulatedServer server, int count)
    {
        foreach (SimulatedClient client in _clients)
        {
            for (int i = 0; client.Server == server && client.IsOpen && i < count; i++)
            {
                Ask(client, client.Workload.DrawWrite(_prng));
            }
        }
    }

    private ClientRequest DrawRead() => new()
    {
        Op = _prng.OneIn(2) ? OpCode.Sync : OpCode.GetChildren2,
        Path = ModelPath.Root,
    };

    private long Pause() => _world.Between(PauseUs);

    private void Act(SimulatedClient client)
    {
        _world.PlanClient(Pause(), client);
        if (!IsActive && !client.IsClosing)
        {
            return;
        }

        if (client.Server is null)
        {
            Open(client);
        }
        else if (client.IsOpen && client.Waiting.Count < WaitingMax)
        {
            if (client.IsClosing || _prng.OneIn(50))
            {
                client.IsOpen = false; // the answer may come at once
                Ask(client, new ClientRequest { Op = OpCode.CloseSession });
            }
            else
            {
                Ask(client, client.Server == Readers ? DrawRead() : client.Workload.Draw(_prng));
            }
        }
    }

    private void Open(SimulatedClient client)
    {
        int skip = _prng.Below(_world.Servers.Count);
        foreach (SimulatedServer server in _world.Servers.Skip(skip))
        {
            if (server.IsUp && server.Replica!.Status.IsServing && MayUse?.Invoke(server) != false)
            {
                client.Server = server;
                client.Session = server.Replica.NewSessionId();
                _bySession.Add(client.Session, client);
                int timeoutMs = 1_000 + _prng.Below(9_000);
                Ask(client, new ClientRequest { Op = OpCode.CreateSession, TimeoutMs = timeoutMs });
                return;
            }
        }
    }

    private void Ask(SimulatedClient client, ClientRequest request)
    {
        int cxid = request.Op == OpCode.CreateSession ? 0 : ++client.LastCxid;
        request = request with { Session = client.Session, Cxid = cxid };
        client.Waiting.Enqueue((request, _world.NowUs));
        _world.Ask(client.Server!, request);
    }

    private void OnOutput(SimulatedServer server, ClientOutput output)
    {
        if (!_bySession.TryGetValue(output.Session, out SimulatedClient? client) || client.Server != server)
        {
            return;
        }

        if (output.Expired)
        {
            Leave(client);
        }
        else if (output.Reply is { } reply)
        {
            OnReply(client, reply);
        }
    }

    private void OnReply(SimulatedClient client, in ClientReply reply)
    {
        (ClientRequest request, _) = client.Waiting.Dequeue();
        client.Workload.Note(request, reply);
        if (request.Op == OpCode.CreateSession)
        {
            client.IsOpen = reply.Error == ErrorCode.Ok;
        }
        else if (request.Op == OpCode.CloseSession)
        {
            // Closing twice is closing once: it is tried again until it is done.
            client.IsOpen = reply.Error is ErrorCode.ConnectionLoss or ErrorCode.ThrottledOp;
            client.IsClosing = client.IsOpen;
        }

        if (reply.Error == ErrorCode.SessionExpired || (!client.IsOpen && client.Waiting.Count == 0))
        {
            Leave(client);
        }
    }

    private void OnServerEnded(SimulatedServer server)
    {
        foreach (SimulatedClient client in _clients)
        {
            if (client.Server == server)
            {
                Leave(client);
            }
        }
    }

    private void Leave(SimulatedClient client)
    {
        _ = _bySession.Remove(client.Session);
        client.Leave();
    }
}
