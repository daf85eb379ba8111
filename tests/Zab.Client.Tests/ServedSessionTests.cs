using Zab.Client.Tests.Servers;

namespace Zab.Client.Tests;

/// <summary>The whole session against Apache ZooKeeper: what another implementation says the protocol
/// is.</summary>
public sealed class ApacheSessionTests(ApacheZooKeeper server)
    : RemoteSessionTests(server), IClassFixture<ApacheZooKeeper>;

/// <summary>The same against Zab's own port.</summary>
public sealed class ServedSessionTests(ZabServer server)
    : RemoteSessionTests(server), IClassFixture<ZabServer>;
