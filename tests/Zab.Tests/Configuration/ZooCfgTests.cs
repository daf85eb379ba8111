using Zab.Configuration;

namespace Zab.Tests.Configuration;

public sealed class ZooCfgTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("zab-cfg-").FullName;

    public ZooCfgTests() => WriteMyId("2");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void The_sample_of_an_ensemble_becomes_options()
    {
        ZabNodeOptions options = Read("""
            # The number of milliseconds of each tick
            tickTime=2000
            initLimit = 10
            syncLimit: 5
            ! where the data lies
            dataDir=DIR
            dataLogDir=DIR/
            clientPort=2181
            maxClientCnxns=60
            4lw.commands.whitelist=*
            admin.enableServer=true
            autopurge.snapRetainCount=5
            autopurge.purgeInterval=1
            minSessionTimeout=4000
            maxSessionTimeout=-1
            snapCount=5000
            preAllocSize=1024
            jute.maxbuffer=0x180000
            globalOutstandingLimit=2000
            quorumListenOnAllIPs=true
            electionAlg=3
            peerType=participant
            server.1=a:2888:3888
            server.2=b:2888:\
                     3888;2181
            server.3=c:2888:3888:observer
            """);

        options.Validate();
        Assert.Equal(2, options.ServerId);
        Assert.Equal("server.1=a:2888:3888\nserver.2=b:2888:3888;2181\nserver.3=c:2888:3888:observer", $"{options.Ensemble}");
        Assert.Equal(_directory, options.DataDirectory);
        Assert.Equal(TimeSpan.FromSeconds(2), options.TickTime);
        Assert.Equal((10, 5), (options.InitLimit, options.SyncLimit));
        Assert.Equal((TimeSpan.FromSeconds(4), null), (options.MinSessionTimeout, options.MaxSessionTimeout));
        Assert.Equal((5000, 5), (options.SnapshotEvery, options.SnapshotsRetained));
        Assert.Equal((1024 * 1024, 0x180000), (options.SegmentBytes, options.RequestBytesMax));
        Assert.Equal(2000, options.RequestsMax);
        Assert.True(options.ListenOnAllAddresses);
        Assert.Equal(
            ["clientPort", "maxClientCnxns", "4lw.commands.whitelist", "admin.enableServer"], options.IgnoredKeys);
    }

    [Fact]
    public void What_is_not_given_has_the_defaults_of_the_options()
    {
        ZabNodeOptions options = Read("dataDir=DIR\nserver.2=a:1:2");

        Assert.Equal(new ZabNodeOptions { ServerId = 2, Ensemble = options.Ensemble, DataDirectory = _directory } with
        {
            IgnoredKeys = options.IgnoredKeys,
        }, options);
    }

    [Fact]
    public void A_relative_directory_is_relative_to_the_working_directory()
    {
        string relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), _directory);

        ZabNodeOptions options = Read($"dataDir={relative}\nserver.2=a:1:2");

        Assert.Equal(_directory, options.DataDirectory);
    }

    [Fact]
    public void Purging_that_is_switched_off_keeps_every_snapshot()
    {
        ZabNodeOptions options = Read("dataDir=DIR\nserver.2=a:1:2\nautopurge.purgeInterval=0\nautopurge.snapRetainCount=3");

        Assert.Equal(int.MaxValue, options.SnapshotsRetained);
    }

    [Theory]
    [InlineData("synclimit=5", "line 3: the key 'synclimit' is unknown; did you mean syncLimit?")]
    [InlineData("synLimit=5", "line 3: the key 'synLimit' is unknown; did you mean syncLimit?")]
    [InlineData("autopurge.purgInterval=1", "did you mean autopurge.purgeInterval?")]
    [InlineData("servers.2=b:1:2", "line 3: the key 'servers.2' is unknown; did you mean server.1?")]
    [InlineData("tickTme=1", "did you mean tickTime?")]
    [InlineData("colour=blue", "line 3: the key 'colour' is unknown; remove the line")]
    [InlineData("\n\ntickTime=fast", "line 5: expected tickTime=<a whole number from 0 to 2147483647>, found 'fast'")]
    [InlineData("tickTime=-1", "line 3: expected tickTime=<a whole number from 0 to 2147483647>, found '-1'")]
    [InlineData("tickTime=", "line 3: expected tickTime=<a whole number from 0 to 2147483647>, found ''")]
    [InlineData("preAllocSize=9999999", "line 3: expected preAllocSize=<a whole number from 0 to 2097151>")]
    [InlineData("jute.maxbuffer=0xfffffffff", "line 3: expected jute.maxbuffer=<a whole number")]
    [InlineData("tickTime=0", "line 3: tickTime=0: TickTime is 00:00:00: use 1 ms to 1 hour")]
    [InlineData("initLimit=0", "line 3: initLimit=0: InitLimit is 0: use 1 or more")]
    [InlineData("syncLimit=1", "line 3: syncLimit=1: SyncLimit is 1: use 2 or more")]
    [InlineData("snapCount=1", "line 3: snapCount=1: SnapshotEvery is 1: use 2 or more")]
    [InlineData("preAllocSize=1", "line 3: preAllocSize=1: SegmentBytes is 1024: use 65536 to")]
    [InlineData("minSessionTimeout=99999999", "MaxSessionTimeout is 00:00:20: it is below MinSessionTimeout")]
    [InlineData("quorumListenOnAllIPs=maybe", "line 3: expected quorumListenOnAllIPs=true or quorumListenOnAllIPs=false, found 'maybe'")]
    [InlineData("initLimit=5\ninitLimit=6", "line 4: initLimit was already given in line 3; keep one of the two")]
    [InlineData("dataLogDir=/elsewhere", "line 3: dataLogDir=/elsewhere differs from dataDir, which is not supported")]
    [InlineData("dataLogDir=", "line 3: dataLogDir= differs from dataDir")]
    [InlineData("forceSync=no", "line 3: forceSync=no is not supported; remove the line or write forceSync=yes")]
    [InlineData("electionAlg=0", "line 3: electionAlg=0 is not supported; remove the line or write electionAlg=3")]
    [InlineData("group.1=1:2", "line 3: group.1 is not supported: quorums are majorities")]
    [InlineData("ssl.quorum.keyStore.location=/k", "line 3: ssl.quorum.keyStore.location is not supported: the built-in")]
    [InlineData("dynamicConfigFile=x", "line 3: dynamicConfigFile is not supported: the ensemble is fixed")]
    [InlineData("peerType=observer", "line 3: peerType=observer contradicts the line of server.2; remove it, or")]
    [InlineData("server.2=b:1:2", "line 3: server.2 was already given in line 2; each server needs its own number")]
    [InlineData("server.1=b:0:2", "line 3: expected a quorum port from 1 to 65535, found '0'")]
    [InlineData("server.1=b", "Ensemble is server.1=b: it has no ports; write server.1=b:2888:3888, or set Transport")]
    public void A_key_that_cannot_be_honoured_is_named_with_its_line(string lines, string expected)
    {
        ZabConfigurationException refused = Refused($"dataDir=DIR\nserver.2=a:1:2\n{lines}");

        Assert.Contains(expected, Assert.Single(refused.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("server.2=a:1:2", "dataDir is missing; add a line dataDir=<the directory")]
    [InlineData("dataDir=\nserver.2=a:1:2", "dataDir is missing")]
    [InlineData("dataDir=DIR", "it names no server; add a line server.N=host")]
    [InlineData("dataDir=DIR\nserver.2=a:1:2:observer", "every server is an observer and none votes")]
    public void What_is_missing_is_named(string text, string expected)
    {
        ZabConfigurationException refused = Refused(text);

        Assert.Contains(expected, Assert.Single(refused.Problems), StringComparison.Ordinal);
        Assert.StartsWith(Path.Combine(_directory, "zoo.cfg"), refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "myid does not exist; write the number of this server into it, one of 2, 5")]
    [InlineData("", "myid is empty; write the number of this server into it, one of 2, 5")]
    [InlineData(" \n", "myid is empty; write")]
    [InlineData("two", "myid contains 'two', which is no number; write")]
    [InlineData("0", "myid contains 0, which is not from 1 to 254; write")]
    [InlineData("255", "myid contains 255, which is not from 1 to 254; write")]
    [InlineData("3\n", "myid contains 3, and there is no line server.3; write")]
    public void A_server_that_does_not_know_its_number_says_what_to_write_and_where(string? myId, string expected)
    {
        WriteMyId(myId);

        ZabConfigurationException refused = Refused("dataDir=DIR\nserver.2=a:1:2\nserver.5=b:1:2");

        Assert.Contains(Path.Combine(_directory, expected), Assert.Single(refused.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version-2/log.100000001")]
    [InlineData("version-2/snapshot.0")]
    public void Data_of_Apache_ZooKeeper_is_not_passed_over_in_silence(string file)
    {
        WriteData(file);

        ZabConfigurationException refused = Refused("server.2=a:1:2\ndataDir=DIR");

        Assert.StartsWith(
            $"line 2: dataDir={_directory} holds data of Apache ZooKeeper ({Path.Combine(_directory, "version-2")})",
            Assert.Single(refused.Problems),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version-2/acceptedEpoch")]
    [InlineData("version-2/log.1", "log.0000000000000001")]
    public void A_directory_of_Zab_may_be_one_of_ZooKeeper_that_is_empty_or_was_left(params string[] files)
    {
        WriteData(files);

        Assert.Equal(_directory, Read("server.2=a:1:2\ndataDir=DIR").DataDirectory);
    }

    [Fact]
    public void All_problems_of_a_file_are_listed_at_once()
    {
        ZabConfigurationException refused = Refused("tickTime=x\nserver.0=a:1:2\nbogus=1\nserver.1=a:1:2");

        Assert.Equal(4, refused.Problems.Count);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        string path = Path.Combine(_directory, "none.cfg");

        ZabConfigurationException refused =
            Assert.Throws<ZabConfigurationException>(() => ZabNodeOptions.FromZooCfg(path));

        Assert.Contains(path, Assert.Single(refused.Problems), StringComparison.Ordinal);
        Assert.IsAssignableFrom<IOException>(refused.InnerException);
    }

    [Fact]
    public void Every_known_key_is_in_the_documentation()
    {
        string document = File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "docs", "zoo-cfg.md"));
        IEnumerable<string> keys =
        [
            .. ZooCfgKeys.Used, .. ZooCfgKeys.Fixed.Keys, .. ZooCfgKeys.Ignored, .. ZooCfgKeys.IgnoredPrefixes,
            .. ZooCfgKeys.Refused.Keys, .. ZooCfgKeys.UsedByServers, ZooCfgKeys.ProviderPrefix,
            .. ZooCfgKeys.FixedForServers.Keys, .. ZooCfgKeys.RefusedByServers.Keys,
        ];

        Assert.DoesNotContain(keys, key => !document.Contains($"`{key}", StringComparison.Ordinal));
    }

    private void WriteMyId(string? content)
    {
        string file = Path.Combine(_directory, "myid");
        File.Delete(file);
        if (content is not null)
        {
            File.WriteAllText(file, content);
        }
    }

    private void WriteData(params string[] files)
    {
        _ = Directory.CreateDirectory(Path.Combine(_directory, "version-2"));
        foreach (string file in files)
        {
            File.WriteAllText(Path.Combine(_directory, file), "");
        }
    }

    private ZabNodeOptions Read(string text)
    {
        string path = Path.Combine(_directory, "zoo.cfg");
        File.WriteAllText(path, text.Replace("DIR", _directory, StringComparison.Ordinal));
        return ZabNodeOptions.FromZooCfg(path);
    }

    private ZabConfigurationException Refused(string text) => Assert.Throws<ZabConfigurationException>(() => Read(text));
}
