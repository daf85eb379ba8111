using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Zab.Server.Sasl;
using Zab.Server.Tests.Port;

namespace Zab.Server.Tests.Sasl;

/// <summary>RFC 2831 from the client's side, written anew.</summary>
public sealed partial class DigestMd5Tests
{
    private static readonly Dictionary<string, string> s_users = new() { ["bob"] = "s\"ecret", ["ö"] = "ñ" };

    [Theory]
    [InlineData("bob", "s\"ecret", true)]
    [InlineData("ö", "ñ", true)]
    [InlineData("bob", "wrong", false)]
    [InlineData("alice", "s\"ecret", false)]
    public void Who_knows_the_password_is_let_in(string user, string password, bool isRight)
    {
        DigestMd5Exchange exchange = new(s_users);
        Assert.True(exchange.TryStep([], out byte[]? challenge));

        bool passed = exchange.TryStep(Response(challenge!, user, password, out string expected), out byte[]? proof);

        Assert.Equal(isRight, passed);
        Assert.Equal(isRight ? user : null, exchange.User);
        if (isRight)
        {
            Assert.Equal("rspauth=" + expected, Encoding.ASCII.GetString(proof!));
            Assert.False(exchange.TryStep([], out _)); // once is enough
        }
    }

    [Theory]
    [InlineData("nonce=\"", "nonce=\"x")]
    [InlineData("nc=00000001", "nc=00000002")]
    [InlineData("zookeeper/zk-sasl-md5", "imap/elsewhere")]
    [InlineData("qop=auth", "qop=auth-conf")]
    [InlineData("qop=auth", "authzid=\"root\"")]
    [InlineData("username=", "cnonce=\"y\",username=")]
    [InlineData("username=\"bob\"", "username=\"bob")]
    [InlineData("response=", "=")]
    public void A_response_that_is_not_for_here_is_refused(string from, string to)
    {
        DigestMd5Exchange exchange = new(s_users);
        Assert.True(exchange.TryStep([], out byte[]? challenge));
        string response = Encoding.UTF8.GetString(Response(challenge!, "bob", "s\"ecret", out _));
        Assert.Contains(from, response, StringComparison.Ordinal);

        Assert.False(exchange.TryStep(
            Encoding.UTF8.GetBytes(response.Replace(from, to, StringComparison.Ordinal)), out _));
        Assert.Null(exchange.User);
    }

    [Fact]
    public async Task At_the_port_the_session_becomes_who_it_proves_to_be()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(
            1, options => options with { SaslUsers = s_users });
        using WireClient client = await served.ClientAsync();

        Packet challenge = await client.CallAsync(1, 102, new Body().Buffer([]));
        byte[] response = Response(challenge.Body[4..], "bob", "s\"ecret", out string expected);
        Packet proof = await client.CallAsync(2, 102, new Body().Buffer(response));

        Assert.Equal((0, "rspauth=" + expected), (proof.Error, proof.TextAt(0)));
        Packet who = await client.CallAsync(3, 107);
        Assert.Contains("sasl", Encoding.UTF8.GetString(who.Body), StringComparison.Ordinal);
        Assert.Contains("bob", Encoding.UTF8.GetString(who.Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_the_port_a_wrong_password_ends_the_connection()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(
            1, options => options with { SaslUsers = s_users });
        using WireClient client = await served.ClientAsync();

        Packet challenge = await client.CallAsync(1, 102, new Body().Buffer([]));
        byte[] response = Response(challenge.Body[4..], "bob", "wrong", out _);
        Packet refused = await client.CallAsync(2, 102, new Body().Buffer(response));

        Assert.Equal(-115, refused.Error);
        Assert.Null(await client.ReceiveAsync());
    }

    [SuppressMessage("Security", "CA5351", Justification = "The mechanism is defined by it.")]
    private static byte[] Response(byte[] challenge, string user, string password, out string serverProof)
    {
        string text = Encoding.UTF8.GetString(challenge);
        string nonce = NonceIn().Match(text).Groups[1].Value;
        string realm = RealmIn().Match(text).Groups[1].Value;
        const string Cnonce = "OA6MHXh6VqTrRk";
        byte[] inner = MD5.HashData(Encoding.Latin1.GetBytes($"{user}:{realm}:{password}"));
        byte[] a1 = MD5.HashData([.. inner, .. Encoding.UTF8.GetBytes($":{nonce}:{Cnonce}")]);
        string Proof(string a2) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(
            $"{Convert.ToHexStringLower(a1)}:{nonce}:00000001:{Cnonce}:auth:"
            + Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(a2))))));
        serverProof = Proof(":zookeeper/zk-sasl-md5");
        return Encoding.UTF8.GetBytes(
            $"charset=utf-8,username=\"{user}\",realm=\"{realm}\",nonce=\"{nonce}\",nc=00000001,"
            + $"cnonce=\"{Cnonce}\",digest-uri=\"zookeeper/zk-sasl-md5\",maxbuf=65536,"
            + $"response={Proof("AUTHENTICATE:zookeeper/zk-sasl-md5")},qop=auth");
    }

    [GeneratedRegex("nonce=\"([^\"]*)\"")]
    private static partial Regex NonceIn();

    [GeneratedRegex("realm=\"([^\"]*)\"")]
    private static partial Regex RealmIn();
}
