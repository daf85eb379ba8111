using System.Text;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Testing.Simulation.Checks;

namespace Zab.Testing.Simulation.Clients;

/// <summary>A naive tree and session table that follows the committed sequence, and still knows what each
/// node was after every transaction.</summary>
/// <remarks>It shares no code with the library's own state. It works out by itself what each transaction must
/// do, and refuses one that cannot be. Facts: ZooKeeper's stat arithmetic and its two counters of
/// children.</remarks>
internal sealed class ReferenceModel
{
    private const int AnyVersion = -1;
    private readonly Dictionary<string, Versions<ModelNode>> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<SessionId, ModelSession> _sessions = [];
    private readonly List<ModelSession> _allSessions = [];
    private readonly List<ModelChange> _changes = [];
    private readonly HashSet<Zxid> _zxids = [];

    /// <summary>The state of a new ensemble, at <paramref name="start"/>.</summary>
    public ReferenceModel(Zxid start)
    {
        Last = start;
        _ = _zxids.Add(start);
        ModelNode blank = new() { Data = ReadOnlyMemory<byte>.Empty };
        Put("/zookeeper/config", start, blank with { Aversion = -1 });
        Put("/zookeeper/quota", start, blank);
        Put("/zookeeper", start, blank with { Children = ModelNode.NoChildren.Add("config").Add("quota") });
        Put(ModelPath.Root, start, blank with { Children = ModelNode.NoChildren.Add("zookeeper") });
    }

    /// <summary>The last transaction.</summary>
    public Zxid Last { get; private set; }

    /// <summary>Everything that happened to nodes, in order.</summary>
    public IReadOnlyList<ModelChange> Changes => _changes;

    /// <summary>Every session that was ever opened, in order.</summary>
    public IReadOnlyList<ModelSession> Sessions => _allSessions;

    /// <summary>Whether there was a state at exactly this zxid.</summary>
    public bool WasAt(Zxid zxid) => zxid == Last || _zxids.Contains(zxid);

    /// <summary>How many of <see cref="Changes"/> were made up to and including a transaction.</summary>
    public int ChangesUpTo(Zxid zxid)
    {
        int low = 0;
        int high = _changes.Count;
        if (zxid >= Last)
        {
            return high;
        }

        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _changes[middle].Zxid <= zxid ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>The node after all transactions up to <paramref name="zxid"/>; null when there is
    /// none.</summary>
    public ModelNode? NodeAt(string path, Zxid zxid) =>
        _nodes.TryGetValue(path, out Versions<ModelNode>? versions) ? versions.At(zxid) : null;

    /// <summary>The first transaction after <paramref name="after"/> that changed the node or its children;
    /// none when there is none.</summary>
    public Zxid NextChangeOf(string path, Zxid after) =>
        _nodes.TryGetValue(path, out Versions<ModelNode>? versions) ? versions.NextChange(after) : Zxid.None;

    /// <summary>A session that was opened at some time; null when there was none.</summary>
    public ModelSession? Session(SessionId id) => _sessions.GetValueOrDefault(id);

    /// <summary>Whether a session is in the table after all transactions up to
    /// <paramref name="zxid"/>.</summary>
    public bool IsOpen(SessionId id, Zxid zxid) => Session(id)?.IsOpenAt(zxid) ?? false;

    /// <summary>Applies the next transaction of the committed sequence.</summary>
    /// <exception cref="InvariantViolatedException">It is none that can follow.</exception>
    public void Apply(Zxid zxid, ReadOnlyMemory<byte> txn) => Apply(ModelTxn.Decode(zxid, txn));

    /// <summary>Applies the next transaction of the committed sequence.</summary>
    /// <exception cref="InvariantViolatedException">It is none that can follow.</exception>
    public void Apply(ModelTxn txn)
    {
        Zxid zxid = txn.Header.Zxid;
        Rule.Holds(Last.IsFollowedBy(zxid), $"K2: {zxid} cannot come after {Last}");
        OpCode type = txn.Header.Type;
        Rule.Holds(type.IsWrite, $"K2: {zxid} is a {type}, which changes nothing");
        if (type is OpCode.Create or OpCode.Create2)
        {
            ApplyCreate(txn, zxid);
        }
        else if (type == OpCode.Delete)
        {
            ApplyDelete(txn.Path, zxid);
        }
        else if (type == OpCode.SetData)
        {
            ApplySetData(txn, zxid);
        }
        else if (type == OpCode.CreateSession)
        {
            ApplyCreateSession(txn, zxid);
        }
        else
        {
            Rule.Holds(type == OpCode.CloseSession, $"K2: the model does not know {type} yet");
            ApplyCloseSession(txn, zxid);
        }

        Last = zxid;
        _ = _zxids.Add(zxid);
    }

    private void ApplyCreate(ModelTxn txn, Zxid zxid)
    {
        string parentPath = ModelPath.ParentOf(txn.Path);
        ModelNode? parent = Current(parentPath);
        Rule.Holds(ModelPath.IsWellFormed(txn.Path), $"K2: {zxid} creates {txn.Path}, which is no path");
        Rule.Holds(Current(txn.Path) is null, $"K2: {zxid} creates {txn.Path}, which exists");
        Rule.Holds(parent is not null, $"K2: {zxid} creates {txn.Path}, which has no parent");
        Rule.Holds(
            parent.Owner == SessionId.None, $"K2: {zxid} creates {txn.Path} under an ephemeral node");
        int creations = unchecked(parent.Creations + 1);
        Rule.Holds(
            txn.Number == creations,
            $"K2: {zxid} counts {txn.Number} creations under {parentPath}, and there are {creations}");

        SessionId owner = txn.IsEphemeral ? txn.Header.Session : SessionId.None;
        if (txn.IsEphemeral)
        {
            ModelSession? session = OpenSession(owner);
            Rule.Holds(session is not null, $"S22: {zxid} creates {txn.Path} for {owner}, which is not open");
            _ = session.Ephemerals.Add(txn.Path);
            session.CountBytes(sizeof(int) + Encoding.UTF8.GetByteCount(txn.Path));
        }

        Put(txn.Path, zxid, new ModelNode
        {
            Czxid = zxid,
            Mzxid = zxid,
            Pzxid = zxid,
            Ctime = txn.Header.TimeMs,
            Mtime = txn.Header.TimeMs,
            Owner = owner,
            Data = txn.Data,
        });
        Put(parentPath, zxid, parent with
        {
            Pzxid = zxid,
            Creations = creations,
            Children = parent.Children.Add(ModelPath.NameOf(txn.Path)),
        });
        _changes.Add(new ModelChange(zxid, ZnodeChangeKind.Created, txn.Path, parentPath));
    }

    private void ApplyDelete(string path, Zxid zxid)
    {
        ModelNode? node = Current(path);
        Rule.Holds(!ModelPath.IsReserved(path), $"K2: {zxid} deletes {path}, which must stay");
        Rule.Holds(node is not null, $"K2: {zxid} deletes {path}, which is not there");
        Rule.Holds(node.Children.IsEmpty, $"K2: {zxid} deletes {path}, which has children");
        if (node.Owner != SessionId.None)
        {
            ModelSession? owner = OpenSession(node.Owner);
            Rule.Holds(owner is not null, $"S22: {path} belonged to {node.Owner}, which is not open");
            _ = owner.Ephemerals.Remove(path);
            owner.CountBytes(-sizeof(int) - Encoding.UTF8.GetByteCount(path));
        }

        string parentPath = ModelPath.ParentOf(path);
        ModelNode? parent = Current(parentPath);
        Rule.Holds(parent is not null, $"K2: {zxid} deletes {path}, which has no parent");
        Put(path, zxid, null);
        Put(parentPath, zxid, parent with
        {
            Pzxid = zxid,
            Children = parent.Children.Remove(ModelPath.NameOf(path)),
        });
        _changes.Add(new ModelChange(zxid, ZnodeChangeKind.Deleted, path, parentPath));
    }

    private void ApplySetData(ModelTxn txn, Zxid zxid)
    {
        ModelNode? node = Current(txn.Path);
        Rule.Holds(node is not null, $"K2: {zxid} sets {txn.Path}, which is not there");

        // A version is never -1, as that means any version in a request.
        int version = unchecked(node.Version + 1);
        version = version == AnyVersion ? 0 : version;
        Rule.Holds(
            txn.Number == version,
            $"K2: {zxid} sets {txn.Path} to version {txn.Number}, and the next is {version}");
        Put(txn.Path, zxid, node with
        {
            Mzxid = zxid,
            Mtime = txn.Header.TimeMs,
            Version = version,
            Data = txn.Data,
        });
        _changes.Add(new ModelChange(
            zxid, ZnodeChangeKind.DataChanged, txn.Path, ModelPath.ParentOf(txn.Path)));
    }

    private void ApplyCreateSession(ModelTxn txn, Zxid zxid)
    {
        SessionId id = txn.Header.Session;
        Rule.Holds(id != SessionId.None && txn.Number > 0, $"S22: {zxid} opens {id} for {txn.Number} ms");
        ModelSession session = new(id, txn.Number, zxid);
        Rule.Holds(_sessions.TryAdd(id, session), $"S22: {zxid} opens {id}, which has been opened before");
        _allSessions.Add(session);
    }

    private void ApplyCloseSession(ModelTxn txn, Zxid zxid)
    {
        ModelSession? session = OpenSession(txn.Header.Session);
        Rule.Holds(session is not null, $"S22: {zxid} closes {txn.Header.Session}, which is not open");
        Rule.Holds(
            session.Ephemerals.SequenceEqual(txn.Paths, StringComparer.Ordinal),
            $"S22: {zxid} closes {session.Id} with {txn.Paths.Count} nodes that are not what it owns");
        foreach (string path in txn.Paths)
        {
            ApplyDelete(path, zxid);
        }

        Rule.Holds(session.Ephemerals.Count == 0, $"S22: {session.Id} is closed and still owns nodes");
        session.ClosedAt = zxid;
    }

    private ModelNode? Current(string path) => _nodes.GetValueOrDefault(path)?.Last;

    private ModelSession? OpenSession(SessionId id) =>
        Session(id) is { } session && session.ClosedAt == Zxid.None ? session : null;

    private void Put(string path, Zxid zxid, ModelNode? node)
    {
        if (!_nodes.TryGetValue(path, out Versions<ModelNode>? versions))
        {
            _nodes.Add(path, versions = new Versions<ModelNode>());
        }

        versions.Set(zxid, node);
    }
}
