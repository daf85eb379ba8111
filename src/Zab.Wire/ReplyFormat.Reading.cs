using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Wire;

/// <content>How a client reads what it is answered.</content>
internal static partial class ReplyFormat
{
    private const int IdentityBytesMin = 8;

    /// <summary>Reads a reply. Nothing throws, whatever the bytes; nothing is allocated beyond a constant
    /// times their number. Bytes behind the last field do not count.</summary>
    /// <param name="frame">The body of the frame; what was read shares its memory.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="reply">The answer. A multi that failed has the first error of its operations.</param>
    /// <returns>False when the bytes are no answer to that.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> frame, in ClientRequest request, out ClientReply reply)
    {
        reply = default;
        JuteReader reader = new(frame.Span);
        if (!ReplyHeader.TryRead(ref reader, out ReplyHeader header))
            return false;

        reply = new ClientReply { Cxid = header.Xid, Zxid = header.Zxid, Error = header.Error };
        if (header.Error is not ErrorCode.Ok)
            return true;

        return request.Op is OpCode.Multi or OpCode.MultiRead
            ? TryReadResults(ref reader, frame, request, ref reply)
            : TryReadBody(ref reader, frame, RequestFormat.OnWire(request), ref reply);
    }

    private static bool TryReadBody(
        ref JuteReader reader, ReadOnlyMemory<byte> frame, OpCode op, ref ClientReply reply)
    {
        string? path = null;
        ReadOnlyMemory<byte>? data = null;
        Acl? acl = null;
        List<string>? children = null;
        List<Identity>? identities = null;
        int count = 0;
        Stat stat = default;
        bool read = (!(op.IsCreate || op is OpCode.Sync) || reader.TryReadString(out path))
            && (op is not OpCode.GetData || reader.TryReadMemory(frame, out data))
            && (op is not OpCode.GetAcl || TryReadAcl(ref reader, out acl))
            && (!ListsTexts(op) || WireFields.TryReadTexts(ref reader, out children))
            && (op is not OpCode.GetAllChildrenNumber || reader.TryReadInt(out count))
            && (op is not OpCode.WhoAmI || TryReadIdentities(ref reader, out identities))
            && (!HasStat(op) || StatFormat.TryRead(ref reader, out stat));
        reply = reply with
        {
            Path = path,
            Data = data,
            Acl = acl,
            Children = children,
            Count = count,
            Identities = identities,
            Stat = stat,
        };
        return read;
    }

    private static bool TryReadResults(
        ref JuteReader reader, ReadOnlyMemory<byte> frame, in ClientRequest request, ref ClientReply reply)
    {
        IReadOnlyList<ClientRequest> operations = request.Operations ?? [];
        List<OpResult> results = [];
        while (reader.TryReadInt(out int type) && reader.TryReadBool(out bool isEnd)
            && reader.TryReadInt(out int error))
        {
            if (isEnd)
            {
                bool isMulti = request.Op is OpCode.Multi;
                ErrorCode first = results.Find(result => result.Error is not ErrorCode.Ok).Error;
                reply = reply with { Results = results, Error = isMulti ? first : ErrorCode.Ok };
                return results.Count == operations.Count;
            }

            if (results.Count == operations.Count)
                return false;

            ClientRequest operation = operations[results.Count];
            OpResult result = new() { Op = operation.Op, Path = operation.Path };
            bool read = type == WireType.Error
                ? reader.TryReadInt(out error)
                : error == 0 && Answers((OpCode)type, operation)
                    && TryReadResult(ref reader, frame, (OpCode)type, ref result);
            if (!read)
                return false;

            results.Add(result with { Error = (ErrorCode)error });
        }

        return false;
    }

    private static bool TryReadResult(
        ref JuteReader reader, ReadOnlyMemory<byte> frame, OpCode op, ref OpResult result)
    {
        ClientReply reply = default;
        if (!TryReadBody(ref reader, frame, op, ref reply))
            return false;

        result = result with
        {
            Path = reply.Path ?? result.Path,
            Data = reply.Data,
            Children = reply.Children,
            Stat = reply.Stat,
        };
        return true;
    }

    /// <summary>Whether a multi tells by the number of an operation how another went. ZooKeeper tells of a
    /// create and of a create2 as a create, without a stat.</summary>
    /// <remarks>Source: ZooKeeper, <c>Op.Create.getOpcode</c>.</remarks>
    private static bool Answers(OpCode told, in ClientRequest asked) =>
        told is OpCode.Create or OpCode.Create2 ? asked.Op.IsCreate : told == asked.Op;

    private static bool ListsTexts(OpCode op) =>
        op is OpCode.GetChildren or OpCode.GetChildren2 or OpCode.GetEphemerals;

    /// <summary>A list of permissions; one that is null is the empty one. The open one becomes
    /// null.</summary>
    private static bool TryReadAcl(ref JuteReader reader, out Acl? acl)
    {
        acl = new Acl();
        return reader.TryReadNull() || AclFormat.TryRead(ref reader, out acl);
    }

    private static bool TryReadIdentities(ref JuteReader reader, out List<Identity> identities)
    {
        identities = [];
        if (reader.TryReadNull())
            return true;
        if (!reader.TryReadCount(IdentityBytesMin, out int count))
            return false;

        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadString(out string? scheme) || !reader.TryReadString(out string? id))
                return false;

            identities.Add(new Identity(scheme, id));
        }

        return true;
    }
}
