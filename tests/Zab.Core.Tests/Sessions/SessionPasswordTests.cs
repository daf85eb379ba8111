using Zab.Core.Primitives;
using Zab.Core.Sessions;

namespace Zab.Core.Tests.Sessions;

public sealed class SessionPasswordTests
{
    private static readonly byte[] s_secret = [.. Enumerable.Range(0, SessionPassword.SecretBytes).Select(i => (byte)i)];
    private static readonly SessionId s_session = new(0x0102030405060708);

    /// <summary>HMAC-SHA-256 of the id, most significant byte first, cut to 16 bytes; made with another
    /// tool.</summary>
    [Fact]
    public void A_password_is_a_keyed_hash_of_the_id() => Assert.Equal(
        "5EA9633FB4BD1788197520638AF1F7A6", Convert.ToHexString(SessionPassword.Of(s_secret, s_session)));

    [Fact]
    public void A_password_is_right_for_its_session_and_secret_alone()
    {
        byte[] password = SessionPassword.Of(s_secret, s_session);

        Assert.True(SessionPassword.IsRight(s_secret, s_session, password));
        Assert.False(SessionPassword.IsRight(s_secret, new SessionId(s_session.Value + 1), password));
        Assert.False(SessionPassword.IsRight(s_secret, new SessionId(s_session.Value + (1L << 56)), password));
        Assert.False(SessionPassword.IsRight([.. s_secret.Reverse()], s_session, password));
        Assert.False(SessionPassword.IsRight(s_secret, s_session, password.AsSpan(0, 15)));
        Assert.False(SessionPassword.IsRight(s_secret, s_session, []));
        for (int bit = 0; bit < password.Length * 8; bit++)
        {
            byte[] other = [.. password];
            other[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(SessionPassword.IsRight(s_secret, s_session, other));
        }
    }

    [Fact]
    public void Nothing_is_right_without_a_secret_or_a_session()
    {
        Assert.False(SessionPassword.IsRight([], s_session, SessionPassword.Of([], s_session)));
        Assert.False(SessionPassword.IsRight(
            s_secret, SessionId.None, SessionPassword.Of(s_secret, SessionId.None)));
    }
}
