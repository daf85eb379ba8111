using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Zab.Core.Messages;
using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab.Core;

/// <summary>The bodies of messages that the data sides of two servers exchange; the protocol carries them
/// unread.</summary>
internal static class PeerMessages
{
    private const int CallBytes = 20;

    /// <summary>REFUSAL: the request changed nothing. It failed against the state at
    /// <paramref name="decidedAt"/>, or it was done before, at the latest there.</summary>
    public static Message Refusal(Zxid decidedAt, SessionId session, int cxid, Refusal refusal) => new()
    {
        Type = MessageType.Refusal,
        Zxid = decidedAt,
        Body = EncodeCall(session, cxid, refusal),
    };

    /// <summary>SYNC: every write that was acknowledged before the request is at or before
    /// <paramref name="barrier"/>.</summary>
    public static Message Sync(Zxid barrier, SessionId session, int cxid) =>
        new() { Type = MessageType.Sync, Zxid = barrier, Body = EncodeCall(session, cxid, default) };

    /// <summary>REVALIDATE: asks whether the session is alive, or tells it.</summary>
    public static Message Revalidate(SessionId session, bool isValid) =>
        new() { Type = MessageType.Revalidate, Flag = isValid, Body = EncodeSessions([session]) };

    /// <summary>Reads the body of a REFUSAL or a SYNC.</summary>
    public static bool TryDecodeCall(
        ReadOnlySpan<byte> body, out SessionId session, out int cxid, out Refusal refusal)
    {
        (session, cxid, refusal) = (default, 0, default);
        if (body.Length != CallBytes)
        {
            return false;
        }

        session = new SessionId(BinaryPrimitives.ReadInt64BigEndian(body));
        cxid = BinaryPrimitives.ReadInt32BigEndian(body[8..]);
        refusal = new Refusal(
            (ErrorCode)BinaryPrimitives.ReadInt32BigEndian(body[12..]),
            BinaryPrimitives.ReadInt32BigEndian(body[16..]));
        return refusal.FailedAt >= Core.Refusal.Whole;
    }

    /// <summary>The body of a heartbeat's answer: the sessions that are alive on the sender.</summary>
    public static ReadOnlyMemory<byte> EncodeSessions(IReadOnlyCollection<SessionId> sessions)
    {
        byte[] bytes = new byte[sessions.Count * sizeof(long)];
        int at = 0;
        foreach (SessionId session in sessions)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(at), session.Value);
            at += sizeof(long);
        }

        return bytes;
    }

    /// <summary>Reads a list of sessions; false when the bytes are none.</summary>
    public static bool TryDecodeSessions(ReadOnlySpan<byte> body, out List<SessionId> sessions)
    {
        sessions = [];
        for (; body.Length >= sizeof(long); body = body[sizeof(long)..])
        {
            sessions.Add(new SessionId(BinaryPrimitives.ReadInt64BigEndian(body)));
        }

        return body.IsEmpty;
    }

    private static byte[] EncodeCall(SessionId session, int cxid, Refusal refusal)
    {
        byte[] bytes = new byte[CallBytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, session.Value);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(8), cxid);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(12), (int)refusal.Error);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), refusal.FailedAt);
        return bytes;
    }
}
