using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Wire;

/// <content>How a client writes its requests.</content>
internal static partial class RequestFormat
{
    /// <summary>Writes the body of the frame, without the length before it.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="xid">The client's number for the request; the request's own does not count.</param>
    /// <param name="request">What is asked; an operation that clients may ask for, and none that
    /// <see cref="WriteAuth"/> or a <see cref="ConnectRequest"/> is for.</param>
    public static void Write(JuteWriter writer, int xid, in ClientRequest request)
    {
        Invariant.Holds(request.Op.IsForClients);
        Invariant.Holds(!request.Op.OpensSession);
        writer.WriteInt(xid);
        writer.WriteInt((int)OnWire(request));
        if (request.Op is OpCode.Multi or OpCode.MultiRead)
            WriteParts(writer, request.Operations ?? []);
        else
            WriteOperation(writer, request);
    }

    /// <summary>Writes a sign of life.</summary>
    public static void WritePing(JuteWriter writer)
    {
        writer.WriteInt(WireXid.Ping);
        writer.WriteInt(WireType.Ping);
    }

    /// <summary>Writes an auth packet.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="scheme">The scheme.</param>
    /// <param name="token">What proves who the client is.</param>
    public static void WriteAuth(JuteWriter writer, string scheme, ReadOnlyMemory<byte>? token)
    {
        writer.WriteInt(WireXid.Auth);
        writer.WriteInt((int)OpCode.Auth);
        writer.WriteInt(0);
        writer.WriteString(scheme);
        writer.WriteBuffer(token);
    }

    /// <summary>The operation as the wire has it: there, containers and nodes with a time to live are created
    /// by operations of their own.</summary>
    public static OpCode OnWire(in ClientRequest request) =>
        !request.Op.IsCreate ? request.Op
        : request.Mode is CreateMode.Container ? OpCode.CreateContainer
        : request.Mode.HasTtl ? OpCode.CreateTtl
        : request.Op;

    private static void WriteParts(JuteWriter writer, IReadOnlyList<ClientRequest> parts)
    {
        foreach (ClientRequest part in parts)
        {
            WriteMultiHeader(writer, (int)OnWire(part), isEnd: false);
            WriteOperation(writer, part);
        }

        WriteMultiHeader(writer, WireType.Error, isEnd: true);
    }

    private static void WriteMultiHeader(JuteWriter writer, int type, bool isEnd)
    {
        writer.WriteInt(type);
        writer.WriteBool(isEnd);
        writer.WriteInt(-1);
    }

    private static void WriteOperation(JuteWriter writer, in ClientRequest operation)
    {
        OpCode op = OnWire(operation);
        if (op is OpCode.CloseSession or OpCode.WhoAmI)
            return;
        if (op is OpCode.SetWatches or OpCode.SetWatches2)
        {
            WriteWatches(writer, op, operation.Watches!);
            return;
        }

        writer.WriteString(operation.Path);
        if (op.IsCreate || op is OpCode.SetData)
            writer.WriteBuffer(operation.Data);
        if (op.IsCreate || op is OpCode.SetAcl)
            AclFormat.Write(writer, operation.Acl);
        if (op.IsCreate)
            writer.WriteInt((int)operation.Mode);
        if (op is OpCode.CreateTtl)
            writer.WriteLong(operation.TtlMs);
        if (op is OpCode.Delete or OpCode.Check or OpCode.SetData or OpCode.SetAcl)
            writer.WriteInt(operation.Version);
        if (op is OpCode.Exists or OpCode.GetData or OpCode.GetChildren or OpCode.GetChildren2)
            writer.WriteBool(operation.Watch);
        if (op is OpCode.AddWatch)
            writer.WriteInt(operation.WatchMode is WatchMode.Persistent ? 0 : 1);
        if (op is OpCode.CheckWatches or OpCode.RemoveWatches)
            writer.WriteInt(operation.WatchMode is { } mode ? (int)mode : AnyWatch);
    }

    private static void WriteWatches(JuteWriter writer, OpCode op, WatchSet watches)
    {
        writer.WriteLong(watches.Seen.Value);
        WireFields.WriteTexts(writer, watches.Data);
        WireFields.WriteTexts(writer, watches.Exist);
        WireFields.WriteTexts(writer, watches.Children);
        if (op is OpCode.SetWatches)
            return;

        WireFields.WriteTexts(writer, watches.Persistent);
        WireFields.WriteTexts(writer, watches.PersistentRecursive);
    }
}
