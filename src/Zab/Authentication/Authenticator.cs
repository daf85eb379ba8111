using Zab.Core.Access;

namespace Zab.Authentication;

/// <summary>All schemes of a node.</summary>
internal sealed class Authenticator
{
    private readonly Dictionary<string, IAuthenticationProvider> _providers = new(StringComparer.Ordinal);

    /// <summary>Makes it. A provider of the host's own replaces a built-in one of the same name.</summary>
    public Authenticator(ZabNodeOptions options)
    {
        DigestAuthenticationProvider digest = new(options.DigestAlgorithm, options.SuperDigest);
        _providers[digest.Scheme] = digest;
        _providers[IpAuthenticationProvider.Name] = new IpAuthenticationProvider();
        foreach (IAuthenticationProvider provider in options.AuthenticationProviders)
        {
            _providers[provider.Scheme] = provider;
        }

        Rules = new AccessRules(_providers.Values) { ConfigShown = options.Ensemble.MembersText() };
    }

    /// <summary>Who may do what.</summary>
    public AccessRules Rules { get; }

    /// <summary>Says whom credentials prove.</summary>
    /// <returns>The identities; null when the scheme is unknown or refuses.</returns>
    public async ValueTask<IReadOnlyList<Identity>?> AuthenticateAsync(
        string scheme, ReadOnlyMemory<byte> credentials, CancellationToken cancellationToken) =>
        _providers.TryGetValue(scheme, out IAuthenticationProvider? provider)
            ? await provider.AuthenticateAsync(credentials, cancellationToken).ConfigureAwait(false)
            : null;
}
