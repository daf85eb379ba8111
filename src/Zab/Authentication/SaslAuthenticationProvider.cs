using Zab.Core.Access;

namespace Zab.Authentication;

/// <summary>The scheme <c>sasl</c>: a session is whom it proved to be in a SASL exchange at the client
/// port.</summary>
/// <remarks>Add it to <see cref="ZabNodeOptions.AuthenticationProviders"/> of every server when one of them
/// has users for SASL. Credentials alone prove nothing: the exchange is the port's. Source: ZooKeeper
/// <c>SASLAuthenticationProvider</c>.</remarks>
public sealed class SaslAuthenticationProvider : IAuthenticationProvider
{
    /// <summary>The name of the scheme.</summary>
    public const string Name = "sasl";

    /// <inheritdoc/>
    public string Scheme => Name;

    /// <inheritdoc/>
    public bool IsAuthenticated => true;

    /// <inheritdoc/>
    public bool IsValid(string id) => !string.IsNullOrEmpty(id);

    /// <inheritdoc/>
    public bool Matches(string identity, string id) => identity == id;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Identity>?> AuthenticateAsync(
        ReadOnlyMemory<byte> credentials, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<Identity>?>(null);
}
