using System.Globalization;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Sessions;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Requests;

/// <summary>Random requests, against the data model written as plainly as can be: dictionaries by
/// path.</summary>
public class DataWriterModelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void The_writer_does_what_the_plainest_model_does(int seed)
    {
        RandomRequests requests = new(seed);
        DataWriter writer = new(DataState.Initial);
        RequestPreparer preparer = new(writer, RequestRules.Default);
        Model model = new();
        List<(DataState State, string Content)> published = [];
        uint counter = 0;
        for (int i = 0; i < 3_000; i++)
        {
            ClientRequest request = requests.Next();
            Zxid zxid = Zxid.Of(1, counter + 1);
            ErrorCode error = preparer.Prepare(
                request with { Secret = Workbench.Secret },
                SessionTable.OpenerOf(request.Session),
                zxid,
                timeMs: i,
                out Memory<byte> txn);
            Assert.Equal(model.Do(request, zxid, i), error);
            if (error == ErrorCode.Ok)
            {
                counter++;
                TxnOutcome outcome = writer.ApplyNew(zxid, txn);
                Assert.Equal(
                    (request.Session, request.Cxid, request.Op), (outcome.Session, outcome.Cxid, outcome.Op));
            }

            if (requests.Random.OneIn(15))
            {
                DataState state = writer.Freeze();
                Assert.Equal(model.Content(), ContentOf(state));
                published.Add((state, model.Content()));
            }
        }

        // Later writes changed nothing that was published.
        Assert.All(published, one => Assert.Equal(one.Content, ContentOf(one.State)));
    }

    private static string ContentOf(DataState state)
    {
        List<string> lines = [];
        Assert.True(state.Tree.TryGet("/", out ZnodeView root));
        lines.Add(Line("/", root.Data, root.Stat));
        foreach ((string path, ZnodeView node) in state.Tree.Descendants("/"))
        {
            if (!path.StartsWith("/zookeeper", StringComparison.Ordinal))
                lines.Add(Line(path, node.Data, node.Stat));
        }

        Assert.Equal(state.Tree.NodeCount, lines.Count + 3);
        foreach (SessionRecord session in state.Sessions.All)
        {
            lines.Add($"{session.Id} {session.TimeoutMs} {session.Ephemerals.Count}");
        }

        lines.Sort(StringComparer.Ordinal);
        return string.Join('\n', lines);
    }

    private static string Line(string path, ReadOnlyMemory<byte>? data, Stat stat) =>
        $"{path} {(data is { } bytes ? Convert.ToHexString(bytes.Span) : "null")} {stat}";

    private sealed class Model
    {
        private readonly Dictionary<string, Node> _nodes =
            new() { ["/"] = new Node { Data = Array.Empty<byte>() } };

        private readonly Dictionary<SessionId, int> _sessions = [];

        public ErrorCode Do(ClientRequest request, Zxid zxid, long timeMs) => request.Op switch
        {
            OpCode.CreateSession => _sessions.TryAdd(request.Session, request.TimeoutMs)
                ? ErrorCode.Ok
                : ErrorCode.BadArguments,
            _ when !_sessions.ContainsKey(request.Session) => ErrorCode.SessionExpired,
            OpCode.CloseSession => Close(request.Session, zxid),
            OpCode.Delete => Delete(request, zxid),
            OpCode.SetData => Set(request, zxid, timeMs),
            _ => Create(request, zxid, timeMs),
        };

        public string Content()
        {
            List<string> lines = [];
            foreach ((string path, Node node) in _nodes)
            {
                int children = ChildrenOf(path) + (path == "/" ? 1 : 0);
                Stat stat = new(
                    node.Czxid, node.Mzxid, node.Ctime, node.Mtime,
                    node.Version, (2 * node.Creations) - children, Aversion: 0, node.Owner,
                    node.Data?.Length ?? 0, children, node.Pzxid);
                lines.Add(Line(path, node.Data, stat));
            }

            foreach ((SessionId session, int timeoutMs) in _sessions)
            {
                lines.Add($"{session} {timeoutMs} {_nodes.Values.Count(node => node.Owner == session)}");
            }

            lines.Sort(StringComparer.Ordinal);
            return string.Join('\n', lines);
        }

        private ErrorCode Create(ClientRequest request, Zxid zxid, long timeMs)
        {
            if (!_nodes.TryGetValue(ParentOf(request.Path), out Node? parent))
                return ErrorCode.NoNode;

            bool sequential =
                request.Mode is CreateMode.PersistentSequential or CreateMode.EphemeralSequential;
            bool ephemeral = request.Mode is CreateMode.Ephemeral or CreateMode.EphemeralSequential;
            string path = request.Path
                + (sequential ? parent.Creations.ToString("D10", CultureInfo.InvariantCulture) : "");
            if (_nodes.ContainsKey(path))
                return ErrorCode.NodeExists;
            if (parent.Owner != SessionId.None)
                return ErrorCode.NoChildrenForEphemerals;

            _nodes.Add(path, new Node
            {
                Data = request.Data,
                Czxid = zxid,
                Mzxid = zxid,
                Pzxid = zxid,
                Ctime = timeMs,
                Mtime = timeMs,
                Owner = ephemeral ? request.Session : SessionId.None,
            });
            parent.Creations++;
            parent.Pzxid = zxid;
            return ErrorCode.Ok;
        }

        private ErrorCode Delete(ClientRequest request, Zxid zxid)
        {
            if (request.Path == "/")
                return ErrorCode.BadArguments;
            if (!_nodes.TryGetValue(request.Path, out Node? node))
                return ErrorCode.NoNode;
            if (request.Version != -1 && request.Version != node.Version)
                return ErrorCode.BadVersion;
            if (ChildrenOf(request.Path) > 0)
                return ErrorCode.NotEmpty;

            Remove(request.Path, zxid);
            return ErrorCode.Ok;
        }

        private ErrorCode Set(ClientRequest request, Zxid zxid, long timeMs)
        {
            if (request.Path.Contains("//", StringComparison.Ordinal))
                return ErrorCode.BadArguments;
            if (!_nodes.TryGetValue(request.Path, out Node? node))
                return ErrorCode.NoNode;
            if (request.Version != -1 && request.Version != node.Version)
                return ErrorCode.BadVersion;

            node.Data = request.Data;
            node.Version++;
            node.Mzxid = zxid;
            node.Mtime = timeMs;
            return ErrorCode.Ok;
        }

        private ErrorCode Close(SessionId session, Zxid zxid)
        {
            string[] owned = [.. _nodes.Where(pair => pair.Value.Owner == session).Select(pair => pair.Key)];
            Array.ForEach(owned, path => Remove(path, zxid));

            _sessions.Remove(session);
            return ErrorCode.Ok;
        }

        private void Remove(string path, Zxid zxid)
        {
            _nodes.Remove(path);
            _nodes[ParentOf(path)].Pzxid = zxid;
        }

        private int ChildrenOf(string path) => _nodes.Keys.Count(key => key != "/" && ParentOf(key) == path);

        private static string ParentOf(string path) =>
            path.LastIndexOf('/') is > 0 and int slash ? path[..slash] : "/";
    }

    private sealed class Node
    {
        public ReadOnlyMemory<byte>? Data { get; set; }

        public Zxid Czxid { get; init; }

        public Zxid Mzxid { get; set; }

        public Zxid Pzxid { get; set; }

        public long Ctime { get; init; }

        public long Mtime { get; set; }

        public int Version { get; set; }

        public int Creations { get; set; }

        public SessionId Owner { get; init; }
    }
}
