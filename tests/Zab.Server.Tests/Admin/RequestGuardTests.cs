using System.Net;
using Zab.Tests.Hosting;

namespace Zab.Server.Tests.Admin;

/// <summary>A page in somebody's browser gets no answers, and what a proxy claims counts for nothing.</summary>
public sealed class RequestGuardTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("[::1]:8080")]
    [InlineData("localhost")]
    [InlineData("LOCALHOST.:8080")]
    [InlineData("zab.example.org:8080")]
    public async Task A_host_that_is_an_address_or_known_is_answered(string host)
    {
        await using AskedServer asked = await AskedServer.StartAsync("admin.hostNames=other, zab.example.org");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(asked, ("Host", host)));
    }

    [Theory]
    [InlineData("evil.example.com")]
    [InlineData("evil.example.com:8080")]
    [InlineData("127.0.0.1.evil.example.com")]
    [InlineData("localhost.evil.example.com")]
    public async Task A_name_that_was_made_to_lead_here_is_refused(string host)
    {
        await using AskedServer asked = await AskedServer.StartAsync();

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(asked, ("Host", host)));
    }

    [Fact]
    public async Task Any_name_is_answered_when_that_is_said()
    {
        await using AskedServer asked = await AskedServer.StartAsync("admin.hostNames=*");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(asked, ("Host", "any.example.com")));
    }

    [Theory]
    [InlineData("Origin", "http://evil.example.com")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task A_page_of_another_origin_is_refused_and_changes_nothing(string header, string value)
    {
        await using AskedServer asked = await AskedServer.StartAsync();

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(asked, (header, value)));
    }

    [Fact]
    public async Task Whoever_types_the_address_and_pages_of_the_server_itself_are_answered()
    {
        await using AskedServer asked = await AskedServer.StartAsync();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(asked, ("Sec-Fetch-Site", "none")));
        Assert.Equal(
            HttpStatusCode.OK,
            await StatusAsync(
                asked, ("Origin", $"http://{asked.Server.AdminEndPoint}"), ("Sec-Fetch-Site", "same-origin")));
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    [InlineData("X-Forwarded-Host", "203.0.113.7")]
    [InlineData("X-Real-IP", "203.0.113.7")]
    [InlineData("Forwarded", "for=203.0.113.7;host=203.0.113.7;proto=https")]
    public async Task What_a_proxy_claims_is_not_believed(string header, string claim)
    {
        using RecordingLoggers log = new();
        await using AskedServer asked =
            await AskedServer.StartAsync(change: node => node with { LoggerFactory = log });

        HttpStatusCode strange = await StatusAsync(asked, ("Host", "evil.example.com"), (header, claim));
        HttpStatusCode known = await StatusAsync(asked, ("Host", "127.0.0.1"), (header, claim));

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (strange, known));
        Assert.Contains(log.Lines, line => line.Contains("A question over HTTP from 127.0.0.1 is refused", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.Contains("203.0.113.7", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.Contains("evil", StringComparison.Ordinal));
    }

    private static async Task<HttpStatusCode> StatusAsync(
        AskedServer asked, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, asked.At("/commands/stat_reset"));
        foreach ((string name, string value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using HttpResponseMessage answer = await asked.Http.SendAsync(request, Safety.Token);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        return answer.StatusCode;
    }
}
