namespace Zab.Benchmarks.Port;

/// <summary>What idle connections cost the server that has them.</summary>
internal static class ConnectionsMeasure
{
    private const int Connections = 10_000;
    private const int AtOnce = 64;
    private const int TimeoutMs = 20_000;

    /// <summary>Opens the sessions, and looks at the server's memory.</summary>
    public static async Task RunAsync(TextWriter output)
    {
        using ServerProcess server = await ServerProcess.StartAsync(servers: 1);
        List<RawSession> sessions = [];
        using (RawSession warm = await RawSession.OpenAsync(server.EndPoints[0], TimeoutMs))
        {
            await warm.CloseAsync();
        }

        double before = server.Megabytes;
        while (sessions.Count < Connections)
        {
            int count = Math.Min(AtOnce, Connections - sessions.Count);
            sessions.AddRange(await Task.WhenAll(Enumerable.Range(0, count)
                .Select(_ => RawSession.OpenAsync(server.EndPoints[0], TimeoutMs))));
        }

        double full = server.Megabytes;
        byte[] ping = RawSession.Request(-2, 11);
        foreach (RawSession session in sessions)
        {
            _ = await session.CallAsync(ping);
        }

        await output.WriteLineAsync($"before: {before:F0} MB; with {Connections} sessions: {full:F0} MB; "
            + $"after each has sent a ping: {server.Megabytes:F0} MB");
        double bytes = (server.Megabytes - before) * 1e6 / Connections;
        await output.WriteLineAsync($"{bytes:F0} bytes a connection");
        sessions.ForEach(session => session.Dispose());
    }
}
