using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Testing.Simulation.Clients;

/// <summary>Which outcome a request must have against a state of the model: of several reasons to refuse it,
/// which one wins.</summary>
/// <remarks>Source: the order of checks of ZooKeeper's <c>PrepRequestProcessor</c> and
/// <c>FinalRequestProcessor</c>, written anew. This part: which operation asks what.</remarks>
internal static partial class Precedence
{
    private const int AnyVersion = -1;

    /// <summary>Whether an operation creates a node.</summary>
    public static bool Creates(OpCode op) =>
        op is OpCode.Create or OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateTtl;

    /// <summary>The outcome against the state after all transactions up to <paramref name="at"/>.</summary>
    public static ErrorCode Of(in ClientRequest request, ReferenceModel model, Zxid at) =>
        OutcomeOf(request, model, at).Error;

    /// <summary>The outcome, and for a multi the operation that decides it.</summary>
    public static (ErrorCode Error, int FailedAt) OutcomeOf(
        in ClientRequest request, ReferenceModel model, Zxid at)
    {
        ModelView view = new(model, at);
        return request.Op == OpCode.Multi ? OfMulti(request, view) : (OfSingle(request, view), 0);
    }

    /// <summary>Whether a write could have had an outcome against any state from <paramref name="from"/> to
    /// <paramref name="to"/>.</summary>
    /// <remarks>Only the states are looked at in which something changed that the outcome depends
    /// on.</remarks>
    public static bool CouldBe(
        Func<(ErrorCode Error, int FailedAt), bool> outcome,
        in ClientRequest request,
        ReferenceModel model,
        Zxid from,
        Zxid to)
    {
        if (to < from)
        {
            return false;
        }

        Zxid at = from;
        while (!outcome(OutcomeOf(request, model, at)))
        {
            Zxid next = NextChangeOf(request, model, at);
            if (next == Zxid.None || next > to)
            {
                return false;
            }

            at = next;
        }

        return true;
    }

    /// <summary>The path that a create would make against a state.</summary>
    public static string PathOf(in ClientRequest request, ModelView view) => request.Mode
        is CreateMode.PersistentSequential or CreateMode.EphemeralSequential
        or CreateMode.PersistentSequentialWithTtl
            ? request.Path + ModelPath.Sequence(view.Node(ModelPath.ParentOf(request.Path))?.Creations ?? 0)
            : request.Path;

    /// <summary>The type of the transaction that a request becomes: what kind of node is created decides, not
    /// how it was asked for.</summary>
    public static OpCode TypeOf(in ClientRequest request) =>
        !Creates(request.Op) ? request.Op
        : request.Mode is CreateMode.PersistentWithTtl or CreateMode.PersistentSequentialWithTtl
            ? OpCode.CreateTtl
        : request.Mode == CreateMode.Container ? OpCode.CreateContainer
        : request.Op == OpCode.Create ? OpCode.Create
        : OpCode.Create2;

    private static ErrorCode OfSingle(in ClientRequest request, ModelView view) => request.Op switch
    {
        OpCode.Create or OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateTtl
            or OpCode.Delete or OpCode.SetData or OpCode.SetAcl =>
            OfNodeAlone(request, view),
        OpCode.CreateSession => OfCreateSession(request, view),
        OpCode.MoveSession or OpCode.CloseSession =>
            view.IsOpen(request.Session) ? ErrorCode.Ok : ErrorCode.SessionExpired,
        OpCode.Exists when request.Path.Contains('\0', StringComparison.Ordinal) => ErrorCode.BadArguments,
        OpCode.Exists or OpCode.GetData or OpCode.GetChildren or OpCode.GetChildren2
            or OpCode.GetAllChildrenNumber => OfRead(request, AclPermissions.Read, view),
        OpCode.GetAcl => OfRead(request, AclPermissions.Read | AclPermissions.Admin, view),
        OpCode.MultiRead => (request.Operations ?? []).All(
            read => read.Op is OpCode.GetData or OpCode.GetChildren)
                ? ErrorCode.Ok
                : ErrorCode.MarshallingError,
        OpCode.AddWatch => request.WatchMode is Core.Watches.WatchMode.Persistent
            or Core.Watches.WatchMode.PersistentRecursive ? ErrorCode.Ok : ErrorCode.BadArguments,
        OpCode.SetWatches or OpCode.SetWatches2 =>
            request.Watches is null ? ErrorCode.MarshallingError : ErrorCode.Ok,
        OpCode.Sync or OpCode.GetEphemerals or OpCode.Auth or OpCode.WhoAmI => ErrorCode.Ok,
        OpCode.Check => ErrorCode.Unimplemented,
        OpCode.CheckWatches or OpCode.RemoveWatches or OpCode.Multi or OpCode.DeleteContainer =>
            throw new ArgumentOutOfRangeException(nameof(request), request.Op, "It is judged elsewhere."),
    };

    private static ErrorCode OfNodeAlone(in ClientRequest request, ModelView view)
    {
        ErrorCode error = OfNode(request, request.Session, request.Identities, view);
        return error == ErrorCode.Ok && FrameBytes + BytesOf(request, request.Identities, view)
            > view.RecordBytesMax ? ErrorCode.BadArguments : error;
    }

    /// <summary>Each operation is judged by what those before it would have done, and all of them by the
    /// room that they take together.</summary>
    private static (ErrorCode Error, int FailedAt) OfMulti(in ClientRequest request, ModelView view)
    {
        if (!view.IsOpen(request.Session) && request.Operations is not { Count: > 0 })
        {
            return (ErrorCode.SessionExpired, 0); // else each operation asks, in its place among its faults
        }

        int number = 0;
        int bytes = FrameBytes + sizeof(int);
        foreach (ClientRequest operation in request.Operations ?? [])
        {
            ErrorCode error = operation.Op is OpCode.Delete or OpCode.SetData or OpCode.Check
                || Creates(operation.Op)
                    ? OfNode(operation, request.Session, request.Identities, view)
                    : ErrorCode.MarshallingError;
            if (error != ErrorCode.Ok)
            {
                return (error, number);
            }

            bytes += (2 * sizeof(int)) + BytesOf(operation, request.Identities, view);
            _ = ModelAccess.TryExpand(operation.Acl, request.Identities, out Acl? acl);
            view.Do(operation, PathOf(operation, view), acl, request.Session);
            number++;
        }

        return (bytes > view.RecordBytesMax ? ErrorCode.BadArguments : ErrorCode.Ok, 0);
    }

    private static ErrorCode OfRead(in ClientRequest request, AclPermissions wanted, ModelView view) =>
        view.Node(request.Path) is not { } node ? ErrorCode.NoNode
        : ModelAccess.Allows(node.Acl, wanted, request.Identities) ? ErrorCode.Ok
        : ErrorCode.NoAuth;

    /// <summary>The timeout is not looked at, as the server grants another one than was asked
    /// for.</summary>
    private static ErrorCode OfCreateSession(in ClientRequest request, ModelView view)
    {
        long id = request.Session.Value;
        bool isUsable = id is not 0 and not long.MinValue && (ulong)id >> 56 != 0xFF;
        return isUsable && !view.IsOpen(request.Session) ? ErrorCode.Ok : ErrorCode.BadArguments;
    }

    /// <summary>The first transaction after <paramref name="at"/> that something depends on.</summary>
    private static Zxid NextChangeOf(in ClientRequest request, ReferenceModel model, Zxid at)
    {
        IReadOnlyList<ClientRequest> operations = request.Operations ?? [];
        if (model.HasQuotas && (CanGrow(request.Op) || operations.Any(operation => CanGrow(operation.Op))))
        {
            return model.NextAfter(at); // anything on the way to any limit counts
        }

        Zxid next = Earlier(NextOf(request.Path, model, at), NextOf(model.Session(request.Session), at));
        foreach (ClientRequest operation in operations)
        {
            next = Earlier(next, NextOf(operation.Path, model, at));
        }

        return next;
    }

    private static bool CanGrow(OpCode op) => op == OpCode.SetData || Creates(op);

    private static Zxid NextOf(string path, ReferenceModel model, Zxid at) => Earlier(
        model.NextChangeOf(path, at),
        ModelPath.HasParent(path) ? model.NextChangeOf(ModelPath.ParentOf(path), at) : Zxid.None);

    private static Zxid NextOf(ModelSession? session, Zxid at) =>
        session is null ? Zxid.None
        : session.OpenedAt > at ? session.OpenedAt
        : session.ClosedAt > at ? session.ClosedAt
        : Zxid.None;

    private static Zxid Earlier(Zxid left, Zxid right) =>
        left == Zxid.None || (right != Zxid.None && right < left) ? right : left;
}
