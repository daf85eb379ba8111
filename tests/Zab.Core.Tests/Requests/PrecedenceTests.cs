using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Requests;

/// <summary>Which error wins when several would be true: table 3.2 of the reference, for the operations there
/// are.</summary>
public class PrecedenceTests
{
    [Theory]
    [InlineData("/new", 0, false, ErrorCode.Ok)]
    [InlineData("none", 9, true, ErrorCode.BadArguments)] // The mode before the session.
    [InlineData("none", 7, true, ErrorCode.BadArguments)]
    [InlineData("none", -1, true, ErrorCode.BadArguments)]
    [InlineData("none", 0, true, ErrorCode.SessionExpired)] // The session before the path.
    [InlineData("none", 0, false, ErrorCode.BadArguments)]
    [InlineData("", 0, false, ErrorCode.BadArguments)]
    [InlineData("/none/\0", 0, false, ErrorCode.BadArguments)] // NUL before the parent.
    [InlineData("/none/\u0001", 0, false, ErrorCode.NoNode)] // The parent before the rest of the path.
    [InlineData("a/b", 0, false, ErrorCode.NoNode)]
    [InlineData("/none/", 0, false, ErrorCode.NoNode)]
    [InlineData("/a/", 0, false, ErrorCode.BadArguments)]
    [InlineData("/a/", 2, false, ErrorCode.Ok)] // A slash before a number is no slash at the end.
    [InlineData("/a/\u0001", 0, false, ErrorCode.BadArguments)]
    [InlineData("/a/.", 0, false, ErrorCode.BadArguments)]
    [InlineData("/a/.", 2, false, ErrorCode.Ok)]
    [InlineData("/", 0, false, ErrorCode.NodeExists)]
    [InlineData("/a", 0, false, ErrorCode.NodeExists)]
    [InlineData("/a", 2, false, ErrorCode.Ok)]
    [InlineData("/e/x", 0, false, ErrorCode.NoChildrenForEphemerals)]
    [InlineData("/e/x", 1, false, ErrorCode.NoChildrenForEphemerals)]
    [InlineData("/e/", 0, false, ErrorCode.BadArguments)] // The path before the ephemeral parent.
    [InlineData("/zookeeper/x", 0, false, ErrorCode.Ok)]
    public void Of_a_create(string path, int mode, bool expired, ErrorCode expected) =>
        Check(Workbench.Create(path, (CreateMode)mode), expired, expected);

    [Theory]
    [InlineData("/a/b", -1, false, ErrorCode.Ok)]
    [InlineData("/a/b", 0, false, ErrorCode.Ok)]
    [InlineData("none", 7, true, ErrorCode.SessionExpired)] // The session before the path.
    [InlineData("none", 7, false, ErrorCode.BadArguments)]
    [InlineData("/a\0/b", 7, false, ErrorCode.BadArguments)]
    [InlineData("/", 7, false, ErrorCode.BadArguments)] // Reserved nodes before the version.
    [InlineData("/zookeeper", 7, false, ErrorCode.BadArguments)]
    [InlineData("/zookeeper/quota", 0, false, ErrorCode.BadArguments)]
    [InlineData("/zookeeper/config", 0, false, ErrorCode.BadArguments)]
    [InlineData("/none/b", 7, false, ErrorCode.NoNode)]
    [InlineData("/a/none", 7, false, ErrorCode.NoNode)] // The node before the version.
    [InlineData("/a/b/", -1, false, ErrorCode.NoNode)]
    [InlineData("/a", 7, false, ErrorCode.BadVersion)] // The version before the children.
    [InlineData("/a", -2, false, ErrorCode.BadVersion)]
    [InlineData("/a", 0, false, ErrorCode.NotEmpty)]
    [InlineData("/a", -1, false, ErrorCode.NotEmpty)]
    public void Of_a_delete(string path, int version, bool expired, ErrorCode expected) =>
        Check(Workbench.Delete(path, version), expired, expected);

    [Theory]
    [InlineData("/a", -1, false, ErrorCode.Ok)]
    [InlineData("/a", 0, false, ErrorCode.Ok)]
    [InlineData("/", -1, false, ErrorCode.Ok)]
    [InlineData("none", 7, true, ErrorCode.SessionExpired)] // The session before the path.
    [InlineData("none", 7, false, ErrorCode.BadArguments)]
    [InlineData("/a/", 7, false, ErrorCode.BadArguments)]
    [InlineData("/none/.", 7, false, ErrorCode.BadArguments)] // The path before the node.
    [InlineData("/none", 7, false, ErrorCode.NoNode)] // The node before the version.
    [InlineData("/a", 7, false, ErrorCode.BadVersion)]
    [InlineData("/zookeeper/config", 7, false, ErrorCode.NoAuth)] // The permission before the version.
    [InlineData("/zookeeper/config", -1, false, ErrorCode.NoAuth)]
    public void Of_a_set(string path, int version, bool expired, ErrorCode expected) =>
        Check(Workbench.Set(path, "x", version), expired, expected);

    [Fact]
    public void Of_a_session()
    {
        Workbench bench = Prepared();
        ClientRequest open = new() { Session = new SessionId(9), Op = OpCode.CreateSession, TimeoutMs = 1 };

        Assert.Equal(ErrorCode.BadArguments, bench.Do(open with { TimeoutMs = 0 }));
        Assert.Equal(ErrorCode.BadArguments, bench.Do(open with { TimeoutMs = -1 }));
        Assert.Equal(ErrorCode.BadArguments, bench.Do(open with { Session = SessionId.None }));
        Assert.Equal(ErrorCode.BadArguments, bench.Do(open with { Session = new SessionId(long.MinValue) }));
        Assert.Equal(ErrorCode.BadArguments, bench.Do(open with { Session = Workbench.Session }));
        Assert.Equal(ErrorCode.Ok, bench.Do(open));
        Assert.Equal(ErrorCode.Ok, bench.Close(open.Session));
        Assert.Equal(ErrorCode.SessionExpired, bench.Close(open.Session));
    }

    [Theory]
    [InlineData(OpCode.Exists)]
    [InlineData(OpCode.GetData)]
    [InlineData(OpCode.GetChildren)]
    [InlineData(OpCode.GetChildren2)]
    [InlineData(OpCode.Sync)]
    [InlineData(OpCode.AddWatch)]
    [InlineData(OpCode.RemoveWatches)]
    [InlineData((OpCode)13)]
    public void What_changes_nothing_is_never_proposed(OpCode op) =>
        Check(Workbench.Set("/a", "x") with { Op = op }, expired: false, ErrorCode.Unimplemented);

    [Fact]
    public void A_transaction_above_the_limit_is_refused_before_it_is_proposed()
    {
        Workbench bench = Prepared();
        ClientRequest set = Workbench.Set("/a", "x");
        int overhead = TxnHeader.Bytes + sizeof(int) + "/a".Length + sizeof(int) + sizeof(int)
            + TxnTrailer.Bytes;
        byte[] largest = new byte[RequestPreparer.RecordBytesMax - overhead];

        Assert.Equal(ErrorCode.Ok, bench.Do(set with { Data = largest }));
        Assert.Equal(RequestPreparer.RecordBytesMax, bench.LastTxn.Length);
        Assert.Equal(ErrorCode.BadArguments, bench.Do(set with { Data = new byte[largest.Length + 1] }));
    }

    [Fact]
    public void A_lower_limit_holds_for_values_and_for_the_nodes_of_a_session()
    {
        RequestRules rules = RequestRules.Default with { RecordBytesMax = 500 };
        Workbench bench = new(DataState.Initial, rules);
        string name = new('x', 100);

        bench.Open(Workbench.Session);
        Assert.Equal(ErrorCode.Ok, bench.Do(Workbench.Create("/a")));
        Assert.Equal(
            ErrorCode.BadArguments, bench.Do(Workbench.Set("/a", "") with { Data = new byte[500] }));
        for (int i = 1; i <= 4; i++)
        {
            Assert.Equal(ErrorCode.Ok, bench.Do(Workbench.Create($"/{i}{name}", CreateMode.Ephemeral)));
        }

        Assert.Equal(
            ErrorCode.QuotaExceeded, bench.Do(Workbench.Create($"/5{name}", CreateMode.Ephemeral)));
        Assert.Equal(ErrorCode.Ok, bench.Close(Workbench.Session));
        Assert.InRange(bench.LastTxn.Length, 400, 500);
    }

    [Fact]
    public void A_session_owns_no_more_nodes_than_one_transaction_can_list()
    {
        Workbench bench = Prepared();
        string longName = new('x', 400_000);
        int created = 0;
        ErrorCode error;
        ClientRequest create = Workbench.Create($"/{longName}", CreateMode.EphemeralSequential);
        while ((error = bench.Do(create)) == ErrorCode.Ok)
        {
            created++;
        }

        Assert.Equal(ErrorCode.QuotaExceeded, error);
        Assert.InRange(created, 2, 5);
        Assert.Equal(
            ErrorCode.Ok, bench.Do(Workbench.Create($"/{longName}", CreateMode.PersistentSequential)));
        Assert.Equal(ErrorCode.Ok, bench.Close(Workbench.Session));
        Assert.InRange(bench.LastTxn.Length, 800_000, RequestPreparer.RecordBytesMax);
        Assert.Equal(created + 1, bench.Last!.Changes.Count); // And /e.
    }

    private static void Check(ClientRequest request, bool expired, ErrorCode expected)
    {
        Workbench bench = Prepared();
        if (expired)
            request = request with { Session = new SessionId(404) };

        Assert.Equal(expected, bench.Do(request));
    }

    private static Workbench Prepared()
    {
        Workbench bench = new();
        Assert.Equal(ErrorCode.Ok, bench.Do(Workbench.Create("/a")));
        Assert.Equal(ErrorCode.Ok, bench.Do(Workbench.Create("/a/b")));
        Assert.Equal(ErrorCode.Ok, bench.Do(Workbench.Create("/e", CreateMode.Ephemeral)));
        return bench;
    }
}
