using System.Net;
using System.Net.Sockets;

namespace Zab.Cli.Tests.Server;

public sealed class ServerCommandTests : IDisposable
{
    private const int AttemptsMax = 10;

    private readonly string _directory = Directory.CreateTempSubdirectory("zab-cli-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_server_says_in_one_line_that_it_serves_and_stops_when_asked(string signal)
    {
        int port = FreePort.Next();
        using ServerProcess server = new("server", Write($"clientPort={port}\nclientPortAddress=127.0.0.1"));

        string? line = await server.ReadLineAsync();
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await server.SignalAsync(signal);
        (int exitCode, string output, string error) = await server.EndAsync();

        Assert.Equal($"zab: server 1 serves at 127.0.0.1:{port} as standalone", line);
        Assert.Equal((0, ""), (exitCode, output));
        Assert.Contains("Server 1 has stopped", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    public async Task A_second_signal_ends_a_server_that_is_stopping_at_once(string signal, int expected)
    {
        (int exitCode, string error) = (0, "");
        for (int attempt = 0; attempt < AttemptsMax && exitCode == 0; attempt++)
        {
            using ServerProcess server = new(
                "server", Write($"clientPort={FreePort.Next()}\nclientPortAddress=127.0.0.1"));
            Assert.NotNull(await server.ReadLineAsync());

            await server.SignalUntilItEndsAsync(signal);

            (exitCode, _, error) = await server.EndAsync(); // 0 when it had stopped before the second one came
        }

        Assert.Equal(expected, exitCode);
        Assert.DoesNotContain("has stopped", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_collects_its_garbage_beside_its_work()
    {
        int admin = FreePort.Next();
        using ServerProcess server = new(
            "server", Write($"clientPort={FreePort.Next()}\nclientPortAddress=127.0.0.1\nadmin.serverPort={admin}"));
        Assert.NotNull(await server.ReadLineAsync());
        using HttpClient http = new();

        string properties =
            await http.GetStringAsync(new Uri($"http://127.0.0.1:{admin}/commands/system_properties"));

        Assert.Contains("\"System.GC.Concurrent\": \"true\"", properties, StringComparison.Ordinal);
        Assert.Contains("\"System.GC.LatencyMode\": \"SustainedLowLatency\"", properties, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_that_cannot_be_used_is_told_and_fails()
    {
        using ServerProcess server = new("server", Write("secureClientPort=2281"));

        (int exitCode, string output, string error) = await server.EndAsync();

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("secureClientPort is not supported", error, StringComparison.Ordinal);
        Assert.Contains("clientPort is missing", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_in_use_is_told_and_fails()
    {
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;
        using ServerProcess server = new("server", Write($"clientPort={port}\nclientPortAddress=127.0.0.1"));

        (int exitCode, string output, string error) = await server.EndAsync();

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Matches(
            $@"zab: Cannot listen for ZooKeeper clients on 127\.0\.0\.1:{port}: [^.]+\. Stop what uses the port", error);
    }

    [Fact]
    public async Task An_address_of_another_machine_is_told_and_fails()
    {
        // 192.0.2.0/24 belongs to nobody (RFC 5737).
        using ServerProcess server = new("server", Write($"clientPort={FreePort.Next()}\nclientPortAddress=192.0.2.1"));

        (int exitCode, string output, string error) = await server.EndAsync();

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("Name an address of this machine (clientPortAddress).", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("server", 2)]
    [InlineData("server zoo.cfg --colour", 2)]
    [InlineData("server zoo.cfg --log-level loud", 2)]
    [InlineData("server --help", 0)]
    public async Task Arguments_are_checked_before_anything_starts(string arguments, int expected)
    {
        using ServerProcess server = new(arguments.Split(' '));

        (int exitCode, string output, string error) = await server.EndAsync();

        Assert.Equal(expected, exitCode);
        Assert.Contains(expected == 0 ? "--log-level" : "zab server --help", output + error, StringComparison.Ordinal);
    }

    private string Write(string lines)
    {
        string path = Path.Combine(_directory, "zoo.cfg");
        File.WriteAllText(path, $"dataDir={Path.Combine(_directory, "data")}\n{lines}\n");
        return path;
    }
}
