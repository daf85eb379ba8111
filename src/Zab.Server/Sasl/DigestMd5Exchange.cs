using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Zab.Server.Sasl;

/// <summary>The server's side of one SASL exchange of the mechanism DIGEST-MD5: a challenge, the client's
/// response, and the proof that the server knows the password, too.</summary>
/// <remarks>
/// <para>The client names nobody else than itself: an authorization id that is not its user name is refused.
/// No layer of integrity or secrecy is offered. By hand, as .NET has clients of SASL mechanisms only.</para>
/// <para>One owner; not thread-safe. Source: RFC 2831; ZooKeeper <c>ZooKeeperSaslServer</c>, whose protocol
/// and server name it uses.</para>
/// </remarks>
/// <param name="users">The users and their passwords.</param>
internal sealed class DigestMd5Exchange(IReadOnlyDictionary<string, string> users)
{
    private const string Realm = "zk-sasl-md5";
    private const string DigestUri = "zookeeper/" + Realm;
    private const int ResponseBytesMax = 4096;
    private const int NonceBytes = 24;

    private string? _nonce;

    /// <summary>Who the client has proved to be; null before it has.</summary>
    public string? User { get; private set; }

    /// <summary>Takes the next token of the client.</summary>
    /// <param name="token">The token; the first one is empty.</param>
    /// <param name="answer">What to send back.</param>
    /// <returns>Whether the exchange goes on, or has come to its good end.</returns>
    public bool TryStep(ReadOnlySpan<byte> token, [NotNullWhen(true)] out byte[]? answer)
    {
        answer = null;
        if (User is not null || token.Length > ResponseBytesMax)
        {
            return false;
        }

        if (_nonce is null)
        {
            _nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceBytes));
            answer = Encoding.UTF8.GetBytes(
                $"realm=\"{Realm}\",nonce=\"{_nonce}\",qop=\"auth\",charset=utf-8,algorithm=md5-sess");
            return token.IsEmpty;
        }

        return DirectiveList.TryRead(token, out Dictionary<string, string>? fields)
            && TryProve(fields, out answer);
    }

    private bool TryProve(Dictionary<string, string> fields, [NotNullWhen(true)] out byte[]? answer)
    {
        answer = null;
        string Field(string name) => fields.GetValueOrDefault(name, "");

        string user = Field("username");
        string? authorizedAs = fields.GetValueOrDefault("authzid");
        bool isForHere = Field("nonce") == _nonce && Field("realm") is Realm or ""
            && Field("digest-uri") == DigestUri && Field("nc") == "00000001"
            && (!fields.TryGetValue("qop", out string? qop) || qop == "auth")
            && Field("cnonce").Length > 0 && (authorizedAs is null || authorizedAs == user);
        if (!isForHere || !users.TryGetValue(user, out string? password))
        {
            return false;
        }

        string[] common = [_nonce!, Field("nc"), Field("cnonce"), "auth"];
        byte[] secret = Secret(user, Field("realm"), password, Field("cnonce"), authorizedAs);
        byte[] expected = Encoding.ASCII.GetBytes(Proof(secret, common, "AUTHENTICATE:" + DigestUri));
        if (!CryptographicOperations.FixedTimeEquals(expected, Encoding.ASCII.GetBytes(Field("response"))))
        {
            return false;
        }

        User = user;
        answer = Encoding.ASCII.GetBytes("rspauth=" + Proof(secret, common, ":" + DigestUri));
        return true;
    }

    /// <summary>A1 of the RFC, hashed.</summary>
    private byte[] Secret(string user, string realm, string password, string cnonce, string? authorizedAs)
    {
        string rest = $":{_nonce}:{cnonce}" + (authorizedAs is null ? "" : ":" + authorizedAs);
        byte[] inner = [.. Encoded(user), .. ":"u8, .. Encoded(realm), .. ":"u8, .. Encoded(password)];
        return Hash([.. Hash(inner), .. Encoding.UTF8.GetBytes(rest)]);
    }

    private static string Proof(byte[] secret, string[] common, string action)
    {
        string a2 = Hex(Hash(Encoding.UTF8.GetBytes(action)));
        return Hex(Hash(Encoding.UTF8.GetBytes($"{Hex(secret)}:{string.Join(':', common)}:{a2}")));
    }

    /// <summary>The RFC wants Latin-1 where that is enough, and UTF-8 otherwise.</summary>
    private static byte[] Encoded(string text) =>
        (text.All(letter => letter <= '\u00FF') ? Encoding.Latin1 : Encoding.UTF8).GetBytes(text);

    [SuppressMessage("Security", "CA5351", Justification = "The mechanism is defined by it.")]
    private static byte[] Hash(byte[] bytes) => MD5.HashData(bytes);

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
