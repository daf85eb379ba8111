using System.Net;

namespace Zab.Benchmarks.Port;

/// <summary>A million malformed frames, and what an honest client notices of them.</summary>
/// <remarks>Each is a frame of real traffic with some of its bytes changed, lost or repeated. Half of the
/// connections begin with an honest request for a session.</remarks>
internal static class MalformedMeasure
{
    private const int Frames = 1_000_000;
    private const int WellFormed = 100_000;

    private static readonly TimeSpan s_alone = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    /// <summary>Measures an honest client alone, then beside as many clients that are honest, too, then
    /// beside the attackers.</summary>
    public static async Task RunAsync(TextWriter output)
    {
        using ServerProcess server = await ServerProcess.StartAsync(servers: 1);
        IPEndPoint endPoint = server.EndPoints[0];
        using HonestProcess honest = await HonestProcess.StartAsync(endPoint);
        _ = await honest.MeasureAsync(Task.Delay(s_alone));
        string alone = await honest.MeasureAsync(Task.Delay(s_alone));
        string amongHonest = await honest.MeasureAsync(
            LoadProcess.SendAsync(endPoint, WellFormed, isMalformed: false));
        double memoryBefore = server.Megabytes;
        double memoryMost = memoryBefore;
        using CancellationTokenSource over = new();
        Task watching = WatchAsync(() => memoryMost = Math.Max(memoryMost, server.Megabytes), over.Token);
        Task<long> attack = LoadProcess.SendAsync(endPoint, Frames, isMalformed: true);
        string meanwhile = await honest.MeasureAsync(attack);
        await over.CancelAsync();
        await watching;
        string fate = server.IsAlive ? "lives" : "DIED";
        await output.WriteLineAsync($"{await attack} malformed frames; the server {fate}");
        await output.WriteLineAsync($"honest client, p50 and p99 in ms: alone {alone}; beside "
            + $"well-formed requests {amongHonest}; beside malformed ones {meanwhile}");
        await output.WriteLineAsync($"memory in MB: {memoryBefore:F0} before, {memoryMost:F0} at most, "
            + $"{server.Megabytes:F0} at the end");
    }

    private static async Task WatchAsync(Action look, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            look();
            await Task.Delay(s_look, CancellationToken.None);
        }
    }
}
