using System.Globalization;
using System.Text.Json;
using Zab.Core;
using Zab.Core.Requests;
using Zab.Server.Statistics;
using Zab.Server.Words;

namespace Zab.Server.Admin;

/// <summary>The commands, with ZooKeeper's names and shapes. None tells a password, nor a hash of
/// one.</summary>
/// <remarks>Source: ZooKeeper <c>org.apache.zookeeper.server.admin.Commands</c>.</remarks>
internal static class AdminCommands
{
    /// <summary>The commands, by name.</summary>
    public static IReadOnlyList<AdminCommand> Of(ServerFacts facts, AdminServerOptions options) =>
    [
        new(["configuration", "conf", "config"], answer => Configuration(answer.Json, facts)),
        new(["connection_stat_reset", "crst"], _ => ConnectionWords.ResetConnections(facts)),
        new(["connections", "cons"], answer => ConnectionAnswers.WriteAsync(answer, facts)),
        new(["dirs"], answer => Directories(answer.Json, facts)),
        new(["dump"], answer => SessionAnswers.DumpAsync(answer, facts)),
        new(["environment", "env", "envi"], answer => Environment(answer.Json)) { NeedsNoService = true },
        new(["hash"], answer => Hash(answer.Json, facts)),
        new(["initial_configuration", "icfg"], answer => answer.Json.WriteString(
            "initial_configuration", options.ConfigurationText))
        {
            NeedsNoService = true,
            WhyNot = () =>
                options.ConfigurationText is null ? "the server was not started from a file" : null,
        },
        new(["is_read_only", "isro"], answer => answer.Json.WriteBoolean("read_only", false)),
        new(["leader", "lead"], answer => EnsembleAnswers.Leader(answer.Json, facts))
        {
            WhyNot = () => facts.IsAlone ? "server is not initialized" : null,
        },
        new(["monitor", "mntr"], answer => MonitorAsync(answer, facts)),
        new(["observers", "obsr"], answer => EnsembleAnswers.ObserversAsync(answer, facts)),
        new(["ruok"], _ => { }),
        new(["server_stats", "srvr"], answer => StatusAnswers.Server(answer.Json, facts)),
        new(["stat_reset", "srst"], _ => ConnectionWords.ResetServer(facts)),
        new(["stats", "stat"], answer => StatusAnswers.StatsAsync(answer, facts)),
        new(["voting_view"], answer => EnsembleAnswers.Voters(answer.Json, facts)),
        new(["watch_summary", "wchs"], answer => SessionAnswers.WatchSummaryAsync(answer, facts)),
        new(["watches", "wchc"], answer => SessionAnswers.WatchesAsync(answer, facts)),
        new(["watches_by_path", "wchp"], answer => SessionAnswers.WatchesByPathAsync(answer, facts)),
        new(["zabstate"], answer => EnsembleAnswers.State(answer.Json, facts)),
    ];

    private static void Configuration(Utf8JsonWriter json, ServerFacts facts)
    {
        ZabNodeOptions options = facts.Options;
        json.WriteNumber("client_port", facts.Port.EndPoint.Port);
        json.WriteString("data_dir", options.DataDirectory);
        json.WriteString("data_log_dir", options.DataDirectory);
        json.WriteNumber("tick_time", (long)options.TickTime.TotalMilliseconds);
        json.WriteNumber("max_client_cnxns", facts.Port.Options.ConnectionsPerAddressMax);
        json.WriteNumber("min_session_timeout", (long)options.SessionTimeoutMin.TotalMilliseconds);
        json.WriteNumber("max_session_timeout", (long)options.SessionTimeoutMax.TotalMilliseconds);
        json.WriteNumber("server_id", options.ServerId);
        json.WriteNumber("client_port_listen_backlog", facts.Port.Options.Backlog);
    }

    private static void Directories(Utf8JsonWriter json, ServerFacts facts)
    {
        long bytes = facts.DirectoryBytes() ?? 0;
        json.WriteNumber("datadir_size", bytes);
        json.WriteNumber("logdir_size", bytes);
    }

    private static void Environment(Utf8JsonWriter json)
    {
        foreach ((string name, string value) in ServerEnvironment.All)
        {
            json.WriteString(name, value);
        }
    }

    private static void Hash(Utf8JsonWriter json, ServerFacts facts)
    {
        DataState state = facts.Published.State;
        json.WriteStartArray("digests");
        json.WriteStartObject();
        json.WriteNumber("zxid", state.LastZxid.Value);
        json.WriteNumber("digest", state.Digest);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    /// <summary>Numbers are numbers here, unlike in the four-letter word.</summary>
    private static async ValueTask MonitorAsync(AdminAnswer answer, ServerFacts facts)
    {
        WatchTotals watches = await facts.CountWatchesAsync(answer.Aborted).ConfigureAwait(false);
        LeadershipFacts? leadership = await facts.LeadershipAsync(answer.Aborted).ConfigureAwait(false);
        foreach ((string key, string value) in MonitorEntries.All(facts, watches, leadership))
        {
            if (decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number))
            {
                answer.Json.WriteNumber(key, number);
            }
            else
            {
                answer.Json.WriteString(key, value);
            }
        }
    }
}
