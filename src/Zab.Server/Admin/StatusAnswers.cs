using System.Globalization;
using System.Text.Json;
using Zab.Core.Requests;
using Zab.Server.Connections;
using Zab.Server.Statistics;

namespace Zab.Server.Admin;

/// <summary>How a server does, in JSON. Source: ZooKeeper <c>Commands.SrvrCommand</c>,
/// <c>Commands.StatCommand</c>.</summary>
internal static class StatusAnswers
{
    /// <summary>Writes the members of <c>server_stats</c>.</summary>
    public static void Server(Utf8JsonWriter json, ServerFacts facts)
    {
        ServerCounters counters = facts.Port.Counters;
        DataState state = facts.Published.State;
        (long min, _, long max) = counters.Latency;
        long bytes = facts.DirectoryBytes() ?? 0;
        json.WriteString("version", ServerFacts.Version);
        json.WriteBoolean("read_only", false);
        json.WriteStartObject("server_stats");
        json.WriteNumber("packets_sent", counters.Sent);
        json.WriteNumber("packets_received", counters.Received);
        json.WriteNumber("uptime", (long)facts.Uptime.TotalMilliseconds);
        json.WriteNumber("data_dir_size", bytes);
        json.WriteNumber("log_dir_size", bytes);
        json.WriteBoolean("provider_null", false);
        json.WriteString("server_state", facts.Mode);
        json.WriteNumber("last_processed_zxid", state.LastZxid.Value);
        json.WriteNumber("outstanding_requests", counters.Outstanding);
        json.WriteNumber("avg_latency", decimal.Parse(facts.AverageLatency, CultureInfo.InvariantCulture));
        json.WriteNumber("max_latency", max);
        json.WriteNumber("min_latency", min);
        json.WriteNumber("num_alive_client_connections", facts.Port.Connections.Count);
        json.WriteEndObject();
        json.WriteNumber("node_count", state.Tree.NodeCount);
    }

    /// <summary>Writes the members of <c>stats</c>: those of <c>server_stats</c>, and the
    /// connections.</summary>
    public static ValueTask StatsAsync(AdminAnswer answer, ServerFacts facts)
    {
        Server(answer.Json, facts);
        return ConnectionAnswers.WriteAsync(answer, facts);
    }
}
