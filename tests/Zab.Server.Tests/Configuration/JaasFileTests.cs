using Zab.Server.Configuration;

namespace Zab.Server.Tests.Configuration;

public sealed class JaasFileTests
{
    [Fact]
    public void The_users_are_those_of_the_section_Server()
    {
        IReadOnlyDictionary<string, string> users = JaasFile.Users("""
            // what a client would use
            Client { org.apache.zookeeper.server.auth.DigestLoginModule required username="bob" password="b"; };
            /* and the
               server */
            Server {
                org.apache.zookeeper.server.auth.DigestLoginModule required
                    user_super="it's {secret};"
                    user_bob="a \"quoted\" word";  # the last one
            };
            """);

        Assert.Equal(
            [("bob", "a \"quoted\" word"), ("super", "it's {secret};")],
            users.Select(user => (user.Key, user.Value)).Order());
    }

    [Theory]
    [InlineData("", "it has no section Server { … }")]
    [InlineData("Client { X required; };", "it has no section Server { … }")]
    [InlineData("Server { a.DigestLoginModule required; };", "names no user; write DigestLoginModule required")]
    [InlineData("Server {\n com.sun.security.auth.module.Krb5LoginModule required; };", "line 2: expected the module DigestLoginModule, found 'com.sun")]
    [InlineData("Server { a.DigestLoginModule required user_a=\"secret", "line 1: a text in quotes does not end on its line")]
    [InlineData("Server { a.DigestLoginModule required user_a=\"secret\"", "line 1: expected ';' behind the last entry")]
    [InlineData("Server { a.DigestLoginModule required user_a \"secret\";", "line 1: expected '='")]
    [InlineData("Server { a.DigestLoginModule required user_a=\"secret\" user_a=\"secret\"; };", "user_a is given twice")]
    [InlineData("Server { a.DigestLoginModule required user_a=\"secret\"; }", "line 1: expected ';'")]
    [InlineData("Server {", "line 1: expected '};' at the end of the section")]
    public void A_file_that_cannot_be_used_says_why_and_no_password(string text, string expected)
    {
        FormatException refused = Assert.Throws<FormatException>(() => JaasFile.Users(text));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }
}
