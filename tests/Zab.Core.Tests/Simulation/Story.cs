using System.Text;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tests.Requests;
using Zab.Core.Tree;
using Zab.Core.Watches;
using Zab.Testing.Simulation.Clients;

namespace Zab.Core.Tests.Simulation;

/// <summary>A history made by hand: a committed sequence, servers 1 and 2 that apply it, session A on server 1 and B on server 2.</summary>
internal sealed class Story
{
    private readonly DataWriter _writer = new(DataState.Initial);
    private readonly Dictionary<Zxid, DataState> _states = [];
    private readonly Dictionary<(SessionId, int), ClientRequest> _asked = [];
    private readonly Dictionary<(SessionId, int), TxnOutcome> _outcomes = [];
    private readonly Dictionary<int, Zxid> _applied = [];
    private readonly Dictionary<SessionId, int> _cxids = [];
    private readonly List<(SessionId, int)> _unanswered = [];

    public Story(
        bool isOpen = true, bool refusalsAreFresh = false, int recordBytesMax = ReferenceModel.DefaultRecordBytesMax)
    {
        Checks = new ClientChecks { RefusalsAreFresh = refusalsAreFresh, RecordBytesMax = recordBytesMax };
        Checks.OnBase(Zxid.None);
        _states.Add(Zxid.None, DataState.Initial);
        if (isOpen)
        {
            Do(A, Open);
            Do(B, Open);
        }
    }

    public static SessionId A { get; } = new(0x0100000000000001);

    public static SessionId B { get; } = new(0x0200000000000001);

    public static ClientRequest Open { get; } = new() { Op = OpCode.CreateSession, TimeoutMs = 1_000 };

    public static ClientRequest Close { get; } = new() { Op = OpCode.CloseSession };

    public static ClientRequest Sync { get; } = new() { Op = OpCode.Sync };

    public ClientChecks Checks { get; }

    public Zxid Last => _writer.LastZxid;

    /// <summary>The epoch of the next transaction.</summary>
    public int Epoch { get; set; } = 1;

    public Zxid Next => Epoch > Last.Epoch ? Zxid.Of(Epoch, 1) : Zxid.Of(Epoch, Last.Counter + 1);

    public static ClientRequest Create(string path, CreateMode mode = CreateMode.Persistent) =>
        new() { Op = OpCode.Create2, Path = path, Mode = mode, Data = Encoding.UTF8.GetBytes("data of " + path) };

    public static ClientRequest Set(string path, string data, int version = -1) =>
        new() { Op = OpCode.SetData, Path = path, Data = Encoding.UTF8.GetBytes(data), Version = version };

    public static ClientRequest Delete(string path, int version = -1) =>
        new() { Op = OpCode.Delete, Path = path, Version = version };

    public static ClientRequest Get(string path, bool watch = false) =>
        new() { Op = OpCode.GetData, Path = path, Watch = watch };

    public static ClientRequest Exists(string path, bool watch = false) =>
        new() { Op = OpCode.Exists, Path = path, Watch = watch };

    public static ClientRequest Children(string path, bool watch = false) =>
        new() { Op = OpCode.GetChildren2, Path = path, Watch = watch };

    public static ClientRequest Watch(string path, WatchMode mode) =>
        new() { Op = OpCode.AddWatch, Path = path, WatchMode = mode };

    public static ClientRequest Unwatch(string path, WatchMode? mode = null) =>
        new() { Op = OpCode.RemoveWatches, Path = path, WatchMode = mode };

    public static ServerId ServerOf(SessionId session) => new((int)(session.Value >> 56));

    /// <summary>A client asks. Returns the cxid.</summary>
    public int Ask(SessionId session, ClientRequest request)
    {
        int cxid = _cxids[session] = _cxids.GetValueOrDefault(session) + 1;
        request = request with { Session = session, Cxid = cxid };
        _asked[(session, cxid)] = request;
        _unanswered.Add((session, cxid));
        Checks.OnSubmitted(ServerOf(session), request);
        return cxid;
    }

    /// <summary>A client asks once more, as it has no answer.</summary>
    public void AskAgain(SessionId session, int cxid) =>
        Checks.OnSubmitted(ServerOf(session), _asked[(session, cxid)]);

    /// <summary>The write that was asked is committed.</summary>
    public Zxid Commit(SessionId session, int cxid) => Prepare(_asked[(session, cxid)]);

    /// <summary>A leader closes a session whose client is silent.</summary>
    public Zxid Expire(SessionId session) => Prepare(Close with { Session = session });

    /// <summary>Any transaction is committed; it may be one that cannot be.</summary>
    public Zxid Commit(Memory<byte> txn)
    {
        Zxid zxid = Next;
        Checks.OnCommitted(new LogPosition(zxid, default), txn);
        TxnOutcome outcome = _writer.ApplyNew(zxid, txn);
        _outcomes[(outcome.Session, outcome.Cxid)] = outcome;
        _states.Add(zxid, _writer.Freeze());
        return zxid;
    }

    /// <summary>Any transaction is committed, for a request that may not be asked again.</summary>
    public Zxid Commit(TxnHeader header, TxnRecord record) =>
        Commit(TxnRecords.Write(header with { Type = record.Type }, record, TxnTrailer.NotKept));

    private Zxid Prepare(ClientRequest request)
    {
        ErrorCode error = new RequestPreparer(_writer, RequestRules.Default).Prepare(
            request with { Secret = Workbench.Secret },
            ServerOf(request.Session),
            Next,
            1_000,
            out Memory<byte> txn);
        Assert.Equal(ErrorCode.Ok, error);
        return Commit(txn);
    }

    /// <summary>The header of the next transaction, as if it were what the session asked.</summary>
    public TxnHeader Header(SessionId session, int cxid) =>
        new(session, cxid, Next, 1_000, _asked[(session, cxid)].Op);

    /// <summary>Both servers, or one, apply all there is, or up to a zxid.</summary>
    public void Apply(int? server = null, Zxid? upTo = null)
    {
        foreach (int id in server is { } one ? [one] : new[] { 1, 2 })
        {
            Zxid from = _applied.GetValueOrDefault(id);
            _applied[id] = upTo ?? Last;
            Checks.OnApplied(new ServerId(id), from, _applied[id]);
        }
    }

    /// <summary>A snapshot takes a server to the newest state.</summary>
    public void Install(int server)
    {
        Zxid from = _applied.GetValueOrDefault(server);
        _applied[server] = Last;
        Checks.OnInstalled(new ServerId(server), from, Last);
    }

    /// <summary>The right answer: to a write that was committed as what it did, to anything else by the state that its server has, or had.</summary>
    public ClientReply Answer(SessionId session, int cxid, Zxid? at = null)
    {
        if (_outcomes.TryGetValue((session, cxid), out TxnOutcome? outcome))
        {
            return Replies.Of(_asked[(session, cxid)], outcome);
        }

        ClientRequest request = _asked[(session, cxid)];
        Zxid zxid = at ?? _applied[ServerOf(session).Value];
        return request.Op.IsRead
            ? ReadProcessor.Answer(request, _states[zxid], AccessRules.BuiltIn)
            : Replies.Outcome(request, zxid, ErrorCode.Ok);
    }

    /// <summary>An answer that says only how it went.</summary>
    public ClientReply Answer(SessionId session, int cxid, ErrorCode error) =>
        Replies.Outcome(_asked[(session, cxid)], _applied[ServerOf(session).Value], error);

    public void Tell(in ClientReply reply)
    {
        _unanswered.Remove((reply.Session, reply.Cxid));
        Checks.OnOutput(ServerOf(reply.Session), AppliedBy(reply.Session), new ClientOutput(reply.Session, reply: reply));
    }

    public void Tell(SessionId session, WatchEventType type, string path, Zxid? at = null) => Checks.OnOutput(
        ServerOf(session), AppliedBy(session), new ClientOutput(session, fired: new WatchEvent(type, path, at ?? Last)));

    public void TellExpired(SessionId session) =>
        Checks.OnOutput(ServerOf(session), AppliedBy(session), new ClientOutput(session, expired: true));

    /// <summary>Asks, commits, applies everywhere, answers.</summary>
    public ClientReply Do(SessionId session, ClientRequest request)
    {
        int cxid = Ask(session, request);
        if (request.Op.IsWrite)
        {
            _ = Commit(session, cxid);
            Apply();
        }

        ClientReply reply = Answer(session, cxid);
        Tell(reply);
        return reply;
    }

    /// <summary>As <see cref="Do"/>, but the answer is still on its way.</summary>
    public Zxid Change(SessionId session, ClientRequest request)
    {
        Zxid zxid = Commit(session, Ask(session, request));
        Apply();
        return zxid;
    }

    /// <summary>All that is not answered is answered; then the run is over.</summary>
    public void AnswerAllAndEnd()
    {
        foreach ((SessionId session, int cxid) in _unanswered.ToArray())
        {
            Tell(Answer(session, cxid));
        }

        End();
    }

    public void End() => Checks.OnEnd([(new ServerId(1), _states[AppliedBy(A)]), (new ServerId(2), _states[AppliedBy(B)])]);

    private Zxid AppliedBy(SessionId session) => _applied.GetValueOrDefault(ServerOf(session).Value);
}
