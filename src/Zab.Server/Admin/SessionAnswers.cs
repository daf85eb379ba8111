using System.Globalization;
using Zab.Core.Primitives;
using Zab.Core.Sessions;
using Zab.Server.Statistics;
using Zab.Sessions;

namespace Zab.Server.Admin;

/// <summary>The sessions, what they hold and what they watch, in JSON.</summary>
internal static class SessionAnswers
{
    /// <summary>Writes the members of <c>dump</c>.</summary>
    /// <remarks>ZooKeeper's <c>expiry_time_to_session_ids</c> is what only a leader knows: here the sessions
    /// are grouped by how long they may be silent, in milliseconds.</remarks>
    public static async ValueTask DumpAsync(AdminAnswer answer, ServerFacts facts)
    {
        Published published = facts.Published;
        answer.Json.WriteStartObject("timeout_to_session_ids");
        foreach (IGrouping<int, SessionRecord> group in
            published.State.Sessions.All.GroupBy(session => session.TimeoutMs).OrderBy(group => group.Key))
        {
            answer.Json.WriteStartArray(group.Key.ToString(CultureInfo.InvariantCulture));
            foreach (SessionRecord session in group)
            {
                answer.Json.WriteNumberValue(session.Id.Value);
                await answer.SendIfMuchAsync().ConfigureAwait(false);
            }

            answer.Json.WriteEndArray();
        }

        answer.Json.WriteEndObject();
        answer.Json.WriteStartObject("session_id_to_ephemeral_paths");
        foreach (SessionRecord session in
            published.State.Sessions.All.Where(session => session.Ephemerals.Count > 0))
        {
            answer.Json.WriteStartArray(Text(session.Id));
            foreach (string path in ServerFacts.EphemeralPathsOf(session))
            {
                answer.Json.WriteStringValue(path);
                await answer.SendIfMuchAsync().ConfigureAwait(false);
            }

            answer.Json.WriteEndArray();
        }

        answer.Json.WriteEndObject();
    }

    /// <summary>Writes the members of <c>watch_summary</c>.</summary>
    public static async ValueTask WatchSummaryAsync(AdminAnswer answer, ServerFacts facts)
    {
        WatchTotals totals = await facts.CountWatchesAsync(answer.Aborted).ConfigureAwait(false);
        answer.Json.WriteNumber("num_connections", totals.Sessions);
        answer.Json.WriteNumber("num_paths", totals.Paths);
        answer.Json.WriteNumber("num_total_watches", totals.Watches);
    }

    /// <summary>Writes the member of <c>watches</c>.</summary>
    public static async ValueTask WatchesAsync(AdminAnswer answer, ServerFacts facts)
    {
        answer.Json.WriteStartObject("session_id_to_watched_paths");
        await foreach ((SessionId session, string[] paths) in facts.WatchesAsync(answer.Aborted)
            .ConfigureAwait(false))
        {
            answer.Json.WriteStartArray(Text(session));
            foreach (string path in paths)
            {
                answer.Json.WriteStringValue(path);
                await answer.SendIfMuchAsync().ConfigureAwait(false);
            }

            answer.Json.WriteEndArray();
        }

        answer.Json.WriteEndObject();
    }

    /// <summary>Writes the member of <c>watches_by_path</c>.</summary>
    public static async ValueTask WatchesByPathAsync(AdminAnswer answer, ServerFacts facts)
    {
        SortedDictionary<string, List<SessionId>> byPath =
            await facts.WatchesByPathAsync(answer.Aborted).ConfigureAwait(false);
        answer.Json.WriteStartObject("path_to_session_ids");
        foreach ((string path, List<SessionId> sessions) in byPath)
        {
            answer.Json.WriteStartArray(path);
            foreach (SessionId session in sessions)
            {
                answer.Json.WriteNumberValue(session.Value);
            }

            answer.Json.WriteEndArray();
            await answer.SendIfMuchAsync().ConfigureAwait(false);
        }

        answer.Json.WriteEndObject();
    }

    private static string Text(SessionId session) => session.Value.ToString(CultureInfo.InvariantCulture);
}
