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
    private const int WellFormed = 100_000;
    private const int FramesPerConnection = 50;
    private const int Attackers = 4;
    private const int TimeoutMs = 20_000;
    private const ulong Seed = 5;

    // Attackers that use up the machine's cores would show the scheduler's fairness, not the server's.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);
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
        byte[] exists = RawSession.Request(1, 3, [.. RawSession.Text("/zookeeper"), 0]);
        string amongHonest = await honest.MeasureAsync(LoadAsync(endPoint, WellFormed, _ => exists));
        double memoryBefore = server.Megabytes;
        double memoryMost = memoryBefore;
        using CancellationTokenSource over = new();
        Task watching = WatchAsync(() => memoryMost = Math.Max(memoryMost, server.Megabytes), over.Token);
        Task<long> attack = LoadAsync(endPoint, Frames, MalformedFrames.Next);
        string meanwhile = await honest.MeasureAsync(attack);
        await over.CancelAsync();
        await watching;
        string fate = server.IsAlive ? "lives" : "DIED";
        await output.WriteLineAsync($"{await attack} malformed frames; the server {fate}");
        await output.WriteLineAsync($"honest client, p50 and p99 in ms: alone {alone}; beside as many "
            + $"well-formed requests {amongHonest}; beside malformed ones {meanwhile}");
        await output.WriteLineAsync($"memory in MB: {memoryBefore:F0} before, {memoryMost:F0} at most, "
            + $"{server.Megabytes:F0} at the end");
    }

    /// <summary>Sends so many frames, on connections that come and go.</summary>
    /// <returns>How many there were.</returns>
    private static async Task<long> LoadAsync(IPEndPoint endPoint, long frames, Func<Prng, byte[]> next)
    {
        long sent = 0;
        await Task.WhenAll(Enumerable.Range(0, Attackers).Select(attacker => Task.Run(
            async () =>
            {
                Prng prng = new(Seed + (ulong)attacker);
                while (Interlocked.Read(ref sent) < frames)
                {
                    _ = Interlocked.Add(ref sent, await ConnectAndSendAsync(endPoint, prng, next));
                    await Task.Delay(s_pause);
                }
            })));
        return sent;
    }

    private static async Task WatchAsync(Action look, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            look();
            await Task.Delay(s_look, CancellationToken.None);
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "It is, before the drain is awaited.")]
    [SuppressMessage("Reliability", "CA2025", Justification = "That is what ends the drain.")]
    private static async Task<int> ConnectAndSendAsync(
        IPEndPoint endPoint, Prng prng, Func<Prng, byte[]> next)
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
        int sent = await SendAsync(session, prng, next);
        session.Dispose();
        await drained;
        return sent;
    }

    private static async Task<int> SendAsync(RawSession session, Prng prng, Func<Prng, byte[]> next)
    {
        for (int sent = 0; sent < FramesPerConnection; sent++)
        {
            try
            {
                await session.SendAsync(next(prng));
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
