using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Sessions;
using Zab.Core.Tree;

namespace Zab.Core.Requests;

/// <summary>Makes a <see cref="DataState"/> of the chunks of <see cref="DataState.ToChunks"/>.</summary>
/// <remarks>Trusts nothing: whatever is not exactly what a writer would write is refused, and nothing is
/// allocated beyond the size of the input. The chunks need not be cut as they were. One owner; not
/// thread-safe. After an exception the reader is of no more use.</remarks>
internal sealed class DataStateReader
{
    private readonly WriteToken _token = new();
    private readonly Stack<OpenNode> _open = new();
    private byte[] _rest = []; // A record, or a length, that is not complete yet.
    private int _restLength;
    private Zxid _lastZxid;
    private SessionTable _sessions;
    private SessionId _lastSession;
    private int _sessionsLeft;
    private int _repliesLeft; // of the last session
    private int _nodesLeft;
    private ulong _digest;
    private ulong _sum; // the digest of the nodes that were read
    private byte[] _secret = [];
    private Acl? _lastAcl;
    private PersistentMap<NodePath> _containers;
    private PersistentMap<NodePath> _timed;
    private bool _hasHeader;

    /// <summary>Reads the next chunk.</summary>
    /// <param name="chunk">The bytes; they are copied.</param>
    /// <exception cref="InvalidDataException">The bytes are malformed.</exception>
    public void Add(ReadOnlyMemory<byte> chunk)
    {
        ReadOnlySpan<byte> bytes = chunk.Span;
        while (_restLength > 0 && bytes.Length > 0)
        {
            // Complete first the length, then the record.
            int needed = Needed(_rest.AsSpan(0, _restLength)) - _restLength;
            int taken = Math.Min(needed, bytes.Length);
            Keep(bytes[..taken]);
            bytes = bytes[taken..];
            if (_restLength > sizeof(int) && Needed(_rest.AsSpan(0, _restLength)) == _restLength)
            {
                ReadRecord(_rest.AsSpan(sizeof(int), _restLength - sizeof(int)));
                _restLength = 0;
            }
        }

        while (Needed(bytes) is int length && bytes.Length >= length)
        {
            ReadRecord(bytes[sizeof(int)..length]);
            bytes = bytes[length..];
        }

        Keep(bytes);
    }

    /// <summary>Ends the reading.</summary>
    /// <returns>The state.</returns>
    /// <exception cref="InvalidDataException">The chunks do not make up a whole state.</exception>
    public DataState Complete()
    {
        Require(_hasHeader && _sessionsLeft == 0 && _repliesLeft == 0 && _nodesLeft == 0 && _restLength == 0 && _open.Count > 0);
        while (_open.Count > 1)
        {
            CloseTop();
        }

        ZnodeTree tree = new(TakeTop(), _sum, _containers, _timed);
        DataState state = new(_lastZxid, tree, _sessions, _secret);
        Require(state.Digest == _digest);
        return state;
    }

    /// <summary>The bytes up to the end of the next record, or of its length while that is not
    /// known.</summary>
    private static int Needed(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < sizeof(int))
            return sizeof(int);

        int length = BinaryPrimitives.ReadInt32BigEndian(bytes);
        Require(length is > 0 and <= DataStateFormat.RecordBytesMax);
        return sizeof(int) + length;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_restLength + bytes.Length > _rest.Length)
            Array.Resize(ref _rest, Math.Max(_restLength + bytes.Length, 2 * _rest.Length));

        bytes.CopyTo(_rest.AsSpan(_restLength));
        _restLength += bytes.Length;
    }

    private void ReadRecord(ReadOnlySpan<byte> record)
    {
        JuteReader reader = new(record);
        if (!_hasHeader)
            ReadHeader(ref reader);
        else if (_repliesLeft > 0)
            ReadReply(ref reader);
        else if (_sessionsLeft > 0)
            ReadSession(ref reader);
        else
            ReadNode(ref reader);
    }

    private void ReadHeader(ref JuteReader reader)
    {
        Require(DataStateFormat.TryReadHeader(
            ref reader,
            out _lastZxid,
            out _digest,
            out ReadOnlySpan<byte> secret,
            out _sessionsLeft,
            out _nodesLeft));
        _secret = secret.ToArray();
        _hasHeader = true;
    }

    private void ReadSession(ref JuteReader reader)
    {
        Require(DataStateFormat.TryReadSession(
            ref reader, out SessionId id, out int timeoutMs, out ServerId owner, out _repliesLeft));
        Require((ulong)id.Value > (ulong)_lastSession.Value && SessionTable.IsUsable(id) && timeoutMs > 0);
        Require(owner.IsValid && _secret.Length > 0);
        _lastSession = id;
        _sessions = _sessions.With(new SessionRecord(id, timeoutMs).ServedBy(owner), _token);
        _sessionsLeft--;
    }

    private void ReadReply(ref JuteReader reader)
    {
        Require(DataStateFormat.TryReadReply(ref reader, out KeptReply? reply));
        Require(_sessions.TryGet(_lastSession, out SessionRecord? session) && reply.Cxid > session.LastCxid);
        _sessions = _sessions.With(session.With(reply, answeredUpTo: 0, _token), _token);
        _repliesLeft--;
    }

    private void ReadNode(ref JuteReader reader)
    {
        Require(DataStateFormat.TryReadNode(
            ref reader,
            out int depth,
            out ReadOnlySpan<byte> name,
            out ReadOnlySpan<byte> data,
            out bool dataIsNull,
            out ZnodeHeader header));
        Require(_nodesLeft-- > 0);
        if (header.Acl is { } acl)
        {
            // Neighbours often carry the same list: they share one object.
            _lastAcl = acl.Equals(_lastAcl) ? _lastAcl : acl;
            header = header with { Acl = _lastAcl };
        }

        Require(depth >= 0 && depth <= _open.Count && (depth == 0) == (_open.Count == 0));
        while (_open.Count > depth)
        {
            CloseTop();
        }

        Znode read = Znode.Make(name, data, dataIsNull, header, children: default, below: default, _token);
        ulong path = ZnodeDigest.RootPath;
        if (_open.TryPeek(out OpenNode? parent))
        {
            Require(PathRules.IsValidElement(name));
            Require(parent.LastChild is null || parent.LastChild.Key.SequenceCompareTo(name) < 0);
            Require(parent.Node.EphemeralOwner == SessionId.None);
            parent.LastChild = read;
            path = ZnodeDigest.PathOf(parent.Path, name);
        }
        else
        {
            Require(name.IsEmpty && header.Owner == ZnodeOwner.None);
        }

        _open.Push(new OpenNode(read, path));
        if (header.Owner != ZnodeOwner.None)
            NoteOwner(header.Owner);
    }

    /// <summary>Puts a node that has all its children into its parent.</summary>
    private void CloseTop()
    {
        Znode node = TakeTop();
        OpenNode parent = _open.Peek();
        parent.Children = parent.Children.Set(node, _token);
        parent.Below += node.Below + new Subtree(1, node.DataLength);
    }

    private Znode TakeTop()
    {
        OpenNode open = _open.Pop();
        Znode node = open.ToZnode(_token);
        _sum = unchecked(_sum + ZnodeDigest.Of(open.Path, node));
        return node;
    }

    /// <summary>Puts the last node that was read into the list of whatever ends its life.</summary>
    private void NoteOwner(ZnodeOwner owner)
    {
        byte[] path = PathOfTop();
        if (owner.IsContainer)
        {
            _containers = _containers.Set(new NodePath(path), _token);
        }
        else if (owner.HasTtl)
        {
            _timed = _timed.Set(new NodePath(path), _token);
        }
        else
        {
            Require(_sessions.TryGet(owner.Session, out SessionRecord? session));
            _sessions = _sessions.With(session.With(path, _token), _token);
        }
    }

    private byte[] PathOfTop()
    {
        List<byte> path = [];
        OpenNode[] nodes = [.. _open];
        for (int i = nodes.Length - 2; i >= 0; i--)
        {
            path.Add((byte)'/');
            path.AddRange(nodes[i].Node.Key);
        }

        return [.. path];
    }

    private static void Require([DoesNotReturnIf(false)] bool condition)
    {
        if (!condition)
            throw new InvalidDataException("The bytes are not a snapshot of the data.");
    }

    /// <summary>A node whose children are still being read.</summary>
    private sealed class OpenNode(Znode node, ulong path)
    {
        public Znode Node { get; } = node;

        public ulong Path => path;

        public PersistentMap<Znode> Children { get; set; }

        public Subtree Below { get; set; }

        public Znode? LastChild { get; set; }

        public Znode ToZnode(WriteToken token) =>
            Children.Count == 0 ? Node : new RichZnode(Node, Node.Header, Children, Below, token);
    }
}
