using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Requests;

/// <summary>What each operation does to the stats of a node and of its parent: section 3.1 of the
/// reference.</summary>
public class StatArithmeticTests
{
    [Fact]
    public void A_new_node_carries_its_transaction_in_all_three_zxids()
    {
        Workbench bench = new();

        bench.Do(Workbench.Create("/a", data: "four"), timeMs: 1234);

        Zxid zxid = bench.Last!.Zxid;
        Stat expected = new(zxid, zxid, 1234, 1234, 0, 0, 0, SessionId.None, 4, 0, zxid);
        Assert.Equal(expected, bench.StatOf("/a"));
        Assert.Equal(expected, bench.Last.Stat);
        Assert.Equal("/a", bench.Last.Path);
    }

    [Fact]
    public void An_ephemeral_node_shows_its_owner()
    {
        Workbench bench = new();

        bench.Do(Workbench.Create("/e", CreateMode.Ephemeral));

        Assert.Equal(Workbench.Session, bench.StatOf("/e").EphemeralOwner);
    }

    [Theory]
    [InlineData("create", 4, 2, true)]
    [InlineData("create sequential", 4, 2, true)]
    [InlineData("create ephemeral", 4, 2, true)]
    [InlineData("delete", 4, 0, true)]
    [InlineData("set child", 3, 1, false)]
    [InlineData("create grandchild", 3, 1, false)]
    public void A_parent_counts_changes_of_its_children(
        string change, int cversion, int children, bool movesPzxid)
    {
        Workbench bench = new();
        bench.Do(Workbench.Create("/p"));
        bench.Do(Workbench.Create("/p/a"));
        bench.Do(Workbench.Create("/p/b"));
        bench.Do(Workbench.Delete("/p/b"));
        Stat before = bench.StatOf("/p");
        Assert.Equal((3, 1), (before.Cversion, before.NumChildren));

        Assert.Equal(ErrorCode.Ok, bench.Do(change switch
        {
            "create" => Workbench.Create("/p/c"),
            "create sequential" => Workbench.Create("/p/c-", CreateMode.PersistentSequential),
            "create ephemeral" => Workbench.Create("/p/c", CreateMode.Ephemeral),
            "delete" => Workbench.Delete("/p/a"),
            "set child" => Workbench.Set("/p/a", "x"),
            _ => Workbench.Create("/p/a/x"),
        }, timeMs: 99));

        Zxid pzxid = movesPzxid ? bench.Last!.Zxid : before.Pzxid;
        Assert.Equal(
            before with { Cversion = cversion, NumChildren = children, Pzxid = pzxid }, bench.StatOf("/p"));
    }

    [Fact]
    public void A_set_moves_version_mzxid_and_mtime_even_when_the_data_is_the_same()
    {
        Workbench bench = new();
        bench.Do(Workbench.Create("/a", data: "x"), timeMs: 5);
        Stat before = bench.StatOf("/a");

        bench.Do(Workbench.Set("/a", "x"), timeMs: 7);

        Assert.Equal(before with { Version = 1, Mzxid = bench.Last!.Zxid, Mtime = 7 }, bench.StatOf("/a"));
        Assert.Equal(bench.StatOf("/a"), bench.Last.Stat);
        Assert.Equal([new ZnodeChange(ZnodeChangeKind.DataChanged, "/a")], bench.Last.Changes);
    }

    [Fact]
    public void The_root_can_be_written()
    {
        Workbench bench = new();

        bench.Do(Workbench.Set("/", "root", version: 0), timeMs: 7);

        Stat root = bench.StatOf("/");
        Assert.Equal(
            (1, 4, bench.Last!.Zxid, -1), (root.Version, root.DataLength, root.Mzxid, root.Cversion));
        Assert.True(bench.Has("/zookeeper/quota"));
    }

    [Theory]
    [InlineData(null, 0, true)]
    [InlineData("", 0, false)]
    [InlineData("abc", 3, false)]
    public void Null_and_empty_data_are_two_things(string? data, int length, bool isNull)
    {
        Workbench bench = new();
        bench.Do(Workbench.Create("/created", data: data));
        bench.Do(Workbench.Create("/set", data: "other"));
        bench.Do(Workbench.Set("/set", data));

        foreach (string path in (string[])["/created", "/set"])
        {
            Assert.True(bench.Writer.TryFind(path, out Znode? node));
            Assert.Equal(isNull, node.Data is null);
            Assert.Equal(length, node.Stat.DataLength);
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(int.MaxValue, int.MinValue)]
    [InlineData(-3, -2)]
    [InlineData(-2, 0)] // Not -1, which would mean any version (ZB-41).
    public void A_version_wraps_around_and_leaves_minus_one_out(int before, int after)
    {
        Workbench bench = new();
        bench.Do(Workbench.Create("/a"));
        TxnHeader header = new(Workbench.Session, 0, Zxid.Of(1, 100), 0, OpCode.SetData);
        bench.Writer.ApplyNew(header.Zxid, TxnRecords.Write(
                header, new TxnRecord { Type = OpCode.SetData, Path = "/a", Number = before }, TxnTrailer.NotKept));
        Workbench later = new(bench.Writer.Freeze());

        Assert.Equal(ErrorCode.Ok, later.Do(Workbench.Set("/a", "x", before)));

        Assert.Equal(after, later.StatOf("/a").Version);
    }

    [Theory]
    [InlineData(0, "0000000000")]
    [InlineData(7, "0000000007")]
    [InlineData(int.MaxValue, "2147483647")]
    [InlineData(int.MinValue, "-2147483648")]
    [InlineData(int.MinValue + 1, "-2147483647")]
    [InlineData(-5, "-000000005")]
    [InlineData(-1, "-000000001")]
    public void A_sequential_name_ends_with_the_parents_count_of_creations(int creations, string suffix)
    {
        Workbench bench = new();
        bench.Do(Workbench.Create("/p"));
        TxnHeader header = new(Workbench.Session, 0, Zxid.Of(1, 100), 0, OpCode.Create);
        bench.Writer.ApplyNew(
            header.Zxid, TxnRecords.Write(
                header,
                new TxnRecord { Type = OpCode.Create, Path = "/p/first", Number = creations },
                TxnTrailer.NotKept));
        Workbench later = new(bench.Writer.Freeze());

        Assert.Equal(ErrorCode.Ok, later.Do(Workbench.Create("/p/", CreateMode.PersistentSequential)));
        Assert.Equal($"/p/{suffix}", later.Last!.Path);
        Assert.Equal(unchecked((2 * (creations + 1)) - 2), later.StatOf("/p").Cversion);

        Assert.Equal(ErrorCode.Ok, later.Do(Workbench.Create("/p/n", CreateMode.EphemeralSequential)));
        Assert.NotEqual($"/p/n{suffix}", later.Last.Path);
    }

    [Fact]
    public void Creates_of_all_kinds_advance_the_count_and_deletes_do_not()
    {
        Workbench bench = new();
        bench.Do(Workbench.Create("/p"));
        bench.Do(Workbench.Create("/p/a"));
        bench.Do(Workbench.Create("/p/b", CreateMode.Ephemeral));
        bench.Do(Workbench.Delete("/p/a"));
        bench.Do(Workbench.Create("/p/s-", CreateMode.PersistentSequential));

        Assert.Equal("/p/s-0000000002", bench.Last!.Path);

        bench.Do(Workbench.Delete("/p/s-0000000002"));
        bench.Do(Workbench.Create("/p/s-", CreateMode.PersistentSequential));

        Assert.Equal("/p/s-0000000003", bench.Last.Path);
    }
}
