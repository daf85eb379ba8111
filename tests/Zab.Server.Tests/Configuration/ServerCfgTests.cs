using System.Net;

namespace Zab.Server.Tests.Configuration;

public sealed class ServerCfgTests : IDisposable
{
    private readonly CfgFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_keys_of_the_port_become_its_options()
    {
        _folder.Write("2", "myid");

        ZooKeeperServerOptions options = _folder.Read("""
            tickTime=2000
            dataDir=DIR
            clientPort=2182
            clientPortAddress=127.0.0.1
            clientPortListenBacklog=100
            maxClientCnxns=7
            maxCnxns=70
            4lw.commands.whitelist=stat, ruok,conf
            nio.numWorkerThreads=4
            admin.serverPort=8081
            admin.commandURL=/ask
            server.1=a:2888:3888
            server.2=b:2888:3888
            """);

        Assert.Equal((2, 2000), (options.Node.ServerId, options.Node.TickTime.TotalMilliseconds));
        Assert.Equal(["nio.numWorkerThreads"], options.Node.IgnoredKeys);
        Assert.Null(options.Node.Transport);
        Assert.Equal((2182, IPAddress.Loopback, 100), (options.Port.Port, options.Port.Address, options.Port.Backlog));
        Assert.Equal((7, 70), (options.Port.ConnectionsPerAddressMax, options.Port.ConnectionsMax));
        Assert.Equal(["stat", "ruok", "conf"], options.Port.FourLetterWords);
        Assert.Equal((8081, IPAddress.Loopback, "/ask"), (options.Admin!.Port, options.Admin.Address, options.Admin.CommandPath));
    }

    [Fact]
    public void What_is_not_given_has_the_defaults_of_the_port()
    {
        ZooKeeperServerOptions options = _folder.Read("dataDir=DIR\nclientPort=2181");

        Assert.Equal(new ZooKeeperPortOptions { Port = 2181 } with
        {
            FourLetterWords = options.Port.FourLetterWords,
            SaslUsers = options.Port.SaslUsers,
        }, options.Port);
        Assert.Equal(["srvr"], options.Port.FourLetterWords);
        Assert.Null(options.Admin);
    }

    [Fact]
    public void A_file_without_servers_makes_one_that_is_alone_and_needs_no_myid()
    {
        ZooKeeperServerOptions options = _folder.Read("dataDir=DIR\nclientPort=2181");

        options.Node.Validate();
        Assert.Equal(1, options.Node.ServerId);
        Assert.Equal("server.1=localhost", $"{options.Node.Ensemble}");
        Assert.NotNull(options.Node.Transport);
    }

    [Fact]
    public void The_client_port_may_stand_in_the_own_line_alone()
    {
        _folder.Write("1", "myid");

        ZooKeeperServerOptions options =
            _folder.Read("dataDir=DIR\nserver.1=a:2888:3888;127.0.0.1:2185\nserver.2=b:2888:3888;2186");

        Assert.Equal((2185, IPAddress.Loopback), (options.Port.Port, options.Port.Address));
    }

    [Fact]
    public void The_users_of_SASL_stand_in_the_file_that_Java_would_read()
    {
        string jaas = _folder.Write("Server { a.DigestLoginModule required user_bob=\"pw\"; };", "jaas.conf");

        ZooKeeperServerOptions options = _folder.Read(
            $"dataDir=DIR\nclientPort=2181\njava.security.auth.login.config={jaas}\n"
            + "authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider");

        Assert.Equal("pw", options.Port.SaslUsers["bob"]);
    }

    [Theory]
    [InlineData("admin.enableServer=true", true)]
    [InlineData("admin.serverPort=9000", true)]
    [InlineData("admin.enableServer=false\nadmin.serverPort=9000", false)]
    [InlineData("admin.serverAddress=127.0.0.1", false)]
    public void Questions_over_HTTP_are_answered_only_when_asked_for(string lines, bool expected)
    {
        ZooKeeperServerOptions options = _folder.Read($"dataDir=DIR\nclientPort=2181\n{lines}");

        Assert.Equal(expected, options.Admin is not null);
    }

    [Theory]
    [InlineData("secureClientPort=2281", "line 3: secureClientPort is not supported: the port for clients has no TLS")]
    [InlineData("secureClientPortAddress=h", "line 3: secureClientPortAddress is not supported: the port for clients has")]
    [InlineData("clientPortAddress=300.1.1.1.invalid", "line 3: clientPortAddress=300.1.1.1.invalid is no address")]
    [InlineData("maxClientCnxns=-1", "line 3: expected maxClientCnxns=<a whole number from 0")]
    [InlineData("clientPortListenBacklog=0", "line 3: expected clientPortListenBacklog=<1 or more, or -1")]
    [InlineData("admin.serverPort=0", "line 3: expected admin.serverPort=<a port from 1 to 65535>, found 0")]
    [InlineData("admin.serverPort=65536", "line 3: expected admin.serverPort=<a whole number from 0 to 65535>")]
    [InlineData("admin.commandURL=commands", "line 3: expected admin.commandURL=/<path>, found 'commands'")]
    [InlineData("admin.needClientAuth=true", "line 3: admin.needClientAuth=true is not supported; remove the line")]
    [InlineData("enforce.auth.enabled=true", "line 3: enforce.auth.enabled=true is not supported; remove")]
    [InlineData("enforce.auth.schemes=sasl", "line 3: enforce.auth.schemes is not supported: nobody is made to say")]
    [InlineData("authProvider.1=org.example.Mine", "line 3: authProvider.1=org.example.Mine is not supported")]
    [InlineData("java.security.auth.login.config=/none/jaas", "line 3: java.security.auth.login.config: /none/jaas cannot")]
    [InlineData("clientPrt=1", "line 3: the key 'clientPrt' is unknown; did you mean clientPort?")]
    [InlineData("reconfigEnabled=true", "line 3: reconfigEnabled=true is not supported")]
    public void A_key_that_cannot_be_honoured_is_named_with_its_line(string line, string expected)
    {
        ZabConfigurationException refused = _folder.Refused($"dataDir=DIR\nclientPort=2181\n{line}");

        Assert.Contains(expected, Assert.Single(refused.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("server.1=a:1:2", "clientPort is missing; add a line clientPort=2181")]
    [InlineData("clientPort=2181\nserver.1=a:1:2;2182", "line 2: clientPort=2181 contradicts the line of server.1, which ends in 2182")]
    [InlineData("clientPort=2182\nclientPortAddress=127.0.0.2\nserver.1=a:1:2;127.0.0.1:2182", "line 3: clientPortAddress=127.0.0.2 contradicts the line of server.1, which says 127.0.0.1")]
    [InlineData("clientPort=70000\nserver.1=a:1:2;2182", "line 2: expected clientPort=<a whole number from 0 to 65535>, found '70000'")]
    public void A_client_port_that_is_missing_or_contradicts_is_named(string lines, string expected)
    {
        _folder.Write("1", "myid");

        ZabConfigurationException refused = _folder.Refused($"dataDir=DIR\n{lines}");

        Assert.Contains(expected, Assert.Single(refused.Problems), StringComparison.Ordinal);
    }
}
