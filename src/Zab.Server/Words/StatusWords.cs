using System.Globalization;
using System.Runtime.CompilerServices;
using Zab.Core;
using Zab.Core.Requests;
using Zab.Server.Connections;
using Zab.Server.Statistics;

namespace Zab.Server.Words;

/// <summary>How a server does: <c>srvr</c>, <c>stat</c>, <c>mntr</c>, <c>hash</c>.</summary>
/// <remarks>Source: ZooKeeper <c>StatCommand</c>, <c>MonitorCommand</c>, whose lines tools parse.</remarks>
internal static class StatusWords
{
    /// <summary>The answer to <c>srvr</c>.</summary>
    public static IAsyncEnumerable<string> ServerAsync(
        ServerFacts facts, CancellationToken cancellationToken) =>
        SummaryAsync(facts, [Version()], cancellationToken);

    /// <summary>The answer to <c>stat</c>: as <c>srvr</c>, with the connections.</summary>
    public static IAsyncEnumerable<string> StatAsync(
        ServerFacts facts, CancellationToken cancellationToken) =>
        SummaryAsync(
            facts,
            [Version(), "Clients:\n", .. facts.Connections.Select(ConnectionWords.Short), "\n"],
            cancellationToken);

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
        LeadershipFacts? leadership =
            await facts.LeadershipAsync(cancellationToken).ConfigureAwait(false);
        foreach ((string key, string value) in MonitorEntries.All(facts, watches, leadership))
        {
            yield return $"zk_{key}\t{value}\n";
        }
    }

    private static string Version() => $"Zookeeper version: {ServerFacts.Version}\n";

    private static async IAsyncEnumerable<string> SummaryAsync(
        ServerFacts facts, string[] head, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ServerCounters counters = facts.Port.Counters;
        LeadershipFacts? leadership =
            await facts.LeadershipAsync(cancellationToken).ConfigureAwait(false);
        DataState state = facts.Published.State;
        (long min, _, long max) = counters.Latency;
        foreach (string line in head)
        {
            yield return line;
        }

        yield return $"Latency min/avg/max: {min}/{facts.AverageLatency}/{max}\n";
        yield return $"Received: {counters.Received}\n";
        yield return $"Sent: {counters.Sent}\n";
        yield return $"Connections: {facts.Port.Connections.Count}\n";
        yield return $"Outstanding: {counters.Outstanding}\n";
        yield return $"Zxid: 0x{state.LastZxid.Value:x}\n";
        yield return $"Mode: {facts.Mode}\n";
        yield return $"Node count: {state.Tree.NodeCount}\n";
        if (leadership is { Sizes: var sizes } && !facts.IsAlone)
        {
            yield return $"Proposal sizes last/min/max: {sizes.Last}/{sizes.Min}/{sizes.Max}\n";
        }
    }
}
