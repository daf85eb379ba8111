using System;
using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab.Core.Requests;

/// <summary>How a <see cref="DataState"/> stands in bytes: records, each after its length as an
/// int.</summary>
/// <remarks>
/// <para>One header, the sessions in order, then the nodes, depth first, children in the order of their
/// names. A node tells its depth and its name, which is enough to find its parent. Ephemeral nodes name their
/// owner, so sessions do not list them. Numbers and buffers are jute.</para>
/// </remarks>
internal static class DataStateFormat
{
    /// <summary>"Zab" and a version: the first thing in the header.</summary>
    public const int Magic = 0x5A616201;

    /// <summary>The most bytes of a record: what a transaction can bring, and a node's other
    /// fields.</summary>
    public const int RecordBytesMax = RequestPreparer.RecordBytesMax + 1024;

    /// <summary>The header: magic, last zxid, sessions, nodes.</summary>
    public static void WriteHeader(JuteWriter writer, Zxid lastZxid, int sessionCount, int nodeCount)
    {
        writer.WriteInt(Magic);
        writer.WriteLong(lastZxid.Value);
        writer.WriteInt(sessionCount);
        writer.WriteInt(nodeCount);
    }

    /// <summary>Reads a header.</summary>
    public static bool TryReadHeader(
        ref JuteReader reader, out Zxid lastZxid, out int sessionCount, out int nodeCount)
    {
        long zxid = 0;
        sessionCount = nodeCount = 0;
        bool read = reader.TryReadInt(out int magic) && magic == Magic
            && reader.TryReadLong(out zxid) && zxid >= 0
            && reader.TryReadInt(out sessionCount) && sessionCount >= 0
            && reader.TryReadInt(out nodeCount) && nodeCount >= 0 && reader.IsAtEnd;
        lastZxid = new Zxid(zxid);
        return read;
    }

    /// <summary>A session: id, timeout.</summary>
    public static void WriteSession(JuteWriter writer, SessionId id, int timeoutMs)
    {
        writer.WriteLong(id.Value);
        writer.WriteInt(timeoutMs);
    }

    /// <summary>Reads a session.</summary>
    public static bool TryReadSession(ref JuteReader reader, out SessionId id, out int timeoutMs)
    {
        timeoutMs = 0;
        bool read = reader.TryReadLong(out long value) && reader.TryReadInt(out timeoutMs) && reader.IsAtEnd;
        id = new SessionId(value);
        return read;
    }

    /// <summary>A node: depth (0 for the root), name, data, and the rest.</summary>
    public static void WriteNode(JuteWriter writer, int depth, Znode node)
    {
        ZnodeHeader header = node.Header;
        writer.WriteInt(depth);
        writer.WriteBuffer(node.Key);
        writer.WriteBuffer(node.Data);
        writer.WriteLong(header.Czxid.Value);
        writer.WriteLong(header.Mzxid.Value);
        writer.WriteLong(header.Pzxid.Value);
        writer.WriteLong(header.Ctime);
        writer.WriteLong(header.Mtime);
        writer.WriteInt(header.Version);
        writer.WriteInt(header.Creations);
        writer.WriteInt(header.Aversion);
        writer.WriteLong(header.EphemeralOwner.Value);
    }

    /// <summary>Reads a node.</summary>
    public static bool TryReadNode(
        ref JuteReader reader,
        out int depth,
        out ReadOnlySpan<byte> name,
        out ReadOnlySpan<byte> data,
        out bool dataIsNull,
        out ZnodeHeader header)
    {
        name = data = default;
        dataIsNull = default;
        header = default;
        if (!reader.TryReadInt(out depth) || !reader.TryReadUtf8(out name)
            || !reader.TryReadBuffer(out data, out dataIsNull)
            || !reader.TryReadLong(out long czxid) || !reader.TryReadLong(out long mzxid)
            || !reader.TryReadLong(out long pzxid) || !reader.TryReadLong(out long ctime)
            || !reader.TryReadLong(out long mtime) || !reader.TryReadInt(out int version)
            || !reader.TryReadInt(out int creations) || !reader.TryReadInt(out int aversion)
            || !reader.TryReadLong(out long owner))
        {
            return false;
        }

        header = new ZnodeHeader(
            new Zxid(czxid), new Zxid(mzxid), new Zxid(pzxid), ctime, mtime, version, creations, aversion,
            new SessionId(owner));
        return reader.IsAtEnd;
    }
}
