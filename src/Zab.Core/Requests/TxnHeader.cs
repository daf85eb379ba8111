using System;
using Zab.Core.Primitives;

namespace Zab.Core.Requests;

/// <summary>What every transaction begins with.</summary>
/// <remarks>Source: ZooKeeper's jute record <c>TxnHeader</c>.</remarks>
/// <param name="Session">Who asked; the session that is opened or closed.</param>
/// <param name="Cxid">The client's number for the request.</param>
/// <param name="Zxid">The transaction.</param>
/// <param name="TimeMs">When the leader made it: milliseconds since 1970 by its clock.</param>
/// <param name="Type">What it does, and so which record follows.</param>
internal readonly record struct TxnHeader(SessionId Session, int Cxid, Zxid Zxid, long TimeMs, OpCode Type)
{
    /// <summary>The bytes of a header.</summary>
    public const int Bytes = 32;

    /// <summary>Writes the header.</summary>
    public void WriteTo(JuteWriter writer)
    {
        writer.WriteLong(Session.Value);
        writer.WriteInt(Cxid);
        writer.WriteLong(Zxid.Value);
        writer.WriteLong(TimeMs);
        writer.WriteInt((int)Type);
    }

    /// <summary>The header of a transaction; an empty one when the bytes are too few.</summary>
    public static TxnHeader Peek(ReadOnlyMemory<byte> txn)
    {
        JuteReader reader = new(txn.Span);
        return TryRead(ref reader, out TxnHeader header) ? header : default;
    }

    /// <summary>Reads a header. The type may be any number.</summary>
    public static bool TryRead(ref JuteReader reader, out TxnHeader header)
    {
        header = default;
        if (!reader.TryReadLong(out long session) || !reader.TryReadInt(out int cxid)
            || !reader.TryReadLong(out long zxid) || !reader.TryReadLong(out long timeMs)
            || !reader.TryReadInt(out int type))
        {
            return false;
        }

        header = new TxnHeader(new SessionId(session), cxid, new Zxid(zxid), timeMs, (OpCode)type);
        return true;
    }
}
