using System.Text;
using Zab.Core.Access;
using Zab.Core.Election;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Roles;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Conformance;

/// <summary>An ensemble of one server whose disk is done at once: clients ask, and get all that they are to
/// learn, in order.</summary>
internal sealed class Solo
{
    public const int TickMs = 10;
    private const int TicksMax = 100;
    private readonly Dictionary<SessionId, int> _cxids = [];
    private long _persisted;

    public Solo(RequestRules? rules = null, int sweepTicks = 5, int sweepsPerMinuteMax = 600_000)
    {
        Options = new ReplicaOptions
        {
            Self = new ServerId(1),
            Voters = [new ServerId(1)],
            Observers = [],
            TickMs = TickMs,
            SessionTimeoutMinMs = TickMs,
            SessionTimeoutMaxMs = 1_000_000_000,
            SnapshotEvery = 1_000_000_000,
            Seed = 1,
            Rules = rules ?? RequestRules.Default,
            SweepTicks = sweepTicks,
            SweepsPerMinuteMax = sweepsPerMinuteMax,
            Roles = new RoleOptions
            {
                Election = new ElectionOptions(FinalizeTicks: 2, ResendTicks: 10, StallTicks: 30),
                InitLimitTicks = 50,
                SyncLimitTicks = 20,
                PingTicks = 5,
                RedialTicks = 2,
            },
        };
        Replica = new Replica(Options, new LogRecovery
        {
            Base = LogPosition.Start,
            Epochs = default,
            Snapshot = null,
            SnapshotChunks = [],
            Records = [],
        });
        EndTurn();
        for (int i = 0; i < TicksMax && !Replica.Status.IsServing; i++)
        {
            Tick();
        }

        Assert.True(Replica.Status.IsServing, Replica.Status.Reason);
    }

    public ReplicaOptions Options { get; }

    public Replica Replica { get; }

    /// <summary>The clock of the server.</summary>
    public long TimeMs { get; set; } = 1_000_000;

    /// <summary>All that clients learned and nobody has taken yet.</summary>
    public List<ClientOutput> Outputs { get; } = [];

    /// <summary>Whoever applies what was logged, and compares the digests.</summary>
    public DataWriter Follower { get; } = new(DataState.Initial);

    /// <summary>The ticks that have passed.</summary>
    public long Ticks { get; private set; }

    public DataState State => Replica.Committed;

    public static ReadOnlyMemory<byte>? Bytes(string? text) =>
        text is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(text);

    public SessionId Open(int timeoutMs = 1_000_000_000)
    {
        SessionId session = Replica.NewSessionId();
        Assert.Equal(ErrorCode.Ok, Do(session, new() { Op = OpCode.CreateSession, TimeoutMs = timeoutMs }).Error);
        return session;
    }

    /// <summary>Makes a request, and waits for its answer.</summary>
    public ClientReply Do(SessionId session, ClientRequest request)
    {
        int cxid = _cxids[session] = _cxids.GetValueOrDefault(session) + 1;
        Ask(request with { Session = session, Cxid = cxid });
        int at = Outputs.FindIndex(output => output.Reply is { } reply && reply.Cxid == cxid && reply.Session == session);
        Assert.True(at >= 0, $"no answer to {request.Op} {request.Path}");
        ClientReply answer = Outputs[at].Reply!.Value;
        Outputs.RemoveAt(at);
        return answer;
    }

    /// <summary>Makes a request as it is.</summary>
    public void Ask(ClientRequest request)
    {
        Replica.BeginTurn(TimeMs);
        Replica.Submit(request);
        EndTurn();
    }

    public ErrorCode Create(
        SessionId session,
        string path,
        CreateMode mode = CreateMode.Persistent,
        string? data = null,
        Acl? acl = null,
        long ttlMs = 0) =>
        Do(session, new()
        {
            Op = OpCode.Create2,
            Path = path,
            Mode = mode,
            Data = Bytes(data),
            Acl = acl,
            TtlMs = ttlMs,
        }).Error;

    public ErrorCode Delete(SessionId session, string path, int version = -1) =>
        Do(session, new() { Op = OpCode.Delete, Path = path, Version = version }).Error;

    public ErrorCode Set(SessionId session, string path, string? data, int version = -1) =>
        Do(session, new() { Op = OpCode.SetData, Path = path, Data = Bytes(data), Version = version }).Error;

    public ErrorCode SetAcl(SessionId session, string path, Acl? acl, int version = -1) =>
        Do(session, new() { Op = OpCode.SetAcl, Path = path, Acl = acl, Version = version }).Error;

    public ClientReply Multi(SessionId session, params ClientRequest[] operations) =>
        Do(session, new() { Op = OpCode.Multi, Operations = operations });

    public ClientReply Read(SessionId session, OpCode op, string path = "", bool watch = false) =>
        Do(session, new() { Op = op, Path = path, Watch = watch });

    public void Authenticate(SessionId session, params Identity[] identities) => Assert.Equal(
        ErrorCode.Ok, Do(session, new() { Op = OpCode.Auth, Identities = identities }).Error);

    public ErrorCode Close(SessionId session) => Do(session, new() { Op = OpCode.CloseSession }).Error;

    public bool Has(string path) => State.Tree.TryGet(path, out _);

    public Stat StatOf(string path)
    {
        Assert.True(State.Tree.TryGet(path, out ZnodeView node), path);
        return node.Stat;
    }

    /// <summary>The data of a node as a client reads it.</summary>
    public string? DataOf(SessionId session, string path) =>
        Read(session, OpCode.GetData, path).Data is { } data ? Encoding.UTF8.GetString(data.Span) : null;

    /// <summary>Takes the events that a session had, as text.</summary>
    public string TakeEvents(SessionId session)
    {
        List<string> events = [];
        foreach (ClientOutput output in Outputs)
        {
            if (output.Session == session && output.Event is { } fired)
                events.Add($"{fired.Type} {fired.Path}");
        }

        Outputs.RemoveAll(output => output.Session == session && output.Event is not null);
        return string.Join(", ", events);
    }

    public void Tick(int ticks = 1)
    {
        for (int i = 0; i < ticks; i++)
        {
            TimeMs += TickMs;
            Ticks++;
            Replica.BeginTurn(TimeMs);
            Replica.Tick();
            EndTurn();
        }
    }

    private void EndTurn()
    {
        bool wrote = true;
        while (wrote)
        {
            Ready ready = Replica.TakeReady();
            Outputs.AddRange(ready.ToClients);
            foreach (LogRecord record in ready.Persist)
            {
                if (record.Kind == LogRecordKind.Entry)
                    _ = Follower.Apply(record.Position.Zxid, record.Body);
            }

            wrote = ready.RecordsAfter > _persisted;
            _persisted = ready.RecordsAfter;
            if (wrote)
                Replica.OnPersisted(_persisted);
        }
    }
}
