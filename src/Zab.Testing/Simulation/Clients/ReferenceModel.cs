using System.Security.Cryptography;
using Zab.Core.Access;
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
internal sealed partial class ReferenceModel
{
    /// <summary>The most bytes of a transaction, where nothing else was chosen.</summary>
    public const int DefaultRecordBytesMax = 2 * 1_048_575;

    private readonly Dictionary<string, Versions<ModelNode>> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<SessionId, ModelSession> _sessions = [];
    private readonly List<ModelSession> _allSessions = [];
    private readonly List<ModelChange> _changes = [];
    private readonly List<Zxid> _zxids = [];
    private readonly Dictionary<Zxid, IReadOnlyList<(string Path, Stat Stat)>> _multis = [];
    private ReadOnlyMemory<byte> _secret;

    /// <summary>The state of a new ensemble, at <paramref name="start"/>.</summary>
    public ReferenceModel(Zxid start)
    {
        Last = start;
        _zxids.Add(start);
        ModelNode blank = new() { Data = ReadOnlyMemory<byte>.Empty };
        Put("/zookeeper/config", start, blank with { Version = -1, Aversion = -1, Acl = Acl.ReadOnly });
        Put("/zookeeper/quota", start, blank);
        Put("/zookeeper", start, blank with { Children = ModelNode.NoChildren.Add("config").Add("quota") });
        Put(ModelPath.Root, start, blank with { Children = ModelNode.NoChildren.Add("zookeeper") });
    }

    /// <summary>The most bytes of a transaction, header and all.</summary>
    public int RecordBytesMax { get; init; } = DefaultRecordBytesMax;

    /// <summary>The last transaction.</summary>
    public Zxid Last { get; private set; }

    /// <summary>Whether limits of quotas were ever set.</summary>
    public bool HasQuotas { get; private set; }

    /// <summary>The transaction that brought the secret which passwords are made with; none while there is
    /// none.</summary>
    public Zxid SecretSince { get; private set; }

    /// <summary>Everything that happened to nodes, in order.</summary>
    public IReadOnlyList<ModelChange> Changes => _changes;

    /// <summary>Every session that was ever opened, in order.</summary>
    public IReadOnlyList<ModelSession> Sessions => _allSessions;

    /// <summary>Whether there was a state at exactly this zxid.</summary>
    public bool WasAt(Zxid zxid) => zxid == Last || _zxids.BinarySearch(zxid) >= 0;

    /// <summary>The first transaction after another; none when there is none.</summary>
    public Zxid NextAfter(Zxid zxid)
    {
        int index = _zxids.BinarySearch(zxid);
        index = index < 0 ? ~index : index + 1;
        return index < _zxids.Count ? _zxids[index] : Zxid.None;
    }

    /// <summary>What each operation of a multi gave back; null when there is no multi at the zxid.</summary>
    public IReadOnlyList<(string Path, Stat Stat)>? ResultsOf(Zxid zxid) => _multis.GetValueOrDefault(zxid);

    /// <summary>Whether a password is the one of a session: a keyed hash of its id.</summary>
    public bool IsPassword(SessionId session, ReadOnlyMemory<byte> password)
    {
        byte[] id = BitConverter.GetBytes(session.Value);
        Array.Reverse(id, 0, BitConverter.IsLittleEndian ? id.Length : 0);
        return SecretSince != Zxid.None
            && password.Span.SequenceEqual(HMACSHA256.HashData(_secret.Span, id).AsSpan(0, 16));
    }

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
        OpCode type = txn.Type;
        if (type == OpCode.CreateSession)
        {
            ApplyCreateSession(txn, zxid);
        }
        else if (type == OpCode.MoveSession)
        {
            ApplyMoveSession(txn, zxid);
        }
        else if (type == OpCode.CloseSession)
        {
            ApplyCloseSession(txn, zxid);
        }
        else if (type == OpCode.Multi)
        {
            _multis.Add(zxid, [.. txn.Parts.Select(part => ApplyToNode(part, zxid))]);
        }
        else
        {
            Rule.Holds(type != OpCode.Check, $"K2: {zxid} is a check, which changes nothing");
            _ = ApplyToNode(txn, zxid);
        }

        NoteKept(txn, zxid);
        Last = zxid;
        _zxids.Add(zxid);
    }

    private ModelNode? Current(string path) => _nodes.GetValueOrDefault(path)?.Last;

    private void Put(string path, Zxid zxid, ModelNode? node)
    {
        if (!_nodes.TryGetValue(path, out Versions<ModelNode>? versions))
        {
            _nodes.Add(path, versions = new Versions<ModelNode>());
        }

        versions.Set(zxid, node);
    }
}
