using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tests.Requests;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Conformance;

/// <summary>What ends without a delete (reference, 3.5): nodes of a session, containers, nodes with a time to
/// live.</summary>
public sealed class LifetimeTests
{
    private const int SweepTicks = 5;

    [Theory]
    [InlineData(0L, "stays", 0L, 0L)]
    [InlineData(0x0100000000000007L, "ephemeral", 0x0100000000000007L, 0L)]
    [InlineData(-2L << 56, "ephemeral", -2L << 56, 0L)] // server 254
    [InlineData(long.MinValue, "container", 0L, 0L)]
    [InlineData(long.MinValue + 1, "ephemeral", long.MinValue + 1, 0L)]
    [InlineData((0xFFL << 56) | 1, "timed", 0L, 1L)]
    [InlineData((0xFFL << 56) | 0xFF_FFFF_FFFFL, "timed", 0L, 0xFF_FFFF_FFFFL)]
    [InlineData(0xFFL << 56, "invalid", 0L, 0L)]
    [InlineData((0xFFL << 56) | (1L << 40) | 1, "invalid", 0L, 1L)] // the reserved bytes
    [InlineData(-1L, "invalid", 0L, 0xFF_FFFF_FFFFL)]
    public void The_owner_is_one_number_as_ZooKeeper_has_it(long raw, string kind, long session, long ttlMs)
    {
        ZnodeOwner owner = new(raw);

        Assert.Equal(new SessionId(session), owner.Session);
        Assert.Equal(ttlMs, owner.TtlMs);
        Assert.Equal(kind != "invalid", owner.IsValid);
        if (kind == "container")
            Assert.Equal(ZnodeOwner.Container, owner);
        else if (kind == "timed")
            Assert.Equal(ZnodeOwner.WithTtl(ttlMs), owner);
        else if (kind == "ephemeral")
            Assert.Equal(ZnodeOwner.Of(owner.Session), owner);
    }

    [Theory]
    [InlineData(CreateMode.Persistent, 0, false)]
    [InlineData(CreateMode.PersistentSequential, 0, false)]
    [InlineData(CreateMode.Ephemeral, 0, true)]
    [InlineData(CreateMode.EphemeralSequential, 0, true)]
    [InlineData(CreateMode.Container, 0, false)]
    [InlineData(CreateMode.PersistentWithTtl, 5_000, false)]
    [InlineData(CreateMode.PersistentSequentialWithTtl, 5_000, false)]
    public void Only_an_ephemeral_node_shows_an_owner(CreateMode mode, long ttlMs, bool shows)
    {
        Workbench bench = new();

        Assert.Equal(ErrorCode.Ok, bench.Do(Workbench.Create("/n", mode) with { TtlMs = ttlMs }));

        Assert.Equal(shows ? Workbench.Session : SessionId.None, bench.Last!.Stat.EphemeralOwner);
        Assert.True(bench.Writer.TryFind(bench.Last.Path, out Znode? node));
        Assert.Equal(ttlMs, node.Owner.TtlMs);
        Assert.Equal(mode == CreateMode.Container, node.Owner.IsContainer);
    }

    /// <summary>What was done to a container or to a node that lives 100 ms, how long ago its data was set,
    /// and whether it is over.</summary>
    [Theory]
    [InlineData("container", "", 1_000_000_000, false)] // it never had a child
    [InlineData("container", "child", 1_000_000_000, false)]
    [InlineData("container", "child gone", 0, true)]
    [InlineData("container", "set", 1_000_000_000, false)]
    [InlineData("container", "child gone child", 0, false)]
    [InlineData("timed", "", 100, false)]
    [InlineData("timed", "", 101, true)]
    [InlineData("timed", "child", 101, false)]
    [InlineData("timed", "child gone", 101, true)] // children do not renew it
    [InlineData("timed", "child gone", 100, false)]
    [InlineData("plain", "child gone", 1_000_000_000, false)]
    [InlineData("ephemeral", "", 1_000_000_000, false)]
    public void A_node_is_over_when_it_is_empty_and_its_time_has_come(
        string kind, string history, long silentMs, bool isOver)
    {
        Workbench bench = new();
        CreateMode mode = ModeOf(kind);
        long now = 1_000;
        Assert.Equal(
            ErrorCode.Ok, bench.Do(Workbench.Create("/n", mode) with { TtlMs = mode.HasTtl ? 100 : 0 }, now));
        foreach (string step in history.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.Equal(ErrorCode.Ok, bench.Do(step switch
            {
                "child" => Workbench.Create("/n/c"),
                "gone" => Workbench.Delete("/n/c"),
                _ => Workbench.Set("/n", "x"),
            }, now));
        }

        Assert.True(bench.Writer.TryFind("/n", out Znode? node));
        Assert.Equal(isOver, Lifetimes.IsOver(node, now + silentMs));

        ErrorCode expected = isOver ? ErrorCode.Ok
            : node.Children.Count > 0 ? ErrorCode.NotEmpty
            : ErrorCode.BadVersion;
        ClientRequest sweep = new() { Op = OpCode.DeleteContainer, Path = "/n" };
        Assert.Equal(expected, bench.Do(sweep, now + silentMs));
        Assert.Equal(isOver ? ErrorCode.NoNode : expected, bench.Do(sweep, now + silentMs));
    }

    [Fact]
    public void Data_that_is_set_renews_a_node_with_a_time_to_live()
    {
        Solo solo = new(sweepTicks: 1);
        SessionId session = solo.Open();
        Assert.Equal(ErrorCode.Ok, solo.Create(session, "/t", CreateMode.PersistentWithTtl, ttlMs: 100));
        for (int i = 0; i < 5; i++)
        {
            solo.Tick(9);
            Assert.Equal(ErrorCode.Ok, solo.Set(session, "/t", "x"));
        }

        solo.Tick(10);
        Assert.True(solo.Has("/t"));
        solo.Tick(3);
        Assert.False(solo.Has("/t"));
    }

    [Fact]
    public void A_container_goes_after_its_last_child_and_not_before_its_first()
    {
        Solo solo = new(sweepTicks: SweepTicks);
        SessionId session = solo.Open();
        Assert.Equal(ErrorCode.Ok, solo.Create(session, "/c", CreateMode.Container));
        Assert.Equal(ErrorCode.Ok, solo.Create(session, "/never", CreateMode.Container));
        solo.Tick(3 * SweepTicks);
        Assert.Equal(ErrorCode.Ok, solo.Create(session, "/c/d", CreateMode.Container));
        Assert.Equal(ErrorCode.Ok, solo.Create(session, "/c/d/e", CreateMode.Ephemeral));
        solo.Tick(3 * SweepTicks);
        Assert.True(solo.Has("/c/d/e"));

        Assert.Equal(ErrorCode.Ok, solo.Close(session));
        solo.Tick(4 * SweepTicks);

        Assert.False(solo.Has("/c/d"));
        Assert.False(solo.Has("/c")); // its last child was a container, too
        Assert.True(solo.Has("/never"));
    }

    [Theory]
    [InlineData(CreateMode.Container)]
    [InlineData(CreateMode.PersistentWithTtl)]
    public void The_leader_ends_no_more_nodes_in_a_minute_than_it_may(CreateMode mode)
    {
        const int PerTick = 3;
        Solo solo = new(sweepTicks: 1, sweepsPerMinuteMax: PerTick * 60_000 / Solo.TickMs);
        SessionId session = solo.Open();
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(ErrorCode.Ok, solo.Create(session, $"/n{i}", mode, ttlMs: mode.HasTtl ? 1 : 0));
            Assert.Equal(ErrorCode.Ok, solo.Create(session, $"/n{i}/c"));
        }

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(ErrorCode.Ok, solo.Delete(session, $"/n{i}/c"));
        }

        int left = 20;
        while (left > 0)
        {
            solo.Tick();
            int now = Enumerable.Range(0, 20).Count(i => solo.Has($"/n{i}"));
            Assert.InRange(left - now, now == 0 ? 0 : 1, PerTick);
            left = now;
        }
    }

    [Fact]
    public void A_round_looks_at_every_node_however_many_there_are()
    {
        Workbench bench = new();
        for (int i = 0; i < 9_000; i++)
        {
            ClientRequest timed = Workbench.Create($"/t{i:D5}", CreateMode.PersistentWithTtl);
            Assert.Equal(ErrorCode.Ok, bench.Do(timed with { TtlMs = i == 8_999 ? 1 : 1_000_000 }));
        }

        ZnodeTree tree = bench.Writer.Freeze().Tree;
        Solo solo = new();
        NodeSweeper sweeper = new(Options(solo));
        List<string> over = [];
        for (int tick = SweepTicks; tick < SweepTicks + 3; tick++)
        {
            over.AddRange(sweeper.TakeOver(tree, tick, timeMs: 500, room: 100));
        }

        Assert.Equal(["/t08999"], over);
    }

    [Fact]
    public void A_node_that_was_renewed_while_it_was_to_be_ended_stays()
    {
        Workbench bench = new();
        bench.Do(Workbench.Create("/t", CreateMode.PersistentWithTtl) with { TtlMs = 100 }, timeMs: 0);
        bench.Do(Workbench.Set("/t", "x"), timeMs: 150);

        Assert.Equal(
            ErrorCode.BadVersion,
            bench.Do(new ClientRequest { Op = OpCode.DeleteContainer, Path = "/t" }, timeMs: 200));
    }

    [Fact]
    public void A_state_lists_its_containers_and_its_timed_nodes_and_no_others()
    {
        Workbench bench = new();
        foreach ((string path, CreateMode mode) in ((string, CreateMode)[])
            [
                ("/p", CreateMode.Persistent), ("/c", CreateMode.Container), ("/c/d", CreateMode.Container),
                ("/t", CreateMode.PersistentWithTtl), ("/t/u", CreateMode.PersistentWithTtl),
                ("/e", CreateMode.Ephemeral),
            ])
        {
            Assert.Equal(ErrorCode.Ok, bench.Do(Workbench.Create(path, mode) with { TtlMs = mode.HasTtl ? 7 : 0 }));
        }

        bench.Do(Workbench.Set("/t", "x"));
        bench.Do(new ClientRequest
        {
            Session = Workbench.Session,
            Op = OpCode.SetAcl,
            Path = "/c",
            Acl = Rights.Of("cdrwa:world:anyone, r:digest:a:b"),
            Version = -1,
        });
        Assert.Equal((2, 2), Counts(bench));
        bench.Do(Workbench.Delete("/c/d"));
        bench.Do(Workbench.Delete("/t/u"));
        Assert.Equal((1, 1), Counts(bench));
        bench.Do(Workbench.Delete("/c"));
        bench.Do(Workbench.Delete("/t"));
        Assert.Equal((0, 0), Counts(bench));
    }

    private static (int, int) Counts(Workbench bench)
    {
        ZnodeTree tree = bench.Writer.Freeze().Tree;
        return (tree.Containers.Count, tree.Timed.Count);
    }

    private static CreateMode ModeOf(string kind) => kind switch
    {
        "container" => CreateMode.Container,
        "timed" => CreateMode.PersistentWithTtl,
        "ephemeral" => CreateMode.Ephemeral,
        _ => CreateMode.Persistent,
    };

    private static ReplicaOptions Options(Solo solo) => solo.Options with { SweepTicks = SweepTicks };
}
