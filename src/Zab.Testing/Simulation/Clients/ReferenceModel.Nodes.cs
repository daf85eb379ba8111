using System.Text;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Testing.Simulation.Checks;

namespace Zab.Testing.Simulation.Clients;

/// <content>What transactions do to nodes.</content>
internal sealed partial class ReferenceModel
{
    private const long TtlMsMax = 1_099_511_627_775;

    /// <summary>Does one operation.</summary>
    /// <returns>What it gives back.</returns>
    private (string Path, Stat Stat) ApplyToNode(ModelTxn txn, Zxid zxid)
    {
        OpCode type = txn.Type;
        if (Precedence.Creates(type))
        {
            ApplyCreate(txn, zxid);
            return (txn.Path, Current(txn.Path)!.Stat);
        }

        ModelNode? node = Current(txn.Path);
        Rule.Holds(node is not null, $"K2: {zxid} does {type} {txn.Path}, which is not there");
        switch (type)
        {
            case OpCode.Delete:
                ApplyDelete(txn.Path, zxid);
                return (txn.Path, default);
            case OpCode.DeleteContainer:
                Rule.Holds(
                    node.IsOver(txn.Header.TimeMs),
                    $"K2: {zxid} at {txn.Header.TimeMs} ms ends {txn.Path}, which is not over: {node}");
                ApplyDelete(txn.Path, zxid);
                return (txn.Path, default);
            case OpCode.Check:
                Rule.Holds(
                    txn.Number == -1 || txn.Number == node.Version,
                    $"K2: {zxid} checks {txn.Path} for version {txn.Number}, and it has {node.Version}");
                return (txn.Path, default);
            case OpCode.SetData:
                ApplySetData(txn, node, zxid);
                return (txn.Path, Current(txn.Path)!.Stat);
            case OpCode.SetAcl:
                ApplySetAcl(txn, node, zxid);
                return (txn.Path, Current(txn.Path)!.Stat);
            default:
                Rule.Holds(false, $"K2: {zxid} is a {type}, which changes nothing");
                return default;
        }
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
        Rule.Holds(
            txn.Type == OpCode.CreateTtl ? txn.TtlMs is > 0 and <= TtlMsMax : txn.TtlMs == 0,
            $"K2: {zxid} creates {txn.Path} to live for {txn.TtlMs} ms");
        Put(txn.Path, zxid, new ModelNode
        {
            Czxid = zxid,
            Mzxid = zxid,
            Pzxid = zxid,
            Ctime = txn.Header.TimeMs,
            Mtime = txn.Header.TimeMs,
            Owner = OwnerOf(txn, zxid),
            IsContainer = txn.Type == OpCode.CreateContainer,
            TtlMs = txn.TtlMs,
            Data = txn.Data,
            Acl = txn.Acl,
        });
        Put(parentPath, zxid, parent with
        {
            Pzxid = zxid,
            Creations = creations,
            Children = parent.Children.Add(ModelPath.NameOf(txn.Path)),
        });
        HasQuotas |= ModelPath.WatchedBy(txn.Path, ModelPath.Limits) is not null;
        _changes.Add(new ModelChange(
            zxid, ZnodeChangeKind.Created, txn.Path, parentPath, txn.Acl, parent.Acl));
    }

    /// <summary>The session that a new node belongs to, which takes note of it.</summary>
    private SessionId OwnerOf(ModelTxn txn, Zxid zxid)
    {
        if (!txn.IsEphemeral)
        {
            return SessionId.None;
        }

        SessionId owner = txn.Header.Session;
        ModelSession? session = OpenSession(owner);
        Rule.Holds(session is not null, $"S22: {zxid} creates {txn.Path} for {owner}, which is not open");
        _ = session.Ephemerals.Add(txn.Path);
        _ = session.EverOwned.Add(txn.Path);
        session.CountBytes(sizeof(int) + Encoding.UTF8.GetByteCount(txn.Path));
        return owner;
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
        _changes.Add(new ModelChange(
            zxid, ZnodeChangeKind.Deleted, path, parentPath, node.Acl, parent.Acl));
    }

    private void ApplySetData(ModelTxn txn, ModelNode node, Zxid zxid)
    {
        int version = ModelNode.VersionAfter(node.Version);
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
        string parentPath = ModelPath.ParentOf(txn.Path);
        _changes.Add(new ModelChange(
            zxid, ZnodeChangeKind.DataChanged, txn.Path, parentPath, node.Acl, Current(parentPath)?.Acl));
    }

    private void ApplySetAcl(ModelTxn txn, ModelNode node, Zxid zxid)
    {
        int aversion = ModelNode.VersionAfter(node.Aversion);
        Rule.Holds(
            txn.Number == aversion,
            $"K2: {zxid} sets the permissions of {txn.Path} to {txn.Number}, and the next is {aversion}");
        Put(txn.Path, zxid, node with { Acl = txn.Acl, Aversion = aversion });
    }
}
