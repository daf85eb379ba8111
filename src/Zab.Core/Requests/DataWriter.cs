using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Text;
using Zab.Core.Primitives;
using Zab.Core.Sessions;
using Zab.Core.Tree;

namespace Zab.Core.Requests;

/// <summary>Applies transactions to a <see cref="DataState"/>: the one way in which replicated data changes
/// (R11), the same when a leader proposes, when a server commits, and when a log is replayed.</summary>
/// <remarks>What a transaction does depends on nothing but the state and the transaction. States published by
/// <see cref="Freeze"/> never change; in between, nodes of the same batch are changed in place. One owner;
/// not thread-safe.</remarks>
/// <param name="start">The state to start from; it does not change.</param>
internal sealed class DataWriter(DataState start)
{
    private readonly ZnodeTreeWriter _tree = new(start.Tree);
    private WriteToken _token = new();

    /// <summary>The last transaction that was applied.</summary>
    public Zxid LastZxid { get; private set; } = start.LastZxid;

    /// <summary>The newest sessions. Read them before the next transaction, and do not keep them.</summary>
    public SessionTable Sessions { get; private set; } = start.Sessions;

    /// <summary>Finds a node in the newest tree. Read it before the next transaction, and do not keep
    /// it.</summary>
    public bool TryFind(ReadOnlySpan<char> path, [NotNullWhen(true)] out Znode? node) =>
        _tree.TryFind(path, out node);

    /// <summary>Publishes the newest state.</summary>
    public DataState Freeze()
    {
        _token = new WriteToken();
        return new DataState(LastZxid, _tree.Freeze(), Sessions);
    }

    /// <summary>Applies a transaction.</summary>
    /// <param name="zxid">Its zxid, above the last one.</param>
    /// <param name="txn">Its bytes, as <see cref="RequestPreparer"/> made them; they are not kept.</param>
    /// <returns>What it did.</returns>
    /// <exception cref="InvalidDataException">The bytes are no transaction of this zxid, or none that can
    /// follow this state. Nothing has changed.</exception>
    public TxnOutcome Apply(Zxid zxid, ReadOnlyMemory<byte> txn)
    {
        Invariant.Holds(zxid > LastZxid);
        JuteReader reader = new(txn.Span);
        bool read = TxnHeader.TryRead(ref reader, out TxnHeader header);
        Require(read && header.Zxid == zxid, zxid, "its header is wrong");
        TxnOutcome outcome;
        switch (header.Type)
        {
            case OpCode.Create:
            case OpCode.Create2:
                outcome = ApplyCreate(header, ref reader);
                break;
            case OpCode.Delete:
                outcome = ApplyDelete(header, ref reader);
                break;
            case OpCode.SetData:
                outcome = ApplySetData(header, ref reader);
                break;
            case OpCode.CreateSession:
                outcome = ApplyCreateSession(header, ref reader);
                break;
            case OpCode.CloseSession:
                outcome = ApplyCloseSession(header, ref reader);
                break;
            case OpCode.Exists:
            case OpCode.GetData:
            case OpCode.GetChildren:
            case OpCode.Sync:
            case OpCode.GetChildren2:
            case OpCode.RemoveWatches:
            case OpCode.AddWatch:
            default:
                throw Refusal(zxid, "its type is none of a transaction");
        }

        LastZxid = zxid;
        return outcome;
    }

    private TxnOutcome ApplyCreate(in TxnHeader header, ref JuteReader reader)
    {
        bool read = TxnRecords.TryReadCreate(
            ref reader,
            out ReadOnlySpan<byte> utf8,
            out ReadOnlySpan<byte> data,
            out bool dataIsNull,
            out bool isEphemeral,
            out int parentCreations);
        Require(read, header.Zxid, "its record is malformed");
        string path = Encoding.UTF8.GetString(utf8);
        Require(
            PathRules.IsValid(path) && !_tree.TryFind(utf8, out _),
            header.Zxid,
            "it creates an impossible node");
        Require(
            _tree.TryFind(PathRules.ParentOf(path), out Znode? parent)
                && parent.EphemeralOwner == SessionId.None,
            header.Zxid,
            "it creates a node without a parent");

        SessionRecord? owner = null;
        Require(
            !isEphemeral || Sessions.TryGet(header.Session, out owner),
            header.Zxid,
            "its session does not exist");
        if (owner is not null)
            Sessions = Sessions.With(owner.With(utf8, _token), _token);

        ZnodeHeader fields = ZnodeHeader.Created(header.Zxid, header.TimeMs, owner?.Id ?? SessionId.None);
        Znode node = _tree.Create(utf8, data, dataIsNull, fields, parentCreations);
        return new TxnOutcome
        {
            Header = header,
            Path = path,
            Stat = node.Stat,
            Changes = [new ZnodeChange(ZnodeChangeKind.Created, path)],
        };
    }

    private TxnOutcome ApplyDelete(in TxnHeader header, ref JuteReader reader)
    {
        bool read = TxnRecords.TryReadDelete(ref reader, out ReadOnlySpan<byte> utf8);
        Require(read, header.Zxid, "its record is malformed");
        string path = Encoding.UTF8.GetString(utf8);
        Require(
            !PathRules.IsReserved(path) && _tree.TryFind(utf8, out Znode? node) && node.Children.Count == 0,
            header.Zxid,
            "it deletes a node that is not there, or must stay");

        return new TxnOutcome { Header = header, Path = path, Changes = [Delete(utf8, path, header.Zxid)] };
    }

    private TxnOutcome ApplySetData(in TxnHeader header, ref JuteReader reader)
    {
        bool read = TxnRecords.TryReadSetData(
            ref reader,
            out ReadOnlySpan<byte> utf8,
            out ReadOnlySpan<byte> data,
            out bool dataIsNull,
            out int version);
        Require(read, header.Zxid, "its record is malformed");
        Require(_tree.TryFind(utf8, out _), header.Zxid, "it sets a node that is not there");

        string path = Encoding.UTF8.GetString(utf8);
        Znode node = _tree.SetData(utf8, data, dataIsNull, version, header.Zxid, header.TimeMs);
        return new TxnOutcome
        {
            Header = header,
            Path = path,
            Stat = node.Stat,
            Changes = [new ZnodeChange(ZnodeChangeKind.DataChanged, path)],
        };
    }

    private TxnOutcome ApplyCreateSession(in TxnHeader header, ref JuteReader reader)
    {
        Require(
            TxnRecords.TryReadCreateSession(ref reader, out int timeoutMs) && timeoutMs > 0,
            header.Zxid,
            "its record is malformed");
        Require(
            SessionTable.IsUsable(header.Session) && !Sessions.Contains(header.Session),
            header.Zxid,
            "its session is no new one");

        Sessions = Sessions.With(new SessionRecord(header.Session, timeoutMs), _token);
        return new TxnOutcome { Header = header, TimeoutMs = timeoutMs };
    }

    private TxnOutcome ApplyCloseSession(in TxnHeader header, ref JuteReader reader)
    {
        List<byte[]> paths = [];
        Require(TxnRecords.TryReadCloseSession(ref reader, paths), header.Zxid, "its record is malformed");
        bool open = Sessions.TryGet(header.Session, out SessionRecord? session);
        Require(open, header.Zxid, "its session does not exist");

        // The leader lists exactly what the session owns, so no ephemeral node outlives its session.
        MapCursor<EphemeralPath> owned = session!.Ephemerals.GetEnumerator();
        bool same = session.Ephemerals.Count == paths.Count
            && paths.TrueForAll(path => owned.MoveNext() && owned.Current.Key.SequenceEqual(path));
        Require(same, header.Zxid, "it does not list the nodes of its session");

        ZnodeChange[] changes = new ZnodeChange[paths.Count];
        for (int i = 0; i < changes.Length; i++)
        {
            changes[i] = Delete(paths[i], Encoding.UTF8.GetString(paths[i]), header.Zxid);
        }

        Sessions.TryGet(header.Session, out SessionRecord? empty);
        Invariant.Holds(empty!.Ephemerals.Count == 0);
        Sessions = Sessions.Without(empty, _token);
        return new TxnOutcome { Header = header, Changes = changes };
    }

    /// <summary>Deletes a node that exists, from the tree and from its owner's list.</summary>
    private ZnodeChange Delete(ReadOnlySpan<byte> utf8, string path, Zxid zxid)
    {
        bool found = _tree.TryFind(utf8, out Znode? node);
        Invariant.Holds(found);
        if (node!.EphemeralOwner != SessionId.None)
        {
            bool owned = Sessions.TryGet(node.EphemeralOwner, out SessionRecord? owner);
            Invariant.Holds(owned);
            Sessions = Sessions.With(owner!.Without(utf8, _token), _token);
        }

        _tree.Delete(utf8, zxid);
        return new ZnodeChange(ZnodeChangeKind.Deleted, path);
    }

    private static void Require([DoesNotReturnIf(false)] bool condition, Zxid zxid, string reason)
    {
        if (!condition)
            throw Refusal(zxid, reason);
    }

    private static InvalidDataException Refusal(Zxid zxid, string reason) =>
        new($"Transaction {zxid} cannot be applied: {reason}.");
}
