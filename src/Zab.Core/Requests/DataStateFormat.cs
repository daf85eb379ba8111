using System;
using System.Diagnostics.CodeAnalysis;
using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Sessions;
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
    public const int Magic = 0x5A616202;

    private const int ResultBytesMin = 5;

    /// <summary>The most bytes of a record. The longest is the answer to a multi: no operation gives back
    /// more than four times the bytes that it takes in the transaction.</summary>
    public const int RecordBytesMax = 4 * RequestPreparer.RecordBytesMax;

    /// <summary>The header: magic, last zxid, digest, secret, sessions, nodes.</summary>
    public static void WriteHeader(JuteWriter writer, DataState state)
    {
        writer.WriteInt(Magic);
        writer.WriteLong(state.LastZxid.Value);
        writer.WriteLong((long)state.Digest);
        writer.WriteBuffer(state.Secret.Span);
        writer.WriteInt(state.Sessions.Count);
        writer.WriteInt(state.Tree.NodeCount);
    }

    /// <summary>Reads a header.</summary>
    public static bool TryReadHeader(
        ref JuteReader reader,
        out Zxid lastZxid,
        out ulong digest,
        out ReadOnlySpan<byte> secret,
        out int sessionCount,
        out int nodeCount)
    {
        long zxid = 0;
        long sum = 0;
        secret = default;
        sessionCount = nodeCount = 0;
        bool read = reader.TryReadInt(out int magic) && magic == Magic
            && reader.TryReadLong(out zxid) && zxid >= 0 && reader.TryReadLong(out sum)
            && reader.TryReadBuffer(out secret, out bool isNull) && !isNull
            && secret.Length is 0 or SessionPassword.SecretBytes
            && reader.TryReadInt(out sessionCount) && sessionCount >= 0
            && reader.TryReadInt(out nodeCount) && nodeCount >= 0 && reader.IsAtEnd;
        lastZxid = new Zxid(zxid);
        digest = (ulong)sum;
        return read;
    }

    /// <summary>A session: id, timeout, server, and how many records of kept answers follow.</summary>
    public static void WriteSession(JuteWriter writer, SessionRecord session)
    {
        writer.WriteLong(session.Id.Value);
        writer.WriteInt(session.TimeoutMs);
        writer.WriteInt(session.Owner.Value);
        writer.WriteInt(session.Replies.Count);
    }

    /// <summary>Reads a session.</summary>
    public static bool TryReadSession(
        ref JuteReader reader,
        out SessionId id,
        out int timeoutMs,
        out ServerId owner,
        out int replyCount)
    {
        (timeoutMs, replyCount) = (0, 0);
        int server = 0;
        bool read = reader.TryReadLong(out long value) && reader.TryReadInt(out timeoutMs)
            && reader.TryReadInt(out server) && reader.TryReadInt(out replyCount) && replyCount >= 0;
        (id, owner) = (new SessionId(value), new ServerId(server));
        return read && reader.IsAtEnd;
    }

    /// <summary>A kept answer: request, zxid, what it gave back, and what each part of a multi gave
    /// back.</summary>
    public static void WriteReply(JuteWriter writer, KeptReply reply)
    {
        writer.WriteInt(reply.Cxid);
        writer.WriteLong(reply.Zxid.Value);
        WriteResult(writer, reply.Result);
        writer.WriteInt(reply.Parts.Count);
        foreach (WriteResult part in reply.Parts)
        {
            WriteResult(writer, part);
        }
    }

    /// <summary>Reads a kept answer.</summary>
    public static bool TryReadReply(ref JuteReader reader, [NotNullWhen(true)] out KeptReply? reply)
    {
        reply = null;
        if (!reader.TryReadInt(out int cxid) || cxid <= 0 || !reader.TryReadLong(out long zxid)
            || !TryReadResult(ref reader, out WriteResult result)
            || !reader.TryReadCount(ResultBytesMin, out int count))
        {
            return false;
        }

        WriteResult[] parts = new WriteResult[count];
        for (int i = 0; i < count; i++)
        {
            if (!TryReadResult(ref reader, out parts[i]))
                return false;
        }

        reply = new KeptReply(cxid, new Zxid(zxid), result, parts);
        return reader.IsAtEnd;
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
        writer.WriteLong(header.Owner.Raw);
        AclFormat.Write(writer, header.Acl);
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
            || !reader.TryReadLong(out long owner) || !AclFormat.TryRead(ref reader, out Acl? acl))
        {
            return false;
        }

        header = new ZnodeHeader(
            new Zxid(czxid), new Zxid(mzxid), new Zxid(pzxid), ctime, mtime, version, creations, aversion,
            new ZnodeOwner(owner), acl);
        return reader.IsAtEnd && header.Owner.IsValid && acl is not { Count: 0 };
    }

    private static void WriteResult(JuteWriter writer, in WriteResult result)
    {
        writer.WriteString(result.Path);
        Stat stat = result.Stat;
        writer.WriteBool(stat != default);
        if (stat != default)
            StatFormat.Write(writer, stat);
    }

    private static bool TryReadResult(ref JuteReader reader, out WriteResult result)
    {
        result = default;
        string? path = null;
        if (!reader.TryReadNull() && !reader.TryReadString(out path))
            return false;
        if (!reader.TryReadBool(out bool hasStat))
            return false;

        result = new WriteResult(path, default);
        if (!hasStat)
            return true;
        if (!StatFormat.TryRead(ref reader, out Stat stat))
            return false;

        result = new WriteResult(path, stat);
        return true;
    }
}
