using System.Diagnostics;

namespace Zab.Benchmarks.Port;

/// <summary>Sessions opened and closed, each with a connection of its own.</summary>
internal static class SessionsMeasure
{
    private const int Workers = 128;
    private const int Rounds = 5;
    private const int TimeoutMs = 20_000;

    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(4);

    /// <summary>Three servers in one process, and this one as the load.</summary>
    public static async Task RunAsync(TextWriter output)
    {
        using ServerProcess servers = await ServerProcess.StartAsync(servers: 3);
        for (int round = 0; round <= Rounds; round++)
        {
            Stopwatch watch = Stopwatch.StartNew();
            int[] done = await Task.WhenAll(
                Enumerable.Range(0, Workers).Select(worker => WorkAsync(servers, worker, watch)));
            string name = round == 0 ? "warm-up" : $"round {round}";
            await output.WriteLineAsync(
                $"{name}: {done.Sum() / watch.Elapsed.TotalSeconds:F0} sessions opened and closed a second");
        }
    }

    private static async Task<int> WorkAsync(ServerProcess servers, int worker, Stopwatch watch)
    {
        int done = 0;
        while (watch.Elapsed < s_round)
        {
            using RawSession session =
                await RawSession.OpenAsync(servers.EndPoints[worker % servers.EndPoints.Length], TimeoutMs);
            await session.CloseAsync();
            done++;
        }

        return done;
    }
}
