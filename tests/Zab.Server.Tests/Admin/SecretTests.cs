using System.Text.RegularExpressions;
using Zab.Core.Access;
using Zab.Server.Tests.Port;
using Zab.Server.Tests.Words;
using Zab.Tests.Hosting;

namespace Zab.Server.Tests.Admin;

/// <summary>What proves who somebody is stands in no answer, and in no log.</summary>
public sealed partial class SecretTests
{
    private static readonly string[] s_words =
    [
        "conf", "cons", "crst", "dirs", "dump", "envi", "gtmk", "hash", "isro", "mntr", "ruok", "srvr", "stat",
        "stmk", "wchc", "wchp", "wchs", "srst",
    ];

    [Fact]
    public async Task No_answer_and_no_line_of_the_log_tells_a_secret()
    {
        string jaas = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            jaas, "Server { org.apache.zookeeper.server.auth.DigestLoginModule required user_bob=\"canary-jaas\"; };");
        using RecordingLoggers log = new();
        await using AskedServer asked = await AskedServer.StartAsync(
            $"""
            4lw.commands.whitelist=*
            DigestAuthenticationProvider.superDigest=super:canary-super
            java.security.auth.login.config={jaas}
            metricsProvider.httpPassword=canary-ignored
            metricsProvider.passphrase=canary-phrase
            metricsProvider.user.pass=canary-pass
            metricsProvider.dbPwd=canary-pwd
            admin.ssl.keyStore.password=canary-keystore
            """,
            node => node with { LoggerFactory = log });
        await using IZabSession session = await asked.Server.Node.OpenSessionAsync(cancellationToken: Safety.Token);
        await session.AddAuthAsync("digest", "alice:canary-digest"u8.ToArray(), Safety.Token);
        _ = await session.CreateAsync("/mine", new CreateOptions { Acl = Acl.Creator }, Safety.Token);
        using WireClient client = await WireClient.ConnectAsync(asked.Server.Port.EndPoint);
        Greeting greeting = (await client.GreetAsync(timeoutMs: 20_000))!;

        List<string> told = [.. log.Lines, await asked.GetAsync("")];
        foreach (Match command in Command().Matches(told[^1]))
        {
            told.Add(await asked.GetAsync($"/{command.Groups[1].Value}"));
        }

        foreach (string word in s_words)
        {
            told.Add(await WordClient.AskAsync(asked.Server.Port.EndPoint, word));
        }

        Assert.True(told.Count > s_words.Length + 25);
        ReadOnlyMemory<byte>[] passwords = [session.Credentials.Password, greeting.Password];
        string[] secrets =
        [
            "canary-", .. passwords.Select(password => Convert.ToHexString(password.Span)),
            .. passwords.Select(password => Convert.ToBase64String(password.Span)),
        ];
        Assert.DoesNotContain(
            told.Concat(log.Lines),
            text => secrets.Any(secret => text.Contains(secret, StringComparison.OrdinalIgnoreCase)));
        File.Delete(jaas);
    }

    [GeneratedRegex("/commands/(\\w+)\"")]
    private static partial Regex Command();
}
