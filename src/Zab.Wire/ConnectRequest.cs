using Zab.Core.Primitives;

namespace Zab.Wire;

/// <summary>The first packet of a client.</summary>
/// <param name="Seen">The newest transaction that the client knows.</param>
/// <param name="TimeoutMs">How long it wants to be silent, in milliseconds.</param>
/// <param name="Session">The session to go on with; 0 for a new one.</param>
/// <param name="Password">The session's password; it shares the memory that was read.</param>
/// <param name="ReadOnly">Whether a read-only server will do; null when the client left the byte
/// out.</param>
internal readonly record struct ConnectRequest(
    Zxid Seen, int TimeoutMs, SessionId Session, ReadOnlyMemory<byte>? Password, bool? ReadOnly)
{
    /// <summary>Writes the body, without the length before it.</summary>
    public void Write(JuteWriter writer)
    {
        writer.WriteInt(0);
        writer.WriteLong(Seen.Value);
        writer.WriteInt(TimeoutMs);
        writer.WriteLong(Session.Value);
        writer.WriteBuffer(Password);
        if (ReadOnly is { } readOnly)
            writer.WriteBool(readOnly);
    }

    /// <summary>Reads a body. Any protocol version passes; bytes behind the last field do not
    /// count.</summary>
    /// <returns>False when the bytes are no such packet.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> frame, out ConnectRequest request)
    {
        request = default;
        JuteReader reader = new(frame.Span);
        if (!reader.TryReadInt(out _) || !reader.TryReadLong(out long seen)
            || !reader.TryReadInt(out int timeoutMs) || !reader.TryReadLong(out long session)
            || !reader.TryReadMemory(frame, out ReadOnlyMemory<byte>? password))
        {
            return false;
        }

        bool? readOnly = reader.TryReadBool(out bool flag) ? flag : null;
        request = new(new Zxid(seen), timeoutMs, new SessionId(session), password, readOnly);
        return true;
    }
}
