using System.Text;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Sessions;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Conformance.Model;

/// <summary>One seed: a replica and the plain server do the same, step by step.</summary>
internal sealed class ModelRun
{
    private const int SessionsMax = 5;
    private readonly Prng _random;
    private readonly ModelRequests _requests;
    private readonly Solo _solo = new(RequestRules.Default with { EphemeralsMax = PlainTree.EphemeralsMax }, sweepTicks: 1);
    private readonly PlainServer _plain = new();
    private readonly List<SessionId> _dead = [];
    private readonly Dictionary<SessionId, int> _cxids = [];
    private readonly Dictionary<SessionId, List<ClientRequest>> _done = [];

    public ModelRun(int seed)
    {
        _random = new Prng((ulong)seed);
        _requests = new ModelRequests(_random);
        _plain.Tick = _solo.Ticks;
        _plain.NowMs = _solo.TimeMs;
    }

    public int Step { get; private set; }

    /// <summary>The last that was done.</summary>
    public string Doing { get; private set; } = "";

    /// <summary>How often each operation ended how.</summary>
    public Dictionary<string, int> Outcomes { get; } = [];

    public void Run(int steps)
    {
        for (Step = 0; Step < steps; Step++)
        {
            SessionId[] attached = [.. _plain.Sessions.Where(pair => pair.Value.IsAttached).Select(pair => new SessionId((long)pair.Key))];
            switch (_random.Below(60))
            {
                case 0 when attached.Length < SessionsMax: Open(); break;
                case 1: Detach(attached); break;
                case 2: Move(); break;
                case 3: Tick(); break;
                case 4: AskAgain(attached); break;
                case 5 when attached.Length > 2: Ask(Pick(attached), new() { Op = OpCode.CloseSession }); break;
                case 6 when _dead.Count > 0: Ask(Pick(_dead), _requests.Next(_plain.Last)); break;
                default:
                    if (attached.Length == 0)
                        Open();
                    else
                        Ask(Pick(attached), _requests.Next(_plain.Last));
                    break;
            }

            Compare();
            if (Step % 250 == 249)
                CompareState();
        }
    }

    private T Pick<T>(IReadOnlyList<T> items) => items[_random.Below(items.Count)];

    private void Open()
    {
        SessionId session = _solo.Replica.NewSessionId();
        Ask(session, new()
        {
            Op = OpCode.CreateSession,
            TimeoutMs = Solo.TickMs * (1 + _random.Below(8)),
            Identities = _requests.NextIdentities(),
        });
    }

    private void Detach(SessionId[] attached)
    {
        if (attached.Length < 2)
            return;

        SessionId session = Pick(attached);
        Doing = $"detach {session}";
        _solo.Replica.Detach(session);
        _ = _plain.TryGet(session, out PlainSession plain);
        plain.IsAttached = false;
        plain.Watches.Clear();
    }

    private void Move()
    {
        SessionId[] all = [.. _plain.Sessions.Keys.Select(id => new SessionId((long)id)), .. _dead.TakeLast(2)];
        SessionId session = Pick(all.Length > 0 ? all : [new SessionId(77)]);
        bool isRight = !_random.OneIn(4) && !_solo.State.Secret.IsEmpty;
        byte[] password = isRight ? SessionPassword.Of(_solo.State.Secret.Span, session) : new byte[16];
        ClientRequest move = new()
        {
            Op = OpCode.MoveSession,
            Password = password,
            Identities = _requests.NextIdentities(),
        };
        if (isRight)
        {
            Ask(session, move);
            return;
        }

        // Whoever cannot prove itself changes nothing.
        Doing = $"move {session} with a wrong password";
        _solo.Ask(move with { Session = session, Cxid = 1 });
        Assert.Equal(ErrorCode.AuthFailed, _solo.Outputs[^1].Reply!.Value.Error);
        _solo.Outputs.RemoveAt(_solo.Outputs.Count - 1);
        Count("MoveSession AuthFailed");
    }

    private void Tick()
    {
        for (int ticks = 1 + _random.Below(4); ticks > 0; ticks--)
        {
            Doing = "tick";
            int sessions = _plain.Sessions.Count;
            int nodes = _plain.Tree.Nodes.Count;
            SessionId[] before = [.. _plain.Sessions.Keys.Select(id => new SessionId((long)id))];
            _plain.NowMs = _solo.TimeMs + Solo.TickMs;
            _solo.Tick();
            _plain.PassTick(_solo.Options.Roles.PingTicks);
            Count("expired", sessions - _plain.Sessions.Count);
            if (sessions == _plain.Sessions.Count)
                Count("swept", nodes - _plain.Tree.Nodes.Count);

            _dead.AddRange(before.Where(id => !_plain.TryGet(id, out _)));
            Compare();
        }

        if (_random.OneIn(10))
            _solo.TimeMs -= 15; // the wall clock may go back
        _plain.NowMs = _solo.TimeMs;
    }

    /// <summary>A client that has come back asks for what it asked before: for all it knows, the answers were
    /// lost.</summary>
    private void AskAgain(SessionId[] attached)
    {
        SessionId[] can = [.. attached.Where(id => _done.TryGetValue(id, out List<ClientRequest>? done) && done.Count > 0)];
        if (can.Length == 0)
            return;

        SessionId session = Pick(can);
        ClientRequest request = Pick(_done[session]);
        Submit(request);
    }

    private void Ask(SessionId session, ClientRequest request)
    {
        int cxid = _cxids[session] = _cxids.GetValueOrDefault(session) + 1;
        request = request with { Session = session, Cxid = cxid };
        bool isKept = (session.Value & 1) == 0 && request.Op.NeedsLeader && request.Op != OpCode.Sync;
        if (isKept)
            request = request with { AnsweredUpTo = Math.Max(0, cxid - 1 - _random.Below(12)) };

        Submit(request);
        if (request.Op == OpCode.CloseSession && !_plain.TryGet(session, out _))
            _dead.Add(session);
        if (isKept && request.Op is not (OpCode.CloseSession or OpCode.MoveSession or OpCode.CreateSession))
        {
            if (!_done.TryGetValue(session, out List<ClientRequest>? done))
                _done.Add(session, done = []);
            done.Add(request);
            if (done.Count > 20)
                done.RemoveAt(0);
        }
    }

    private void Submit(ClientRequest request)
    {
        bool isAgain = _cxids[request.Session] != request.Cxid;
        Doing = $"{request.Op} '{request.Path}' {request.Mode} by {request.Session}, {request.Cxid}, "
            + $"{request.AnsweredUpTo}, version {request.Version}, acl {request.Acl}, data {request.Data?.Length}, "
            + $"[{string.Join("; ", (request.Operations ?? []).Select(part => $"{part.Op} '{part.Path}' {part.Mode} {part.Version}"))}]";
        _solo.Ask(request);
        ClientReply reply = _plain.Ask(request);
        _plain.Outputs.Add((request.Session, Describe(request, reply)));
        Count(isAgain ? $"again {reply.Error}" : $"{request.Op} {reply.Error}");

        // The answers of the replica, told by the requests.
        for (int i = 0; i < _solo.Outputs.Count; i++)
        {
            if (_solo.Outputs[i].Reply is { } given)
            {
                Assert.Equal((request.Session, request.Cxid), (given.Session, given.Cxid));
                _given[i] = Describe(request, given);
            }
        }
    }

    private readonly Dictionary<int, string> _given = [];

    private void Count(string outcome, int count = 1) =>
        Outcomes[outcome] = Outcomes.GetValueOrDefault(outcome) + count;

    /// <summary>What each client learned in this step.</summary>
    private void Compare()
    {
        List<(SessionId Session, string Text)> outputs = [];
        for (int i = 0; i < _solo.Outputs.Count; i++)
        {
            ClientOutput output = _solo.Outputs[i];
            string text = output.Event is { } fired ? PlainServer.Describe(fired)
                : output.Moved ? "moved"
                : output.Expired ? "expired"
                : _given[i];
            outputs.Add((output.Session, text));
            if (output.Event is { } one)
                Count($"event {one.Type}");
        }

        // Between sessions there is no order to keep.
        Assert.Equal(Lines(_plain.Outputs), Lines(outputs));
        _plain.Outputs.Clear();
        _solo.Outputs.Clear();
        _given.Clear();
        Assert.Equal(_plain.Last, _solo.State.LastZxid);
    }

    private static string Lines(List<(SessionId Session, string Text)> outputs) => string.Join(
        '\n', outputs.OrderBy(output => output.Session.Value).Select(output => $"{output.Session}: {output.Text}"));

    private void CompareState()
    {
        Doing = "the whole state";
        DataState state = _solo.State;
        Dictionary<string, PlainNode> nodes = _plain.Tree.Nodes;
        Assert.Equal(nodes.Count, state.Tree.NodeCount);
        foreach ((string path, PlainNode node) in nodes)
        {
            Assert.True(state.Tree.TryGet(path, out ZnodeView view), path);
            Assert.Equal(_plain.Tree.Below(path).Nodes, view.DescendantCount);
            Assert.Equal(_plain.Tree.StatOf(path), view.Stat);
            Assert.Equal(node.Data, view.Data?.ToArray());
            Assert.Equal(node.Acl, view.Acl);
        }

        Assert.Equal(
            nodes.Where(pair => pair.Value.IsContainer).Select(pair => pair.Key).Order(StringComparer.Ordinal), Paths(state.Tree.Containers));
        Assert.Equal(
            nodes.Where(pair => pair.Value.TtlMs > 0).Select(pair => pair.Key).Order(StringComparer.Ordinal), Paths(state.Tree.Timed));
        Assert.Equal(_plain.Sessions.Keys, state.Sessions.All.Select(session => (ulong)session.Id.Value));
        foreach (SessionRecord session in state.Sessions.All)
        {
            _ = _plain.TryGet(session.Id, out PlainSession plain);
            Assert.Equal(plain.LastKept, session.LastCxid);
            Assert.Equal(plain.Kept.Count, session.Replies.Count);
            Assert.Equal(
                nodes.Where(pair => pair.Value.Owner == session.Id).Select(pair => pair.Key).Order(StringComparer.Ordinal), Paths(session.Ephemerals));
        }

        // The digest that went along with every change is that which a reader makes anew.
        DataStateReader reader = new();
        foreach (ReadOnlyMemory<byte> chunk in state.ToChunks(1_000))
        {
            reader.Add(chunk);
        }

        Assert.Equal(state.Digest, reader.Complete().Digest);
        Assert.Equal(state.Digest, _solo.Follower.Digest);
    }

    private static List<string> Paths(PersistentMap<NodePath> paths)
    {
        List<string> list = [];
        foreach (NodePath path in paths)
        {
            list.Add(Encoding.UTF8.GetString(path.Key));
        }

        return list;
    }

    /// <summary>What an answer says that its request is to learn.</summary>
    private static string Describe(ClientRequest request, ClientReply reply)
    {
        string results = string.Join("; ", (reply.Results ?? []).Select(
            result => $"{result.Op} {result.Error} {(result.Error == ErrorCode.Ok ? result.Path : "")} {result.Stat} {Text(result.Data)} {Text(result.Children)}"));
        if (reply.Error != ErrorCode.Ok)
            return $"{request.Op}: {reply.Error} @{reply.Zxid} [{results}]";

        bool isOfNode = request.Op is OpCode.Delete or OpCode.SetData or OpCode.SetAcl or OpCode.Create or OpCode.Create2;
        return $"{request.Op}: @{reply.Zxid} {(isOfNode ? reply.Path : "")} {reply.Stat} {Text(reply.Data)} "
            + $"{Text(reply.Children)} {reply.Acl} who {string.Join(',', reply.Identities ?? [])} "
            + $"count {reply.Count} timeout {reply.TimeoutMs} [{results}]";
    }

    private static string Text(ReadOnlyMemory<byte>? data) => data is { } bytes ? Convert.ToHexString(bytes.Span) : "null";

    private static string Text(IReadOnlyList<string>? children) => children is null ? "none" : string.Join(',', children);
}
