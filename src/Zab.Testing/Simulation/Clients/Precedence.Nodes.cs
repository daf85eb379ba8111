using System.Text;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Testing.Simulation.Clients;

/// <content>Writes to one node, alone or in a multi.</content>
internal static partial class Precedence
{
    private const int FrameBytes = 32 + 12; // what stands before a record, and after it
    private const int OpenAclBytes = 31;
    private const long TtlMsMax = 1_099_511_627_775;

    /// <summary>Whether the nodes of a session ever were so many that closing it might have become too long
    /// a transaction with those that a request makes, up to its operation
    /// <paramref name="failedAt"/>.</summary>
    public static bool CouldExceedQuota(
        in ClientRequest request, int failedAt, ModelSession session, ReferenceModel model)
    {
        long bytes = FrameBytes + sizeof(int) + session.EphemeralBytesMax;
        bool isEphemeral = false;
        foreach (ClientRequest operation in request.Operations?.Take(failedAt + 1) ?? [request])
        {
            isEphemeral = operation.Mode is CreateMode.Ephemeral or CreateMode.EphemeralSequential;
            bytes += isEphemeral ? StringBytes(operation.Path + ModelPath.Sequence(0)) : 0;
        }

        return isEphemeral && bytes > model.RecordBytesMax;
    }

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

        if (!ModelAccess.TryExpand(request.Acl, who, out _))
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

        int more = (request.Data?.Length ?? 0) - (node.Data?.Length ?? 0);
        return request.Path == ModelPath.Config
            || !ModelAccess.Allows(node.Acl, AclPermissions.Write, who) ? ErrorCode.NoAuth
            : ModelQuota.Forbids(view, request.Path, moreNodes: 0, more) ? ErrorCode.QuotaExceeded
            : IsOther(request.Version, node.Version) ? ErrorCode.BadVersion
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

    /// <summary>The bytes of what one operation that can be done becomes, without what stands around
    /// it.</summary>
    private static int BytesOf(in ClientRequest request, IReadOnlyList<Identity>? who, ModelView view)
    {
        OpCode type = TypeOf(request);
        bool isNew = Creates(type);
        int bytes = StringBytes(isNew ? PathOf(request, view) : request.Path);
        bytes += type == OpCode.Delete ? 0 : sizeof(int);
        bytes += isNew || type == OpCode.SetData ? sizeof(int) + (request.Data?.Length ?? 0) : 0;
        bytes += isNew || type == OpCode.SetAcl ? AclBytes(request.Acl, who) : 0;
        return bytes + type switch
        {
            OpCode.CreateTtl => sizeof(long),
            OpCode.Create or OpCode.Create2 => sizeof(bool),
            _ => 0,
        };
    }

    private static int AclBytes(Acl? asked, IReadOnlyList<Identity>? who) =>
        !ModelAccess.TryExpand(asked, who, out Acl? acl) || acl is null
            ? OpenAclBytes
            : sizeof(int) + acl.Sum(
                entry => sizeof(int) + StringBytes(entry.Scheme) + StringBytes(entry.Id));

    private static int StringBytes(string text) => sizeof(int) + Encoding.UTF8.GetByteCount(text);
}
