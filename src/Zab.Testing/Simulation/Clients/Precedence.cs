using System.Text;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Testing.Simulation.Clients;

/// <summary>Which outcome a request must have against a state of the model: of several reasons to refuse it,
/// which one wins.</summary>
/// <remarks>Source: the order of checks of ZooKeeper's <c>PrepRequestProcessor</c> and
/// <c>FinalRequestProcessor</c>, written anew.</remarks>
internal static class Precedence
{
    private const int AnyVersion = -1;
    private const int TxnBytesMax = 2 * 1_048_575;
    private const int HeaderBytes = 32;
    private const int PermissionsBytes = 31;

    /// <summary>The outcome against the state after all transactions up to <paramref name="at"/>.</summary>
    public static ErrorCode Of(in ClientRequest request, ReferenceModel model, Zxid at) => request.Op switch
    {
        OpCode.Create or OpCode.Create2 => OfCreate(request, model, at),
        OpCode.Delete => OfDelete(request, model, at),
        OpCode.SetData => OfSetData(request, model, at),
        OpCode.CreateSession => OfCreateSession(request, model, at),
        OpCode.CloseSession =>
            model.IsOpen(request.Session, at) ? ErrorCode.Ok : ErrorCode.SessionExpired,
        OpCode.Exists when request.Path.Contains('\0', StringComparison.Ordinal) => ErrorCode.BadArguments,
        OpCode.Exists or OpCode.GetData or OpCode.GetChildren or OpCode.GetChildren2 =>
            model.NodeAt(request.Path, at) is null ? ErrorCode.NoNode : ErrorCode.Ok,
        OpCode.AddWatch => request.WatchMode is Core.Watches.WatchMode.Persistent
            or Core.Watches.WatchMode.PersistentRecursive ? ErrorCode.Ok : ErrorCode.BadArguments,
        _ => ErrorCode.Ok,
    };

    /// <summary>Whether a write could have had an outcome against any state from <paramref name="from"/> to
    /// <paramref name="to"/>.</summary>
    /// <remarks>Only the states are looked at in which something changed that the outcome depends
    /// on.</remarks>
    public static bool CouldBe(
        Func<ErrorCode, bool> outcome, in ClientRequest request, ReferenceModel model, Zxid from, Zxid to)
    {
        if (to < from)
        {
            return false;
        }

        string parent = ModelPath.HasParent(request.Path) ? ModelPath.ParentOf(request.Path) : "";
        Zxid at = from;
        while (!outcome(Of(request, model, at)))
        {
            Zxid next = Earliest(
                model.NextChangeOf(request.Path, at),
                model.NextChangeOf(parent, at),
                NextChangeOf(model.Session(request.Session), at));
            if (next == Zxid.None || next > to)
            {
                return false;
            }

            at = next;
        }

        return true;
    }

    /// <summary>The path that a create would make against a state.</summary>
    public static string PathOf(in ClientRequest request, ReferenceModel model, Zxid at)
    {
        if (!request.Mode.IsSequential)
        {
            return request.Path;
        }

        int number = model.NodeAt(ModelPath.ParentOf(request.Path), at)?.Creations ?? 0;
        return request.Path + ModelPath.Sequence(number);
    }

    /// <summary>Whether the nodes of a session ever were so many that closing it might have become too long
    /// a transaction with this one.</summary>
    public static bool CouldExceedQuota(in ClientRequest request, ModelSession session) =>
        request.Mode.IsEphemeral
        && HeaderBytes + sizeof(int) + session.EphemeralBytesMax
            > TxnBytesMax - CreateBytes(request, request.Path + ModelPath.Sequence(0));

    private static ErrorCode OfCreate(in ClientRequest request, ReferenceModel model, Zxid at)
    {
        if (!model.IsOpen(request.Session, at))
        {
            return ErrorCode.SessionExpired;
        }

        if (!ModelPath.HasParent(request.Path))
        {
            return ErrorCode.BadArguments;
        }

        if (model.NodeAt(ModelPath.ParentOf(request.Path), at) is not { } parent)
        {
            return ErrorCode.NoNode;
        }

        string path = PathOf(request, model, at);
        if (!ModelPath.IsWellFormed(path))
        {
            return ErrorCode.BadArguments;
        }

        if (model.NodeAt(path, at) is not null)
        {
            return ErrorCode.NodeExists;
        }

        if (parent.Owner != SessionId.None)
        {
            return ErrorCode.NoChildrenForEphemerals;
        }

        return CreateBytes(request, path) <= TxnBytesMax ? ErrorCode.Ok
            : request.Mode.IsEphemeral ? ErrorCode.QuotaExceeded
            : ErrorCode.BadArguments;
    }

    private static int CreateBytes(in ClientRequest request, string path) =>
        HeaderBytes + sizeof(int) + Encoding.UTF8.GetByteCount(path) + sizeof(int)
        + (request.Data?.Length ?? 0) + PermissionsBytes + sizeof(bool) + sizeof(int);

    private static ErrorCode OfDelete(in ClientRequest request, ReferenceModel model, Zxid at)
    {
        if (!model.IsOpen(request.Session, at))
        {
            return ErrorCode.SessionExpired;
        }

        if (!ModelPath.HasParent(request.Path) || ModelPath.IsReserved(request.Path))
        {
            return ErrorCode.BadArguments;
        }

        return model.NodeAt(request.Path, at) is not { } node ? ErrorCode.NoNode
            : request.Version != AnyVersion && request.Version != node.Version ? ErrorCode.BadVersion
            : !node.Children.IsEmpty ? ErrorCode.NotEmpty
            : ErrorCode.Ok;
    }

    private static ErrorCode OfSetData(in ClientRequest request, ReferenceModel model, Zxid at)
    {
        if (!model.IsOpen(request.Session, at))
        {
            return ErrorCode.SessionExpired;
        }

        if (!ModelPath.IsWellFormed(request.Path))
        {
            return ErrorCode.BadArguments;
        }

        if (model.NodeAt(request.Path, at) is not { } node)
        {
            return ErrorCode.NoNode;
        }

        int bytes = HeaderBytes + sizeof(int) + Encoding.UTF8.GetByteCount(request.Path) + sizeof(int)
            + (request.Data?.Length ?? 0) + sizeof(int);
        return request.Path == ModelPath.Config ? ErrorCode.NoAuth
            : request.Version != AnyVersion && request.Version != node.Version ? ErrorCode.BadVersion
            : bytes > TxnBytesMax ? ErrorCode.BadArguments
            : ErrorCode.Ok;
    }

    /// <summary>The timeout is not looked at, as the server grants another one than was asked
    /// for.</summary>
    private static ErrorCode OfCreateSession(in ClientRequest request, ReferenceModel model, Zxid at)
    {
        long id = request.Session.Value;
        bool isUsable = id is not 0 and not long.MinValue && (ulong)id >> 56 != 0xFF;
        return isUsable && !model.IsOpen(request.Session, at) ? ErrorCode.Ok : ErrorCode.BadArguments;
    }

    private static Zxid NextChangeOf(ModelSession? session, Zxid after) =>
        session is null ? Zxid.None
        : session.OpenedAt > after ? session.OpenedAt
        : session.ClosedAt > after ? session.ClosedAt
        : Zxid.None;

    private static Zxid Earliest(params ReadOnlySpan<Zxid> zxids)
    {
        Zxid earliest = Zxid.None;
        foreach (Zxid zxid in zxids)
        {
            if (zxid != Zxid.None && (earliest == Zxid.None || zxid < earliest))
            {
                earliest = zxid;
            }
        }

        return earliest;
    }
}
