using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Zab.Core.Primitives;

namespace Zab.Benchmarks.Port;

/// <summary>A million malformed frames, and what an honest client notices of them.</summary>
/// <remarks>Each is a frame of real traffic with some of its bytes changed, lost or repeated. Half of the
/// connections begin with an honest request for a session.</remarks>
internal static class MalformedMeasure
{
    private const int Frames = 1_000_000;
    private const int FramesPerConnection = 50;
    private const int Attackers = 4;
    private const int TimeoutMs = 20_000;
    private const ulong Seed = 5;

    // Attackers that use up the machine's cores would show the scheduler's fairness, not the server's.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Measures an honest client alone, then beside the attackers.</summary>
    public static async Task RunAsync(TextWriter output)
    {
        using ServerProcess server = await ServerProcess.StartAsync(servers: 1);
        IPEndPoint endPoint = server.EndPoints[0];
        using CancellationTokenSource quiet = new(TimeSpan.FromSeconds(8));
        _ = await HonestAsync(endPoint, quiet.Token);
        using CancellationTokenSource alone = new(TimeSpan.FromSeconds(8));
        double[] before = await HonestAsync(endPoint, alone.Token);
        double memoryBefore = server.Megabytes;

        using CancellationTokenSource over = new();
        Task<double[]> honest = HonestAsync(endPoint, over.Token);
        double memoryMost = memoryBefore;
        long sent = 0;
        Task[] attacks = [.. Enumerable.Range(0, Attackers).Select(attacker => Task.Run(
            async () =>
            {
                Prng prng = new(Seed + (ulong)attacker);
                while (Interlocked.Read(ref sent) < Frames)
                {
                    _ = Interlocked.Add(ref sent, await AttackAsync(endPoint, prng));
                    memoryMost = Math.Max(memoryMost, server.Megabytes);
                    await Task.Delay(s_pause);
                }
            }))];
        await Task.WhenAll(attacks);
        await over.CancelAsync();
        double[] during = await honest;
        string fate = server.IsAlive ? "lives" : "DIED";
        await output.WriteLineAsync($"{sent} malformed frames; the server {fate}");
        await output.WriteLineAsync($"honest client, p50 and p99 in ms: alone {Quantiles(before)}, "
            + $"meanwhile {Quantiles(during)}");
        await output.WriteLineAsync($"memory in MB: {memoryBefore:F0} before, {memoryMost:F0} at most, "
            + $"{server.Megabytes:F0} at the end");
    }

    private static async Task<double[]> HonestAsync(IPEndPoint endPoint, CancellationToken stop)
    {
        using RawSession session = await RawSession.OpenAsync(endPoint, TimeoutMs);
        byte[] exists = RawSession.Request(1, 3, [.. RawSession.Text("/zookeeper"), 0]);
        List<double> took = [];
        while (!stop.IsCancellationRequested)
        {
            long start = Stopwatch.GetTimestamp();
            if (await session.CallAsync(exists) != 0)
            {
                throw new InvalidDataException("the honest client was refused");
            }

            took.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await Task.Delay(1, CancellationToken.None);
        }

        return [.. took];
    }

    private static string Quantiles(double[] took)
    {
        double[] sorted = [.. took.Order()];
        return $"{sorted[sorted.Length / 2]:F2} and {sorted[sorted.Length * 99 / 100]:F2}";
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "It is, before the drain is awaited.")]
    [SuppressMessage("Reliability", "CA2025", Justification = "That is what ends the drain.")]
    private static async Task<int> AttackAsync(IPEndPoint endPoint, Prng prng)
    {
        bool isGreeted = prng.Below(2) == 0;
        RawSession session;
        try
        {
            session = isGreeted
                ? await RawSession.OpenAsync(endPoint, TimeoutMs)
                : await RawSession.ConnectAsync(endPoint);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return 0; // the backlog is full for a moment
        }

        Task drained = DrainAsync(session);
        int sent = await SpoilAsync(session, prng);
        session.Dispose();
        await drained;
        return sent;
    }

    private static async Task<int> SpoilAsync(RawSession session, Prng prng)
    {
        for (int sent = 0; sent < FramesPerConnection; sent++)
        {
            try
            {
                await session.SendAsync(MalformedFrames.Next(prng));
            }
            catch (SocketException)
            {
                return sent; // the server closed the connection
            }
        }

        return FramesPerConnection;
    }

    private static async Task DrainAsync(RawSession session)
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (await session.Socket.ReceiveAsync(buffer.AsMemory()) > 0)
            {
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed.
        }
    }
}
