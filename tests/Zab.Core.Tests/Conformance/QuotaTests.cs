using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tests.Requests;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Conformance;

/// <summary>Quotas (reference, 3.7): limits as ZooKeeper writes them, kept exactly.</summary>
public sealed class QuotaTests
{
    [Theory]
    [InlineData("count=5,bytes=100", 5, 100, -1, -1)]
    [InlineData("count=5,bytes=-1", 5, -1, -1, -1)]
    [InlineData("count=-1,bytes=-1", -1, -1, -1, -1)]
    [InlineData("count=5,bytes=100=;byteHardLimit=200;countHardLimit=9", 5, 100, 9, 200)]
    [InlineData("count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=9", -1, -1, 9, -1)]
    [InlineData("count=5;bytes=100;countHardLimit=9", 5, 100, 9, -1)]
    [InlineData("countHardLimit=0,byteHardLimit=0", -1, -1, 0, 0)]
    [InlineData("", -1, -1, -1, -1)]
    [InlineData("nonsense", -1, -1, -1, -1)]
    [InlineData("count=x,bytes=7", -1, 7, -1, -1)]
    [InlineData("count=99999999999999999999", -1, -1, -1, -1)]
    [InlineData("count=1=2", -1, -1, -1, -1)]
    public void Limits_are_read_as_ZooKeeper_writes_them(
        string text, long count, long bytes, long countHard, long bytesHard) => Assert.Equal(
        new QuotaLimits(count, bytes, countHard, bytesHard), QuotaLimits.Parse(Solo.Bytes(text)!.Value.Span));

    /// <summary>The tree is /q with 3 bytes, /q/a with 5, /q/a/b with 7. What is then asked, and
    /// whether.</summary>
    [Theory]
    [InlineData("countHardLimit=3", "create /q/new 0", false)]
    [InlineData("countHardLimit=4", "create /q/new 0", true)]
    [InlineData("countHardLimit=3", "create /q/a/b/new 0", false)] // all below counts
    [InlineData("countHardLimit=3", "create /qq 0", true)] // a name is no prefix
    [InlineData("countHardLimit=3", "create /other 0", true)]
    [InlineData("countHardLimit=2", "set /q/a 0", true)] // no more nodes than before
    [InlineData("countHardLimit=2", "delete /q/a/b 0", true)]
    [InlineData("countHardLimit=0", "create /q/new 0", false)]
    [InlineData("countHardLimit=-1", "create /q/new 0", true)]
    [InlineData("byteHardLimit=15", "set /q/a 5", true)]
    [InlineData("byteHardLimit=15", "set /q/a 6", false)]
    [InlineData("byteHardLimit=16", "set /q/a 6", true)]
    [InlineData("byteHardLimit=15", "set /q/a 4", true)]
    [InlineData("byteHardLimit=1", "set /q/a 5", true)] // what does not grow is not refused
    [InlineData("byteHardLimit=1", "set /q/a/b 6", true)]
    [InlineData("byteHardLimit=1", "set /q/a 6", false)]
    [InlineData("byteHardLimit=15", "set /q 4", false)] // the root of the quota counts itself
    [InlineData("byteHardLimit=15", "create /q/new 1", false)]
    [InlineData("byteHardLimit=15", "create /q/new 0", true)]
    [InlineData("byteHardLimit=16", "create /q/new 1", true)]
    [InlineData("count=1,bytes=1", "create /q/new 9", true)] // soft limits refuse nothing
    [InlineData("count=1,bytes=1=;byteHardLimit=-1;countHardLimit=3", "create /q/new 9", false)]
    public void A_hard_limit_refuses_what_would_exceed_it(string limits, string asked, bool allowed)
    {
        ClientRequest request = Asked(asked);
        ErrorCode expected = allowed ? ErrorCode.Ok : ErrorCode.QuotaExceeded;
        Workbench bench = Prepared(limits);
        DataState state = bench.Writer.Freeze();

        Assert.Equal(expected, bench.Do(request));
        Assert.Equal(expected, new Workbench(state).Do(
            new ClientRequest { Session = Workbench.Session, Op = OpCode.Multi, Operations = [request] }));
        Assert.Equal(
            ErrorCode.Ok,
            new Workbench(state, RequestRules.Default with { EnforcesQuotas = false }).Do(request));
    }

    [Theory]
    [InlineData("count=3", "create /q/new 0", "/q")]
    [InlineData("count=4", "create /q/new 0", null)]
    [InlineData("count=1", "set /q/a 9", null)]
    [InlineData("bytes=15", "set /q/a 6", "/q")]
    [InlineData("bytes=1", "set /q/a 5", null)]
    [InlineData("count=1=;countHardLimit=9", "create /q/new 0", null)] // beside a hard one it has no say
    public void A_soft_limit_warns_of_what_exceeds_it(string limits, string asked, string? warned)
    {
        Workbench bench = Prepared(limits);

        Assert.Equal(ErrorCode.Ok, bench.Do(Asked(asked)));

        Assert.Equal(warned, bench.WarnedQuota);
    }

    [Fact]
    public void A_hard_limit_that_is_not_enforced_warns()
    {
        Workbench bench = new(
            Prepared("countHardLimit=3").Writer.Freeze(), RequestRules.Default with { EnforcesQuotas = false });

        Assert.Equal(ErrorCode.Ok, bench.Do(Workbench.Create("/q/a/new")));

        Assert.Equal("/q", bench.WarnedQuota);
    }

    [Fact]
    public void Nothing_is_warned_of_that_was_not_done()
    {
        Workbench bench = Prepared("count=3");

        Assert.Equal(ErrorCode.BadVersion, bench.Do(new ClientRequest
        {
            Session = Workbench.Session,
            Op = OpCode.Multi,
            Operations = [Workbench.Create("/q/new"), Workbench.Delete("/q/new", version: 7)],
        }));

        Assert.Null(bench.WarnedQuota);
    }

    [Fact]
    public void Every_quota_on_the_way_counts()
    {
        Workbench bench = Prepared("countHardLimit=4");
        Make(bench, "/zookeeper/quota/q/a", "");
        Make(bench, "/zookeeper/quota/q/a/zookeeper_limits", "countHardLimit=9");

        Assert.Equal(ErrorCode.Ok, bench.Do(Workbench.Create("/q/a/1")));
        Assert.Equal(ErrorCode.QuotaExceeded, bench.Do(Workbench.Create("/q/a/2")));
        Assert.Equal(ErrorCode.Ok, bench.Do(
            Workbench.Set("/zookeeper/quota/q/zookeeper_limits", "countHardLimit=99")));
        Assert.Equal(ErrorCode.Ok, bench.Do(Workbench.Create("/q/a/2")));
    }

    [Fact]
    public void A_quota_of_everything_counts_everything()
    {
        Workbench bench = new();
        Make(bench, "/zookeeper/quota/zookeeper_limits", "countHardLimit=0"); // no prefix: ignored

        Assert.Equal(ErrorCode.Ok, bench.Do(Workbench.Create("/a")));
    }

    [Fact]
    public void A_multi_is_counted_part_by_part()
    {
        Workbench bench = Prepared("countHardLimit=5=;byteHardLimit=20");
        DataState before = bench.Writer.Freeze();

        Assert.Equal(ErrorCode.QuotaExceeded, Multi("create /q/1 0", "create /q/2 0", "create /q/3 0"));
        Assert.Equal(ErrorCode.Ok, Multi("create /q/1 0", "create /q/2 0", "delete /q/1 0", "create /q/3 0"));
        Assert.Equal(ErrorCode.QuotaExceeded, Multi("set /q/a 8", "set /q/a/b 10"));
        Assert.Equal(ErrorCode.Ok, Multi("set /q/a 8", "set /q/a/b 9"));
        Assert.Equal(ErrorCode.Ok, Multi("set /q/a/b 0", "set /q/a 12"));

        ErrorCode Multi(params string[] parts) => new Workbench(before).Do(new ClientRequest
        {
            Session = Workbench.Session,
            Op = OpCode.Multi,
            Operations = [.. parts.Select(Asked)],
        });
    }

    [Fact]
    public void A_quota_can_be_made_and_lifted_within_a_multi()
    {
        Workbench bench = Prepared("countHardLimit=3");

        Assert.Equal(ErrorCode.Ok, bench.Do(new ClientRequest
        {
            Session = Workbench.Session,
            Op = OpCode.Multi,
            Operations =
            [
                Workbench.Delete("/zookeeper/quota/q/zookeeper_limits"),
                Workbench.Create("/q/new"),
                Workbench.Create("/zookeeper/quota/q/zookeeper_limits", data: "countHardLimit=4"),
            ],
        }));
        Assert.Equal(ErrorCode.QuotaExceeded, bench.Do(Workbench.Create("/q/newer")));
    }

    [Fact]
    public void What_is_used_is_shown_when_it_is_read()
    {
        Solo solo = new();
        SessionId session = solo.Open();
        foreach (string path in (string[])["/q", "/q/a", "/zookeeper/quota/q"])
        {
            Assert.Equal(ErrorCode.Ok, solo.Create(session, path, data: "12345"));
        }

        const string Stats = "/zookeeper/quota/q/zookeeper_stats";
        Assert.Equal(ErrorCode.Ok, solo.Create(session, Stats, data: "count=0,bytes=0"));
        Assert.Equal("count=2,bytes=10", solo.DataOf(session, Stats));
        Assert.Equal(ErrorCode.Ok, solo.Set(session, "/q/a", null));
        Assert.Equal("count=2,bytes=5", solo.DataOf(session, Stats));
        Assert.Equal(ErrorCode.Ok, solo.Delete(session, "/q/a"));
        Assert.Equal("count=1,bytes=5", solo.DataOf(session, Stats));
        Assert.Equal(15, solo.Read(session, OpCode.Exists, Stats).Stat.DataLength);
        Assert.Equal(ErrorCode.Ok, solo.Delete(session, "/q"));
        Assert.Equal("count=0,bytes=0", solo.DataOf(session, Stats));
        Assert.Equal(0, solo.Read(session, OpCode.GetData, Stats).Stat.Version);
    }

    [Fact]
    public void What_is_used_tells_nobody_that_it_changed()
    {
        Solo solo = new();
        SessionId session = solo.Open();
        foreach (string path in (string[])["/q", "/zookeeper/quota/q", "/zookeeper/quota/q/zookeeper_stats"])
        {
            Assert.Equal(ErrorCode.Ok, solo.Create(session, path));
        }

        _ = solo.Read(session, OpCode.GetData, "/zookeeper/quota/q/zookeeper_stats", watch: true);
        Assert.Equal(ErrorCode.Ok, solo.Create(session, "/q/a"));

        Assert.Equal("", solo.TakeEvents(session));
    }

    private static ClientRequest Asked(string asked)
    {
        string[] words = asked.Split(' ');
        ReadOnlyMemory<byte> data = new byte[int.Parse(words[2], System.Globalization.CultureInfo.InvariantCulture)];
        return words[0] switch
        {
            "create" => Workbench.Create(words[1]) with { Data = data },
            "set" => Workbench.Set(words[1], null) with { Data = data },
            "delete" => Workbench.Delete(words[1]),
            _ => throw new ArgumentException(asked, nameof(asked)),
        };
    }

    private static Workbench Prepared(string limits)
    {
        Workbench bench = new();
        Make(bench, "/q", "123");
        Make(bench, "/q/a", "12345");
        Make(bench, "/q/a/b", "1234567");
        Make(bench, "/zookeeper/quota/q", "");
        Make(bench, "/zookeeper/quota/q/zookeeper_limits", limits);
        Make(bench, "/zookeeper/quota/q/zookeeper_stats", "");
        return bench;
    }

    private static void Make(Workbench bench, string path, string data) =>
        Assert.Equal(ErrorCode.Ok, bench.Do(Workbench.Create(path, data: data)));
}
