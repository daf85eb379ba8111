using Zab.Core.Primitives;

namespace Zab.Wire;

/// <summary>The answer to a <see cref="ConnectRequest"/>.</summary>
/// <param name="TimeoutMs">The timeout that was granted, in milliseconds; 0 when the session is no
/// more.</param>
/// <param name="Session">The session.</param>
/// <param name="Password">Its password; it shares the memory that was read.</param>
/// <param name="ReadOnly">Whether the server is read-only; null when the request left the byte out.</param>
internal readonly record struct ConnectResponse(
    int TimeoutMs, SessionId Session, ReadOnlyMemory<byte>? Password, bool? ReadOnly)
{
    /// <summary>The bytes of a password.</summary>
    public const int PasswordBytes = 16;

    /// <summary>The answer for a session that is no more.</summary>
    /// <param name="readOnly">As the request has it: null leaves the byte out.</param>
    public static ConnectResponse Expired(bool? readOnly) =>
        new(0, new SessionId(0), new byte[PasswordBytes], readOnly);

    /// <summary>Writes the body, without the length before it.</summary>
    public void Write(JuteWriter writer)
    {
        writer.WriteInt(0);
        writer.WriteInt(TimeoutMs);
        writer.WriteLong(Session.Value);
        writer.WriteBuffer(Password);
        if (ReadOnly is { } readOnly)
            writer.WriteBool(readOnly);
    }

    /// <summary>Reads a body; bytes behind the last field do not count.</summary>
    /// <returns>False when the bytes are no such packet.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> frame, out ConnectResponse response)
    {
        response = default;
        JuteReader reader = new(frame.Span);
        if (!reader.TryReadInt(out _) || !reader.TryReadInt(out int timeoutMs)
            || !reader.TryReadLong(out long session)
            || !reader.TryReadMemory(frame, out ReadOnlyMemory<byte>? password))
        {
            return false;
        }

        bool? readOnly = reader.TryReadBool(out bool flag) ? flag : null;
        response = new(timeoutMs, new SessionId(session), password, readOnly);
        return true;
    }
}
