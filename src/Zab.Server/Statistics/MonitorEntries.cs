using System.Globalization;
using Zab.Core;
using Zab.Server.Connections;
using Zab.Sessions;

namespace Zab.Server.Statistics;

/// <summary>The numbers that <c>mntr</c> and <c>monitor</c> show, under ZooKeeper's names.</summary>
/// <remarks>Only what is measured is shown: an entry that would always be 0 here is left out. Source:
/// ZooKeeper <c>MonitorCommand</c>, <c>ZooKeeperServer.dumpMonitorValues</c>.</remarks>
internal static class MonitorEntries
{
    /// <summary>The entries, without ZooKeeper's prefix <c>zk_</c>, in order.</summary>
    /// <param name="facts">The server.</param>
    /// <param name="watches">How much is watched.</param>
    /// <param name="leadership">What it knows as the leader; null for nothing.</param>
    public static IEnumerable<(string Key, string Value)> All(
        ServerFacts facts, WatchTotals watches, LeadershipFacts? leadership) =>
    [
        .. OfServer(facts), .. OfData(facts, watches), .. OfProcess(), .. OfEnsemble(facts, leadership),
    ];

    private static IEnumerable<(string Key, string Value)> OfServer(ServerFacts facts)
    {
        ServerCounters counters = facts.Port.Counters;
        (long min, _, long max) = counters.Latency;
        yield return ("version", ServerFacts.Version);
        yield return ("server_state", facts.Mode);
        if (!facts.IsAlone)
        {
            yield return ("peer_state", facts.PeerState);
        }

        yield return ("avg_latency", facts.AverageLatency);
        yield return ("max_latency", Text(max));
        yield return ("min_latency", Text(min));
        yield return ("packets_received", Text(counters.Received));
        yield return ("packets_sent", Text(counters.Sent));
        yield return ("num_alive_connections", Text(facts.Port.Connections.Count));
        yield return ("outstanding_requests", Text(counters.Outstanding));
        yield return ("uptime", Text((long)facts.Uptime.TotalMilliseconds));
    }

    private static IEnumerable<(string Key, string Value)> OfData(ServerFacts facts, WatchTotals watches)
    {
        Published published = facts.Published;
        yield return ("znode_count", Text(published.State.Tree.NodeCount));
        yield return ("watch_count", Text(watches.Watches));
        yield return ("ephemerals_count", Text(ServerFacts.EphemeralsOf(published)));
        yield return ("approximate_data_size", Text(published.State.Tree.Root.Below.Bytes));
        yield return ("global_sessions", Text(published.State.Sessions.Count));
        yield return ("local_sessions", "0"); // every session is the ensemble's
    }

    private static IEnumerable<(string Key, string Value)> OfProcess()
    {
        if (ServerEnvironment.FileDescriptors() is { } files)
        {
            yield return ("open_file_descriptor_count", Text(files.Open));
            yield return ("max_file_descriptor_count", Text(files.Max));
        }
    }

    private static IEnumerable<(string Key, string Value)> OfEnsemble(
        ServerFacts facts, LeadershipFacts? leadership)
    {
        if (facts.IsAlone)
        {
            yield break;
        }

        yield return ("quorum_size", Text(facts.Options.Ensemble.Voters.Count));
        if (leadership is not null)
        {
            int learners = leadership.Synced.Count;
            int followers = leadership.Synced.Count(
                id => facts.Options.Ensemble.Find(id)?.Role == ServerRole.Participant);
            yield return ("learners", Text(learners));
            yield return ("synced_followers", Text(followers));
            yield return ("synced_observers", Text(learners - followers));
            yield return ("pending_syncs", Text(leadership.PendingSyncs));
            yield return ("leader_uptime", Text(leadership.LedMs));
            yield return ("last_proposal_size", Text(leadership.Sizes.Last));
            yield return ("min_proposal_size", Text(leadership.Sizes.Min));
            yield return ("max_proposal_size", Text(leadership.Sizes.Max));
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
