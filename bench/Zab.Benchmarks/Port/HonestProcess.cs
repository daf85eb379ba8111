using System.Diagnostics;
using System.Net;

namespace Zab.Benchmarks.Port;

/// <summary>An honest client in a process of its own: it waits for the server, and not for the attackers'
/// tasks or garbage.</summary>
internal sealed class HonestProcess : IDisposable
{
    private const int TimeoutMs = 20_000;

    private readonly Process _process;

    private HonestProcess(Process process) => _process = process;

    /// <summary>Starts it, connected.</summary>
    public static async Task<HonestProcess> StartAsync(IPEndPoint server)
    {
        HonestProcess honest = new(Children.Start("ask", server.ToString()));
        _ = await honest.ReadAsync();
        return honest;
    }

    /// <summary>How long its requests take until something is over: p50 and p99 in milliseconds.</summary>
    public async Task<string> MeasureAsync(Task isOver)
    {
        await _process.StandardInput.WriteLineAsync();
        await isOver;
        await _process.StandardInput.WriteLineAsync();
        return await ReadAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Children.End(_process);
        _process.Dispose();
    }

    /// <summary>What the process does: between two lines of its input it asks, then it tells how long that
    /// took.</summary>
    public static async Task RunAsync(string server, TextReader input, TextWriter output)
    {
        IPEndPoint endPoint = IPEndPoint.Parse(server);
        using RawSession session = await Task.Run(() => RawSession.Open(endPoint, TimeoutMs));
        await output.WriteLineAsync("connected");
        await output.FlushAsync();
        while (await input.ReadLineAsync() is not null)
        {
            using CancellationTokenSource over = new();
            Task<double[]> asking = Task.Factory.StartNew(
                () => Ask(session, over.Token),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
            _ = await input.ReadLineAsync();
            await over.CancelAsync();
            double[] sorted = [.. (await asking).Order()];
            await output.WriteLineAsync(
                $"{sorted[sorted.Length / 2]:F2} and {sorted[sorted.Length * 99 / 100]:F2}");
            await output.FlushAsync();
        }
    }

    private static double[] Ask(RawSession session, CancellationToken stop)
    {
        byte[] exists = RawSession.Request(1, 3, [.. RawSession.Text("/zookeeper"), 0]);
        List<double> took = [];
        while (!stop.IsCancellationRequested)
        {
            long start = Stopwatch.GetTimestamp();
            if (session.Call(exists) != 0)
            {
                throw new InvalidDataException("the honest client was refused");
            }

            took.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            Thread.Sleep(1);
        }

        return [.. took];
    }

    private async Task<string> ReadAsync() => await _process.StandardOutput.ReadLineAsync()
        ?? throw new InvalidOperationException("the honest client has gone");
}
