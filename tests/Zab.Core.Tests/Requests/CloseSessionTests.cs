using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Sessions;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Requests;

public class CloseSessionTests
{
    private static readonly SessionId s_other = new(0x0200000000000001);

    [Fact]
    public void Closing_a_session_removes_exactly_its_ephemeral_nodes()
    {
        Workbench bench = new();
        bench.Open(s_other);
        bench.Do(Workbench.Create("/p"));
        bench.Do(Workbench.Create("/p/mine-2", CreateMode.Ephemeral));
        bench.Do(Workbench.Create("/p/theirs", CreateMode.Ephemeral) with { Session = s_other });
        bench.Do(Workbench.Create("/mine-1", CreateMode.Ephemeral));
        bench.Do(Workbench.Create("/gone", CreateMode.Ephemeral));
        bench.Do(Workbench.Delete("/gone") with { Session = s_other });
        bench.Do(Workbench.Create("/gone"));

        Assert.Equal(ErrorCode.Ok, bench.Close(Workbench.Session));

        Assert.Equal(
            [
                new ZnodeChange(ZnodeChangeKind.Deleted, "/mine-1"),
                new ZnodeChange(ZnodeChangeKind.Deleted, "/p/mine-2"),
            ],
            bench.Last!.Changes);
        Assert.False(bench.Has("/mine-1"));
        Assert.False(bench.Has("/p/mine-2"));
        Assert.True(bench.Has("/p/theirs"));
        Assert.True(bench.Has("/gone"));
        Assert.Equal(bench.Last.Zxid, bench.StatOf("/p").Pzxid);
        Assert.Equal((3, 1), (bench.StatOf("/p").Cversion, bench.StatOf("/p").NumChildren));
        Assert.False(bench.Writer.Sessions.Contains(Workbench.Session));
        Assert.True(bench.Writer.Sessions.Contains(s_other));
    }

    [Fact]
    public void Nothing_is_created_for_a_session_whose_close_is_proposed()
    {
        Workbench bench = new();
        bench.Close(Workbench.Session);

        Assert.Equal(ErrorCode.SessionExpired, bench.Do(Workbench.Create("/e", CreateMode.Ephemeral)));
        Assert.False(bench.Has("/e"));
    }

    [Fact]
    public void A_state_that_was_published_keeps_the_session_and_its_nodes()
    {
        Workbench bench = new();
        bench.Do(Workbench.Create("/e", CreateMode.Ephemeral));
        DataState before = bench.Writer.Freeze();

        bench.Close(Workbench.Session);

        Assert.True(before.Tree.TryGet("/e", out _));
        Assert.True(before.Sessions.TryGet(Workbench.Session, out SessionRecord? session));
        Assert.Equal(1, session.Ephemerals.Count);
    }

    [Fact]
    public void A_transaction_names_the_session_that_it_opens_or_closes()
    {
        Workbench bench = new();

        bench.Open(s_other, timeoutMs: 4_321);
        Assert.Equal((s_other, 4_321, OpCode.CreateSession), (
            bench.Last!.Session, bench.Last.TimeoutMs, bench.Last.Op));

        bench.Close(s_other);
        Assert.Equal((s_other, OpCode.CloseSession), (bench.Last.Session, bench.Last.Op));
    }
}
