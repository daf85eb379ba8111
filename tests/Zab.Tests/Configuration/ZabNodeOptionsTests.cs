using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Zab.Core.Ports;
using Zab.Core.Requests;

namespace Zab.Tests.Configuration;

public sealed class ZabNodeOptionsTests
{
    private const string ThreeVoters = "server.1=a:1:2\nserver.2=b:1:2\nserver.3=c:1:2";

    private static ZabNodeOptions Valid => new()
    {
        ServerId = 1,
        Ensemble = EnsembleConfig.Parse(ThreeVoters),
        DataDirectory = "data/1",
    };

    /// <summary>A request that the client port takes never costs a follower the link to its leader (R19).</summary>
    [Theory]
    [InlineData(1024)]
    [InlineData((1024 * 1024) - 1)]
    [InlineData(2_000_000)]
    public void The_longest_request_fits_into_a_frame_between_servers(int requestBytesMax)
    {
        const int WireBytesMin = 17; // a check of the shortest path: type, done, error; length, version
        ClientRequest multi = new()
        {
            Op = OpCode.Multi,
            Operations = [.. Enumerable.Repeat(
                new ClientRequest { Op = OpCode.Check, Version = -1 }, requestBytesMax / WireBytesMin)],
        };

        Assert.InRange(multi.Encode().Length, 0, ZabNode.FrameBytesMaxOf(requestBytesMax) - 100_000);
    }

    [Fact]
    public void A_server_an_ensemble_and_a_directory_are_enough()
    {
        ZabNodeOptions options = Valid;

        options.Validate();

        Assert.Equal(TimeSpan.FromMilliseconds(500), options.TickTime);
        Assert.Equal((20, 4), (options.InitLimit, options.SyncLimit));
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20)), (options.SessionTimeoutMin, options.SessionTimeoutMax));
        Assert.Equal((100_000, 3), (options.SnapshotEvery, options.SnapshotsRetained));
        Assert.Equal(1_048_575, options.RequestBytesMax);
        Assert.Same(TimeProvider.System, options.TimeProvider);
        Assert.Same(NullLoggerFactory.Instance, options.LoggerFactory);
        Assert.Null(options.Seed);
        Assert.Equal((10_000, 1000), (options.RequestsMax, options.SessionRequestsMax));
        Assert.Equal(100_000, options.SessionWatchesMax);
        Assert.Equal(2_000_000, options.WatchesMax);
        Assert.Equal((64 * 1024, 32 << 20), (options.ChangesKept, options.ChangeBytesKept));
        Assert.Equal((1024, 10_000), (options.StatesKept, options.StateTransactionsKept));
        Assert.Equal(64 << 20, options.StateBytesKept);
        Assert.Empty(options.IgnoredKeys);
    }

    [Fact]
    public void A_log_store_of_ones_own_needs_no_directory()
    {
        ZabNodeOptions options = Valid with { DataDirectory = null, LogStore = Mock.Of<ILogStore>() };

        options.Validate();
    }

    [Fact]
    public void A_transport_of_ones_own_needs_no_ports()
    {
        EnsembleConfig ensemble = EnsembleConfig.Parse("server.1=x\nserver.2=y");
        ZabNodeOptions options = Valid with { Ensemble = ensemble, Transport = Mock.Of<ITransport>() };

        options.Validate();
    }

    public static TheoryData<string, ZabNodeOptions> Invalid => new()
    {
        { "Ensemble is null: set it to EnsembleConfig.Parse(…)", Valid with { Ensemble = null! } },
        { "ServerId is 4: it is not in the ensemble; use one of 1, 2, 3, or add a server.4 line", Valid with { ServerId = 4 } },
        { "ServerId is 0: it is not in the ensemble", Valid with { ServerId = 0 } },
        { "DataDirectory is null: set it to a directory", Valid with { DataDirectory = null } },
        { "DataDirectory is ' ': set it to a directory", Valid with { DataDirectory = " " } },
        { "EnsembleId is '': use 1 to 128 of a-z", Valid with { EnsembleId = "" } },
        { "EnsembleId is 'a b': use 1 to 128 of a-z", Valid with { EnsembleId = "a b" } },
        { "EnsembleId is 'aaaaaaaa", Valid with { EnsembleId = new string('a', 129) } },
        { "TickTime is 00:00:00: use 1 ms to 1 hour", Valid with { TickTime = TimeSpan.Zero } },
        { "TickTime is 02:00:00: use 1 ms to 1 hour", Valid with { TickTime = TimeSpan.FromHours(2) } },
        { "InitLimit is 0: use 1 or more", Valid with { InitLimit = 0 } },
        { "SyncLimit is 1: use 2 or more", Valid with { SyncLimit = 1 } },
        {
            "MinSessionTimeout is 00:00:00.1000000: a session cannot expire faster than TickTime",
            Valid with { MinSessionTimeout = TimeSpan.FromMilliseconds(100) }
        },
        {
            "MaxSessionTimeout is 00:00:00.5000000: it is below MinSessionTimeout (00:00:01)",
            Valid with { MaxSessionTimeout = TimeSpan.FromMilliseconds(500) }
        },
        { "MaxSessionTimeout is 25.00:00:00: use 2147483647 ms or less", Valid with { MaxSessionTimeout = TimeSpan.FromDays(25) } },
        { "SnapshotEvery is 1: use 2 or more", Valid with { SnapshotEvery = 1 } },
        { "SnapshotsRetained is 0: use 1 or more", Valid with { SnapshotsRetained = 0 } },
        { "SegmentBytes is 100: use 65536 to 1073741824", Valid with { SegmentBytes = 100 } },
        { "RequestBytesMax is 10: use 1024 to 2000000", Valid with { RequestBytesMax = 10 } },
        { "RequestsMax is 0: use 1 or more", Valid with { RequestsMax = 0 } },
        { "SessionRequestsMax is 0: use 1 or more", Valid with { SessionRequestsMax = 0 } },
        { "SessionWatchesMax is 0: use 1 or more", Valid with { SessionWatchesMax = 0 } },
        { "WatchesMax is 0: use 1 or more", Valid with { WatchesMax = 0 } },
        { "StatesKept is -1: use 0 or more", Valid with { StatesKept = -1 } },
        { "StateTransactionsKept is -1: use 0 or more", Valid with { StateTransactionsKept = -1 } },
        { "StateBytesKept is -1: use 0 or more", Valid with { StateBytesKept = -1 } },
        { "ChangesKept is 0: use 1 or more", Valid with { ChangesKept = 0 } },
        { "ChangeBytesKept is 4095: use 4096 or more", Valid with { ChangeBytesKept = 4095 } },
        { "TimeProvider is null: leave it out", Valid with { TimeProvider = null! } },
        { "LoggerFactory is null: leave it out", Valid with { LoggerFactory = null! } },
        {
            "Ensemble is server.1=solo: it has no ports; write server.1=solo:2888:3888, or set Transport",
            Valid with { Ensemble = EnsembleConfig.Parse("server.1=solo") }
        },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void A_bad_option_is_named_with_its_value_and_what_to_do(string expected, ZabNodeOptions options)
    {
        ZabConfigurationException refused = Assert.Throws<ZabConfigurationException>(options.Validate);

        Assert.Contains(expected, Assert.Single(refused.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void All_bad_options_are_listed_at_once()
    {
        ZabNodeOptions options = Valid with { ServerId = 9, DataDirectory = "", InitLimit = 0, SegmentBytes = 0 };

        ZabConfigurationException refused = Assert.Throws<ZabConfigurationException>(options.Validate);

        Assert.Equal(
            ["ServerId", "DataDirectory", "InitLimit", "SegmentBytes"],
            refused.Problems.Select(problem => problem.Split(' ')[0]));
    }

    [Fact]
    public void An_ensemble_keeps_its_name_when_observers_and_client_ports_change()
    {
        string name = Valid.EnsembleId;

        Assert.Equal("4ff402d08ac13077", name);
        Assert.Equal(name, Of("server.3=c:1:2\nserver.2=b:1:2;2181\n\nserver.1=a:1:2:participant").EnsembleId);
        Assert.Equal(name, Of(ThreeVoters + "\nserver.4=d:1:2:observer").EnsembleId);
    }

    [Theory]
    [InlineData("server.1=a:1:2\nserver.2=b:1:2")]
    [InlineData("server.1=a:1:2\nserver.2=b:1:2\nserver.3=c:1:3")]
    [InlineData("server.1=a:1:2\nserver.2=b:1:2\nserver.4=c:1:2")]
    [InlineData("server.1=a:1:2\nserver.2=b:1:2\nserver.3=d:1:2")]
    [InlineData("server.1=a:1:2\nserver.2=b:1:2\nserver.3=c:1:2:observer")]
    public void An_ensemble_of_other_voters_has_another_name(string text) =>
        Assert.NotEqual(Valid.EnsembleId, Of(text).EnsembleId);

    [Fact]
    public void A_name_that_is_set_stays()
    {
        ZabNodeOptions options = Valid with { EnsembleId = "orders.eu-1" };

        options.Validate();

        Assert.Equal("orders.eu-1", options.EnsembleId);
    }

    private static ZabNodeOptions Of(string ensemble) => Valid with { Ensemble = EnsembleConfig.Parse(ensemble) };
}
