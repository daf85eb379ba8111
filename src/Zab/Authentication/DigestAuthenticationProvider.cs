using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Zab.Core.Access;

namespace Zab.Authentication;

/// <summary>The <c>digest</c> scheme: a user name and a password, of which lists of permissions carry a
/// hash.</summary>
/// <remarks>Source: ZooKeeper <c>DigestAuthenticationProvider</c>.</remarks>
public sealed class DigestAuthenticationProvider : IAuthenticationProvider
{
    private readonly DigestScheme _scheme = new();
    private readonly DigestAlgorithm _algorithm;
    private readonly string? _superDigest;

    /// <summary>Makes the scheme.</summary>
    /// <param name="algorithm">The hash. The same on every server.</param>
    /// <param name="superDigest">The id, <c>user:hash</c>, of whoever may do everything; null for
    /// nobody.</param>
    public DigestAuthenticationProvider(
        DigestAlgorithm algorithm = DigestAlgorithm.Sha1, string? superDigest = null) =>
        (_algorithm, _superDigest) = (algorithm, superDigest);

    /// <inheritdoc/>
    public string Scheme => _scheme.Scheme;

    /// <inheritdoc/>
    public bool IsAuthenticated => _scheme.IsAuthenticated;

    /// <summary>The id of a user with a password, as it stands in lists of permissions.</summary>
    /// <param name="credentials"><c>user:password</c>. Without a colon, all of it is the user.</param>
    /// <param name="algorithm">The hash.</param>
    /// <returns><c>user:hash</c>, the hash in base 64.</returns>
    [SuppressMessage("Security", "CA5350", Justification = "What ZooKeeper's clients and data carry.")]
    public static string IdOf(string credentials, DigestAlgorithm algorithm = DigestAlgorithm.Sha1)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        byte[] bytes = Encoding.UTF8.GetBytes(credentials);
        byte[] hash = algorithm == DigestAlgorithm.Sha256 ? SHA256.HashData(bytes) : SHA1.HashData(bytes);
        int colon = credentials.IndexOf(':', StringComparison.Ordinal);
        return $"{(colon < 0 ? credentials : credentials[..colon])}:{Convert.ToBase64String(hash)}";
    }

    /// <inheritdoc/>
    public bool IsValid(string id) => _scheme.IsValid(id);

    /// <inheritdoc/>
    public bool Matches(string identity, string id) => _scheme.Matches(identity, id);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Identity>?> AuthenticateAsync(
        ReadOnlyMemory<byte> credentials, CancellationToken cancellationToken)
    {
        string id = IdOf(Encoding.UTF8.GetString(credentials.Span), _algorithm);
        Identity user = new(Scheme, id);
        return ValueTask.FromResult<IReadOnlyList<Identity>?>(
            string.Equals(id, _superDigest, StringComparison.Ordinal) ? [user, Identity.Super] : [user]);
    }
}
