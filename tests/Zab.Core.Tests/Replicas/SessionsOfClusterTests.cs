using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Sessions;
using Zab.Core.Tree;
using Zab.Testing.Scripts;

namespace Zab.Core.Tests.Replicas;

/// <summary>The lives of sessions in an ensemble of several servers.</summary>
public sealed class SessionsOfClusterTests
{
    private readonly Cluster _cluster = new(3, 0);

    public SessionsOfClusterTests()
    {
        _cluster.Start(1, 2, 3);
        Assert.True(_cluster.Stabilize());
        _ = _cluster.Trace.Take();
    }

    private SessionTable Table => _cluster.Leader!.Replica!.Committed.Sessions;

    [Fact]
    public void Ten_thousand_sessions_expire_together_and_nobody_else()
    {
        const int Count = 10_000;
        Replica leader = _cluster.Leader!.Replica!;
        int other = _cluster.Leader.Id.Value == 1 ? 2 : 1;
        Replica follower = _cluster[other].Replica!;
        List<SessionId> silent = [];
        List<SessionId> alive = [];
        for (int i = 0; i < Count; i++)
        {
            Replica server = i % 2 == 0 ? leader : follower;
            SessionId session = server.NewSessionId();
            silent.Add(session);
            Open(i % 2 == 0 ? _cluster.Leader.Id.Value : other, session, timeoutMs: 1_000);
            if (i % 100 == 0)
            {
                Flow();
                session = server.NewSessionId();
                alive.Add(session);
                Open(i % 2 == 0 ? _cluster.Leader.Id.Value : other, session, timeoutMs: 1_000);
            }
        }

        Flow();
        Assert.Equal(Count + alive.Count, Table.Count);
        foreach (SessionId session in silent)
        {
            leader.Detach(session);
            follower.Detach(session);
        }

        Pass(90);
        Assert.Equal(Count + alive.Count, Table.Count); // not before their time
        Pass(40);

        Assert.Equal(
            alive.Select(session => session.Value).Order(), Table.All.Select(session => session.Id.Value).Order());
        _cluster.Check();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_session_that_must_be_heard_lives_for_as_long_as_it_is_heard(bool atTheLeader)
    {
        int leader = _cluster.Leader!.Id.Value;
        int server = atTheLeader ? leader : leader == 1 ? 2 : 1;
        Replica replica = _cluster[server].Replica!;
        SessionId silent = replica.NewSessionId();
        SessionId pinging = replica.NewSessionId();
        SessionId asking = replica.NewSessionId();
        SessionId attached = replica.NewSessionId();
        foreach (SessionId session in (SessionId[])[silent, pinging, asking, attached])
        {
            _cluster.Ask(server, new ClientRequest
            {
                Op = OpCode.CreateSession,
                Session = session,
                TimeoutMs = 1_000,
                MustBeHeard = session != attached,
            });
        }

        _cluster.Settle();
        Assert.Equal(4, Table.Count);

        for (int i = 0; i < 30; i++)
        {
            replica.Hear(pinging);
            _cluster.Ask(server, new ClientRequest { Op = OpCode.Exists, Session = asking, Cxid = i + 1, Path = "/" });
            Pass(10);
        }

        Assert.False(Table.TryGet(silent, out _));
        Assert.True(Table.TryGet(pinging, out _));
        Assert.True(Table.TryGet(asking, out _));
        Assert.True(Table.TryGet(attached, out _));
    }

    [Fact]
    public void Nobody_expires_for_a_pause_of_the_leader()
    {
        int leader = _cluster.Leader!.Id.Value;
        _cluster.OpenSession(leader, 1_000);
        _cluster.OpenSession(leader == 1 ? 2 : 1, 1_000);
        _cluster.Settle();
        Assert.Equal(2, Table.Count);

        _cluster.Leader.Replica!.Tick(ticks: 15); // less than would end its role
        _cluster.Leader.Replica.Tick(ticks: 15);
        _cluster.Pass(200);

        Assert.Equal(2, Table.Count);
    }

    [Fact]
    public void A_session_that_moves_is_served_where_it_went_and_refused_where_it_was()
    {
        int first = _cluster.Leader!.Id.Value == 1 ? 2 : 1;
        int second = 6 - first - _cluster.Leader.Id.Value;
        _cluster.OpenSession(first, 1_000_000);
        _cluster.Settle();
        SessionId session = Assert.Single(Table.All).Id;
        Assert.Equal(new ServerId(first), Owner(session));
        _cluster.Submit(first, new ClientRequest { Op = OpCode.Create2, Path = "/e", Mode = CreateMode.Ephemeral });
        _cluster.Settle();
        _ = _cluster.Trace.Take();

        Move(second, session);
        _cluster.Settle();

        Assert.Equal(new ServerId(second), Owner(session));
        Assert.DoesNotContain(session, _cluster[first].Replica!.Clients.OpenSessions());
        Assert.Contains(session, _cluster[second].Replica!.Clients.OpenSessions());
        _cluster.Submit(first, new ClientRequest { Op = OpCode.Create2, Path = "/late" });
        _cluster.Settle();
        Assert.Equal(ErrorCode.SessionExpired, _cluster.Replies[^1].Reply.Error); // that server has it no more
        _cluster.Pass(300);
        Assert.True(_cluster.Leader.Replica!.Committed.Tree.TryGet("/e", out _));
        Assert.False(_cluster.Leader.Replica.Committed.Tree.TryGet("/late", out _));
    }

    [Fact]
    public void A_request_that_is_overtaken_by_the_move_of_its_session_is_refused()
    {
        int first = _cluster.Leader!.Id.Value == 1 ? 2 : 1;
        int second = 6 - first - _cluster.Leader.Id.Value;
        _cluster.OpenSession(first, 1_000_000);
        _cluster.Settle();
        SessionId session = Assert.Single(Table.All).Id;

        Move(second, session);
        _cluster.Deliver(_cluster.Leader.Id.Value, from: second);
        _cluster.Submit(first, new ClientRequest { Op = OpCode.Create2, Path = "/late" });
        _cluster.Settle();

        Assert.Equal(ErrorCode.SessionMoved, _cluster.Replies.Last(reply => reply.Cxid == 1).Reply.Error);
        Assert.False(_cluster.Leader.Replica!.Committed.Tree.TryGet("/late", out _));
    }

    [Fact]
    public void A_session_goes_on_after_its_server_and_the_leader_are_gone()
    {
        int first = _cluster.Leader!.Id.Value;
        _cluster.OpenSession(first, 1_000_000);
        _cluster.Settle();
        SessionId session = Assert.Single(Table.All).Id;

        _cluster.Crash(first);
        Assert.True(_cluster.Stabilize());
        int second = _cluster.Leader!.Id.Value == 2 ? 1 : 2;
        Move(second, session);
        _cluster.Settle();

        Assert.Equal(new ServerId(second), Owner(session));
    }

    /// <summary>The link of a server carries the requests of all its clients: one of them must not end
    /// it.</summary>
    [Theory]
    [InlineData("a mode", ErrorCode.BadArguments)]
    [InlineData("an operation", ErrorCode.Unimplemented)]
    [InlineData("a check alone", ErrorCode.Unimplemented)]
    [InlineData("the leader's own", ErrorCode.Unimplemented)]
    [InlineData("a part", ErrorCode.MarshallingError)]
    [InlineData("a part's mode", ErrorCode.BadArguments)]
    public void A_strange_request_is_refused_and_the_server_goes_on(string strange, ErrorCode expected)
    {
        int server = _cluster.Leader!.Id.Value == 1 ? 2 : 1;
        _cluster.OpenSession(server, 1_000_000);
        _cluster.Settle();
        ClientRequest create = new() { Op = OpCode.Create2, Path = "/a", Mode = (CreateMode)77 };

        _cluster.Submit(server, strange switch
        {
            "a mode" => create,
            "an operation" => create with { Op = (OpCode)77 },
            "a check alone" => create with { Op = OpCode.Check },
            "the leader's own" => create with { Op = OpCode.DeleteContainer },
            "a part" => create with { Op = OpCode.Multi, Operations = [create with { Op = (OpCode)77 }] },
            _ => create with { Op = OpCode.Multi, Mode = default, Operations = [create] },
        });
        _cluster.Settle();

        Assert.Equal(expected, _cluster.Replies[^1].Reply.Error);
        Assert.Equal(_cluster.Leader.Id, _cluster[server].Replica!.Status.Leader);
        Assert.DoesNotContain(_cluster.Trace.Take(), line => line.Contains("looking", StringComparison.Ordinal));
    }

    private void Pass(int ticks)
    {
        for (int i = 0; i < ticks; i++)
        {
            _cluster.TickAll(1);
            Flow();
        }
    }

    /// <summary>Delivers and writes all there is, many messages at a time.</summary>
    private void Flow()
    {
        for (int round = 0; round < 6; round++)
        {
            for (int id = 1; id <= 3; id++)
            {
                _cluster.Persist(id);
                _cluster.Deliver(id);
            }
        }
    }

    private ServerId Owner(SessionId session)
    {
        Assert.True(Table.TryGet(session, out SessionRecord? record));
        return record.Owner;
    }

    private void Open(int server, SessionId session, int timeoutMs) => _cluster.Ask(
        server, new ClientRequest { Op = OpCode.CreateSession, Session = session, TimeoutMs = timeoutMs });

    private void Move(int server, SessionId session) => _cluster.Ask(server, new ClientRequest
    {
        Op = OpCode.MoveSession,
        Session = session,
        Cxid = 1_000,
        Password = SessionPassword.Of(_cluster[server].Replica!.Committed.Secret.Span, session),
    });
}
