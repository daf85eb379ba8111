using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Zab.Cli.Sim;
using Zab.Server;

namespace Zab.Cli.Server;

/// <summary>Runs a server until it is asked to stop, or fails.</summary>
/// <param name="request">What is asked.</param>
/// <param name="output">Where it tells that it serves.</param>
/// <param name="error">Where it tells why it does not.</param>
internal sealed class ServerRunner(ServerRequest request, TextWriter output, TextWriter error)
{
    /// <summary>Runs the server.</summary>
    /// <param name="stop">Stops it.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging
            .SetMinimumLevel(request.LogLevel)
            .AddSimpleConsole(format =>
            {
                format.SingleLine = true;
                format.UseUtcTimestamp = true;
                format.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
                format.ColorBehavior = LoggerColorBehavior.Disabled;
            })
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .AddFilter("Microsoft", LogLevel.Warning));
        try
        {
            ZooKeeperServerOptions options = ZooKeeperServerOptions.FromZooCfg(request.ConfigurationPath);
            options = options with { Node = options.Node with { LoggerFactory = loggers } };
            ZooKeeperServer server = await ZooKeeperServer.StartAsync(options, stop).ConfigureAwait(false);
            await using (server.ConfigureAwait(false))
            {
                await server.Node.WaitUntilServingAsync(stop).ConfigureAwait(false);
                await TellAsync(server, options).ConfigureAwait(false);
                await server.Node.Completion.WaitAsync(stop).ConfigureAwait(false);
                return ExitCode.Success;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Success;
        }
        catch (Exception e) when (e is ZabConfigurationException or IOException or InvalidDataException
            or UnauthorizedAccessException or ZabNodeFailedException)
        {
            await error.WriteLineAsync($"zab: {e.Message}").ConfigureAwait(false);
            return ExitCode.Failure;
        }
    }

    private async Task TellAsync(ZooKeeperServer server, ZooKeeperServerOptions options)
    {
        ZabNodeStatus status = server.Node.Status;
        string role = options.Node.Ensemble.Servers.Count == 1 ? "standalone"
            : status.Role == ZabNodeRole.Leader ? "leader"
            : $"{status.Role.ToString().ToLowerInvariant()} of {status.Leader}";
        await output.WriteLineAsync(
            $"zab: server {options.Node.ServerId} serves at {server.Port.EndPoint} as {role}")
            .ConfigureAwait(false);
        await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }
}
