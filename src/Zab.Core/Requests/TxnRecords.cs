using System;
using System.Collections.Generic;
using System.Text;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Sessions;
using Zab.Core.Tree;

namespace Zab.Core.Requests;

/// <summary>The records that follow a <see cref="TxnHeader"/>, one for each type of transaction: how each is
/// written, and beside it how it is read.</summary>
/// <remarks>This is the closed set of what may stand in a log (ZB-40). Source: ZooKeeper's jute records
/// <c>CreateTxn</c>, <c>CreateContainerTxn</c>, <c>CreateTTLTxn</c>, <c>DeleteTxn</c>, <c>SetDataTxn</c>,
/// <c>SetACLTxn</c>, <c>CheckVersionTxn</c>, <c>MultiTxn</c>, <c>CreateSessionTxn</c> (after it the secret,
/// in the first one) and <c>CloseSessionTxn</c>; the move of a session is our own.</remarks>
internal static class TxnRecords
{
    private const int StringBytesMin = sizeof(int);
    private const int PartBytesMin = 2 * sizeof(int);

    /// <summary>Writes a whole transaction; the digest in its trailer is yet to come.</summary>
    public static Memory<byte> Write(in TxnHeader header, TxnRecord record, int answeredUpTo)
    {
        JuteWriter writer = new(TxnHeader.Bytes + SizeOf(record) + TxnTrailer.Bytes);
        header.WriteTo(writer);
        WriteRecord(writer, record);
        TxnTrailer.Write(writer, answeredUpTo);
        return writer.TakeWritten();
    }

    /// <summary>Writes a part of a multi.</summary>
    public static ReadOnlyMemory<byte> WritePart(TxnRecord part)
    {
        JuteWriter record = new(SizeOf(part));
        WriteRecord(record, part);
        return record.Written;
    }

    /// <summary>The bytes that closing a session takes, header and all.</summary>
    public static int CloseSessionBytes(SessionRecord session) => TxnHeader.Bytes + TxnTrailer.Bytes
        + sizeof(int) + (StringBytesMin * session.Ephemerals.Count) + session.EphemeralBytes;

    /// <summary>Reads the record of a type.</summary>
    /// <returns>Whether the bytes are one, to their end.</returns>
    public static bool TryRead(OpCode type, ReadOnlySpan<byte> bytes, out TxnView view)
    {
        view = default;
        if (!type.IsKnown)
            return false;

        JuteReader reader = new(bytes);
        bool read = type switch
        {
            OpCode.Create or OpCode.Create2 => TryReadNew(
                ref reader, out view.Path, out view.Data, out view.DataIsNull, out view.Acl)
                && reader.TryReadBool(out view.IsEphemeral) && reader.TryReadInt(out view.Number),
            OpCode.CreateContainer => TryReadNew(
                ref reader, out view.Path, out view.Data, out view.DataIsNull, out view.Acl)
                && reader.TryReadInt(out view.Number),
            OpCode.CreateTtl => TryReadNew(
                ref reader, out view.Path, out view.Data, out view.DataIsNull, out view.Acl)
                && reader.TryReadInt(out view.Number) && reader.TryReadLong(out view.TtlMs),
            OpCode.Delete or OpCode.DeleteContainer => reader.TryReadUtf8(out view.Path),
            OpCode.SetData => reader.TryReadUtf8(out view.Path)
                && reader.TryReadBuffer(out view.Data, out view.DataIsNull)
                && reader.TryReadInt(out view.Number),
            OpCode.SetAcl => reader.TryReadUtf8(out view.Path)
                && AclFormat.TryRead(ref reader, out view.Acl) && reader.TryReadInt(out view.Number),
            OpCode.Check => reader.TryReadUtf8(out view.Path) && reader.TryReadInt(out view.Number),
            OpCode.Multi => TryReadParts(ref reader, out view.Parts),
            OpCode.CreateSession => reader.TryReadInt(out view.Number)
                && (reader.IsAtEnd || reader.TryReadBuffer(out view.Data, out view.DataIsNull)),
            OpCode.CloseSession => TryReadPaths(ref reader, out view.Paths),
            OpCode.MoveSession => reader.TryReadInt(out view.Number),
            OpCode.Exists or OpCode.GetData or OpCode.GetAcl or OpCode.GetChildren or OpCode.Sync
                or OpCode.GetChildren2 or OpCode.CheckWatches or OpCode.RemoveWatches or OpCode.MultiRead
                or OpCode.Auth or OpCode.SetWatches or OpCode.GetEphemerals
                or OpCode.GetAllChildrenNumber or OpCode.SetWatches2 or OpCode.AddWatch
                or OpCode.WhoAmI => false,
        };
        return read && reader.IsAtEnd;
    }

    private static void WriteRecord(JuteWriter writer, TxnRecord record)
    {
        OpCode type = record.Type;
        if (type == OpCode.Multi)
        {
            WriteParts(writer, record.Parts);
        }
        else if (type == OpCode.CloseSession)
        {
            WritePaths(writer, record.Session!);
        }
        else if (type is OpCode.CreateSession or OpCode.MoveSession)
        {
            writer.WriteInt(record.Number);
            if (record.Data is { } secret)
                writer.WriteBuffer(secret.Span);
        }
        else
        {
            WriteAboutNode(writer, record);
        }
    }

    private static void WriteAboutNode(JuteWriter writer, TxnRecord record)
    {
        OpCode type = record.Type;
        writer.WriteString(record.Path);
        if (type.IsCreate || type == OpCode.SetData)
            writer.WriteBuffer(record.Data);
        if (type.IsCreate || type == OpCode.SetAcl)
            AclFormat.Write(writer, record.Acl);
        if (type is OpCode.Create or OpCode.Create2)
            writer.WriteBool(record.IsEphemeral);
        if (type is not (OpCode.Delete or OpCode.DeleteContainer))
            writer.WriteInt(record.Number);
        if (type == OpCode.CreateTtl)
            writer.WriteLong(record.TtlMs);
    }

    private static void WriteParts(JuteWriter writer, IReadOnlyList<TxnRecord> parts)
    {
        writer.WriteInt(parts.Count);
        foreach (TxnRecord part in parts)
        {
            writer.WriteInt((int)part.Type);
            writer.WriteBuffer(WritePart(part).Span);
        }
    }

    private static void WritePaths(JuteWriter writer, SessionRecord session)
    {
        writer.WriteInt(session.Ephemerals.Count);
        foreach (NodePath path in session.Ephemerals)
        {
            writer.WriteBuffer(path.Key);
        }
    }

    private static bool TryReadNew(
        scoped ref JuteReader reader,
        out ReadOnlySpan<byte> path,
        out ReadOnlySpan<byte> data,
        out bool dataIsNull,
        out Acl? acl)
    {
        data = default;
        dataIsNull = false;
        acl = null;
        return reader.TryReadUtf8(out path) && reader.TryReadBuffer(out data, out dataIsNull)
            && AclFormat.TryRead(ref reader, out acl);
    }

    private static bool TryReadPaths(ref JuteReader reader, out List<byte[]> paths)
    {
        paths = [];
        if (!reader.TryReadCount(StringBytesMin, out int count))
            return false;

        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadUtf8(out ReadOnlySpan<byte> path))
                return false;

            paths.Add(path.ToArray());
        }

        return true;
    }

    private static bool TryReadParts(ref JuteReader reader, out List<(OpCode Type, Range Record)> parts)
    {
        parts = [];
        if (!reader.TryReadCount(PartBytesMin, out int count))
            return false;

        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadInt(out int type)
                || !reader.TryReadBuffer(out ReadOnlySpan<byte> record, out bool isNull)
                || isNull || !((OpCode)type).IsPartOfMulti)
            {
                return false;
            }

            parts.Add(((OpCode)type, (reader.Position - record.Length)..reader.Position));
        }

        return true;
    }

    /// <summary>About the bytes of a record; the writer grows when it is more.</summary>
    private static int SizeOf(TxnRecord record)
    {
        int size = (4 * sizeof(int)) + sizeof(long) + AclFormat.OpenBytes + sizeof(bool)
            + Encoding.UTF8.GetByteCount(record.Path) + (record.Data?.Length ?? 0)
            + (record.Session is { } session ? CloseSessionBytes(session) : 0);
        foreach (TxnRecord part in record.Parts)
        {
            size += PartBytesMin + SizeOf(part);
        }

        return size;
    }
}
