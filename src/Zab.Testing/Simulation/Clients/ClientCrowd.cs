using Zab.Core;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Roles;
using Zab.Core.Sessions;
using Zab.Core.Tree;

namespace Zab.Testing.Simulation.Clients;

/// <summary>The clients of a run: they open sessions, use them, close them, and lose them with their
/// servers.</summary>
internal sealed partial class ClientCrowd
{
    private const int WaitingMax = 6;
    private const int RemoteTimeoutMs = 3_000; // many times what a ping may be late
    private const int MoveCxid = int.MaxValue;
    private const int StrangerCxid = int.MaxValue - 1;
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
        bool isWordy = world.Settings.Rules.RecordBytesMax < ReferenceModel.DefaultRecordBytesMax;
        world.OnClientEvent = OnEvent;
        world.OnOutput = OnOutput;
        world.OnServerEnded = OnServerEnded;
        for (int i = 0; i < count; i++)
        {
            SimulatedClient client = new(new Workload(profile, isWordy));
            _clients.Add(client);
            world.PlanClient(Pause(), client);
        }
    }

    /// <summary>Whether clients open sessions and ask; otherwise they wait.</summary>
    public bool IsActive { get; set; } = true;

    /// <summary>How many requests may wait for their answers at once.</summary>
    public int WaitingOfAllMax => _clients.Count * WaitingMax;

    /// <summary>The least and the most time between two deeds of a client, in microseconds.</summary>
    public (long Min, long Max) PauseUs { get; set; } = (5_000, 600_000);

    /// <summary>The server whose clients only read, and ask for barriers.</summary>
    public SimulatedServer? Readers { get; set; }

    /// <summary>The servers where nothing excuses the end of a session whose client is heard; none when
    /// null.</summary>
    public Func<SimulatedServer, bool>? MustKeep { get; set; }

    /// <summary>The servers that clients may go to; all when null.</summary>
    public Func<SimulatedServer, bool>? MayUse { get; set; }

    /// <summary>The sessions that a client has, open, about to be, or on their way to another
    /// server.</summary>
    public IEnumerable<SessionId> Sessions =>
        _clients.Where(client => client.Session != SessionId.None).Select(client => client.Session);

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

    /// <summary>How often the requests that wait for the leader fill what may be under way to it at once, on
    /// the server where most of them wait; rounded down.</summary>
    public long WindowsWaiting()
    {
        RoleOptions roles = _world.Settings.Roles;
        long most = 0;
        foreach (SimulatedServer server in _world.Servers)
        {
            (long entries, long bytes) = (0, 0);
            foreach (SimulatedClient client in _clients.Where(client => client.Server == server))
            {
                foreach ((ClientRequest request, _) in client.Waiting)
                {
                    entries += request.Op.NeedsLeader ? 1 : 0;
                    bytes += request.Op.NeedsLeader ? request.Encode().Length : 0;
                }
            }

            most = Math.Max(most, (entries / roles.InFlightEntriesMax) + (bytes / roles.InFlightBytesMax));
        }

        return most;
    }

    /// <summary>Has the clients of a server, or one that is sent there, write at once.</summary>
    public void WriteNow(SimulatedServer server, int count)
    {
        foreach (SimulatedClient client in _clients)
        {
            for (int i = 0; client.Server == server && client.CanAsk && i < count; i++)
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

    private void OnEvent(object subject)
    {
        if (subject is Action errand)
        {
            errand();
        }
        else
        {
            Act((SimulatedClient)subject);
        }
    }

    private void Act(SimulatedClient client)
    {
        _world.PlanClient(Pause(), client);
        if (client.IsRemote && !IsHeard(client))
        {
            return;
        }

        if (!IsActive && !client.IsClosing)
        {
            return;
        }

        if (client.Session == SessionId.None)
        {
            Open(client);
        }
        else if (client.Server is null)
        {
            GoOn(client);
        }
        else if (client.CanAsk && client.Waiting.Count < WaitingMax)
        {
            if (client.IsClosing || _prng.OneIn(50))
            {
                client.IsOpen = false; // the answer may come at once
                Ask(client, new ClientRequest { Op = OpCode.CloseSession });
            }
            else if (_prng.OneIn(60))
            {
                Wander(client);
            }
            else
            {
                Ask(client, client.Server == Readers ? DrawRead() : Draw(client));
            }
        }
    }

    /// <summary>A request to be made now. Who a client is changes at once or never, so nobody says so to a
    /// server that stands still, or behind other requests.</summary>
    private ClientRequest Draw(SimulatedClient client)
    {
        ClientRequest request = client.Workload.Draw(_prng);
        return request.Op == OpCode.Auth && (!client.Server!.IsUp || client.Waiting.Count > 0)
            ? new ClientRequest { Op = OpCode.WhoAmI }
            : request;
    }

    private SimulatedServer? FindServer()
    {
        int skip = _prng.Below(_world.Servers.Count);
        foreach (SimulatedServer server in _world.Servers.Skip(skip))
        {
            if (server.IsUp && server.Replica!.Status.IsServing && MayUse?.Invoke(server) != false)
            {
                return server;
            }
        }

        return null;
    }

    private void Open(SimulatedClient client)
    {
        if (FindServer() is not { } server)
        {
            return;
        }

        client.Server = server;
        client.Session = server.Replica!.NewSessionId();
        client.IsKept = _prng.OneIn(2);
        client.IsRemote = _prng.OneIn(2);
        client.Identities.AddRange(Workload.Identities(_prng) ?? []);
        _bySession.Add(client.Session, client);
        int timeoutMs = (client.IsRemote ? RemoteTimeoutMs : 1_000) + _prng.Below(7_000);
        Ask(client, new ClientRequest
        {
            Op = OpCode.CreateSession,
            TimeoutMs = timeoutMs,
            Identities = [.. client.Identities],
        });
    }

    private void Ask(SimulatedClient client, ClientRequest request)
    {
        int cxid = request.Op == OpCode.CreateSession && !client.IsKept ? 0 : ++client.LastCxid;
        Submit(client, request with { Session = client.Session, Cxid = cxid });
    }

    private void Submit(SimulatedClient client, ClientRequest request)
    {
        request = request with
        {
            AnsweredUpTo = client.IsKept ? client.AnsweredUpTo : null,
            MustBeHeard = client.IsRemote,
        };
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
            CheckWasSilent(client, server);
            Leave(client);
        }
        else if (output.Reply is { } reply)
        {
            // What is said to those who were there before is not for this client.
            bool isOwn = client.Waiting.TryPeek(out (ClientRequest Request, long) next)
                && next.Request.Cxid == reply.Cxid;
            if (isOwn)
            {
                OnReply(client, reply);
            }
        }
        else if (output.Moved && client.IsOpen)
        {
            client.LoseServer();
        }
    }

    private void OnReply(SimulatedClient client, in ClientReply reply)
    {
        ClientRequest request = client.Waiting.Peek().Request;
        bool isLost = reply.Error is ErrorCode.ConnectionLoss or ErrorCode.SessionMoved;
        if (request.Op == OpCode.MoveSession)
        {
            OnMoved(client, reply);
            return;
        }

        if (isLost && client.IsKept && request.Op != OpCode.CreateSession)
        {
            LoseAndDetach(client);
            return;
        }

        _ = client.Waiting.Dequeue();
        client.Workload.Note(request, reply);
        client.AnsweredUpTo = request.Cxid;
        if (request.Op == OpCode.CreateSession)
        {
            client.IsOpen = reply.Error == ErrorCode.Ok;
            client.Password = client.IsOpen
                ? SessionPassword.Of(client.Server!.Replica!.Committed.Secret.Span, client.Session)
                : default;
        }
        else if (request.Op == OpCode.CloseSession)
        {
            // Closing twice is closing once: it is tried again until it is done.
            client.IsOpen = isLost || reply.Error == ErrorCode.ThrottledOp;
            client.IsClosing = client.IsOpen;
        }
        else if (request.Op == OpCode.Auth && reply.Error == ErrorCode.Ok)
        {
            client.Identities.AddRange((request.Identities ?? []).Except(client.Identities));
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
            if (client.Server != server)
            {
                continue;
            }

            if (client.Password.IsEmpty || _prng.OneIn(2))
            {
                Leave(client);
            }
            else
            {
                client.LoseServer();
            }
        }
    }

    private void Leave(SimulatedClient client)
    {
        _ = _bySession.Remove(client.Session);
        client.Leave();
    }
}
