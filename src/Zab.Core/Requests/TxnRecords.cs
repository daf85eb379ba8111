using System;
using System.Collections.Generic;
using System.Text;
using Zab.Core.Primitives;
using Zab.Core.Sessions;

namespace Zab.Core.Requests;

/// <summary>The records that follow a <see cref="TxnHeader"/>, one for each type of transaction: how each is
/// written, and beside it how it is read.</summary>
/// <remarks>This is the closed set of what may stand in a log (ZB-40). Source: ZooKeeper's jute records
/// <c>CreateTxn</c>, <c>DeleteTxn</c>, <c>SetDataTxn</c>, <c>CreateSessionTxn</c>,
/// <c>CloseSessionTxn</c>.</remarks>
internal static class TxnRecords
{
    private const int StringBytesMin = sizeof(int);

    // A vector of one ACL: all permissions (31) for world:anyone.
    private static ReadOnlySpan<byte> WorldAnyone =>
    [
        0, 0, 0, 1, 0, 0, 0, 31,
        0, 0, 0, 5, (byte)'w', (byte)'o', (byte)'r', (byte)'l', (byte)'d',
        0, 0, 0, 6, (byte)'a', (byte)'n', (byte)'y', (byte)'o', (byte)'n', (byte)'e',
    ];

    /// <summary>Writes a create. The permissions are world:anyone, as no others are kept yet.</summary>
    public static ReadOnlyMemory<byte> Create(
        in TxnHeader header, string path, ReadOnlyMemory<byte>? data, bool isEphemeral, int parentCreations)
    {
        int size = sizeof(int) + Encoding.UTF8.GetByteCount(path) + sizeof(int) + (data?.Length ?? 0)
            + WorldAnyone.Length + sizeof(bool) + sizeof(int);
        JuteWriter writer = Begin(header, size);
        writer.WriteString(path);
        writer.WriteBuffer(data);
        writer.WriteRaw(WorldAnyone);
        writer.WriteBool(isEphemeral);
        writer.WriteInt(parentCreations);
        return writer.Written;
    }

    /// <summary>Reads a create.</summary>
    public static bool TryReadCreate(
        ref JuteReader reader,
        out ReadOnlySpan<byte> path,
        out ReadOnlySpan<byte> data,
        out bool dataIsNull,
        out bool isEphemeral,
        out int parentCreations)
    {
        data = default;
        dataIsNull = isEphemeral = default;
        parentCreations = 0;
        return reader.TryReadUtf8(out path) && reader.TryReadBuffer(out data, out dataIsNull)
            && reader.TryReadExactly(WorldAnyone) && reader.TryReadBool(out isEphemeral)
            && reader.TryReadInt(out parentCreations) && reader.IsAtEnd;
    }

    /// <summary>Writes a delete.</summary>
    public static ReadOnlyMemory<byte> Delete(in TxnHeader header, string path)
    {
        JuteWriter writer = Begin(header, sizeof(int) + Encoding.UTF8.GetByteCount(path));
        writer.WriteString(path);
        return writer.Written;
    }

    /// <summary>Reads a delete.</summary>
    public static bool TryReadDelete(ref JuteReader reader, out ReadOnlySpan<byte> path) =>
        reader.TryReadUtf8(out path) && reader.IsAtEnd;

    /// <summary>Writes a set; the version is the new one.</summary>
    public static ReadOnlyMemory<byte> SetData(
        in TxnHeader header, string path, ReadOnlyMemory<byte>? data, int version)
    {
        int size = (3 * sizeof(int)) + Encoding.UTF8.GetByteCount(path) + (data?.Length ?? 0);
        JuteWriter writer = Begin(header, size);
        writer.WriteString(path);
        writer.WriteBuffer(data);
        writer.WriteInt(version);
        return writer.Written;
    }

    /// <summary>Reads a set.</summary>
    public static bool TryReadSetData(
        ref JuteReader reader,
        out ReadOnlySpan<byte> path,
        out ReadOnlySpan<byte> data,
        out bool dataIsNull,
        out int version)
    {
        data = default;
        dataIsNull = default;
        version = 0;
        return reader.TryReadUtf8(out path) && reader.TryReadBuffer(out data, out dataIsNull)
            && reader.TryReadInt(out version) && reader.IsAtEnd;
    }

    /// <summary>Writes the opening of a session.</summary>
    public static ReadOnlyMemory<byte> CreateSession(in TxnHeader header, int timeoutMs)
    {
        JuteWriter writer = Begin(header, sizeof(int));
        writer.WriteInt(timeoutMs);
        return writer.Written;
    }

    /// <summary>Reads the opening of a session.</summary>
    public static bool TryReadCreateSession(ref JuteReader reader, out int timeoutMs) =>
        reader.TryReadInt(out timeoutMs) && reader.IsAtEnd;

    /// <summary>Writes the closing of a session, with the paths of all its ephemeral nodes.</summary>
    public static ReadOnlyMemory<byte> CloseSession(in TxnHeader header, SessionRecord session)
    {
        JuteWriter writer = Begin(header, CloseSessionBytes(session) - TxnHeader.Bytes);
        writer.WriteInt(session.Ephemerals.Count);
        foreach (EphemeralPath path in session.Ephemerals)
        {
            writer.WriteBuffer(path.Key);
        }

        return writer.Written;
    }

    /// <summary>The bytes that closing a session takes, header and all.</summary>
    public static int CloseSessionBytes(SessionRecord session) =>
        TxnHeader.Bytes + sizeof(int) + (StringBytesMin * session.Ephemerals.Count) + session.EphemeralBytes;

    /// <summary>Reads the closing of a session.</summary>
    public static bool TryReadCloseSession(ref JuteReader reader, List<byte[]> paths)
    {
        if (!reader.TryReadCount(StringBytesMin, out int count))
            return false;

        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadUtf8(out ReadOnlySpan<byte> path))
                return false;

            paths.Add(path.ToArray());
        }

        return reader.IsAtEnd;
    }

    private static JuteWriter Begin(in TxnHeader header, int recordBytes)
    {
        JuteWriter writer = new(TxnHeader.Bytes + recordBytes);
        header.WriteTo(writer);
        return writer;
    }
}
