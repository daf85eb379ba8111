using System.Text.Json;
using Zab.Core.Primitives;
using Zab.Server.Connections;
using Zab.Server.Statistics;

namespace Zab.Server.Admin;

/// <summary>The connections of a server, in JSON. Source: ZooKeeper
/// <c>ServerCnxn.getConnectionInfo</c>.</summary>
internal static class ConnectionAnswers
{
    /// <summary>Writes the members <c>connections</c> and <c>secure_connections</c>.</summary>
    public static async ValueTask WriteAsync(AdminAnswer answer, ServerFacts facts)
    {
        answer.Json.WriteStartArray("connections");
        foreach (ClientConnection connection in facts.Connections)
        {
            Write(answer.Json, connection);
            await answer.SendIfMuchAsync().ConfigureAwait(false);
        }

        answer.Json.WriteEndArray();
        answer.Json.WriteStartArray("secure_connections");
        answer.Json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, ClientConnection connection)
    {
        ConnectionCounters counts = connection.Counts;
        json.WriteStartObject();
        json.WriteString("remote_socket_address", connection.EndPoint.ToString());
        json.WriteNumber("interest_ops", connection.Session == SessionId.None ? 0 : 1);
        json.WriteNumber("outstanding_requests", connection.Outstanding);
        json.WriteNumber("packets_received", counts.Received);
        json.WriteNumber("packets_sent", counts.Sent);
        if (connection.Session != SessionId.None)
        {
            json.WriteNumber("session_id", connection.Session.Value);
            json.WriteString("last_operation", OperationNames.Of(counts.LastOperation));
            json.WriteNumber("established", connection.EstablishedAt.ToUnixTimeMilliseconds());
            json.WriteNumber("session_timeout", connection.SessionTimeoutMs);
            json.WriteNumber("last_cxid", counts.LastCxid);
            json.WriteNumber("last_zxid", counts.LastZxid);
            json.WriteNumber("last_response_time", counts.LastAnswerAt);
            json.WriteNumber("last_latency", counts.LastMs);
            json.WriteNumber("min_latency", counts.MinMs);
            json.WriteNumber("avg_latency", counts.AverageMs);
            json.WriteNumber("max_latency", counts.MaxMs);
        }

        json.WriteEndObject();
    }
}
