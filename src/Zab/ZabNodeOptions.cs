using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Zab.Authentication;
using Zab.Configuration;
using Zab.Core.Ports;

namespace Zab;

/// <summary>How one server of an ensemble runs.</summary>
/// <remarks>A value that is complete once made: change one with a <c>with</c> expression. Nothing is checked
/// before <see cref="Validate"/>, which the start of a node calls. Safe to share, but <see cref="Transport"/>
/// and <see cref="LogStore"/> belong to one node.</remarks>
public sealed record ZabNodeOptions
{
    /// <summary>The number of this server: the N of its <c>server.N</c> line, and ZooKeeper's
    /// <c>myid</c>.</summary>
    public required int ServerId { get; init; }

    /// <summary>All servers of the ensemble, this one among them. The same on every server.</summary>
    public required EnsembleConfig Ensemble { get; init; }

    /// <summary>The directory of the log and the snapshots, for this server alone; made when it does not
    /// exist.</summary>
    /// <remarks>Not needed with a <see cref="LogStore"/> of your own.</remarks>
    public string? DataDirectory { get; init; }

    /// <summary>The name of the ensemble. A server refuses peers and data that belong to an ensemble of
    /// another name.</summary>
    /// <remarks>From 1 to 128 letters, digits, dots, hyphens and underscores. When it is not set it is a hash
    /// of the voters' <c>server.N</c> lines, so an observer can be added freely, and a voter's address cannot
    /// change: set a name of your own before the first start if it should.</remarks>
    public string EnsembleId
    {
        get => field ?? Ensemble.VotersHash();
        init;
    }

    /// <summary>The unit of time of the protocol. From 1 ms to 1 hour; 500 ms when not set.</summary>
    public TimeSpan TickTime { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How many ticks electing, joining and synchronising may take before they start again. 1 or
    /// more.</summary>
    public int InitLimit { get; init; } = 20;

    /// <summary>How many ticks a leader and a learner may be silent before they part. 2 or more, as a
    /// heartbeat comes once a tick at best.</summary>
    public int SyncLimit { get; init; } = 4;

    /// <summary>The shortest session time-out that a client is given; 2 ticks when null.</summary>
    public TimeSpan? MinSessionTimeout { get; init; }

    /// <summary>The longest session time-out that a client is given; 40 ticks when null.</summary>
    public TimeSpan? MaxSessionTimeout { get; init; }

    /// <summary>How many transactions go by between two snapshots (ZooKeeper's <c>snapCount</c>). 2 or
    /// more.</summary>
    public int SnapshotEvery { get; init; } = 100_000;

    /// <summary>How many snapshots are kept, with the log that goes with them. 1 or more; older ones are
    /// removed after each new one. <see cref="int.MaxValue"/> keeps all.</summary>
    public int SnapshotsRetained { get; init; } = 3;

    /// <summary>The size in bytes at which a file of the log ends and the next begins. From 64 KiB to 1
    /// GiB.</summary>
    public int SegmentBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>The longest request in bytes, data and path together (ZooKeeper's <c>jute.maxbuffer</c>).
    /// From 1,024 to 2,000,000. The same on every server.</summary>
    public int RequestBytesMax { get; init; } = (1024 * 1024) - 1;

    /// <summary>Whether a write that would exceed a hard quota is refused; otherwise it is logged alone, as
    /// soft quotas are. The same on every server.</summary>
    public bool EnforceQuotas { get; init; } = true;

    /// <summary>Whether nodes may have a time to live (ZooKeeper's <c>extendedTypesEnabled</c>). The same on
    /// every server.</summary>
    public bool AllowTtlNodes { get; init; } = true;

    /// <summary>How often the leader looks for containers to delete, and for nodes whose time to live is over
    /// (ZooKeeper's <c>znode.container.checkIntervalMs</c>). More than 0; it looks once in a tick at
    /// most.</summary>
    public TimeSpan ContainerCheckInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many of them it deletes in a minute at most (ZooKeeper's
    /// <c>znode.container.maxPerMinute</c>). 1 or more.</summary>
    public int ContainersDeletedPerMinuteMax { get; init; } = 10_000;

    /// <summary>The most ephemeral nodes of a session. 1 or more; the same on every server. Their paths
    /// together have at most 2 MB, whatever this says.</summary>
    public int SessionEphemeralsMax { get; init; } = 100_000;

    /// <summary>Schemes of the host's own for saying who a session is. The same on every server.</summary>
    public IReadOnlyList<IAuthenticationProvider> AuthenticationProviders { get; init; } = [];

    /// <summary>The hash of the <c>digest</c> scheme. The same on every server.</summary>
    public DigestAlgorithm DigestAlgorithm { get; init; } = DigestAlgorithm.Sha1;

    /// <summary>The id, <c>user:hash</c>, of whoever may do everything after proving it by the <c>digest</c>
    /// scheme; null for nobody. <see cref="DigestAuthenticationProvider.IdOf"/> makes it.</summary>
    public string? SuperDigest { get; init; }

    /// <summary>How many requests of all sessions of this node may be unanswered at a time (ZooKeeper's
    /// <c>globalOutstandingLimit</c>). One more fails with <see cref="RequestThrottledException"/>. 1 or
    /// more.</summary>
    public int RequestsMax { get; init; } = 10_000;

    /// <summary>How many requests of one session may be unanswered at a time. One more fails with
    /// <see cref="RequestThrottledException"/>. 1 or more.</summary>
    public int SessionRequestsMax { get; init; } = 1000;

    /// <summary>How many watches one session may have. One more fails with
    /// <see cref="TooManyWatchesException"/>. 1 or more.</summary>
    public int SessionWatchesMax { get; init; } = 100_000;

    /// <summary>How many watches all sessions of this node may have together, and 64 times as many UTF-16
    /// units in their paths. When there are as many, a session may still have 100 (on paths of 16,384
    /// units together); one more fails with <see cref="RequestThrottledException"/>. 1 or more.</summary>
    public int WatchesMax { get; init; } = 2_000_000;

    /// <summary>How many states of the tree the node keeps in memory, for reads of the past and
    /// <see cref="IZabSession.DiffAsync"/>. 0 or more; with 0 there is the newest only.</summary>
    /// <remarks>There is one state for each batch that was committed. What has changed since then stays in
    /// memory with it: about 2 KB for a transaction, and data that is no more.</remarks>
    public int StatesKept { get; init; } = 1024;

    /// <summary>How many transactions may lie between the oldest and the newest of those states. 0 or
    /// more.</summary>
    public int StateTransactionsKept { get; init; } = 10_000;

    /// <summary>How many bytes those transactions may have. 0 or more.</summary>
    public int StateBytesKept { get; init; } = 64 * 1024 * 1024;

    /// <summary>How many changes of the tree the node keeps in memory, for
    /// <see cref="IZabSession.WatchFromAsync"/>. 1 or more.</summary>
    public int ChangesKept { get; init; } = 64 * 1024;

    /// <summary>The bytes that those changes may take, about. 4,096 or more.</summary>
    public int ChangeBytesKept { get; init; } = 32 * 1024 * 1024;

    /// <summary>Whether the ports are opened on every address of the machine, not only on the one in the
    /// ensemble.</summary>
    public bool ListenOnAllAddresses { get; init; }

    /// <summary>How servers reach each other; gRPC over the ports of the ensemble when null. The node
    /// disposes of it.</summary>
    public ITransport? Transport { get; init; }

    /// <summary>Where the log is kept; files in <see cref="DataDirectory"/> when null. The node disposes of
    /// it.</summary>
    public ILogStore? LogStore { get; init; }

    /// <summary>The clock that ticks come from.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the node logs to; nowhere when not set.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The seed of every random choice, for a test that must repeat; a random one when
    /// null.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Keys of a <c>zoo.cfg</c> that are known and have no effect here, as they are about what does
    /// not exist yet. Empty unless <see cref="FromZooCfg"/> made these options.</summary>
    public IReadOnlyList<string> IgnoredKeys { get; internal init; } = [];

    /// <summary>The shortest session time-out, decided.</summary>
    internal TimeSpan SessionTimeoutMin => MinSessionTimeout ?? (2 * TickTime);

    /// <summary>The longest session time-out, decided.</summary>
    internal TimeSpan SessionTimeoutMax => MaxSessionTimeout ?? (40 * TickTime);

    /// <summary>Reads ZooKeeper's configuration file, and the file <c>myid</c> in its
    /// <c>dataDir</c>.</summary>
    /// <remarks>
    /// <para>The format is that of Java properties. A key that Zab does not know, or cannot honour, is an
    /// error; a key that has nothing to act on yet, such as <c>clientPort</c>, is listed in
    /// <see cref="IgnoredKeys"/>. A key that is not given takes the default of this class.
    /// <c>docs/zoo-cfg.md</c> lists the keys.</para>
    /// <para>As in ZooKeeper, a relative <c>dataDir</c> is relative to the working directory of the process,
    /// not to the file.</para>
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <returns>Valid options.</returns>
    /// <exception cref="ZabConfigurationException">The file cannot be read or used. Every problem is listed,
    /// with the number of its line where it has one, and says what to write instead.</exception>
    public static ZabNodeOptions FromZooCfg(string path) => ZooCfg.Read(path);

    /// <summary>Checks the options, without touching a disk or a network.</summary>
    /// <exception cref="ZabConfigurationException">Something must change. Every problem is listed, each with
    /// the property, its value, and what to do.</exception>
    public void Validate()
    {
        IReadOnlyList<OptionProblem> problems = OptionsCheck.Problems(this);
        if (problems.Count > 0)
        {
            throw new ZabConfigurationException(
                nameof(ZabNodeOptions), [.. problems.Select(problem => problem.Text)]);
        }
    }
}
