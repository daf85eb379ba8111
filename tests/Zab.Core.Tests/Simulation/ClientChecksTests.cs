using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Sessions;
using Zab.Core.Tests.Requests;
using Zab.Core.Tree;
using Zab.Core.Watches;
using static Zab.Core.Tests.Simulation.Story;
using Zab.Testing.Simulation;

namespace Zab.Core.Tests.Simulation;

/// <summary>Histories that must not be: each is refused, by the rule that it breaks. Beside each rule stands one that is good.</summary>
public sealed class ClientChecksTests
{
    [Fact]
    public void A_good_history_passes()
    {
        Story story = new();
        story.Do(A, Create("/a"));
        story.Do(B, Set("/a", "1", version: 0));
        story.Do(B, Get("/a"));
        story.Do(A, Sync);
        story.Do(A, Children("/"));
        story.Do(A, Create("/a/e", CreateMode.EphemeralSequential));
        story.Do(A, Exists("/none"));
        int refused = story.Ask(A, Set("/a", "2", version: 0));
        story.Tell(story.Answer(A, refused, ErrorCode.BadVersion));
        story.Do(A, Close);
        story.Do(B, Children("/a"));

        story.End();
    }

    [Fact]
    public void K1_what_is_acknowledged_is_committed_where_the_answer_says()
    {
        AssertRefused("K1", story => story.Tell(story.Answer(A, story.Ask(A, Create("/a")), ErrorCode.Ok)));
        AssertRefused("K1", story =>
        {
            int cxid = story.Ask(A, Create("/a"));
            story.Do(B, Create("/a"));
            story.Tell(story.Answer(A, cxid, ErrorCode.Ok) with { Zxid = story.Last });
        });
        AssertRefused("K1", story =>
        {
            int cxid = story.Ask(A, Create("/a"));
            story.Commit(A, cxid);
            story.Change(B, Create("/b"));
            story.Tell(story.Answer(A, cxid) with { Zxid = story.Last });
        });
        AssertRefused("K1", story =>
        {
            story.Apply();
            int cxid = story.Ask(A, Create("/a"));
            story.Commit(A, cxid);
            story.Apply(server: 1);
            story.Tell(story.Answer(A, cxid));
            story.End(); // Server 2 has come to rest without the write.
        });
    }

    [Fact]
    public void K2_an_answer_tells_what_was_done()
    {
        AssertRefused("K2", story => TellOther(story, Create("/a"), reply => reply with { Path = "/b" }));
        AssertRefused("K2", story => TellOther(
            story, Create("/a"), reply => reply with { Stat = reply.Stat with { Version = 1 } }));
        AssertRefused("K2", story => TellOther(
            story, Create("/s-", CreateMode.PersistentSequential), reply => reply with { Path = "/s-0000000007" }));
    }

    [Fact]
    public void K2_what_is_committed_is_what_was_asked()
    {
        AssertRefused("K2", story => story.Commit(story.Header(A, story.Ask(A, Create("/a"))), New("/b", Create("/a").Data)));
        AssertRefused("K2", story => story.Commit(story.Header(A, story.Ask(A, Create("/a"))), New("/a", new byte[3])));
        AssertRefused("K2", story => story.Commit(
            story.Header(A, story.Ask(A, Create("/a"))), New("/a", Create("/a").Data) with { IsEphemeral = true }));
        AssertRefused("K2", story => story.Commit(
            story.Header(A, story.Ask(A, Create("/a"))), New("/a", Create("/a").Data) with { Acl = Acl.ReadOnly }));
        AssertRefused("K2", story => story.Commit(
            new TxnHeader(A, 99, story.Next, 0, OpCode.Delete), new TxnRecord { Type = OpCode.Delete, Path = "/a" }));
    }

    [Fact]
    public void K2_what_cannot_be_done_is_not_committed()
    {
        AssertRefused("K2", story => CommitDelete(story, "/none"));
        AssertRefused("K2", story =>
        {
            story.Do(A, Create("/a"));
            CommitDelete(story, "/a", version: 7);
        });
        AssertRefused("K2", story =>
        {
            story.Do(A, Create("/a"));
            story.Do(A, Create("/a/b"));
            CommitDelete(story, "/a");
        });
        AssertRefused("K2", story => CommitCreate(story, "/none/a"));
        AssertRefused("K2", story =>
        {
            story.Do(A, Create("/e", CreateMode.Ephemeral));
            CommitCreate(story, "/e/a");
        });
        AssertRefused("K2", story =>
        {
            story.Do(A, Create("/a"));
            story.Commit(
                story.Header(A, story.Ask(A, Set("/a", "1"))),
                new TxnRecord { Type = OpCode.SetData, Path = "/a", Data = Set("/a", "1").Data, Number = 5 });
        });
    }

    [Fact]
    public void K2_a_refusal_was_right_at_some_time_since_it_was_asked()
    {
        AssertRefused("K2", story => TellRefusal(story, Create("/a"), ErrorCode.NodeExists));
        AssertRefused("K2", story =>
        {
            story.Do(A, Create("/a"));
            TellRefusal(story, Delete("/a"), ErrorCode.NoNode);
        });
        AssertRefused("K2", story =>
        {
            story.Do(A, Create("/a"));
            TellRefusal(story, Create("/a"), ErrorCode.NoNode); // Refused rightly, but for another reason.
        });
        AssertRefused("K2", story =>
        {
            story.Do(A, Create("/a"));
            story.Do(A, Delete("/a"));
            TellRefusal(story, Create("/a"), ErrorCode.NodeExists); // No more when it was asked.
        });
        AssertRefused("K2", story =>
        {
            story.Do(A, Create("/a"));
            int refused = story.Ask(A, Delete("/a"));
            int later = story.Ask(A, Delete("/a"));
            story.Commit(A, later);
            story.Apply();
            story.Tell(story.Answer(A, refused, ErrorCode.NoNode)); // Only its own later delete made it so.
        });

        Story good = new();
        int asked = good.Ask(A, Create("/a"));
        good.Change(B, Create("/a"));
        good.Change(B, Delete("/a"));
        good.Tell(good.Answer(A, asked, ErrorCode.NodeExists)); // In between it did exist.
    }

    [Fact]
    public void K2_a_refusal_may_be_as_stale_as_a_read_unless_it_is_said_otherwise()
    {
        void Tell(Story story)
        {
            story.Do(B, Create("/a"));
            int early = story.Ask(B, Delete("/a"));
            story.Commit(B, early);
            story.Apply(server: 2);
            story.Tell(story.Answer(B, early));
            TellRefusal(story, Create("/a"), ErrorCode.NodeExists); // A's server does not know of the delete.
        }

        Tell(new Story());
        AssertBreaks("K2", () => Tell(new Story(refusalsAreFresh: true)));
    }

    [Fact]
    public void K3_answers_come_once_and_in_order()
    {
        AssertRefused("K3", story =>
        {
            story.Ask(A, Get("/"));
            story.Tell(story.Answer(A, story.Ask(A, Get("/")))); // The second before the first.
        });
        AssertRefused("K3", story => story.Tell(story.Do(A, Create("/a")))); // Twice.
        AssertRefused("K3", story =>
        {
            story.Ask(A, Get("/"));
            story.End(); // Never.
        });
        AssertRefused("K3", story =>
        {
            int cxid = story.Ask(A, Get("/"));
            ClientReply reply = story.Answer(A, cxid);
            story.Checks.OnOutput(new ServerId(2), story.Last, new ClientOutput(A, reply: reply)); // By another server.
        });
        AssertRefused("K3", story =>
        {
            story.Ask(A, Get("/"));
            story.Expire(A);
            story.Apply();
            story.TellExpired(A); // Before the answer.
        });
    }

    [Fact]
    public void K3_effects_come_in_the_order_of_asking()
    {
        AssertRefused("K3", story =>
        {
            int first = story.Ask(A, Create("/a"));
            story.Commit(A, story.Ask(A, Create("/b")));
            story.Commit(A, first);
        });
        AssertRefused("K3", story =>
        {
            int read = story.Ask(A, Get("/"));
            story.Change(A, Create("/a"));
            story.Tell(story.Answer(A, read)); // It shows what was written later.
        });
        AssertRefused("K3", story =>
        {
            int barrier = story.Ask(A, Sync);
            story.Change(A, Create("/a"));
            story.Tell(story.Answer(A, barrier));
        });
    }

    [Fact]
    public void K3_no_write_is_lost_between_two_that_are_done()
    {
        AssertRefused("K3", story =>
        {
            int lost = story.Ask(A, Create("/a"));
            story.Change(A, Create("/b"));
            story.Tell(story.Answer(A, lost, ErrorCode.ConnectionLoss));
        });
        AssertRefused("K3", story =>
        {
            int lost = story.Ask(A, Create("/a"));
            int later = story.Ask(A, Create("/b"));
            story.Tell(story.Answer(A, lost, ErrorCode.ConnectionLoss));
            story.Tell(story.Answer(A, later, ErrorCode.ConnectionLoss));
            story.Commit(A, later);
        });
        AssertRefused("K3", story =>
        {
            story.Ask(A, Create("/a"));
            int later = story.Ask(A, Create("/b"));
            story.Checks.OnServerStopped(new ServerId(1));
            story.Commit(A, later);
        });

        Story good = new();
        int refused = good.Ask(A, Create("/none/a"));
        good.Change(A, Create("/b"));
        good.Tell(good.Answer(A, refused, ErrorCode.ConnectionLoss)); // It was refused, and nobody heard.
        int onceMore = good.Ask(A, Create("/c"));
        Assert.NotEqual(refused, onceMore);
    }

    [Theory]
    [InlineData(499, true)]
    [InlineData(500, false)]
    public void K3_a_write_is_lost_between_two_that_are_done_when_its_session_may_own_too_much(
        int recordBytesMax, bool mayBeRefused)
    {
        Story story = new(recordBytesMax: recordBytesMax);
        for (int i = 0; i < 4; i++)
        {
            story.Do(A, Create("/" + i + new string('x', 98), CreateMode.Ephemeral));
        }

        // Beside what is there (44 + 4 + 4 * 104 bytes), the second operation needs 4 + 22 + 10.
        int lost = story.Ask(A, new ClientRequest
        {
            Op = OpCode.Multi,
            Operations = [Set("/", "1"), Create("/" + new string('x', 21), CreateMode.Ephemeral), Set("/", "2")],
        });
        story.Change(A, Create("/later"));
        ClientReply nothing = story.Answer(A, lost, ErrorCode.ConnectionLoss);

        if (mayBeRefused)
        {
            story.Tell(nothing);
        }
        else
        {
            AssertBreaks("K3", () => story.Tell(nothing));
        }
    }

    [Fact]
    public void K4_time_does_not_go_back_in_a_session()
    {
        AssertRefused("K4", story =>
        {
            Zxid old = story.Last;
            story.Do(B, Create("/a"));
            story.Do(A, Exists("/a"));
            story.Tell(story.Answer(A, story.Ask(A, Exists("/a")), at: old));
        });
        AssertRefused("K4", story =>
        {
            story.Do(A, Exists("/a", watch: true));
            Zxid created = story.Change(B, Create("/a"));
            story.Change(B, Create("/b"));
            int read = story.Ask(A, Get("/none"));
            story.Tell(A, WatchEventType.NodeCreated, "/a", created);
            story.Tell(story.Answer(A, read));
            story.Tell(A, WatchEventType.NodeCreated, "/a", created);
        });
        AssertRefused("K4", story =>
        {
            story.Do(B, Create("/a"));
            story.Do(A, Get("/a"));
            int refused = story.Ask(A, Create("/a"));
            story.Tell(story.Answer(A, refused, ErrorCode.NodeExists) with { Zxid = Zxid.Of(1, 1) });
        });
    }

    [Fact]
    public void K5_a_client_reads_its_own_writes()
    {
        foreach (ClientRequest read in (ClientRequest[])[Get("/"), Exists("/a"), Children("/")])
        {
            AssertRefused("K5", story =>
            {
                Zxid old = story.Last;
                story.Do(A, Create("/a"));
                story.Tell(story.Answer(A, story.Ask(A, read), at: old));
            });
        }

        AssertRefused("K5", story =>
        {
            story.Do(A, Create("/a"));
            Zxid old = story.Last;
            story.Do(A, Set("/a", "1"));
            story.Do(A, Watch("/a", WatchMode.Persistent));
            story.Tell(story.Answer(A, story.Ask(A, Get("/a")), at: old));
        });
    }

    [Fact]
    public void K6_a_barrier_shows_what_was_acknowledged_before_it()
    {
        AssertRefused("K6", story =>
        {
            Zxid old = story.Last;
            story.Do(B, Create("/a"));
            story.Tell(story.Answer(A, story.Ask(A, Sync), at: old));
        });
        AssertRefused("K6", story =>
        {
            Zxid old = story.Last;
            story.Do(B, Create("/a"));
            story.Do(A, Sync);
            story.Tell(story.Answer(A, story.Ask(A, Exists("/a")), at: old));
        });
        AssertRefused("K6", story =>
        {
            int write = story.Ask(B, Create("/a"));
            Zxid old = story.Last;
            story.Commit(B, write);
            story.Apply(server: 2);
            story.Tell(story.Answer(B, write));
            story.Tell(story.Answer(A, story.Ask(A, Sync), at: old));
        });

        Story good = new();
        int early = good.Ask(A, Sync);
        int later = good.Ask(B, Create("/a"));
        good.Commit(B, later);
        good.Apply(server: 2);
        good.Tell(good.Answer(B, later)); // Acknowledged after the barrier was asked.
        good.Tell(good.Answer(A, early));
    }

    [Fact]
    public void K8_a_request_is_done_at_most_once()
    {
        AssertRefused("K8", story =>
        {
            int cxid = story.Ask(A, Set("/", "1"));
            story.Commit(A, cxid);
            story.Commit(A, cxid);
        });
        AssertRefused("K8", story =>
        {
            int cxid = story.Ask(A, Create("/s-", CreateMode.PersistentSequential));
            story.Commit(A, cxid);
            story.Apply();
            story.Tell(story.Answer(A, cxid));
            story.Commit(A, cxid);
        });
        AssertRefused("K8", story =>
        {
            int cxid = story.Ask(A, Set("/", "1"));
            story.Tell(story.Answer(A, cxid, ErrorCode.ConnectionLoss));
            story.Commit(A, cxid);
            story.Checks.OnServerStopped(new ServerId(1));
            story.Commit(A, cxid);
        });

        Story good = new();
        int lost = good.Ask(A, Set("/", "1"));
        good.Tell(good.Answer(A, lost, ErrorCode.ConnectionLoss));
        good.Commit(A, lost); // It was done after all.
    }

    [Fact]
    public void K9_what_was_refused_is_never_done()
    {
        AssertRefused("K9", story =>
        {
            int cxid = story.Ask(A, Create("/none/a"));
            story.Tell(story.Answer(A, cxid, ErrorCode.NoNode));
            story.Do(B, Create("/none"));
            story.Commit(A, cxid);
        });
        AssertRefused("K9", story =>
        {
            int cxid = story.Ask(A, Create("/a"));
            story.Commit(A, cxid);
            story.Apply();
            story.Tell(story.Answer(A, cxid, ErrorCode.NodeExists));
        });
        AssertRefused("K9", story =>
        {
            int cxid = story.Ask(A, Create("/a"));
            story.Tell(story.Answer(A, cxid, ErrorCode.ThrottledOp));
            story.Commit(A, cxid);
        });
        AssertRefused("K9", story =>
        {
            int cxid = story.Ask(A, Create("/a"));
            story.Tell(story.Answer(A, cxid, ErrorCode.ConnectionLoss) with { Zxid = Zxid.None }); // Turned away.
            story.Commit(A, cxid);
        });
    }

    [Fact]
    public void E14_a_server_speaks_of_what_it_has_applied()
    {
        foreach (ClientRequest request in (ClientRequest[])[Create("/a"), Set("/", "1"), Close])
        {
            AssertRefused("E14", story =>
            {
                int cxid = story.Ask(A, request);
                story.Commit(A, cxid);
                story.Apply(server: 2);
                story.Tell(story.Answer(A, cxid));
            });
        }
    }

    [Fact]
    public void E15_a_read_shows_the_state_at_its_zxid()
    {
        AssertRefused("E15", story => TellOther(story, Get("/d"), reply => reply with { Data = new byte[1] }));
        AssertRefused("E15", story => TellOther(story, Get("/d"), reply => reply with { Data = null }));
        AssertRefused("E15", story => TellOther(
            story, Exists("/d"), reply => reply with { Stat = reply.Stat with { Mtime = 3 } }));
        AssertRefused("E15", story => TellOther(story, Children("/"), reply => reply with { Children = ["zookeeper", "d"] }));
        AssertRefused("E15", story => TellOther(story, Children("/"), reply => reply with { Children = ["d"] }));
        AssertRefused("E15", story => TellOther(story, Exists("/d"), reply => reply with { Error = ErrorCode.NoNode }));
        AssertRefused("E15", story => TellOther(
            story, Exists("/none"), reply => reply with { Error = ErrorCode.Ok }));
        AssertRefused("E15", story =>
        {
            story.Epoch = 2;
            story.Do(B, Create("/a"));
            story.Tell(story.Answer(A, story.Ask(A, Get("/none"))) with { Zxid = Zxid.Of(2, 0) });
        });
    }

    [Fact]
    public void E16_a_session_is_what_the_table_says()
    {
        AssertRefused("E16", story =>
        {
            story.TellExpired(A);
            story.End(); // It never was.
        });
        AssertRefused("E16", story =>
        {
            story.Tell(story.Answer(A, story.Ask(A, Get("/")), ErrorCode.SessionExpired));
            story.End();
        });
        AssertRefused("E16", story =>
        {
            story.Expire(A);
            story.Apply();
            story.Do(A, Get("/")); // It is over.
        });
        AssertRefused("E16", story =>
        {
            story.Do(A, Close);
            story.Do(A, Get("/"));
        });
        AssertRefused("E16", story =>
        {
            story.Do(A, Close);
            story.TellExpired(A); // It was closed.
        });
        AssertBreaks("E16", () => TellOther(
            new Story(isOpen: false), Open, reply => reply with { TimeoutMs = 5 }, prepared: true));

        Story good = new();
        good.TellExpired(A);
        good.Expire(A);
        good.Apply(); // Said early, and true in the end.
        good.End();
    }

    [Fact]
    public void S22_sessions_and_their_nodes_go_together()
    {
        AssertRefused("S22", story =>
        {
            story.Expire(A);
            CommitCreate(story, "/a");
        });
        AssertRefused("S22", story =>
        {
            story.Expire(A);
            story.Expire(B);
            CommitClose(story, new SessionRecord(A, 1));
        });
        AssertRefused("S22", story =>
        {
            story.Do(A, Create("/e", CreateMode.Ephemeral));
            CommitClose(story, new SessionRecord(A, 1));
        });
        AssertRefused("S22", story =>
        {
            SessionRecord wrong = new(A, 1);
            CommitClose(story, wrong.With("/zookeeper"u8, new WriteToken()));
        });
        AssertRefused("S22", story => story.Commit(
            story.Header(A, story.Ask(A, Open)), new TxnRecord { Type = OpCode.CreateSession, Number = 1_000 }));
    }

    [Fact]
    public void K7_a_multi_is_done_whole_and_told_exactly()
    {
        ClientRequest multi = new() { Op = OpCode.Multi, Operations = [Create("/a"), Create("/a/b"), Delete("/d")] };
        AssertRefused("K7", story => TellOther(story, multi, reply => reply with { Results = [.. reply.Results!.Skip(1)] }));
        AssertRefused("K7", story => TellOther(
            story, multi, reply => reply with { Results = [reply.Results![1], .. reply.Results!.Skip(1)] }));
        AssertRefused("K7", story => story.Commit(
            story.Header(A, story.Ask(A, multi with { Operations = [Create("/a"), Create("/b")] })),
            new TxnRecord { Type = OpCode.Multi, Parts = [New("/a", Create("/a").Data)] }));
        AssertRefused("K2", story =>
        {
            int cxid = story.Ask(A, multi); // There is no /d: it fails at the third.
            OpResult[] results = [Failed(ErrorCode.NoNode), Failed(ErrorCode.RuntimeInconsistency), DeleteNotTried()];
            story.Tell(story.Answer(A, cxid, ErrorCode.NoNode) with { Results = results });
        });

        Story good = new();
        TellOther(good, multi, reply => reply);
        int failed = good.Ask(A, multi);
        good.Tell(good.Answer(A, failed, ErrorCode.NodeExists) with
        {
            Results = [Failed(ErrorCode.NodeExists), Failed(ErrorCode.RuntimeInconsistency), DeleteNotTried()],
        });

        OpResult Failed(ErrorCode error) => new() { Op = OpCode.Create2, Error = error };

        OpResult DeleteNotTried() => Failed(ErrorCode.RuntimeInconsistency) with { Op = OpCode.Delete };
    }

    [Fact]
    public void K8_a_request_that_is_asked_again_is_the_same()
    {
        ClientRequest kept = Create("/a") with { AnsweredUpTo = 1 };
        AssertRefused("K8", story =>
        {
            int cxid = story.Ask(A, kept);
            story.Commit(A, cxid);
            story.AskAgain(A, cxid);
            story.Commit(story.Header(A, cxid), New("/a", kept.Data));
        });
        AssertRefused("K8", story => story.Tell(
            story.Answer(A, story.Ask(A, kept), ErrorCode.RuntimeInconsistency))); // Nothing later was done.
        AssertRefused("K8", story => story.Commit(
            story.Header(A, story.Ask(A, kept)), New("/a", kept.Data))); // As if it could not be asked again.

        Story good = new();
        int lost = good.Ask(A, kept);
        good.Commit(A, lost);
        good.Change(B, Create("/b"));
        good.Tell(good.Answer(A, lost)); // By the first time that it was asked.
        good.AnswerAllAndEnd();
    }

    [Fact]
    public void E16_a_session_goes_on_elsewhere_with_its_password_only()
    {
        ClientRequest Move(bool isRight) => new()
        {
            Op = OpCode.MoveSession,
            Session = A,
            Cxid = 99,
            Password = isRight ? SessionPassword.Of(Workbench.Secret.Span, A) : new byte[SessionPassword.Bytes],
        };
        ClientReply answer = new() { Session = A, Cxid = 99, TimeoutMs = 1_000 };
        AssertRefused("E16", story =>
        {
            story.Checks.OnSubmitted(ServerOf(B), Move(isRight: false));
            story.Checks.OnOutput(ServerOf(B), story.Last, new ClientOutput(A, reply: answer with { Zxid = story.Last }));
        });
        AssertRefused("E16", story =>
        {
            story.Checks.OnSubmitted(ServerOf(B), Move(isRight: true)); // Nothing has moved it.
            story.Checks.OnOutput(ServerOf(B), story.Last, new ClientOutput(A, reply: answer with { Zxid = story.Last }));
        });
        AssertRefused("E16", story => story.Checks.OnOutput(ServerOf(A), story.Last, new ClientOutput(A, moved: true)));
        AssertRefused("S22", story =>
        {
            int late = story.Ask(A, Create("/a"));
            story.Checks.OnSubmitted(ServerOf(B), Move(isRight: true));
            story.Commit(
                new TxnHeader(A, 99, story.Next, 0, OpCode.MoveSession),
                new TxnRecord { Type = OpCode.MoveSession, Number = ServerOf(B).Value });
            story.Commit(story.Header(A, late), New("/a", Create("/a").Data)); // By the server that it left.
        });

        Story good = new();
        good.Checks.OnSubmitted(ServerOf(B), Move(isRight: true));
        Zxid moved = good.Commit(
            new TxnHeader(A, 99, good.Next, 0, OpCode.MoveSession),
            new TxnRecord { Type = OpCode.MoveSession, Number = ServerOf(B).Value });
        good.Apply();
        good.Checks.OnOutput(ServerOf(B), moved, new ClientOutput(A, reply: answer with { Zxid = moved }));
        good.Checks.OnOutput(ServerOf(A), moved, new ClientOutput(A, moved: true));
        good.End();
    }

    private static TxnRecord New(string path, ReadOnlyMemory<byte>? data) =>
        new() { Type = OpCode.Create2, Path = path, Data = data, Number = 1 };

    private static void CommitClose(Story story, SessionRecord session) => story.Commit(
        new TxnHeader(A, 0, story.Next, 0, OpCode.CloseSession),
        new TxnRecord { Type = OpCode.CloseSession, Session = session });

    private static void CommitCreate(Story story, string path) =>
        story.Commit(story.Header(A, story.Ask(A, Create(path))), New(path, Create(path).Data));

    private static void CommitDelete(Story story, string path, int version = -1) => story.Commit(
        story.Header(A, story.Ask(A, Delete(path, version))), new TxnRecord { Type = OpCode.Delete, Path = path });

    /// <summary>A asks, it is done if it is a write, and the answer is another than the right one.</summary>
    private static void TellOther(
        Story story, ClientRequest request, Func<ClientReply, ClientReply> other, bool prepared = false)
    {
        if (!prepared)
        {
            story.Do(A, Create("/d"));
        }

        int cxid = story.Ask(A, request);
        if (request.Op.IsWrite)
        {
            story.Commit(A, cxid);
            story.Apply();
        }

        story.Tell(other(story.Answer(A, cxid)));
    }

    private static void TellRefusal(Story story, ClientRequest request, ErrorCode error) =>
        story.Tell(story.Answer(A, story.Ask(A, request), error));

    private static void AssertRefused(string rule, Action<Story> history) =>
        AssertBreaks(rule, () => history(new Story()));

    private static void AssertBreaks(string rule, Action history)
    {
        ViolationException refusal = Assert.Throws<ViolationException>(history);
        Assert.StartsWith($"{rule}: ", refusal.Message, StringComparison.Ordinal);
    }
}
