using System.Diagnostics;

namespace Zab.Client.Tests.Servers;

/// <summary>A server of Apache ZooKeeper, as Debian packages it, in a process of its own.</summary>
/// <remarks>Listens on loopback alone, at a port that was free. Stops the process that it started, and removes
/// its directory.</remarks>
public sealed class ApacheZooKeeper : IServedAddress, IAsyncLifetime
{
    private const string Jars = "/usr/share/java";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("zab-client-");
    private readonly int _port = FreePort.Next();
    private Process? _process;

    /// <summary>The longest time-out of a session that it grants.</summary>
    public static TimeSpan SessionTimeoutMax { get; } = TimeSpan.FromMinutes(10);

    public string Address => $"127.0.0.1:{_port}";

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(Configuration, $"""
            tickTime=500
            minSessionTimeout=1000
            maxSessionTimeout={SessionTimeoutMax.TotalMilliseconds}
            dataDir={Path.Combine(_directory.FullName, "data")}
            clientPort={_port}
            clientPortAddress=127.0.0.1
            admin.enableServer=false
            extendedTypesEnabled=true
            enforceQuota=true

            """);
        await StartAsync();
    }

    /// <summary>Starts the process, and waits until a session can be opened.</summary>
    /// <remarks>ZooKeeper listens before it has a database. Who connects in between is neither answered nor
    /// cut off, for <c>ZooKeeperServer.removeCnxn</c> fails in the middle of closing: the next attempt of the
    /// client gets through.</remarks>
    public async Task StartAsync()
    {
        ProcessStartInfo start = new("java")
        {
            WorkingDirectory = _directory.FullName,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        string[] arguments =
        [
            "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dzookeeper.jmx.log4j.disable=true",
            "-cp", $"{Jars}/zookeeper.jar:{Jars}/slf4j-simple.jar",
            "org.apache.zookeeper.server.quorum.QuorumPeerMain", Configuration,
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        string said = "";
        _process.ErrorDataReceived += (_, line) => said += line.Data + "\n";
        _process.OutputDataReceived += (_, line) => said += line.Data + "\n";
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        Task opening = OpenAsync();
        if (await Task.WhenAny(opening, _process.WaitForExitAsync()).WaitAsync(Safety.Limit) != opening)
        {
            Assert.Fail($"Apache ZooKeeper does not start. {said}");
        }

        await opening;
    }

    /// <summary>Ends the process as a crash does.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        _directory.Delete(recursive: true);
    }

    private string Configuration => Path.Combine(_directory.FullName, "zoo.cfg");

    /// <summary>Opens a session, however long it takes until one is granted.</summary>
    private async Task OpenAsync()
    {
        while (_process is not null)
        {
            try
            {
                await using IZabSession session = await ZabClient.ConnectAsync(Address);
                return;
            }
            catch (ConnectionLossException)
            {
                // It does not listen yet.
            }
        }
    }
}
