using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Sessions;
using Zab.Core.Tree;

namespace Zab.Core.Requests;

/// <summary>Checks what a client wants to do to one node, in ZooKeeper's order, so that the same error
/// wins.</summary>
/// <remarks>Source: ZooKeeper <c>PrepRequestProcessor.pRequest2Txn</c>.</remarks>
/// <param name="proposed">The newest proposed state; only read.</param>
/// <param name="rules">What is allowed.</param>
internal sealed class ZnodePreparer(DataWriter proposed, RequestRules rules)
{
    private const int AnyVersion = -1;

    /// <summary>The node whose quota the last request would exceed; null when it exceeds none.</summary>
    public string? WarnedQuota { get; private set; }

    /// <summary>Prepares a request, or a part of a multi.</summary>
    /// <param name="request">The request, with the session and the identities of whoever asks.</param>
    /// <param name="timeMs">The leader's clock, in milliseconds since 1970.</param>
    /// <param name="record">What to do, when the outcome is <see cref="ErrorCode.Ok"/>.</param>
    /// <returns>The outcome.</returns>
    public ErrorCode Prepare(in ClientRequest request, long timeMs, out TxnRecord? record)
    {
        record = null;
        WarnedQuota = null;
        OpCode op = request.Op;
        if (op.IsCreate)
            return PrepareCreate(request, out record);
        if (op == OpCode.DeleteContainer)
            return PrepareDeleteContainer(request, timeMs, out record);
        if (!proposed.Sessions.Contains(request.Session))
            return ErrorCode.SessionExpired;

        return op switch
        {
            OpCode.Delete => PrepareDelete(request, out record),
            OpCode.SetData => PrepareSetData(request, out record),
            OpCode.SetAcl => PrepareSetAcl(request, out record),
            OpCode.Check => PrepareCheck(request, out record),
            _ => ErrorCode.Unimplemented,
        };
    }

    private ErrorCode PrepareCreate(in ClientRequest request, out TxnRecord? record)
    {
        record = null;
        if (!request.Mode.IsKnown)
            return ErrorCode.BadArguments;
        if (request.Mode.HasTtl && !rules.AllowsTtl)
            return ErrorCode.Unimplemented;
        if (request.Mode.HasTtl ? request.TtlMs is <= 0 or > ZnodeOwner.TtlMsMax : request.TtlMs != 0)
            return ErrorCode.BadArguments;
        if (!proposed.Sessions.TryGet(request.Session, out SessionRecord? session))
            return ErrorCode.SessionExpired;
        if (!PathRules.HasParent(request.Path))
            return ErrorCode.BadArguments;
        if (!rules.Access.TryExpand(request.Acl, request.Identities, out Acl? acl))
            return ErrorCode.InvalidAcl;
        if (!TryFindParent(request.Path, out Znode? parent))
            return ErrorCode.NoNode;
        if (!rules.Access.Allows(parent.Acl, AclPermissions.Create, request.Identities))
            return ErrorCode.NoAuth;

        string path = request.Mode.IsSequential ? request.Path + Suffix(parent.Creations) : request.Path;
        if (!PathRules.IsValid(path))
            return ErrorCode.BadArguments;
        if (proposed.TryFind(path, out _))
            return ErrorCode.NodeExists;
        if (parent.EphemeralOwner != SessionId.None)
            return ErrorCode.NoChildrenForEphemerals;
        if (!IsWithinQuota(path, moreNodes: 1, request.Data?.Length ?? 0)
            || (request.Mode.IsEphemeral && !HasRoomFor(session, path)))
        {
            return ErrorCode.QuotaExceeded;
        }

        record = new TxnRecord
        {
            Type = request.Mode.HasTtl ? OpCode.CreateTtl
                : request.Mode == CreateMode.Container ? OpCode.CreateContainer
                : request.Op == OpCode.Create ? OpCode.Create : OpCode.Create2,
            Path = path,
            Data = request.Data,
            Acl = acl,
            IsEphemeral = request.Mode.IsEphemeral,
            Number = unchecked(parent.Creations + 1),
            TtlMs = request.TtlMs,
        };
        return ErrorCode.Ok;
    }

    private ErrorCode PrepareDelete(in ClientRequest request, out TxnRecord? record)
    {
        record = null;
        if (!PathRules.HasParent(request.Path) || PathRules.IsReserved(request.Path))
            return ErrorCode.BadArguments;
        if (!TryFindParent(request.Path, out Znode? parent))
            return ErrorCode.NoNode;
        if (!rules.Access.Allows(parent.Acl, AclPermissions.Delete, request.Identities))
            return ErrorCode.NoAuth;
        if (!proposed.TryFind(request.Path, out Znode? node))
            return ErrorCode.NoNode;
        if (!Matches(request.Version, node.Version))
            return ErrorCode.BadVersion;
        if (node.Children.Count > 0)
            return ErrorCode.NotEmpty;

        record = new TxnRecord { Type = OpCode.Delete, Path = request.Path };
        return ErrorCode.Ok;
    }

    /// <summary>The leader found a node's life over in the committed state; requests that are proposed may
    /// have renewed it, or put another node in its place.</summary>
    private ErrorCode PrepareDeleteContainer(in ClientRequest request, long timeMs, out TxnRecord? record)
    {
        record = null;
        if (!proposed.TryFind(request.Path, out Znode? node))
            return ErrorCode.NoNode;
        if (node.Children.Count > 0)
            return ErrorCode.NotEmpty;
        if (!Lifetimes.IsOver(node, timeMs))
            return ErrorCode.BadVersion;

        record = new TxnRecord { Type = OpCode.DeleteContainer, Path = request.Path };
        return ErrorCode.Ok;
    }

    private ErrorCode PrepareSetData(in ClientRequest request, out TxnRecord? record)
    {
        record = null;
        if (!PathRules.IsValid(request.Path))
            return ErrorCode.BadArguments;
        if (!proposed.TryFind(request.Path, out Znode? node))
            return ErrorCode.NoNode;
        if (!rules.Access.Allows(node.Acl, AclPermissions.Write, request.Identities)
            || request.Path == PathRules.ConfigNode)
        {
            return ErrorCode.NoAuth; // The membership changes by reconfiguration alone.
        }

        if (!IsWithinQuota(request.Path, moreNodes: 0, (request.Data?.Length ?? 0) - node.DataLength))
            return ErrorCode.QuotaExceeded;
        if (!Matches(request.Version, node.Version))
            return ErrorCode.BadVersion;

        record = new TxnRecord
        {
            Type = OpCode.SetData,
            Path = request.Path,
            Data = request.Data,
            Number = After(node.Version),
        };
        return ErrorCode.Ok;
    }

    private ErrorCode PrepareSetAcl(in ClientRequest request, out TxnRecord? record)
    {
        record = null;
        if (!PathRules.IsValid(request.Path))
            return ErrorCode.BadArguments;
        if (!rules.Access.TryExpand(request.Acl, request.Identities, out Acl? acl))
            return ErrorCode.InvalidAcl;
        if (!proposed.TryFind(request.Path, out Znode? node))
            return ErrorCode.NoNode;
        if (!rules.Access.Allows(node.Acl, AclPermissions.Admin, request.Identities))
            return ErrorCode.NoAuth;

        int aversion = node.Header.Aversion;
        if (!Matches(request.Version, aversion))
            return ErrorCode.BadVersion;

        record = new TxnRecord
        {
            Type = OpCode.SetAcl,
            Path = request.Path,
            Acl = acl,
            Number = After(aversion),
        };
        return ErrorCode.Ok;
    }

    private ErrorCode PrepareCheck(in ClientRequest request, out TxnRecord? record)
    {
        record = null;
        if (!PathRules.IsValid(request.Path))
            return ErrorCode.BadArguments;
        if (!proposed.TryFind(request.Path, out Znode? node))
            return ErrorCode.NoNode;
        if (!rules.Access.Allows(node.Acl, AclPermissions.Read, request.Identities))
            return ErrorCode.NoAuth;
        if (!Matches(request.Version, node.Version))
            return ErrorCode.BadVersion;

        record = new TxnRecord { Type = OpCode.Check, Path = request.Path, Number = request.Version };
        return ErrorCode.Ok;
    }

    private bool IsWithinQuota(string path, int moreNodes, long moreBytes)
    {
        bool allowed = QuotaRules.Allow(proposed.Root, path, moreNodes, moreBytes, out string? exceeded);
        WarnedQuota = exceeded;
        return allowed || !rules.EnforcesQuotas;
    }

    /// <summary>Whether a session may own one more node. Closing it lists all of them in one transaction,
    /// which must always be possible.</summary>
    private bool HasRoomFor(SessionRecord session, string path)
    {
        int added = sizeof(int) + Encoding.UTF8.GetByteCount(path);
        return session.Ephemerals.Count < rules.EphemeralsMax
            && TxnRecords.CloseSessionBytes(session) + added <= rules.RecordBytesMax;
    }

    private bool TryFindParent(string path, [NotNullWhen(true)] out Znode? parent) =>
        proposed.TryFind(PathRules.ParentOf(path), out parent);

    private static bool Matches(int wanted, int version) => wanted == AnyVersion || wanted == version;

    /// <summary>The next version. -1 would mean any version in a request, so a counter that comes to it goes
    /// on from 0 (ZB-41).</summary>
    private static int After(int version) => version == AnyVersion - 1 ? 0 : unchecked(version + 1);

    /// <summary>A creation counter as the end of a name: 10 characters, and 11 for the smallest number
    /// alone.</summary>
    /// <remarks>Source: Java's <c>%010d</c>, which counts the minus sign as one of the ten.</remarks>
    private static string Suffix(int creations) =>
        creations.ToString(creations < 0 ? "D9" : "D10", CultureInfo.InvariantCulture);
}
