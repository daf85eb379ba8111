using System.Text;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Testing.Simulation.Clients;

/// <content>Writes to one node, alone or in a multi.</content>
internal static partial class Precedence
{
    private const int TxnBytesMax = 2 * 1_048_575;
    private const int FrameBytes = 32 + 12; // what stands before a record, and after it
    private const int OpenAclBytes = 31;
    private const long TtlMsMax = 1_099_511_627_775;

    /// <summary>Whether the nodes of a session ever were so many that closing it might have become too long
    /// a transaction with this one.</summary>
    public static bool CouldExceedQuota(in ClientRequest request, ModelSession session) =>
        request.Mode is CreateMode.Ephemeral or CreateMode.EphemeralSequential
        && FrameBytes + sizeof(int) + session.EphemeralBytesMax
            > TxnBytesMax - sizeof(int) - Encoding.UTF8.GetByteCount(request.Path + ModelPath.Sequence(0));

    private static ErrorCode OfNode(
        in ClientRequest request, SessionId session, IReadOnlyList<Identity>? who, ModelView view)
    {
        if (Creates(request.Op))
        {
            return OfCreate(request, session, who, view);
        }

        if (!view.IsOpen(session))
        {
            return ErrorCode.SessionExpired;
        }

        return request.Op switch
        {
            OpCode.Delete => OfDelete(request, who, view),
            OpCode.SetData => OfSetData(request, who, view),
            OpCode.SetAcl => OfSetAcl(request, who, view),
            _ => OfCheck(request, who, view),
        };
    }

    private static ErrorCode OfCreate(
        in ClientRequest request, SessionId session, IReadOnlyList<Identity>? who, ModelView view)
    {
        if (OfCreateArguments(request) is var wrong and not ErrorCode.Ok)
        {
            return wrong;
        }

        if (!view.IsOpen(session))
        {
            return ErrorCode.SessionExpired;
        }

        if (!ModelPath.HasParent(request.Path))
        {
            return ErrorCode.BadArguments;
        }

        if (!ModelAccess.TryExpand(request.Acl, who, out Acl? acl))
        {
            return ErrorCode.InvalidAcl;
        }

        if (view.Node(ModelPath.ParentOf(request.Path)) is not { } parent)
        {
            return ErrorCode.NoNode;
        }

        if (!ModelAccess.Allows(parent.Acl, AclPermissions.Create, who))
        {
            return ErrorCode.NoAuth;
        }

        string path = PathOf(request, view);
        return !ModelPath.IsWellFormed(path) ? ErrorCode.BadArguments
            : view.Node(path) is not null ? ErrorCode.NodeExists
            : parent.Owner != SessionId.None ? ErrorCode.NoChildrenForEphemerals
            : ModelQuota.Forbids(view, path, 1, request.Data?.Length ?? 0) ? ErrorCode.QuotaExceeded
            : CreateBytes(request, path, acl) > TxnBytesMax ? ErrorCode.BadArguments
            : ErrorCode.Ok;
    }

    private static ErrorCode OfCreateArguments(in ClientRequest request)
    {
        bool hasTtl = request.Mode is CreateMode.PersistentWithTtl or CreateMode.PersistentSequentialWithTtl;
        bool isTtlRight = hasTtl ? request.TtlMs is > 0 and <= TtlMsMax : request.TtlMs == 0;
        return (int)request.Mode is < 0 or > 6 || !isTtlRight ? ErrorCode.BadArguments : ErrorCode.Ok;
    }

    private static ErrorCode OfDelete(in ClientRequest request, IReadOnlyList<Identity>? who, ModelView view)
    {
        if (!ModelPath.HasParent(request.Path) || ModelPath.IsReserved(request.Path))
        {
            return ErrorCode.BadArguments;
        }

        if (view.Node(ModelPath.ParentOf(request.Path)) is not { } parent)
        {
            return ErrorCode.NoNode;
        }

        return !ModelAccess.Allows(parent.Acl, AclPermissions.Delete, who) ? ErrorCode.NoAuth
            : view.Node(request.Path) is not { } node ? ErrorCode.NoNode
            : IsOther(request.Version, node.Version) ? ErrorCode.BadVersion
            : !node.Children.IsEmpty ? ErrorCode.NotEmpty
            : ErrorCode.Ok;
    }

    private static ErrorCode OfSetData(in ClientRequest request, IReadOnlyList<Identity>? who, ModelView view)
    {
        if (!ModelPath.IsWellFormed(request.Path))
        {
            return ErrorCode.BadArguments;
        }

        if (view.Node(request.Path) is not { } node)
        {
            return ErrorCode.NoNode;
        }

        int data = request.Data?.Length ?? 0;
        int more = data - (node.Data?.Length ?? 0);
        int bytes = FrameBytes + (3 * sizeof(int)) + Encoding.UTF8.GetByteCount(request.Path) + data;
        return request.Path == ModelPath.Config
            || !ModelAccess.Allows(node.Acl, AclPermissions.Write, who) ? ErrorCode.NoAuth
            : ModelQuota.Forbids(view, request.Path, moreNodes: 0, more) ? ErrorCode.QuotaExceeded
            : IsOther(request.Version, node.Version) ? ErrorCode.BadVersion
            : bytes > TxnBytesMax ? ErrorCode.BadArguments
            : ErrorCode.Ok;
    }

    private static ErrorCode OfSetAcl(
        in ClientRequest request, IReadOnlyList<Identity>? who, ModelView view) =>
        !ModelPath.IsWellFormed(request.Path) ? ErrorCode.BadArguments
        : !ModelAccess.TryExpand(request.Acl, who, out _) ? ErrorCode.InvalidAcl
        : view.Node(request.Path) is not { } node ? ErrorCode.NoNode
        : !ModelAccess.Allows(node.Acl, AclPermissions.Admin, who) ? ErrorCode.NoAuth
        : IsOther(request.Version, node.Aversion) ? ErrorCode.BadVersion
        : ErrorCode.Ok;

    private static ErrorCode OfCheck(
        in ClientRequest request, IReadOnlyList<Identity>? who, ModelView view) =>
        !ModelPath.IsWellFormed(request.Path) ? ErrorCode.BadArguments
        : view.Node(request.Path) is not { } node ? ErrorCode.NoNode
        : !ModelAccess.Allows(node.Acl, AclPermissions.Read, who) ? ErrorCode.NoAuth
        : IsOther(request.Version, node.Version) ? ErrorCode.BadVersion
        : ErrorCode.Ok;

    private static bool IsOther(int wanted, int version) => wanted != AnyVersion && wanted != version;

    private static int CreateBytes(in ClientRequest request, string path, Acl? acl)
    {
        int permissions = OpenAclBytes;
        if (acl is not null)
        {
            permissions = sizeof(int) + acl.Sum(entry =>
                (3 * sizeof(int)) + Encoding.UTF8.GetByteCount(entry.Scheme + entry.Id));
        }

        return FrameBytes + (2 * sizeof(int)) + Encoding.UTF8.GetByteCount(path) + permissions
            + (request.Data?.Length ?? 0) + sizeof(bool) + sizeof(int);
    }
}
