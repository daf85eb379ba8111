using System.Globalization;
using System.Runtime.CompilerServices;
using Zab.Core;
using Zab.Core.Primitives;
using Zab.Core.Sessions;
using Zab.Core.Tree;
using Zab.Server.Connections;
using Zab.Sessions;
using Zab.Storage.Format;

namespace Zab.Server.Statistics;

/// <summary>What a server can tell of itself, for the four-letter words and for HTTP.</summary>
/// <remarks>Thread-safe. Whatever is large comes from states that never change, or from the loop a session at
/// a time, so that the loop never waits for whoever asks.</remarks>
/// <param name="port">The port.</param>
internal sealed class ServerFacts(ClientListener port)
{
    /// <summary>What is said instead of an answer while the node does not serve.</summary>
    public const string NotServing = "This ZooKeeper instance is not currently serving requests";

    /// <summary>The version: the one of ZooKeeper that is matched, for those who compare it, then the own
    /// one.</summary>
    public static string Version { get; } =
        $"3.9.5-zab-{typeof(ServerFacts).Assembly.GetName().Version!.ToString(3)}";

    /// <summary>The port.</summary>
    public ClientListener Port => port;

    /// <summary>The options of the node.</summary>
    public ZabNodeOptions Options => port.Loop.Options;

    /// <summary>What readers see now.</summary>
    public Published Published => port.Loop.Published;

    /// <summary>Whether the server is its whole ensemble.</summary>
    public bool IsAlone => Options.Ensemble.Servers.Count == 1;

    /// <summary>This server, among those of its ensemble.</summary>
    public EnsembleServer Self => Options.Ensemble.Find(new ServerId(Options.ServerId))!;

    /// <summary>What the server is, in ZooKeeper's words.</summary>
    public string Mode => IsAlone ? "standalone" : port.Node.Status.Role switch
    {
        ZabNodeRole.Leader => "leader",
        ZabNodeRole.Follower => "follower",
        ZabNodeRole.Observer => "observer",
        ZabNodeRole.Looking or ZabNodeRole.Stopped or ZabNodeRole.Failed => "leaderelection",
    };

    /// <summary>What the server is to its ensemble, in ZooKeeper's words.</summary>
    public string PeerState => port.Node.Status.Role switch
    {
        ZabNodeRole.Leader => "leading - broadcast",
        ZabNodeRole.Follower => "following - broadcast",
        ZabNodeRole.Observer => "observing - broadcast",
        ZabNodeRole.Looking or ZabNodeRole.Stopped or ZabNodeRole.Failed => "looking",
    };

    /// <summary>How long the port has been there.</summary>
    public TimeSpan Uptime => port.TimeProvider.GetElapsedTime(port.StartedAt);

    /// <summary>The mean latency, as ZooKeeper writes it: four places at most.</summary>
    public string AverageLatency =>
        port.Counters.Latency.Average.ToString("0.0###", CultureInfo.InvariantCulture);

    /// <summary>How many nodes die with their sessions.</summary>
    public static int EphemeralsOf(Published published) =>
        published.State.Sessions.All.Sum(session => session.Ephemerals.Count);

    /// <summary>The paths of a session's ephemeral nodes, in order.</summary>
    public static IEnumerable<string> EphemeralPathsOf(SessionRecord session)
    {
        foreach (NodePath path in session.Ephemerals)
        {
            yield return System.Text.Encoding.UTF8.GetString(path.Key);
        }
    }

    /// <summary>The bytes of the files in the directory of the data; null when there is none.</summary>
    public long? DirectoryBytes()
    {
        try
        {
            return Options.LogStore is not null || Options.DataDirectory is not { } directory ? null
                : new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories)
                    .Sum(file => file.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // a file that was counted may be gone before its length is asked for
        }
    }

    /// <summary>The newest snapshot in the directory of the data: its zxid, and when it was written; null
    /// when there is none, or no directory.</summary>
    public (Zxid Zxid, DateTimeOffset WrittenAt)? LastSnapshot()
    {
        if (Options.LogStore is not null || Options.DataDirectory is not { } directory)
        {
            return null;
        }

        try
        {
            (Zxid Zxid, FileInfo File)? newest = null;
            foreach (FileInfo file in new DirectoryInfo(directory).EnumerateFiles())
            {
                if (FileNames.TryParseSnapshot(file.Name, out LogPosition position)
                    && (newest is not { } other || position.Zxid > other.Zxid))
                {
                    newest = (position.Zxid, file);
                }
            }

            return newest is { File.Exists: true } found
                ? (found.Zxid, found.File.LastWriteTimeUtc) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>How much is watched.</summary>
    /// <exception cref="ZabNodeFailedException">The node has ended.</exception>
    public Task<WatchTotals> CountWatchesAsync(CancellationToken cancellationToken) =>
        port.Loop.LookAsync(
            replica => new WatchTotals(
                replica.Clients.Watches.Sessions.Count,
                replica.Clients.Watches.PathCount,
                replica.Clients.Watches.Count),
            cancellationToken);

    /// <summary>Who watches what, by session, and in the order of the paths' characters. Each session is as
    /// it is when its turn comes.</summary>
    /// <exception cref="ZabNodeFailedException">The node has ended.</exception>
    public async IAsyncEnumerable<(SessionId Session, string[] Paths)> WatchesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        SessionId[] sessions = await port.Loop.LookAsync(
            replica => replica.Clients.Watches.Sessions.ToArray(), cancellationToken).ConfigureAwait(false);
        foreach (SessionId session in sessions.OrderBy(session => session.Value))
        {
            string[] paths = await port.Loop.LookAsync(
                replica => replica.Clients.Watches.PathsOf(session).ToArray(), cancellationToken)
                .ConfigureAwait(false);
            Array.Sort(paths, StringComparer.Ordinal);
            if (paths.Length > 0)
            {
                yield return (session, paths);
            }
        }
    }

    /// <summary>Who watches what, by path.</summary>
    /// <exception cref="ZabNodeFailedException">The node has ended.</exception>
    public async Task<SortedDictionary<string, List<SessionId>>> WatchesByPathAsync(
        CancellationToken cancellationToken)
    {
        SortedDictionary<string, List<SessionId>> byPath = new(StringComparer.Ordinal);
        await foreach ((SessionId session, string[] paths) in WatchesAsync(cancellationToken)
            .ConfigureAwait(false))
        {
            foreach (string path in paths)
            {
                if (!byPath.TryGetValue(path, out List<SessionId>? sessions))
                {
                    byPath.Add(path, sessions = []);
                }

                sessions.Add(session);
            }
        }

        return byPath;
    }

    /// <summary>What the server knows as the leader; null when it does not lead.</summary>
    /// <exception cref="ZabNodeFailedException">The node has ended.</exception>
    public Task<LeadershipFacts?> LeadershipAsync(CancellationToken cancellationToken) =>
        port.Loop.LookAsync(replica => replica.Leadership, cancellationToken);

    /// <summary>The connections, by the time at which they came.</summary>
    public IEnumerable<ClientConnection> Connections =>
        port.Connections.All.OrderBy(connection => connection.EstablishedAt);
}
