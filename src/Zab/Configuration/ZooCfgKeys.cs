namespace Zab.Configuration;

/// <summary>What Zab makes of each key of a <c>zoo.cfg</c>. <c>docs/zoo-cfg.md</c> is the same list for
/// readers.</summary>
/// <remarks>Source: ZooKeeper 3.9, <c>QuorumPeerConfig.parseProperties</c> and the Administrator's
/// Guide.</remarks>
internal sealed class ZooCfgKeys
{
    private readonly bool _opensPort;

    private ZooCfgKeys(bool opensPort) => _opensPort = opensPort;

    /// <summary>The keys, for a node in a process of its host: it opens no port for clients.</summary>
    public static ZooCfgKeys OfNodes { get; } = new(opensPort: false);

    /// <summary>The keys, for a server at whose port clients are served.</summary>
    public static ZooCfgKeys OfServers { get; } = new(opensPort: true);

    /// <summary>Keys that set an option.</summary>
    public static IReadOnlyList<string> Used { get; } =
    [
        "dataDir", "dataLogDir", "tickTime", "initLimit", "syncLimit", "snapCount", "preAllocSize",
        "jute.maxbuffer", "globalOutstandingLimit", "autopurge.snapRetainCount", "autopurge.purgeInterval",
        "minSessionTimeout", "maxSessionTimeout", "quorumListenOnAllIPs", "peerType", "enforceQuota",
        "extendedTypesEnabled", "znode.container.checkIntervalMs", "znode.container.maxPerMinute",
        "DigestAuthenticationProvider.superDigest", "DigestAuthenticationProvider.digestAlg",
    ];

    /// <summary>Keys that set an option of a server's port, and mean nothing to a node without one.</summary>
    public static IReadOnlyList<string> UsedByServers { get; } =
    [
        "clientPort", "clientPortAddress", "clientPortListenBacklog", "maxClientCnxns", "maxCnxns",
        "4lw.commands.whitelist", "admin.enableServer", "admin.serverAddress", "admin.serverPort",
        "admin.commandURL", "admin.hostNames", "java.security.auth.login.config",
    ];

    /// <summary>As <see cref="UsedByServers"/>, by how the key begins.</summary>
    public const string ProviderPrefix = "authProvider.";

    /// <summary>As <see cref="Fixed"/>, for servers; they mean nothing to a node without a port.</summary>
    public static IReadOnlyDictionary<string, string> FixedForServers { get; } =
        new Dictionary<string, string>
        {
            ["admin.portUnification"] = "false",
            ["admin.forceHttps"] = "false",
            ["admin.needClientAuth"] = "false",
            ["client.portUnification"] = "false",
            ["client.certReload"] = "false",
            ["audit.enable"] = "false",
            ["enforce.auth.enabled"] = "false",
            ["sessionRequireClientSASLAuth"] = "false",
            ["allowSaslFailedClients"] = "false",
        };

    /// <summary>As <see cref="Refused"/>, for servers; they mean nothing to a node without a port.</summary>
    public static IReadOnlyDictionary<string, string> RefusedByServers { get; } =
        new Dictionary<string, string>
        {
            ["secureClientPort"] =
                "the port for clients has no TLS; remove the line, and protect the network",
            ["enforce.auth.schemes"] = "nobody is made to say who he is; remove the line, and set ACLs",
            ["X509AuthenticationProvider."] = "the port for clients has no TLS; remove the line",
            ["superUser"] =
                "nobody is super by SASL; use DigestAuthenticationProvider.superDigest, or remove the line",
            ["requireClientAuthScheme"] = "nobody is made to say who he is; remove the line, and set ACLs",
        };

    /// <summary>Keys that Zab can honour at one value only, as it behaves like that always.</summary>
    public static IReadOnlyDictionary<string, string> Fixed { get; } = new Dictionary<string, string>
    {
        ["electionAlg"] = "3",
        ["forceSync"] = "yes",
        ["syncEnabled"] = "true",
        ["leaderServes"] = "yes",
        ["skipACL"] = "no",
        ["reconfigEnabled"] = "false",
        ["localSessionsEnabled"] = "false",
        ["localSessionsUpgradingEnabled"] = "false",
        ["readonlymode.enabled"] = "false",
        ["multiAddress.enabled"] = "false",
        ["sslQuorum"] = "false",
        ["portUnification"] = "false",
        ["sslQuorumReloadCertFiles"] = "false",
        ["quorum.auth.enableSasl"] = "false",
        ["DigestAuthenticationProvider.enabled"] = "true",
        ["digest.enabled"] = "true",
        ["closeSessionTxn.enabled"] = "true",
        ["znode.container.maxNeverUsedIntervalMs"] = "0",
        ["snapshot.trust.empty"] = "false",
        ["datadir.autocreate"] = "true",
        ["db.autocreate"] = "true",
    };

    /// <summary>Keys whose subject does not exist yet, or whose mechanism Zab does not have: no promise hangs
    /// on them.</summary>
    public static IReadOnlyList<string> Ignored { get; } =
    [
        "clientTcpKeepAlive", "standaloneEnabled", "commitLogCount", "snapshotSizeFactor", "cnxTimeout",
        "tcpKeepAlive", "connectToLearnerMasterLimit", "quorumCnxnTimeoutMs", "electionPortBindRetry",
        "leaderConnectDelayDuringRetryMs", "jute.maxbuffer.extrasize", "enableEagerACLCheck",
        "serializeLastProcessedZxid.enabled", "serverCnxnFactory",
        "fsync.warningthresholdms", "flushDelay", "maxWriteQueuePollTime", "maxBatchSize",
        "largeRequestThreshold", "largeRequestMaxBytes", "throttled_op_wait_time", "maxResponseCacheSize",
        "maxGetChildrenResponseCacheSize", "watchManagerName",
    ];

    /// <summary>As <see cref="Ignored"/>, by how the key begins.</summary>
    public static IReadOnlyList<string> IgnoredPrefixes { get; } =
    [
        "admin.", "4lw.", "metricsProvider.", "nio.", "commitProcessor.", "request_throttle_",
        "request_stale_", "connection_throttle_", "fastleader.", "leader.", "learner.", "observer.",
        "multiAddress.reachabilityCheck",
    ];

    /// <summary>Keys that Zab knows and refuses, by how they begin, and why.</summary>
    public static IReadOnlyDictionary<string, string> Refused { get; } = new Dictionary<string, string>
    {
        ["group."] = "quorums are majorities; hierarchical quorums are not supported",
        ["weight."] = "quorums are majorities; weights are not supported",
        ["dynamicConfigFile"] = "the ensemble is fixed; put its server.N lines into this file",
        ["oraclePath"] = "quorums are majorities; an oracle is not supported",
        ["observerMasterPort"] = "observers follow the leader; observer masters are not supported",
        ["ssl."] = "the built-in transport has no TLS; use your own, or a protected network",
        ["quorum.auth."] = "the built-in transport has no SASL; use your own, or a protected network",
        ["snapshot.compression.method"] = "snapshots are not compressed",
        ["snapSizeLimitInKb"] = "snapshots are taken by count; use snapCount",
        ["txnLogSizeLimitInKb"] = "files of the log have one size; use preAllocSize",
    };

    /// <summary>Whether a key sets an option.</summary>
    public bool IsUsed(string key) =>
        Used.Contains(key, StringComparer.Ordinal) || (_opensPort && IsOfPort(key));

    /// <summary>The one value of a key that can be honoured; null when there is no such
    /// restriction.</summary>
    public string? OnlyValue(string key) =>
        Fixed.GetValueOrDefault(key) ?? (_opensPort ? FixedForServers.GetValueOrDefault(key) : null);

    /// <summary>Why a key is refused; null when it is not.</summary>
    public string? WhyRefused(string key) =>
        Reason(Refused, key) ?? (_opensPort ? Reason(RefusedByServers, key) : null);

    /// <summary>Whether a key is known and has nothing to act on.</summary>
    public static bool IsIgnored(string key) =>
        Ignored.Contains(key, StringComparer.Ordinal)
        || IgnoredPrefixes.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal))
        || IsOfPort(key)
        || FixedForServers.ContainsKey(key)
        || Reason(RefusedByServers, key) is not null;

    private static bool IsOfPort(string key) =>
        UsedByServers.Contains(key, StringComparer.Ordinal)
        || key.StartsWith(ProviderPrefix, StringComparison.Ordinal);

    private static string? Reason(IReadOnlyDictionary<string, string> refused, string key) =>
        refused.FirstOrDefault(entry => key.StartsWith(entry.Key, StringComparison.Ordinal)).Value;

    /// <summary>The known key that an unknown one was probably meant to be; null when none is near.</summary>
    /// <remarks>Near is at most two letters away, or three in a long key; the case of letters does not
    /// count.</remarks>
    public static string? Nearest(string key)
    {
        int distanceMax = key.Length >= 12 ? 3 : 2;
        return Used.Concat(UsedByServers).Concat(Fixed.Keys).Concat(Ignored).Append("server.1")
            .Where(known => DistanceTo(known) <= distanceMax)
            .MinBy(DistanceTo);

        int DistanceTo(string known) => Distance(key.ToUpperInvariant(), known.ToUpperInvariant());
    }

    /// <summary>How many letters must be added, removed or changed (Levenshtein).</summary>
    private static int Distance(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int changed = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
