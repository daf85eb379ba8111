using Zab.Configuration;

namespace Zab.Server.Tests.Configuration;

/// <summary>Every key that ZooKeeper's manual names is honoured, accepted and listed, or refused with a reason;
/// none is unknown.</summary>
/// <remarks>Source: ZooKeeper 3.9, Administrator's Guide.</remarks>
public sealed class KeyTableTests : IDisposable
{
    private const string Honoured = """
        tickTime=3000
        dataLogDir=DIR
        clientPortAddress=127.0.0.1
        initLimit=10
        syncLimit=5
        electionAlg=3
        quorumListenOnAllIPs=false
        peerType=participant
        reconfigEnabled=false
        localSessionsEnabled=false
        localSessionsUpgradingEnabled=false
        minSessionTimeout=6000
        maxSessionTimeout=60000
        maxClientCnxns=60
        maxCnxns=0
        clientPortListenBacklog=-1
        syncEnabled=true
        autopurge.snapRetainCount=3
        autopurge.purgeInterval=0
        snapCount=100000
        preAllocSize=65536
        forceSync=yes
        jute.maxbuffer=1048575
        globalOutstandingLimit=1000
        leaderServes=yes
        multiAddress.enabled=false
        4lw.commands.whitelist=srvr
        admin.enableServer=true
        admin.serverAddress=127.0.0.1
        admin.serverPort=8080
        admin.commandURL=/commands
        admin.needClientAuth=false
        admin.portUnification=false
        admin.forceHttps=false
        audit.enable=false
        extendedTypesEnabled=false
        znode.container.checkIntervalMs=60000
        znode.container.maxPerMinute=10000
        znode.container.maxNeverUsedIntervalMs=0
        enforceQuota=false
        digest.enabled=true
        closeSessionTxn.enabled=true
        snapshot.trust.empty=false
        datadir.autocreate=true
        db.autocreate=true
        readonlymode.enabled=false
        skipACL=no
        sslQuorum=false
        portUnification=false
        client.portUnification=false
        sslQuorumReloadCertFiles=false
        client.certReload=false
        DigestAuthenticationProvider.enabled=true
        DigestAuthenticationProvider.superDigest=super:hash
        DigestAuthenticationProvider.digestAlg=SHA1
        enforce.auth.enabled=false
        sessionRequireClientSASLAuth=false
        allowSaslFailedClients=false
        authProvider.1=org.apache.zookeeper.server.auth.DigestAuthenticationProvider
        quorum.auth.enableSasl=false
        """;

    private const string Accepted = """
        connectToLearnerMasterLimit=0
        standaloneEnabled=true
        commitLogCount=500
        snapshotSizeFactor=0.33
        fsync.warningthresholdms=1000
        flushDelay=0
        maxWriteQueuePollTime=0
        maxBatchSize=1000
        jute.maxbuffer.extrasize=1048575
        cnxTimeout=5000
        quorumCnxnTimeoutMs=-1
        fastleader.minNotificationInterval=200
        fastleader.maxNotificationInterval=60000
        leader.maxTimeToWaitForEpoch=-1
        leader.maxConcurrentSnapSyncs=10
        leader.maxConcurrentDiffSyncs=100
        leaderConnectDelayDuringRetryMs=100
        observer.reconnectDelayMs=0
        observer.election.DelayMs=200
        learner.asyncSending=false
        learner.closeSocketAsync=false
        leader.closeSocketAsync=false
        electionPortBindRetry=3
        tcpKeepAlive=false
        clientTcpKeepAlive=false
        multiAddress.reachabilityCheckEnabled=true
        multiAddress.reachabilityCheckTimeoutMs=1000
        admin.idleTimeout=30000
        admin.rateLimiterIntervalInMS=300000
        admin.snapshot.enabled=true
        admin.restore.enabled=true
        metricsProvider.className=org.apache.zookeeper.metrics.impl.DefaultMetricsProvider
        metricsProvider.httpPort=7000
        metricsProvider.exportJvmInfo=true
        metricsProvider.maxQueueSize=1000000
        serializeLastProcessedZxid.enabled=true
        request_throttle_max_requests=0
        request_throttle_stall_time=100
        request_throttle_drop_stale=true
        request_stale_connection_check=true
        request_stale_latency_check=false
        throttled_op_wait_time=0
        largeRequestThreshold=-1
        largeRequestMaxBytes=104857600
        connection_throttle_tokens=0
        connection_throttle_fill_time=1
        connection_throttle_fill_count=1
        connection_throttle_freeze_time=-1
        connection_throttle_drop_increase=0.02
        connection_throttle_drop_decrease=0.002
        commitProcessor.numWorkerThreads=2
        commitProcessor.maxReadBatchSize=-1
        commitProcessor.maxCommitBatchSize=1
        nio.numSelectorThreads=1
        nio.numWorkerThreads=4
        nio.sessionlessCnxnTimeout=10000
        maxResponseCacheSize=400
        maxGetChildrenResponseCacheSize=400
        watchManagerName=WatchManager
        enableEagerACLCheck=false
        serverCnxnFactory=org.apache.zookeeper.server.NIOServerCnxnFactory
        """;

    private const string Refused = """
        secureClientPort=2281
        secureClientPortAddress=127.0.0.1
        group.1=1:2
        weight.1=1
        dynamicConfigFile=zoo.cfg.dynamic
        observerMasterPort=2191
        snapSizeLimitInKb=4194304
        txnLogSizeLimitInKb=1
        snapshot.compression.method=gz
        ssl.quorum.keyStore.location=k
        quorum.auth.learnerRequireSasl=true
        X509AuthenticationProvider.superUser=CN=me
        superUser=me
        superUser.1=me
        enforce.auth.schemes=sasl
        requireClientAuthScheme=sasl
        oraclePath=/o
        reconfigEnabled=true
        forceSync=no
        syncEnabled=false
        leaderServes=no
        skipACL=yes
        electionAlg=1
        localSessionsEnabled=true
        localSessionsUpgradingEnabled=true
        readonlymode.enabled=true
        multiAddress.enabled=true
        sslQuorum=true
        portUnification=true
        client.portUnification=true
        client.certReload=true
        sslQuorumReloadCertFiles=true
        audit.enable=true
        digest.enabled=false
        closeSessionTxn.enabled=false
        snapshot.trust.empty=true
        datadir.autocreate=false
        db.autocreate=false
        znode.container.maxNeverUsedIntervalMs=300000
        DigestAuthenticationProvider.enabled=false
        quorum.auth.enableSasl=true
        sessionRequireClientSASLAuth=true
        allowSaslFailedClients=true
        enforce.auth.enabled=true
        admin.needClientAuth=true
        admin.portUnification=true
        admin.forceHttps=true
        authProvider.1=org.example.Mine
        dataLogDir=/elsewhere
        """;

    private readonly CfgFolder _folder = new();

    public KeyTableTests() => _folder.Write("1", "myid");

    public static TheoryData<string> HonouredLines => [.. Honoured.Split('\n')];

    public static TheoryData<string> AcceptedLines => [.. Accepted.Split('\n')];

    public static TheoryData<string> RefusedLines => [.. Refused.Split('\n')];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(HonouredLines))]
    public void A_key_is_honoured_at_ZooKeepers_default(string line) =>
        Assert.Empty(Read(line).Node.IgnoredKeys);

    [Theory]
    [MemberData(nameof(AcceptedLines))]
    public void A_key_without_effect_is_accepted_and_listed(string line) =>
        Assert.Equal([line.Split('=')[0]], Read(line).Node.IgnoredKeys);

    [Theory]
    [MemberData(nameof(RefusedLines))]
    public void A_key_that_cannot_be_honoured_is_refused_with_its_line_and_a_reason(string line)
    {
        ZabConfigurationException refused = _folder.Refused(Text(line));

        string problem = Assert.Single(refused.Problems);
        Assert.StartsWith($"line 4: {line.Split('=')[0]}", problem, StringComparison.Ordinal);
        Assert.Contains("not supported", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_key_that_Zab_knows_is_in_a_table()
    {
        string[] listed = [.. $"{Honoured}\n{Accepted}\n{Refused}".Split('\n').Select(line => line.Split('=')[0])];
        IEnumerable<string> known =
        [
            .. ZooCfgKeys.Used, .. ZooCfgKeys.UsedByServers, .. ZooCfgKeys.Fixed.Keys,
            .. ZooCfgKeys.FixedForServers.Keys, .. ZooCfgKeys.Ignored, .. ZooCfgKeys.Refused.Keys,
            .. ZooCfgKeys.RefusedByServers.Keys,
        ];
        string[] elsewhere = ["dataDir", "clientPort", "java.security.auth.login.config", "admin.hostNames"];

        Assert.All(
            known.Except(elsewhere),
            key => Assert.Contains(listed, given => given.StartsWith(key, StringComparison.Ordinal)));
    }

    private static string Text(string line) => $"dataDir=DIR\nclientPort=2181\nserver.1=127.0.0.1:1:2\n{line}";

    private ZooKeeperServerOptions Read(string line) => _folder.Read(Text(line));
}
