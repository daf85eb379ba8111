using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Zab.Core.Primitives;

namespace Zab.Benchmarks.Port;

/// <summary>Clients in a process of their own that send many frames, on connections that come and
/// go.</summary>
/// <remarks>They stand for other machines: their process has the lowest priority, and gets a processor only
/// when neither the server nor an honest client wants it. What is left is what they cost the
/// server.</remarks>
internal static class LoadProcess
{
    private const int FramesPerConnection = 50;
    private const int Clients = 4;
    private const int TimeoutMs = 20_000;
    private const ulong Seed = 5;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Starts it, and waits until it has sent so many frames.</summary>
    /// <returns>How many there were.</returns>
    public static async Task<long> SendAsync(IPEndPoint server, long frames, bool isMalformed)
    {
        using Process process = Children.Start(
            "load", server.ToString(), frames.ToString(CultureInfo.InvariantCulture), isMalformed.ToString());
        string sent = await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("the clients have gone");
        Children.End(process);
        return long.Parse(sent, CultureInfo.InvariantCulture);
    }

    /// <summary>What the process does.</summary>
    public static async Task RunAsync(string server, long frames, bool isMalformed, TextWriter output)
    {
        using Process self = Process.GetCurrentProcess();
        self.PriorityClass = ProcessPriorityClass.Idle;
        byte[] exists = RawSession.Request(1, 3, [.. RawSession.Text("/zookeeper"), 0]);
        long sent = await LoadAsync(
            IPEndPoint.Parse(server), frames, isMalformed ? MalformedFrames.Next : _ => exists);
        await output.WriteLineAsync(sent.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task<long> LoadAsync(IPEndPoint endPoint, long frames, Func<Prng, byte[]> next)
    {
        long sent = 0;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(
            async () =>
            {
                Prng prng = new(Seed + (ulong)client);
                while (Interlocked.Read(ref sent) < frames)
                {
                    _ = Interlocked.Add(ref sent, await ConnectAndSendAsync(endPoint, prng, next));
                    await Task.Delay(s_pause);
                }
            })));
        return sent;
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
