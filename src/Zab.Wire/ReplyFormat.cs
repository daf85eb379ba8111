using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Wire;

/// <summary>How a reply stands on the wire: xid, zxid and error, then the fields of the operation when
/// there is
/// no error.</summary>
/// <remarks>Source: ZooKeeper, <c>zookeeper.jute</c> and <c>MultiResponse</c>.</remarks>
internal static partial class ReplyFormat
{
    /// <summary>Writes a header alone: all that a ping, an auth packet and a refusal get.</summary>
    public static void WriteHeader(JuteWriter writer, int xid, Zxid zxid, ErrorCode error)
    {
        writer.WriteInt(xid);
        writer.WriteLong(zxid.Value);
        writer.WriteInt((int)Told(error));
    }

    /// <summary>Writes the body of the frame, without the length before it.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="reply">The answer.</param>
    public static void Write(JuteWriter writer, in ClientRequest request, in ClientReply reply)
    {
        if (request.Op is OpCode.Multi or OpCode.MultiRead && reply.Results is { } results)
        {
            WriteHeader(writer, request.Cxid, reply.Zxid, ErrorCode.Ok);
            bool isUndone = request.Op is OpCode.Multi && reply.Error is not ErrorCode.Ok;
            WriteResults(writer, results, isUndone);
            return;
        }

        if (request.Op is OpCode.Multi && request.Operations is { Count: > 0 } operations
            && Told(reply.Error) is ErrorCode.SessionExpired)
        {
            WriteHeader(writer, request.Cxid, reply.Zxid, ErrorCode.Ok);
            WriteResults(writer, Expired(operations), isUndone: true);
            return;
        }

        WriteHeader(writer, request.Cxid, reply.Zxid, reply.Error);
        if (reply.Error is ErrorCode.Ok)
            WriteBody(writer, request, reply);
    }

    /// <summary>The code that clients know for an outcome.</summary>
    public static ErrorCode Told(ErrorCode error) => error switch
    {
        ErrorCode.UnknownSession => ErrorCode.SessionExpired,
        _ => Enum.IsDefined(error) ? error : ErrorCode.SystemError,
    };

    private static void WriteBody(JuteWriter writer, in ClientRequest request, in ClientReply reply)
    {
        OpCode op = request.Op;
        if (op.IsCreate)
            writer.WriteString(reply.Path);
        if (op is OpCode.Sync)
            writer.WriteString(reply.Path ?? request.Path);
        if (op is OpCode.GetData)
            writer.WriteBuffer(reply.Data);
        if (op is OpCode.GetAcl)
            AclFormat.Write(writer, reply.Acl);
        if (op is OpCode.GetChildren or OpCode.GetChildren2 or OpCode.GetEphemerals)
            WireFields.WriteTexts(writer, reply.Children);
        if (op is OpCode.GetAllChildrenNumber)
            writer.WriteInt(reply.Count);
        if (op is OpCode.AddWatch)
            writer.WriteInt(0);
        if (op is OpCode.WhoAmI)
            WriteIdentities(writer, reply.Identities);
        if (HasStat(op))
            StatFormat.Write(writer, reply.Stat);
    }

    private static bool HasStat(OpCode op) =>
        op is OpCode.Exists or OpCode.GetData or OpCode.SetData or OpCode.GetAcl or OpCode.SetAcl
            or OpCode.GetChildren2 or OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateTtl;

    private static void WriteResults(JuteWriter writer, IReadOnlyList<OpResult> results, bool isUndone)
    {
        foreach (OpResult result in results)
        {
            if (isUndone || result.Error is not ErrorCode.Ok)
            {
                int error = (int)Told(result.Error);
                WriteMultiHeader(writer, WireType.Error, isEnd: false, error);
                writer.WriteInt(error);
                continue;
            }

            // A create2 is one of a node without a time to live, and not of a container: in a multi ZooKeeper
            // does not tell it from a create.
            OpCode op = result.Op is OpCode.Create2 ? OpCode.Create
                : result.Op.IsCreate && result.Op is not OpCode.Create ? OpCode.Create2
                : result.Op;
            WriteMultiHeader(writer, (int)op, isEnd: false, error: 0);
            if (op.IsCreate)
                writer.WriteString(result.Path);
            if (op is OpCode.GetData)
                writer.WriteBuffer(result.Data);
            if (op is OpCode.GetChildren)
                WireFields.WriteTexts(writer, result.Children);
            if (op is OpCode.Create2 or OpCode.SetData or OpCode.GetData)
                StatFormat.Write(writer, result.Stat);
        }

        WriteMultiHeader(writer, WireType.Error, isEnd: true, error: -1);
    }

    /// <summary>In a multi each operation asks whether its session is there, so the first one fails by
    /// that.</summary>
    /// <remarks>Source: ZooKeeper <c>PrepRequestProcessor.pRequest2Txn</c>.</remarks>
    private static IReadOnlyList<OpResult> Expired(IReadOnlyList<ClientRequest> operations) =>
    [
        .. operations.Select((operation, i) => new OpResult
        {
            Op = operation.Op,
            Error = i == 0 ? ErrorCode.SessionExpired : ErrorCode.RuntimeInconsistency,
        }),
    ];

    private static void WriteMultiHeader(JuteWriter writer, int type, bool isEnd, int error)
    {
        writer.WriteInt(type);
        writer.WriteBool(isEnd);
        writer.WriteInt(error);
    }

    private static void WriteIdentities(JuteWriter writer, IReadOnlyList<Identity>? identities)
    {
        writer.WriteInt(identities?.Count ?? 0);
        foreach (Identity identity in identities ?? [])
        {
            // Of a digest the user alone. Source: ZooKeeper DigestAuthenticationProvider.getUserName.
            int colon = identity.Scheme == Schemes.Digest
                ? identity.Id.IndexOf(':', StringComparison.Ordinal)
                : -1;
            writer.WriteString(identity.Scheme);
            writer.WriteString(colon < 0 ? identity.Id : identity.Id[..colon]);
        }
    }
}
