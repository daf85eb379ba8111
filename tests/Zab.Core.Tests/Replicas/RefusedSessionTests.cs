using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Testing.Scripts;

namespace Zab.Core.Tests.Replicas;

public sealed class RefusedSessionTests
{
    /// <summary>What a client asked behind a session that it did not get is not done: no watch is left for
    /// nobody, which would end the server when it fires (R20).</summary>
    [Fact]
    public void Behind_a_session_that_is_refused_nothing_is_answered_and_no_watch_is_left()
    {
        Cluster cluster = new(3, 0);
        cluster.Start(1, 2, 3);
        Assert.True(cluster.Stabilize());
        int server = cluster.Leader!.Id.Value == 1 ? 2 : 1;
        cluster.OpenSession(server, 1_000_000);
        cluster.Settle();
        SessionId another = new((7L << 56) | 1); // an id that another server gives
        cluster.Ask(
            server, new ClientRequest { Op = OpCode.CreateSession, Session = another, Cxid = 1, TimeoutMs = 1_000 });
        cluster.Ask(
            server, new ClientRequest { Op = OpCode.Exists, Session = another, Cxid = 2, Path = "/a", Watch = true });

        cluster.Settle();
        cluster.Submit(server, new ClientRequest { Op = OpCode.Create2, Path = "/a" });
        cluster.Settle();

        Assert.Equal(0, cluster[server].Replica!.Clients.Watches.Count);
        Assert.All(
            cluster.Replies.Where(answer => answer.Session == another),
            answer => Assert.Equal(ErrorCode.BadArguments, answer.Reply.Error));
        Assert.Equal(ErrorCode.Ok, cluster.Replies[^1].Reply.Error);
    }
}
