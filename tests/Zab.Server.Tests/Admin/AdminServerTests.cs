using System.Globalization;
using System.Net;
using System.Text.Json;
using Zab.Core.Tree;
using Zab.Server.Tests.Configuration;
using Zab.Server.Tests.Port;
using Zab.Tests.Hosting;

namespace Zab.Server.Tests.Admin;

public sealed class AdminServerTests : IAsyncLifetime
{
    private AskedServer _asked = null!;

    private ZooKeeperServer Server => _asked.Server;

    public async Task InitializeAsync() => _asked = await AskedServer.StartAsync("""
        snapCount=2
        admin.commandURL=/commands
        DigestAuthenticationProvider.superDigest=super:hiddenhash=
        """);

    public async Task DisposeAsync() => await _asked.DisposeAsync();

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
    [InlineData("last_snapshot", "lsnp")]
    [InlineData("monitor", "mntr")]
    [InlineData("observers", "obsr")]
    [InlineData("ruok", "")]
    [InlineData("server_stats", "srvr")]
    [InlineData("stat_reset", "srst")]
    [InlineData("stats", "stat")]
    [InlineData("system_properties", "sysp")]
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
        await using IZabSession session = await Server.Node.OpenSessionAsync(cancellationToken: Safety.Token);
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

    [Fact]
    public async Task The_last_snapshot_is_told_by_its_zxid_and_the_second_it_was_written()
    {
        long begun = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        JsonElement none = await _asked.AskAsync("last_snapshot");
        await using IZabSession session = await Server.Node.OpenSessionAsync(cancellationToken: Safety.Token);
        JsonElement last = none;
        for (int i = 0; last.GetProperty("timestamp").GetInt64() < 0; i++)
        {
            _ = await session.CreateAsync($"/{i}", cancellationToken: Safety.Token);
            last = await _asked.AskAsync("lsnp");
        }

        Assert.Equal(
            ("ffffffffffffffff", -1),
            (none.GetProperty("zxid").GetString(), none.GetProperty("timestamp").GetInt64()));
        long zxid = long.Parse(
            last.GetProperty("zxid").GetString()!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        Assert.InRange(zxid, 1, Server.Node.Status.LastApplied.Value);
        Assert.InRange(
            last.GetProperty("timestamp").GetInt64(), begun, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
    }

    [Fact]
    public async Task The_properties_are_those_of_the_process_and_the_settings_of_the_file_without_secrets()
    {
        JsonElement properties = await _asked.AskAsync("system_properties");

        Assert.Equal(Environment.CurrentDirectory, properties.GetProperty("user.dir").GetString());
        Assert.Equal(Environment.NewLine, properties.GetProperty("line.separator").GetString());
        Assert.Contains(properties.GetProperty("System.GC.Concurrent").GetString(), (string[])["true", "false"]);
        Assert.Equal("2", properties.GetProperty("zookeeper.snapCount").GetString());
        Assert.Equal("127.0.0.1", properties.GetProperty("zookeeper.clientPortAddress").GetString());
        Assert.Equal(
            "***", properties.GetProperty("zookeeper.DigestAuthenticationProvider.superDigest").GetString());
    }

    [Fact]
    public async Task A_connection_is_told_with_ZooKeepers_names()
    {
        using WireClient client = await WireClient.ConnectAsync(Server.Port.EndPoint);
        _ = await client.GreetAsync(timeoutMs: 20_000);

        JsonElement connection = (await _asked.AskAsync("connections")).GetProperty("connections")[0];

        Assert.Equal(
            [
                "remote_socket_address", "interest_ops", "outstanding_requests", "packets_received", "packets_sent",
                "session_id", "last_operation", "established", "session_timeout", "last_cxid", "last_zxid",
                "last_response_time", "last_latency", "min_latency", "avg_latency", "max_latency",
            ],
            connection.EnumerateObject().Select(member => member.Name));
    }

    [Theory]
    [InlineData("bogus", "Unknown command: bogus")]
    [InlineData("get_trace_mask", "get_trace_mask is not supported: there is no trace mask")]
    [InlineData("gtmk", "get_trace_mask is not supported: there is no trace mask")]
    [InlineData("stmk", "set_trace_mask is not supported: there is no trace mask")]
    [InlineData("snap", "snapshot is not supported: snapshots leave a server by its directory alone")]
    [InlineData("rest", "restore is not supported: a state is not replaced while servers run")]
    [InlineData("orst", "observer_connection_stat_reset is not supported: the links of observers are not counted")]
    [InlineData("leader", "server is not initialized")]
    public async Task A_command_that_is_unknown_or_has_nothing_to_act_on_is_answered_with_an_error(
        string name, string error)
    {
        JsonElement answer = await _asked.AskAsync(name);

        Assert.Equal(error, answer.GetProperty("error").GetString());
        Assert.Equal(["command", "error"], answer.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task Nothing_but_GET_below_the_path_is_answered()
    {
        Uri ruok = _asked.At("/commands/ruok");
        using HttpResponseMessage posted = await _asked.Http.PostAsync(ruok, content: null, Safety.Token);
        using HttpResponseMessage elsewhere =
            await _asked.Http.GetAsync(_asked.At("/other"), Safety.Token);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
    }

    [Fact]
    public async Task A_port_that_is_in_use_fails_the_start_and_leaves_nothing_behind()
    {
        using CfgFolder other = new();
        ZooKeeperServerOptions options = other.Read("dataDir=DIR/data\nclientPort=2181\nclientPortAddress=127.0.0.1") with
        {
            Admin = new AdminServerOptions { Port = Server.AdminEndPoint!.Port },
        };
        options = options with { Port = options.Port with { Port = 0 } };

        IOException refused =
            await Assert.ThrowsAsync<IOException>(() => ZooKeeperServer.StartAsync(options, Safety.Token));

        Assert.Contains("admin.serverPort", refused.Message, StringComparison.Ordinal);
        options = other.Read("dataDir=DIR/data\nclientPort=2181\nclientPortAddress=127.0.0.1");
        await using ZabNode again = await ZabNode.StartAsync(options.Node, Safety.Token);
    }

    private Task<string> GetAsync(string path) => _asked.GetAsync(path);
}
