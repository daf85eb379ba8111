using System.Runtime.CompilerServices;
using Zab.Core.Primitives;
using Zab.Core.Sessions;
using Zab.Server.Connections;
using Zab.Server.Statistics;
using Zab.Sessions;

namespace Zab.Server.Words;

/// <summary>The sessions, what they hold and what they watch: <c>dump</c>, <c>wchs</c>, <c>wchc</c>,
/// <c>wchp</c>.</summary>
/// <remarks>Source: ZooKeeper <c>DumpCommand</c>, <c>WatchCommand</c>.</remarks>
internal static class SessionWords
{
    /// <summary>The answer to <c>dump</c>: the sessions of the ensemble, by their time-outs, those with
    /// ephemeral nodes, and the connections of this server.</summary>
    /// <remarks>ZooKeeper groups by the time of expiry, which only a leader knows.</remarks>
    public static IEnumerable<string> Dump(ServerFacts facts)
    {
        Published published = facts.Published;
        SessionTable sessions = published.State.Sessions;
        yield return "SessionTracker dump:\n";
        foreach (string line in facts.Mode is "leader" or "standalone" ? Sets(sessions) : Plain(sessions))
        {
            yield return line;
        }

        SessionRecord[] holders = [.. sessions.All.Where(session => session.Ephemerals.Count > 0)];
        yield return "ephemeral nodes dump:\n";
        yield return $"Sessions with Ephemerals ({holders.Length}):\n";
        foreach (SessionRecord session in holders)
        {
            yield return $"{session.Id}:\n";
            foreach (string path in ServerFacts.EphemeralPathsOf(session))
            {
                yield return $"\t{path}\n";
            }
        }

        ClientConnection[] connections = [.. facts.Connections];
        yield return "Connections dump:\n";
        yield return $"Connections Sets ({Math.Min(1, connections.Length)})/({connections.Length}):\n";
        foreach (ClientConnection connection in connections)
        {
            yield return $"\tip: /{connection.EndPoint} sessionId: {connection.Session}\n";
        }
    }

    private static IEnumerable<string> Sets(SessionTable sessions)
    {
        IGrouping<int, SessionRecord>[] byTimeout =
            [.. sessions.All.GroupBy(session => session.TimeoutMs).OrderBy(group => group.Key)];
        yield return $"Session Sets ({byTimeout.Length})/({sessions.Count}):\n";
        foreach (IGrouping<int, SessionRecord> group in byTimeout)
        {
            yield return $"{group.Count()} expire after {group.Key} ms of silence:\n";
            foreach (SessionRecord session in group)
            {
                yield return $"\t{session.Id}\n";
            }
        }
    }

    private static IEnumerable<string> Plain(SessionTable sessions)
    {
        yield return $"Global Sessions({sessions.Count}):\n";
        foreach (SessionRecord session in sessions.All)
        {
            yield return $"{session.Id}\t{session.TimeoutMs}ms\n";
        }
    }

    /// <summary>The answer to <c>wchs</c>.</summary>
    public static async IAsyncEnumerable<string> WatchSummaryAsync(
        ServerFacts facts, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        WatchTotals totals = await facts.CountWatchesAsync(cancellationToken).ConfigureAwait(false);
        yield return $"{totals.Sessions} connections watching {totals.Paths} paths\n";
        yield return $"Total watches:{totals.Watches}\n";
    }

    /// <summary>The answer to <c>wchc</c>.</summary>
    public static async IAsyncEnumerable<string> WatchesAsync(
        ServerFacts facts, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach ((SessionId session, string[] paths) in facts.WatchesAsync(cancellationToken)
            .ConfigureAwait(false))
        {
            yield return $"{session}\n";
            foreach (string path in paths)
            {
                yield return $"\t{path}\n";
            }
        }

        yield return "\n";
    }

    /// <summary>The answer to <c>wchp</c>.</summary>
    public static async IAsyncEnumerable<string> WatchesByPathAsync(
        ServerFacts facts, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach ((string path, List<SessionId> sessions) in
            await facts.WatchesByPathAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return $"{path}\n";
            foreach (SessionId session in sessions)
            {
                yield return $"\t{session}\n";
            }
        }

        yield return "\n";
    }
}
