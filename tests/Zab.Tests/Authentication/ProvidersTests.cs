using Zab.Authentication;

namespace Zab.Tests.Authentication;

public sealed class ProvidersTests
{
    [Theory]
    [InlineData("10.1.2.3", "10.1.2.3", true)]
    [InlineData("10.1.2.3", "10.1.2.4", false)]
    [InlineData("10.1.2.3", "10.0.0.0/8", true)]
    [InlineData("10.1.2.3", "10.1.2.0/31", false)]
    [InlineData("10.1.2.3", "10.1.2.2/31", true)]
    [InlineData("10.1.2.3", "0.0.0.0/0", true)]
    [InlineData("::ffff:10.1.2.3", "10.0.0.0/8", true)]
    [InlineData("2001:db8::1", "2001:db8::/32", true)]
    [InlineData("2001:db9::1", "2001:db8::/32", false)]
    [InlineData("2001:db8::1", "0.0.0.0/0", false)]
    [InlineData("nonsense", "0.0.0.0/0", false)]
    public void An_address_matches_the_networks_that_it_lies_in(string address, string id, bool matches) =>
        Assert.Equal(matches, new IpAuthenticationProvider().Matches(address, id));

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("10.1.2.3/32", true)]
    [InlineData("10.1.2.3/33", false)]
    [InlineData("10.1.2.3/-1", false)]
    [InlineData("::1/128", true)]
    [InlineData("::1/129", false)]
    [InlineData("host.example", false)]
    [InlineData("", false)]
    [InlineData("10.1.2.3/", false)]
    public void Only_addresses_and_networks_are_valid(string id, bool isValid) =>
        Assert.Equal(isValid, new IpAuthenticationProvider().IsValid(id));

    [Fact]
    public void A_digest_is_what_ZooKeeper_computes()
    {
        // From ZooKeeper's documentation of DigestAuthenticationProvider.
        Assert.Equal(
            "super:D/InIHSb7yEEbrWz8b9l71RjZJU=", DigestAuthenticationProvider.IdOf("super:test"));
        Assert.Equal("whole:", DigestAuthenticationProvider.IdOf("whole")[..6]);
    }

    [Fact]
    public async Task Whoever_has_the_super_digest_is_super()
    {
        string super = DigestAuthenticationProvider.IdOf("super:secret", DigestAlgorithm.Sha256);
        DigestAuthenticationProvider provider = new(DigestAlgorithm.Sha256, super);

        Assert.Contains(
            Core.Access.Identity.Super,
            (await provider.AuthenticateAsync("super:secret"u8.ToArray(), CancellationToken.None))!);
        Assert.DoesNotContain(
            Core.Access.Identity.Super,
            (await provider.AuthenticateAsync("super:other"u8.ToArray(), CancellationToken.None))!);
    }
}
