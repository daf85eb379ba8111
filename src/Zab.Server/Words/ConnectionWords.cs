using Zab.Core.Primitives;
using Zab.Server.Connections;
using Zab.Server.Statistics;

namespace Zab.Server.Words;

/// <summary>The connections of a server: <c>cons</c>, <c>crst</c>, <c>srst</c>.</summary>
/// <remarks>Source: ZooKeeper <c>ServerCnxn.dumpConnectionInfo</c>.</remarks>
internal static class ConnectionWords
{
    /// <summary>The answer to <c>cons</c>.</summary>
    public static IEnumerable<string> Connections(ServerFacts facts) =>
        facts.Connections.Select(Long).Append("\n");

    /// <summary>Does what <c>crst</c> asks.</summary>
    public static string ResetConnections(ServerFacts facts)
    {
        foreach (ClientConnection connection in facts.Connections)
        {
            connection.Counts.Reset();
        }

        return "Connection stats reset.\n";
    }

    /// <summary>Does what <c>srst</c> asks.</summary>
    public static string ResetServer(ServerFacts facts)
    {
        facts.Port.Counters.Reset();
        return "Server stats reset.\n";
    }

    /// <summary>A connection, in short.</summary>
    public static string Short(ClientConnection connection) => Start(connection) + ")\n";

    private static string Long(ClientConnection connection)
    {
        SessionId session = connection.Session;
        ConnectionCounters counts = connection.Counts;
        return session == SessionId.None ? Short(connection)
            : Start(connection)
                + $",sid={session},lop={OperationNames.Of(counts.LastOperation)}"
                + $",est={connection.EstablishedAt.ToUnixTimeMilliseconds()},to={connection.SessionTimeoutMs}"
                + (counts.LastCxid < 0 ? "" : $",lcxid=0x{counts.LastCxid:x}")
                + $",lzxid=0x{counts.LastZxid:x},lresp={counts.LastAnswerAt},llat={counts.LastMs}"
                + $",minlat={counts.MinMs},avglat={counts.AverageMs},maxlat={counts.MaxMs})\n";
    }

    /// <summary>The address, whether the server reads from it, and what was counted.</summary>
    private static string Start(ClientConnection connection) =>
        $" /{connection.EndPoint}[{(connection.Session == SessionId.None ? 0 : 1)}]"
        + $"(queued={connection.Outstanding},recved={connection.Counts.Received}"
        + $",sent={connection.Counts.Sent}";
}
