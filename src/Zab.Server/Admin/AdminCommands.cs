using System.Globalization;
using System.Text.Json;
using Zab.Core;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Server.Statistics;
using Zab.Server.Words;

namespace Zab.Server.Admin;

/// <summary>The commands, with ZooKeeper's names and shapes. None tells a password, nor a hash of
/// one.</summary>
/// <remarks>Source: ZooKeeper <c>org.apache.zookeeper.server.admin.Commands</c>.</remarks>
internal static class AdminCommands
{
    private const string NoTraceMask = "there is no trace mask";

    /// <summary>The commands that are answered, by name.</summary>
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
        new(["last_snapshot", "lsnp"], answer => LastSnapshot(answer.Json, facts)),
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
        new(["system_properties", "sysp"], answer => Properties(answer.Json, options))
        {
            NeedsNoService = true,
        },
        new(["voting_view"], answer => EnsembleAnswers.Voters(answer.Json, facts)),
        new(["watch_summary", "wchs"], answer => SessionAnswers.WatchSummaryAsync(answer, facts)),
        new(["watches", "wchc"], answer => SessionAnswers.WatchesAsync(answer, facts)),
        new(["watches_by_path", "wchp"], answer => SessionAnswers.WatchesByPathAsync(answer, facts)),
        new(["zabstate"], answer => EnsembleAnswers.State(answer.Json, facts)),
    ];

    /// <summary>Commands of ZooKeeper's that have nothing to act on: known, and refused with the
    /// reason.</summary>
    public static IReadOnlyList<AdminCommand> Refused { get; } =
    [
        Refuse(["get_trace_mask", "gtmk"], NoTraceMask),
        Refuse(["observer_connection_stat_reset", "orst"], "the links of observers are not counted"),
        Refuse(["restore", "rest"], "a state is not replaced while servers run"),
        Refuse(["set_trace_mask", "stmk"], NoTraceMask),
        Refuse(["snapshot", "snap"], "snapshots leave a server by its directory alone"),
    ];

    private static AdminCommand Refuse(IReadOnlyList<string> names, string reason) => new(names, _ => { })
    {
        NeedsNoService = true,
        WhyNot = () => $"{names[0]} is not supported: {reason}",
    };

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

    /// <summary>The zxid in hexadecimal digits, the time in seconds; all ones and -1 for none.</summary>
    private static void LastSnapshot(Utf8JsonWriter json, ServerFacts facts)
    {
        (Zxid Zxid, DateTimeOffset WrittenAt)? last = facts.LastSnapshot();
        long zxid = last is { } known ? known.Zxid.Value : -1;
        json.WriteString("zxid", zxid.ToString("x", CultureInfo.InvariantCulture));
        json.WriteNumber("timestamp", last?.WrittenAt.ToUnixTimeSeconds() ?? -1);
    }

    /// <summary>The process, as <c>environment</c> has it, the runtime's settings, and those of the file
    /// under ZooKeeper's prefix. What is not a setting is not told: environment variables and arguments may
    /// be secret.</summary>
    private static void Properties(Utf8JsonWriter json, AdminServerOptions options)
    {
        foreach ((string name, string value) in ServerEnvironment.All.Concat(ServerEnvironment.Runtime)
            .Concat(options.Settings.Select(setting => ($"zookeeper.{setting.Key}", setting.Value)))
            .OrderBy(property => property.Item1, StringComparer.Ordinal))
        {
            json.WriteString(name, value);
        }
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
