using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Text;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Sessions;
using Zab.Core.Tree;

namespace Zab.Core.Requests;

/// <summary>Applies transactions to a <see cref="DataState"/>: the one way in which replicated data changes
/// (R11), the same when a leader proposes, when a server commits, and when a log is replayed.</summary>
/// <remarks>What a transaction does depends on nothing but the state and the transaction. States published by
/// <see cref="Freeze"/> never change; in between, nodes of the same batch are changed in place. After an
/// exception the writer is of no more use. One owner; not thread-safe.</remarks>
/// <param name="start">The state to start from; it does not change.</param>
internal sealed partial class DataWriter(DataState start)
{
    private readonly ZnodeTreeWriter _tree = new(start.Tree);
    private WriteToken _token = new();
    private Acl? _lastAcl;

    /// <summary>The last transaction that was applied.</summary>
    public Zxid LastZxid { get; private set; } = start.LastZxid;

    /// <summary>The newest sessions. Read them before the next transaction, and do not keep them.</summary>
    public SessionTable Sessions { get; private set; } = start.Sessions;

    /// <summary>What the passwords of sessions are made with.</summary>
    public ReadOnlyMemory<byte> Secret { get; private set; } = start.Secret;

    /// <summary>The root of the newest tree. Read it before the next transaction, and do not keep
    /// it.</summary>
    public Znode Root => _tree.Root;

    /// <summary>The digest of the newest state.</summary>
    public ulong Digest => DataState.DigestOf(_tree.Digest, Sessions, Secret.Span);

    /// <summary>Finds a node in the newest tree. Read it before the next transaction, and do not keep
    /// it.</summary>
    public bool TryFind(ReadOnlySpan<char> path, [NotNullWhen(true)] out Znode? node) =>
        _tree.TryFind(path, out node);

    /// <summary>Publishes the newest state.</summary>
    public DataState Freeze()
    {
        _token = new WriteToken();
        return new DataState(LastZxid, _tree.Freeze(), Sessions, Secret);
    }

    /// <summary>Goes back to a state that <see cref="Freeze"/> gave.</summary>
    public void ReturnTo(DataState state)
    {
        _token = new WriteToken();
        _tree.ReturnTo(state.Tree);
        (LastZxid, Sessions, Secret) = (state.LastZxid, state.Sessions, state.Secret);
    }

    /// <summary>Applies a transaction that a leader made.</summary>
    /// <param name="zxid">Its zxid, above the last one.</param>
    /// <param name="txn">Its bytes; they are not kept.</param>
    /// <returns>What it did.</returns>
    /// <exception cref="StateDivergedException">It did something else on its leader.</exception>
    /// <exception cref="InvalidDataException">The bytes are no transaction of this zxid, or none that can
    /// follow this state.</exception>
    public TxnOutcome Apply(Zxid zxid, ReadOnlyMemory<byte> txn)
    {
        TxnOutcome outcome = ApplyUnchecked(zxid, txn.Span);
        if (TxnTrailer.Digest(txn.Span) != Digest)
            throw new StateDivergedException(zxid);

        return outcome;
    }

    /// <summary>Applies a transaction that <see cref="RequestPreparer"/> made just now, and puts into it the
    /// digest of the state that it led to.</summary>
    /// <inheritdoc cref="Apply"/>
    public TxnOutcome ApplyNew(Zxid zxid, Memory<byte> txn)
    {
        TxnOutcome outcome = ApplyUnchecked(zxid, txn.Span);
        TxnTrailer.SetDigest(txn.Span, Digest);
        return outcome;
    }

    /// <summary>Applies a part of a multi.</summary>
    public WriteResult ApplyPart(
        in TxnHeader header, OpCode type, ReadOnlySpan<byte> record, List<ZnodeChange> changes)
    {
        bool read = TxnRecords.TryRead(type, record, out TxnView view);
        Require(read, header.Zxid, "its record is malformed");
        return ApplyToNode(header, type, view, changes);
    }

    private TxnOutcome ApplyUnchecked(Zxid zxid, ReadOnlySpan<byte> txn)
    {
        Invariant.Holds(zxid > LastZxid);
        JuteReader reader = new(txn);
        bool read = TxnHeader.TryRead(ref reader, out TxnHeader header);
        Require(read && header.Zxid == zxid, zxid, "its header is wrong");
        Require(txn.Length >= TxnHeader.Bytes + TxnTrailer.Bytes, zxid, "its record is malformed");
        ReadOnlySpan<byte> record = txn[TxnHeader.Bytes..^TxnTrailer.Bytes];
        read = TxnRecords.TryRead(header.Type, record, out TxnView view);
        Require(read, zxid, "its record is malformed");
        List<ZnodeChange> changes = [];
        TxnOutcome outcome = new() { Header = header, Changes = changes };
        if (header.Type.OpensSession)
        {
            SessionRecord session = header.Type == OpCode.CreateSession
                ? ApplyCreateSession(header, view)
                : ApplyMoveSession(header, view);
            outcome = outcome with { TimeoutMs = session.TimeoutMs, Owner = session.Owner };
        }
        else if (header.Type == OpCode.CloseSession)
        {
            ApplyCloseSession(header, view.Paths!, changes);
        }
        else if (header.Type == OpCode.Multi)
        {
            outcome = outcome with { Parts = ApplyParts(header, record, view, changes) };
        }
        else
        {
            outcome = outcome with { Result = ApplyToNode(header, header.Type, view, changes) };
        }

        KeepReply(outcome, TxnTrailer.AnsweredUpTo(txn));
        LastZxid = zxid;
        return outcome;
    }

    private WriteResult[] ApplyParts(
        in TxnHeader header, ReadOnlySpan<byte> record, in TxnView view, List<ZnodeChange> changes)
    {
        WriteResult[] results = new WriteResult[view.Parts!.Count];
        for (int i = 0; i < results.Length; i++)
        {
            (OpCode type, Range range) = view.Parts[i];
            results[i] = ApplyPart(header, type, record[range], changes);
        }

        return results;
    }

    /// <summary>Keeps what a request gave back, for as long as its client may ask again.</summary>
    private void KeepReply(TxnOutcome outcome, int answeredUpTo)
    {
        if (answeredUpTo == TxnTrailer.NotKept || outcome.Op == OpCode.MoveSession
            || !Sessions.TryGet(outcome.Session, out SessionRecord? session))
        {
            return;
        }

        Require(answeredUpTo >= 0 && outcome.Cxid > session.LastCxid, outcome.Zxid, "its request was done before");
        KeptReply reply = new(outcome.Cxid, outcome.Zxid, outcome.Result, outcome.Parts);
        Sessions = Sessions.With(session.With(reply, answeredUpTo, _token), _token);
    }

    private WriteResult ApplyToNode(
        in TxnHeader header, OpCode type, in TxnView view, List<ZnodeChange> changes)
    {
        string path = Encoding.UTF8.GetString(view.Path);
        if (type.IsCreate)
            return ApplyCreate(header, type, view, path, changes);

        Require(_tree.TryFind(view.Path, out Znode? node), header.Zxid, "its node is not there");
        if (type == OpCode.SetAcl)
            return new WriteResult(path, _tree.SetAcl(view.Path, Shared(view.Acl, node.Acl), view.Number).Stat);
        if (type == OpCode.SetData)
        {
            Znode set = _tree.SetData(
                view.Path, view.Data, view.DataIsNull, view.Number, header.Zxid, header.TimeMs);
            changes.Add(new ZnodeChange(ZnodeChangeKind.DataChanged, path, set.Acl));
            return new WriteResult(path, set.Stat);
        }

        if (type != OpCode.Check)
        {
            Require(
                !PathRules.IsReserved(path) && node.Children.Count == 0,
                header.Zxid,
                "it deletes a node that must stay");
            changes.Add(Delete(view.Path, path, node, header.Zxid));
        }

        return new WriteResult(path, default);
    }

    private WriteResult ApplyCreate(
        in TxnHeader header, OpCode type, in TxnView view, string path, List<ZnodeChange> changes)
    {
        ZnodeOwner kind = type switch
        {
            OpCode.CreateContainer => ZnodeOwner.Container,
            OpCode.CreateTtl => ZnodeOwner.WithTtl(view.TtlMs),
            _ => view.IsEphemeral ? ZnodeOwner.Of(header.Session) : ZnodeOwner.None,
        };
        Require(
            PathRules.IsValid(path) && !_tree.TryFind(view.Path, out _)
                && (type != OpCode.CreateTtl || view.TtlMs is > 0 and <= ZnodeOwner.TtlMsMax),
            header.Zxid,
            "it creates an impossible node");
        Require(
            _tree.TryFind(PathRules.ParentOf(path), out Znode? parent)
                && parent.EphemeralOwner == SessionId.None,
            header.Zxid,
            "it creates a node without a parent");
        Acl? parentAcl = parent.Acl;

        SessionRecord? owner = null;
        Require(
            !view.IsEphemeral || Sessions.TryGet(header.Session, out owner),
            header.Zxid,
            "its session does not exist");
        if (owner is not null)
            Sessions = Sessions.With(owner.With(view.Path, _token), _token);

        Acl? acl = Shared(view.Acl, parentAcl);
        ZnodeHeader fields = ZnodeHeader.Created(header.Zxid, header.TimeMs, kind, acl);
        Znode node = _tree.Create(view.Path, view.Data, view.DataIsNull, fields, view.Number);
        changes.Add(new ZnodeChange(ZnodeChangeKind.Created, path, acl, parentAcl));
        return new WriteResult(path, node.Stat);
    }

    /// <summary>Deletes a node that exists, from the tree and from its owner's list.</summary>
    private ZnodeChange Delete(ReadOnlySpan<byte> utf8, string path, Znode node, Zxid zxid)
    {
        if (node.EphemeralOwner != SessionId.None)
        {
            bool owned = Sessions.TryGet(node.EphemeralOwner, out SessionRecord? owner);
            Invariant.Holds(owned);
            Sessions = Sessions.With(owner!.Without(utf8, _token), _token);
        }

        Acl? acl = node.Acl;
        return new ZnodeChange(ZnodeChangeKind.Deleted, path, acl, _tree.Delete(utf8, zxid).Acl);
    }

    /// <summary>One object for equal lists, where that is easy: many nodes carry the same.</summary>
    private Acl? Shared(Acl? acl, Acl? near)
    {
        _lastAcl = acl is null || acl.Equals(_lastAcl) ? _lastAcl : acl.Equals(near) ? near : acl;
        return acl is null ? null : _lastAcl;
    }

    private static void Require([DoesNotReturnIf(false)] bool condition, Zxid zxid, string reason)
    {
        if (!condition)
            throw Refusal(zxid, reason);
    }

    private static InvalidDataException Refusal(Zxid zxid, string reason) =>
        new($"Transaction {zxid} cannot be applied: {reason}.");
}
