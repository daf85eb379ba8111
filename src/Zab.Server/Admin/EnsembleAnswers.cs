using System.Text.Json;
using Zab.Core;
using Zab.Core.Primitives;
using Zab.Server.Statistics;

namespace Zab.Server.Admin;

/// <summary>A server's place in its ensemble, in JSON. Source: ZooKeeper <c>Commands.LeaderCommand</c>,
/// <c>Commands.VotingViewCommand</c>, <c>Commands.ZabStateCommand</c>.</summary>
internal static class EnsembleAnswers
{
    /// <summary>Writes the members of <c>leader</c>.</summary>
    public static void Leader(Utf8JsonWriter json, ServerFacts facts)
    {
        ServerId leader = facts.Port.Node.Status.Leader;
        json.WriteBoolean("is_leader", leader.Value == facts.Options.ServerId);
        json.WriteNumber("leader_id", leader.Value);
        json.WriteString("leader_ip", facts.Options.Ensemble.Find(leader)?.Host ?? "");
    }

    /// <summary>Writes the members of <c>observers</c>: those of this leader that are up to date.</summary>
    public static async ValueTask ObserversAsync(AdminAnswer answer, ServerFacts facts)
    {
        LeadershipFacts? leadership = await facts.LeadershipAsync(answer.Aborted).ConfigureAwait(false);
        IReadOnlyList<ServerId> synced = leadership?.Synced ?? [];
        EnsembleServer[] observers =
            [.. facts.Options.Ensemble.Observers.Where(server => synced.Contains(server.Id))];
        answer.Json.WriteNumber("synced_observers", observers.Length);
        answer.Json.WriteStartArray("observers");
        foreach (EnsembleServer observer in observers)
        {
            answer.Json.WriteStartObject();
            answer.Json.WriteNumber("sid", observer.Id.Value);
            answer.Json.WriteString("host", observer.Host);
            answer.Json.WriteEndObject();
        }

        answer.Json.WriteEndArray();
    }

    /// <summary>Writes the member of <c>voting_view</c>.</summary>
    public static void Voters(Utf8JsonWriter json, ServerFacts facts)
    {
        json.WriteStartObject("current_config");
        foreach (EnsembleServer server in facts.Options.Ensemble.Voters.Where(server => server.HasPorts))
        {
            json.WriteStartObject(server.Id.ToString());
            Addresses(json, "server_addresses", server, server.QuorumPort);
            Addresses(json, "election_addresses", server, server.ElectionPort);
            json.WriteString(
                "client_address",
                server.ClientPort is { } port ? $"{server.ClientHost ?? "0.0.0.0"}:{port}" : "");
            json.WriteString("learner_type", "participant");
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>Writes the members of <c>zabstate</c>.</summary>
    public static void State(Utf8JsonWriter json, ServerFacts facts)
    {
        ZabNodeStatus status = facts.Port.Node.Status;
        json.WriteNumber("myid", facts.Options.ServerId);
        json.WriteBoolean("is_leader", status.Role == ZabNodeRole.Leader);
        if (facts.Self.HasPorts)
        {
            Address(json, "quorum_address", facts.Self, facts.Self.QuorumPort);
            Address(json, "election_address", facts.Self, facts.Self.ElectionPort);
        }

        json.WriteString("client_address", facts.Port.EndPoint.ToString());
        json.WriteBoolean("voting", facts.Self.Role == ServerRole.Participant);
        json.WriteString("last_zxid", $"0x{status.LastApplied.Value:x}");
        json.WriteNumber("zab_epoch", status.LastApplied.Epoch);
        json.WriteNumber("zab_counter", status.LastApplied.Counter);
        json.WriteString("zabstate", status.IsServing ? "broadcast" : "election");
    }

    /// <summary>ZooKeeper's servers may have several addresses; here there is one.</summary>
    private static void Address(Utf8JsonWriter json, string name, EnsembleServer server, int port)
    {
        json.WriteStartObject(name);
        Addresses(json, "all_addresses", server, port);
        json.WriteString("one", $"{server.Host}:{port}");
        json.WriteEndObject();
    }

    private static void Addresses(Utf8JsonWriter json, string name, EnsembleServer server, int port)
    {
        json.WriteStartArray(name);
        json.WriteStringValue($"{server.Host}:{port}");
        json.WriteEndArray();
    }
}
