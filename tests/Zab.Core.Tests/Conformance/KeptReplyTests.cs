using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Sessions;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Conformance;

/// <summary>A request that is asked again is answered, and not done again.</summary>
public sealed class KeptReplyTests
{
    private readonly Solo _solo = new();
    private readonly SessionId _session;

    public KeptReplyTests()
    {
        _session = _solo.Replica.NewSessionId();
        Assert.Equal(ErrorCode.Ok, Ask(new() { Op = OpCode.CreateSession, TimeoutMs = 50_000, Cxid = 1 }).Error);
        Assert.Equal(ErrorCode.Ok, Ask(new() { Op = OpCode.Create2, Path = "/a", Cxid = 2 }).Error);
    }

    public static TheoryData<string> Writes => ["create", "sequential", "delete", "set", "setAcl", "multi"];

    [Theory]
    [MemberData(nameof(Writes))]
    public void What_was_done_is_answered_as_the_first_time(string write)
    {
        ClientRequest request = Write(write) with { Cxid = 3 };
        ClientReply first = Ask(request);
        ulong digest = _solo.State.Digest;
        Assert.Equal(ErrorCode.Ok, Ask(new() { Op = OpCode.Create2, Path = "/later", Cxid = 4, AnsweredUpTo = 2 }).Error);
        Zxid last = _solo.State.LastZxid;
        ComeBack();

        for (int i = 0; i < 3; i++)
        {
            ClientReply again = Ask(request);

            Assert.Equal(first with { Results = null }, again with { Results = null });
            Assert.Equal(first.Results, again.Results);
        }

        Assert.Equal(ErrorCode.Ok, first.Error);
        Assert.NotEqual(digest, _solo.State.Digest);
        Assert.Equal(last.Value + 1, _solo.State.LastZxid.Value); // the move alone
    }

    [Fact]
    public void What_was_refused_before_a_later_request_was_done_is_never_done()
    {
        ClientRequest refused = new() { Op = OpCode.Create2, Path = "/none/x", Cxid = 3 };
        Assert.Equal(ErrorCode.NoNode, Ask(refused).Error);
        Assert.Equal(ErrorCode.NoNode, Ask(refused).Error); // nothing was done since: it may be asked anew
        Assert.Equal(ErrorCode.Ok, Ask(new() { Op = OpCode.Create2, Path = "/none", Cxid = 4 }).Error);
        ComeBack();

        Assert.Equal(ErrorCode.RuntimeInconsistency, Ask(refused).Error);

        Assert.False(_solo.Has("/none/x"));
    }

    [Fact]
    public void An_answer_is_kept_until_its_client_has_it()
    {
        for (int cxid = 3; cxid < 13; cxid++)
        {
            Assert.Equal(
                ErrorCode.Ok,
                Ask(new() { Op = OpCode.SetData, Path = "/a", Version = -1, Cxid = cxid, AnsweredUpTo = 0 }).Error);
        }

        Assert.Equal(12, Record().Replies.Count);
        Assert.Equal(
            ErrorCode.Ok,
            Ask(new() { Op = OpCode.SetData, Path = "/a", Version = -1, Cxid = 13, AnsweredUpTo = 10 }).Error);
        Assert.Equal((3, 13), (Record().Replies.Count, Record().LastCxid));
        ComeBack();

        Assert.Equal(ErrorCode.RuntimeInconsistency, AskSet(10).Error);
        Assert.Equal(8, AskSet(11).Stat.Version - 1);
        Assert.Equal(11, AskSet(13).Stat.Version);
        Assert.Equal(11, _solo.StatOf("/a").Version);

        ClientReply AskSet(int cxid) => Ask(new() { Op = OpCode.SetData, Path = "/a", Version = -1, Cxid = cxid });
    }

    [Fact]
    public void What_is_not_kept_is_done_every_time()
    {
        for (int i = 1; i <= 3; i++)
        {
            _solo.Ask(new()
            {
                Session = _session,
                Op = OpCode.SetData,
                Path = "/a",
                Version = -1,
                Cxid = 7,
            });
            Assert.Equal(i, _solo.Outputs[^1].Reply!.Value.Stat.Version);
        }

        Assert.Equal(2, Record().LastCxid);
    }

    [Fact]
    public void Answers_are_part_of_a_snapshot()
    {
        ClientRequest request = Write("multi") with { Cxid = 3 };
        _ = Ask(request);
        DataStateReader reader = new();
        foreach (ReadOnlyMemory<byte> chunk in _solo.State.ToChunks(100))
        {
            reader.Add(chunk);
        }

        Assert.True(reader.Complete().Sessions.TryGet(_session, out SessionRecord? read));

        Assert.True(read.TryGetReply(3, out KeptReply? reply));
        Assert.True(Record().TryGetReply(3, out KeptReply? kept));
        Assert.Equal(kept.Zxid, reply.Zxid);
        Assert.Equal(kept.Result, reply.Result);
        Assert.Equal(kept.Parts, reply.Parts);
        Assert.Equal((3, 3), (read.LastCxid, read.Replies.Count));
    }

    [Fact]
    public void A_client_that_comes_back_learns_which_of_its_requests_was_the_last()
    {
        Assert.Equal(2, ComeBack().Count);
        _ = Ask(Write("set") with { Cxid = 30 });
        Assert.Equal(30, ComeBack().Count);
        Assert.Equal(50_000, ComeBack().TimeoutMs);
    }

    [Fact]
    public void Whoever_does_not_know_the_password_takes_nothing_over()
    {
        ulong digest = _solo.State.Digest;
        ClientRequest move = new() { Op = OpCode.MoveSession, Cxid = 9, Password = new byte[SessionPassword.Bytes] };

        Assert.Equal(ErrorCode.AuthFailed, Ask(move).Error);

        Assert.Equal(digest, _solo.State.Digest);
        Assert.DoesNotContain(_solo.Outputs, output => output.Moved);
        Assert.Equal(ErrorCode.Ok, Ask(Write("set") with { Cxid = 3 }).Error);
    }

    private SessionRecord Record()
    {
        Assert.True(_solo.State.Sessions.TryGet(_session, out SessionRecord? record));
        return record;
    }

    /// <summary>Another client goes on with the session here: it may ask again for what was asked
    /// before.</summary>
    private ClientReply ComeBack()
    {
        ClientReply reply = Ask(new()
        {
            Op = OpCode.MoveSession,
            Cxid = 100,
            Password = SessionPassword.Of(_solo.State.Secret.Span, _session),
        });
        Assert.Equal(ErrorCode.Ok, reply.Error);
        Assert.True(Assert.Single(_solo.Outputs).Moved);
        _solo.Outputs.Clear();
        return reply;
    }

    private ClientReply Ask(ClientRequest request)
    {
        _solo.Ask(request with { Session = _session, AnsweredUpTo = request.AnsweredUpTo ?? 0 });
        ClientReply reply = _solo.Outputs[^1].Reply!.Value;
        Assert.Equal(request.Cxid, reply.Cxid);
        _solo.Outputs.RemoveAt(_solo.Outputs.Count - 1);
        return reply;
    }

    private static ClientRequest Write(string write) => write switch
    {
        "create" => new() { Op = OpCode.Create2, Path = "/b" },
        "sequential" => new() { Op = OpCode.Create, Path = "/s-", Mode = CreateMode.EphemeralSequential },
        "delete" => new() { Op = OpCode.Delete, Path = "/a", Version = 0 },
        "set" => new() { Op = OpCode.SetData, Path = "/a", Version = 0, Data = new byte[3] },
        "setAcl" => new() { Op = OpCode.SetAcl, Path = "/a", Version = 0 },
        _ => new()
        {
            Op = OpCode.Multi,
            Operations =
            [
                new() { Op = OpCode.Create2, Path = "/s-", Mode = CreateMode.PersistentSequential },
                new() { Op = OpCode.SetData, Path = "/a", Version = 0 },
                new() { Op = OpCode.Check, Path = "/a", Version = 1 },
            ],
        },
    };
}
