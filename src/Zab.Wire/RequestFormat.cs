using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Wire;

/// <summary>How a request stands on the wire: xid and type, then the fields of the operation.</summary>
/// <remarks>Nothing throws, whatever the bytes; nothing is allocated beyond a constant times their number.
/// Bytes behind the last field do not count. Source: ZooKeeper, <c>zookeeper.jute</c> and
/// <c>MultiOperationRecord</c>.</remarks>
internal static partial class RequestFormat
{
    private const int AnyWatch = 3;

    /// <summary>Reads a request.</summary>
    /// <param name="frame">The body of the frame; what was read shares its memory.</param>
    /// <param name="request">The request; xid and type alone when there is an error.</param>
    /// <returns><see cref="ErrorCode.Ok"/>; <see cref="ErrorCode.Unimplemented"/> for an operation that
    /// clients may not ask for, after which the connection is to be closed;
    /// <see cref="ErrorCode.BadArguments"/> for create flags that do not go with the operation;
    /// <see cref="ErrorCode.MarshallingError"/> for all else.</returns>
    public static ErrorCode TryRead(ReadOnlyMemory<byte> frame, out WireRequest request)
    {
        request = default;
        JuteReader reader = new(frame.Span);
        if (!reader.TryReadInt(out int xid) || !reader.TryReadInt(out int type))
            return ErrorCode.MarshallingError;

        request = new WireRequest { Xid = xid, Type = type };
        OpCode op = (OpCode)type;
        switch (type)
        {
            case WireType.Ping:
                return ErrorCode.Ok;
            case WireType.Reconfig:
                return ReadReconfig(ref reader, ref request);
            case WireType.Sasl or (int)OpCode.Auth:
                return ReadToken(ref reader, frame, ref request);
            default:
                if (!op.IsForClients || op.OpensSession)
                    return ErrorCode.Unimplemented;

                ErrorCode error = op is OpCode.Multi or OpCode.MultiRead
                    ? ReadMulti(ref reader, frame, op, out ClientRequest operation)
                    : ReadOperation(ref reader, frame, op, out operation);
                if (error is ErrorCode.Ok)
                    request = request with { Operation = operation with { Cxid = xid } };
                return error;
        }
    }

    private static ErrorCode ReadReconfig(ref JuteReader reader, ref WireRequest request)
    {
        if (!WireFields.TryReadText(ref reader, out string? joining)
            || !WireFields.TryReadText(ref reader, out string? leaving)
            || !WireFields.TryReadText(ref reader, out string? members)
            || !reader.TryReadLong(out long configId))
        {
            return ErrorCode.MarshallingError;
        }

        request = request with { Reconfiguration = new(joining, leaving, members, configId) };
        return ErrorCode.Ok;
    }

    private static ErrorCode ReadToken(
        ref JuteReader reader, ReadOnlyMemory<byte> frame, ref WireRequest request)
    {
        string? scheme = null;
        if ((request.Type != WireType.Sasl
                && (!reader.TryReadInt(out _) || !reader.TryReadString(out scheme)))
            || !reader.TryReadMemory(frame, out ReadOnlyMemory<byte>? token))
        {
            return ErrorCode.MarshallingError;
        }

        request = request with { Scheme = scheme, Token = token };
        return ErrorCode.Ok;
    }

    private static ErrorCode ReadMulti(
        ref JuteReader reader, ReadOnlyMemory<byte> frame, OpCode op, out ClientRequest multi)
    {
        List<ClientRequest> parts = [];
        multi = new ClientRequest { Op = op, Operations = parts };
        while (reader.TryReadInt(out int type) && reader.TryReadBool(out bool done)
            && reader.TryReadInt(out _))
        {
            if (done)
                return ErrorCode.Ok;

            OpCode part = (OpCode)type;
            if (!(op is OpCode.Multi ? part.IsPartOfMulti : part.IsPartOfMultiRead))
                return ErrorCode.MarshallingError;

            ErrorCode error = ReadOperation(ref reader, frame, part, out ClientRequest operation);
            if (error is not ErrorCode.Ok)
                return part.IsCreate && operation.Mode.IsKnown ? error : ErrorCode.MarshallingError;

            parts.Add(op is OpCode.MultiRead ? operation with { Watch = false } : operation);
        }

        return ErrorCode.MarshallingError;
    }

    private static ErrorCode ReadOperation(
        ref JuteReader reader, ReadOnlyMemory<byte> frame, OpCode op, out ClientRequest operation)
    {
        operation = new ClientRequest { Op = op };
        if (op is OpCode.CloseSession or OpCode.WhoAmI)
            return ErrorCode.Ok;
        if (op is OpCode.SetWatches or OpCode.SetWatches2)
            return ReadWatches(ref reader, ref operation);
        if (!reader.TryReadString(out string? path))
            return ErrorCode.MarshallingError;

        operation = operation with { Path = path };
        if (op.IsCreate)
            return ReadCreate(ref reader, frame, ref operation);

        bool read = op switch
        {
            OpCode.Exists or OpCode.GetData or OpCode.GetChildren or OpCode.GetChildren2 =>
                ReadFlag(ref reader, ref operation),
            OpCode.AddWatch or OpCode.CheckWatches or OpCode.RemoveWatches =>
                ReadWatchMode(ref reader, ref operation),
            OpCode.Delete or OpCode.Check or OpCode.SetData or OpCode.SetAcl =>
                ReadChange(ref reader, frame, ref operation),
            _ => true,
        };
        return read ? ErrorCode.Ok : ErrorCode.MarshallingError;
    }

    private static ErrorCode ReadCreate(
        ref JuteReader reader, ReadOnlyMemory<byte> frame, ref ClientRequest operation)
    {
        long ttlMs = 0;
        if (!reader.TryReadMemory(frame, out ReadOnlyMemory<byte>? data)
            || !ReadAcl(ref reader, out Acl? acl) || !reader.TryReadInt(out int flags)
            || (operation.Op is OpCode.CreateTtl && !reader.TryReadLong(out ttlMs)))
        {
            operation = operation with { Mode = (CreateMode)(-1) };
            return ErrorCode.MarshallingError;
        }

        CreateMode mode = (CreateMode)flags;
        operation = operation with { Data = data, Acl = acl, Mode = mode, TtlMs = ttlMs };
        bool fits = operation.Op switch
        {
            OpCode.CreateContainer => mode is CreateMode.Container,
            OpCode.CreateTtl => mode.HasTtl,
            _ => mode.IsKnown && !mode.HasTtl && mode is not CreateMode.Container,
        };
        return fits ? ErrorCode.Ok : ErrorCode.BadArguments;
    }

    private static bool ReadChange(
        ref JuteReader reader, ReadOnlyMemory<byte> frame, ref ClientRequest operation)
    {
        ReadOnlyMemory<byte>? data = null;
        Acl? acl = null;
        if ((operation.Op is OpCode.SetData && !reader.TryReadMemory(frame, out data))
            || (operation.Op is OpCode.SetAcl && !ReadAcl(ref reader, out acl))
            || !reader.TryReadInt(out int version))
        {
            return false;
        }

        operation = operation with { Data = data, Acl = acl, Version = version };
        return true;
    }

    private static bool ReadFlag(ref JuteReader reader, ref ClientRequest operation)
    {
        bool read = reader.TryReadBool(out bool watch);
        operation = operation with { Watch = watch };
        return read;
    }

    private static bool ReadWatchMode(ref JuteReader reader, ref ClientRequest operation)
    {
        if (!reader.TryReadInt(out int number))
            return false;
        if (operation.Op is OpCode.AddWatch)
        {
            WatchMode added = number == 0 ? WatchMode.Persistent : WatchMode.PersistentRecursive;
            operation = operation with { WatchMode = added };
            return number is 0 or 1;
        }

        WatchMode? mode = number == AnyWatch ? null : (WatchMode)number;
        operation = operation with { WatchMode = mode };
        return mode is null || Enum.IsDefined(mode.Value);
    }

    private static ErrorCode ReadWatches(ref JuteReader reader, ref ClientRequest operation)
    {
        List<string> persistent = [];
        List<string> recursive = [];
        if (!reader.TryReadLong(out long seen) || !WireFields.TryReadTexts(ref reader, out List<string> data)
            || !WireFields.TryReadTexts(ref reader, out List<string> exist)
            || !WireFields.TryReadTexts(ref reader, out List<string> children)
            || (operation.Op is OpCode.SetWatches2
                && (!WireFields.TryReadTexts(ref reader, out persistent)
                    || !WireFields.TryReadTexts(ref reader, out recursive))))
        {
            return ErrorCode.MarshallingError;
        }

        operation = operation with
        {
            Watches = new(new Zxid(seen), data, exist, children, persistent, recursive),
        };
        return ErrorCode.Ok;
    }

    /// <summary>A list of permissions; one that is null is the empty one, which no node can have.</summary>
    private static bool ReadAcl(ref JuteReader reader, out Acl? acl)
    {
        if (!reader.TryReadNull())
            return AclFormat.TryRead(ref reader, out acl);

        acl = new Acl();
        return true;
    }
}
