using System;
using System.Collections.Generic;
using System.Text;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab.Core.Requests;

/// <summary>A request as bytes, for the way to the leader: only what the leader needs of it.</summary>
internal static class ClientRequestCodec
{
    private const int FixedBytes = 96;
    private const int IdentityBytesMin = 8;
    private const int OperationBytesMin = 32;

    /// <summary>Writes a request.</summary>
    public static ReadOnlyMemory<byte> Encode(in ClientRequest request)
    {
        int operations = request.Operations?.Count ?? 0;
        JuteWriter writer = new(
            FixedBytes + Encoding.UTF8.GetByteCount(request.Path) + (request.Data?.Length ?? 0)
                + (operations * (FixedBytes + 128)));
        writer.WriteLong(request.Session.Value);
        writer.WriteInt(request.Cxid);
        writer.WriteInt(request.AnsweredUpTo ?? TxnTrailer.NotKept);
        writer.WriteInt(request.TimeoutMs);
        writer.WriteBuffer(request.Secret.Span);
        writer.WriteInt(request.Identities?.Count ?? 0);
        foreach (Identity identity in request.Identities ?? [])
        {
            writer.WriteString(identity.Scheme);
            writer.WriteString(identity.Id);
        }

        WriteOperation(writer, request);
        writer.WriteInt(operations);
        foreach (ClientRequest operation in request.Operations ?? [])
        {
            WriteOperation(writer, operation);
        }

        return writer.Written;
    }

    /// <summary>Reads a request; false when the bytes are none.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> bytes, out ClientRequest request)
    {
        request = default;
        JuteReader reader = new(bytes.Span);
        if (!reader.TryReadLong(out long session) || !reader.TryReadInt(out int cxid)
            || !reader.TryReadInt(out int answeredUpTo) || !reader.TryReadInt(out int timeoutMs)
            || !reader.TryReadMemory(bytes, out ReadOnlyMemory<byte>? secret)
            || !TryReadIdentities(ref reader, out List<Identity> identities)
            || !TryReadOperation(ref reader, bytes, out ClientRequest operation)
            || !reader.TryReadCount(OperationBytesMin, out int count))
        {
            return false;
        }

        List<ClientRequest> operations = [];
        for (int i = 0; i < count; i++)
        {
            if (!TryReadOperation(ref reader, bytes, out ClientRequest part))
                return false;

            operations.Add(part);
        }

        request = operation with
        {
            Session = new SessionId(session),
            Cxid = cxid,
            AnsweredUpTo = answeredUpTo == TxnTrailer.NotKept ? null : answeredUpTo,
            TimeoutMs = timeoutMs,
            Secret = secret ?? default,
            Identities = identities.Count == 0 ? null : identities,
            Operations = operation.Op is OpCode.Multi ? operations : null,
        };
        return reader.IsAtEnd && operation.Op.IsKnown && operation.Op.NeedsLeader
            && (answeredUpTo == TxnTrailer.NotKept || (answeredUpTo >= 0 && cxid > 0))
            && (operation.Op == OpCode.Multi || count == 0);
    }

    private static void WriteOperation(JuteWriter writer, in ClientRequest operation)
    {
        writer.WriteInt((int)operation.Op);
        writer.WriteString(operation.Path);
        writer.WriteBuffer(operation.Data);
        writer.WriteInt((int)operation.Mode);
        writer.WriteLong(operation.TtlMs);
        writer.WriteInt(operation.Version);
        AclFormat.Write(writer, operation.Acl);
    }

    private static bool TryReadOperation(
        ref JuteReader reader, ReadOnlyMemory<byte> bytes, out ClientRequest operation)
    {
        operation = default;
        if (!reader.TryReadInt(out int op) || !reader.TryReadString(out string? path)
            || !reader.TryReadMemory(bytes, out ReadOnlyMemory<byte>? data)
            || !reader.TryReadInt(out int mode) || !reader.TryReadLong(out long ttlMs)
            || !reader.TryReadInt(out int version) || !AclFormat.TryRead(ref reader, out Acl? acl))
        {
            return false;
        }

        operation = new ClientRequest
        {
            Op = (OpCode)op,
            Path = path,
            Data = data,
            Mode = (CreateMode)mode,
            TtlMs = ttlMs,
            Version = version,
            Acl = acl,
        };
        return true;
    }

    private static bool TryReadIdentities(ref JuteReader reader, out List<Identity> identities)
    {
        identities = [];
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
