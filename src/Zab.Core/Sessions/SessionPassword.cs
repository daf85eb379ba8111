using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Zab.Core.Primitives;

namespace Zab.Core.Sessions;

/// <summary>The password of a session: whoever has it may go on with the session on any server.</summary>
/// <remarks>A keyed hash of the id, with a secret of the ensemble that is part of the replicated state: so
/// any server can tell, before and after a restart or a change of leader, and nobody can guess. ZooKeeper
/// derives its passwords from the id alone.</remarks>
internal static class SessionPassword
{
    /// <summary>The bytes of a password.</summary>
    public const int Bytes = 16;

    /// <summary>The bytes of the secret.</summary>
    public const int SecretBytes = 32;

    /// <summary>The password of a session.</summary>
    public static byte[] Of(ReadOnlySpan<byte> secret, SessionId session)
    {
        Span<byte> id = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(id, session.Value);
        return HMACSHA256.HashData(secret, id)[..Bytes];
    }

    /// <summary>Whether a password is the session's.</summary>
    public static bool IsRight(ReadOnlySpan<byte> secret, SessionId session, ReadOnlySpan<byte> password) =>
        secret.Length == SecretBytes && session != SessionId.None
        && CryptographicOperations.FixedTimeEquals(Of(secret, session), password);
}
