using System;

namespace Zab.Core.Access;

/// <summary>The scheme of user names and passwords: its names are <c>user:hash</c>.</summary>
/// <remarks>Source: ZooKeeper <c>DigestAuthenticationProvider</c>.</remarks>
internal sealed class DigestScheme : IAccessScheme
{
    /// <inheritdoc/>
    public string Scheme => Schemes.Digest;

    /// <inheritdoc/>
    public bool IsAuthenticated => true;

    /// <inheritdoc/>
    public bool IsValid(string id) => id.AsSpan().Count(':') == 1;

    /// <inheritdoc/>
    public bool Matches(string identity, string id) => string.Equals(identity, id, StringComparison.Ordinal);

    /// <summary>A name without its hash, for whoever may not see it.</summary>
    public static string Masked(string id) =>
        $"{id[..Math.Max(0, id.IndexOf(':', StringComparison.Ordinal))]}:x";
}
