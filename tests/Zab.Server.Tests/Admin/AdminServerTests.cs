using System.Net;
using System.Text.Json;
using Zab.Core.Tree;
using Zab.Server.Tests.Configuration;
using Zab.Tests.Hosting;

namespace Zab.Server.Tests.Admin;

public sealed class AdminServerTests : IAsyncLifetime, IDisposable
{
    private readonly CfgFolder _folder = new();
    private readonly HttpClient _http = new();
    private ZooKeeperServer _server = null!;

    public async Task InitializeAsync()
    {
        ZooKeeperServerOptions options = _folder.Read("""
            dataDir=DIR/data
            clientPort=2181
            clientPortAddress=127.0.0.1
            admin.enableServer=true
            DigestAuthenticationProvider.superDigest=super:hiddenhash=
            """);
        _server = await ZooKeeperServer.StartAsync(
            options with
            {
                Port = options.Port with { Port = 0 },
                Admin = options.Admin! with { Port = 0 },
            },
            Safety.Token);
        await _server.Node.WaitUntilServingAsync(Safety.Token);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Dispose();
    }

    public void Dispose()
    {
        _http.Dispose();
        if (Directory.Exists(_folder.Path))
        {
            _folder.Dispose();
        }
    }

    [Theory]
    [InlineData("configuration", "conf config")]
    [InlineData("connection_stat_reset", "crst")]
    [InlineData("connections", "cons")]
    [InlineData("dirs", "")]
    [InlineData("dump", "")]
    [InlineData("environment", "env envi")]
    [InlineData("hash", "")]
    [InlineData("initial_configuration", "icfg")]
    [InlineData("is_read_only", "isro")]
    [InlineData("monitor", "mntr")]
    [InlineData("observers", "obsr")]
    [InlineData("ruok", "")]
    [InlineData("server_stats", "srvr")]
    [InlineData("stat_reset", "srst")]
    [InlineData("stats", "stat")]
    [InlineData("voting_view", "")]
    [InlineData("watch_summary", "wchs")]
    [InlineData("watches", "wchc")]
    [InlineData("watches_by_path", "wchp")]
    [InlineData("zabstate", "")]
    public async Task A_command_answers_under_each_of_its_names_and_tells_no_secret(string name, string others)
    {
        string page = await GetAsync("");
        Assert.Contains($"\"/commands/{name}\"", page, StringComparison.Ordinal);
        foreach (string each in others.Split(' ', StringSplitOptions.RemoveEmptyEntries).Prepend(name))
        {
            string text = await GetAsync("/" + each);

            using JsonDocument answer = JsonDocument.Parse(text);
            Assert.Equal(name, answer.RootElement.GetProperty("command").GetString());
            Assert.Equal(JsonValueKind.Null, answer.RootElement.GetProperty("error").ValueKind);
            Assert.DoesNotContain("hiddenhash", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_numbers_are_those_of_the_server()
    {
        await using IZabSession session = await _server.Node.OpenSessionAsync(cancellationToken: Safety.Token);
        _ = await session.CreateAsync("/e", mode: CreateMode.Ephemeral, cancellationToken: Safety.Token);

        using JsonDocument stats = JsonDocument.Parse(await GetAsync("/srvr"));
        using JsonDocument dump = JsonDocument.Parse(await GetAsync("/dump"));
        using JsonDocument monitor = JsonDocument.Parse(await GetAsync("/monitor"));

        Assert.Equal(5, stats.RootElement.GetProperty("node_count").GetInt32());
        Assert.Equal(
            "standalone", stats.RootElement.GetProperty("server_stats").GetProperty("server_state").GetString());
        JsonElement ephemerals = dump.RootElement.GetProperty("session_id_to_ephemeral_paths");
        Assert.Equal("/e", ephemerals.GetProperty($"{session.Id.Value}")[0].GetString());
        Assert.Equal(1, monitor.RootElement.GetProperty("ephemerals_count").GetInt32());
    }

    [Theory]
    [InlineData("bogus")]
    [InlineData("get_trace_mask")]
    [InlineData("snapshot")]
    public async Task A_command_that_is_unknown_is_answered_with_an_error(string name)
    {
        using JsonDocument answer = JsonDocument.Parse(await GetAsync("/" + name));

        Assert.Equal($"Unknown command: {name}", answer.RootElement.GetProperty("error").GetString());
        Assert.Equal(name, answer.RootElement.GetProperty("command").GetString());
    }

    [Fact]
    public async Task Nothing_but_GET_below_the_path_is_answered()
    {
        Uri ruok = new($"http://{_server.AdminEndPoint}/commands/ruok");
        using HttpResponseMessage posted = await _http.PostAsync(ruok, content: null, Safety.Token);
        using HttpResponseMessage elsewhere =
            await _http.GetAsync(new Uri($"http://{_server.AdminEndPoint}/other"), Safety.Token);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
    }

    [Fact]
    public async Task A_port_that_is_in_use_fails_the_start_and_leaves_nothing_behind()
    {
        using CfgFolder other = new();
        ZooKeeperServerOptions options = other.Read("dataDir=DIR/data\nclientPort=2181\nclientPortAddress=127.0.0.1") with
        {
            Admin = new AdminServerOptions { Port = _server.AdminEndPoint!.Port },
        };
        options = options with { Port = options.Port with { Port = 0 } };

        IOException refused =
            await Assert.ThrowsAsync<IOException>(() => ZooKeeperServer.StartAsync(options, Safety.Token));

        Assert.Contains("admin.serverPort", refused.Message, StringComparison.Ordinal);
        options = other.Read("dataDir=DIR/data\nclientPort=2181\nclientPortAddress=127.0.0.1");
        await using ZabNode again = await ZabNode.StartAsync(options.Node, Safety.Token);
    }

    private async Task<string> GetAsync(string path) =>
        await _http.GetStringAsync(new Uri($"http://{_server.AdminEndPoint}/commands{path}"), Safety.Token);
}
