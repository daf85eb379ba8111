using System.Globalization;
using System.Runtime.CompilerServices;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Server.Connections;
using Zab.Server.Statistics;

namespace Zab.Server.Words;

/// <summary>How a server does: <c>srvr</c>, <c>stat</c>, <c>mntr</c>, <c>hash</c>.</summary>
/// <remarks>Source: ZooKeeper <c>StatCommand</c>, <c>MonitorCommand</c>, whose lines tools parse.</remarks>
internal static class StatusWords
{
    /// <summary>The answer to <c>srvr</c>.</summary>
    public static IEnumerable<string> Server(ServerFacts facts) => [Version(), .. Summary(facts)];

    /// <summary>The answer to <c>stat</c>: as <c>srvr</c>, with the connections.</summary>
    public static IEnumerable<string> Stat(ServerFacts facts) =>
    [
        Version(), "Clients:\n", .. facts.Connections.Select(ConnectionWords.Short), "\n", .. Summary(facts),
    ];

    /// <summary>The answer to <c>hash</c>: the zxid of the state, and a digest that is the same on every
    /// server that has it.</summary>
    public static string Hash(ServerFacts facts)
    {
        DataState state = facts.Published.State;
        return string.Create(CultureInfo.InvariantCulture, $"{state.LastZxid.Value:x}: {state.Digest}\n");
    }

    /// <summary>The answer to <c>mntr</c>.</summary>
    public static async IAsyncEnumerable<string> MonitorAsync(
        ServerFacts facts, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        WatchTotals watches = await facts.CountWatchesAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ServerId> synced = await facts.SyncedAsync(cancellationToken).ConfigureAwait(false);
        foreach ((string key, string value) in MonitorEntries.All(facts, watches, synced))
        {
            yield return $"zk_{key}\t{value}\n";
        }
    }

    private static string Version() => $"Zookeeper version: {ServerFacts.Version}\n";

    private static IEnumerable<string> Summary(ServerFacts facts)
    {
        ServerCounters counters = facts.Port.Counters;
        DataState state = facts.Published.State;
        (long min, _, long max) = counters.Latency;
        return
        [
            $"Latency min/avg/max: {min}/{facts.AverageLatency}/{max}\n",
            $"Received: {counters.Received}\n",
            $"Sent: {counters.Sent}\n",
            $"Connections: {facts.Port.Connections.Count}\n",
            $"Outstanding: {counters.Outstanding}\n",
            $"Zxid: 0x{state.LastZxid.Value:x}\n",
            $"Mode: {facts.Mode}\n",
            $"Node count: {state.Tree.NodeCount}\n",
        ];
    }
}
