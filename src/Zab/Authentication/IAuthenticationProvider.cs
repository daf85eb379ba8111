using Zab.Core.Access;

namespace Zab.Authentication;

/// <summary>A scheme of the host's own for saying who a session is, and for naming it in lists of
/// permissions.</summary>
/// <remarks>The same schemes on every server. What <see cref="IAccessScheme"/> asks is pure; only
/// <see cref="AuthenticateAsync"/> may look elsewhere. Thread-safe.</remarks>
public interface IAuthenticationProvider : IAccessScheme
{
    /// <summary>Says whom credentials prove.</summary>
    /// <param name="credentials">The credentials, as the client gave them. They belong to the caller.</param>
    /// <param name="cancellationToken">The client does not wait any more.</param>
    /// <returns>The identities that the session gets in addition; null to refuse. An exception refuses,
    /// too.</returns>
    ValueTask<IReadOnlyList<Identity>?> AuthenticateAsync(
        ReadOnlyMemory<byte> credentials, CancellationToken cancellationToken);
}
