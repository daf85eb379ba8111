using System.Net;
using Zab.Core.Access;

namespace Zab.Authentication;

/// <summary>The <c>ip</c> scheme: the address that a client comes from, and in lists of permissions addresses
/// and networks (<c>10.0.0.0/8</c>, <c>2001:db8::/32</c>).</summary>
/// <remarks>The server knows the address: nobody can claim one. A session in the server's own process has
/// none, unless its host gives it one. Source: ZooKeeper <c>IPAuthenticationProvider</c>.</remarks>
public sealed class IpAuthenticationProvider : IAuthenticationProvider
{
    /// <summary>The name of the scheme.</summary>
    public const string Name = "ip";

    /// <inheritdoc/>
    public string Scheme => Name;

    /// <inheritdoc/>
    public bool IsAuthenticated => false;

    /// <inheritdoc/>
    public bool IsValid(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return TryParse(id, out _, out _);
    }

    /// <inheritdoc/>
    public bool Matches(string identity, string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (!IPAddress.TryParse(identity, out IPAddress? address)
            || !TryParse(id, out IPAddress? network, out int bits))
        {
            return false;
        }

        address = Plain(address);
        byte[] own = address.GetAddressBytes();
        byte[] wanted = network.GetAddressBytes();
        if (own.Length != wanted.Length)
        {
            return false;
        }

        for (int i = 0; i < own.Length && bits > 0; i++, bits -= 8)
        {
            int mask = bits >= 8 ? 0xFF : 0xFF << (8 - bits);
            if (((own[i] ^ wanted[i]) & mask) != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Identity>?> AuthenticateAsync(
        ReadOnlyMemory<byte> credentials, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<Identity>?>(null);

    /// <summary>An address, or an address and how many of its bits count. Bits that do not count may be
    /// set.</summary>
    private static bool TryParse(string id, out IPAddress address, out int bits)
    {
        int slash = id.IndexOf('/', StringComparison.Ordinal);
        bits = 0;
        bool parsed = IPAddress.TryParse(slash < 0 ? id : id[..slash], out IPAddress? found);
        address = parsed ? Plain(found!) : IPAddress.None;
        int width = 8 * address.GetAddressBytes().Length;
        if (!parsed || slash < 0)
        {
            bits = width;
            return parsed;
        }

        return int.TryParse(id.AsSpan(slash + 1), out bits) && bits >= 0 && bits <= width;
    }

    private static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
