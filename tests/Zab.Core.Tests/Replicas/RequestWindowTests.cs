using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Testing.Scripts;

namespace Zab.Core.Tests.Replicas;

/// <summary>What clients ask for at once never costs their server the link to its leader (R18, R19).</summary>
public sealed class RequestWindowTests
{
    private const int Requests = 40;
    private const int DataBytes = 500_000;
    private const long UnderWayMax = 10_000_000;

    private readonly Cluster _cluster = new(3, 0);
    private readonly int _follower;
    private readonly int _leader;

    public RequestWindowTests()
    {
        _cluster.Start(1, 2, 3);
        Assert.True(_cluster.Stabilize());
        _leader = _cluster.Leader!.Id.Value;
        _follower = _leader == 1 ? 2 : 1;
        _cluster.OpenSession(_follower, 1_000_000);
        _cluster.Settle();
    }

    [Fact]
    public void More_than_a_link_takes_is_asked_bit_by_bit_and_all_of_it_is_done()
    {
        Ask();
        Assert.InRange(UnderWay(), DataBytes, UnderWayMax);

        _cluster.Settle();
        Assert.Equal(Requests, Done());
    }

    [Fact]
    public void More_than_a_link_takes_is_asked_of_the_next_leader_bit_by_bit_too()
    {
        SessionId session = OpenKept();
        _cluster.Settle();
        for (int i = 0; i < Requests; i++)
        {
            _cluster.Ask(_follower, Create($"/{i}") with { Session = session, Cxid = i + 2, AnsweredUpTo = 0 });
        }

        _cluster.Crash(_leader);
        long most = 0;
        for (int tick = 0; tick < 2_000 && Done() < Requests; tick++)
        {
            _cluster.TickAll(1);
            for (int id = 1; id <= 3; id++)
            {
                if (id != _leader)
                {
                    _cluster.Persist(id);
                    _cluster.Deliver(id, from: null, count: 1);
                    most = Math.Max(most, UnderWay());
                }
            }
        }

        Assert.InRange(most, DataBytes, UnderWayMax);
        Assert.Equal(Requests, Done());
    }

    [Fact]
    public void Refusals_make_room_as_answers_do()
    {
        for (int i = 0; i < Requests; i++)
        {
            _cluster.Submit(_follower, Create("/is/not/there"));
        }

        _cluster.Settle();
        Assert.Equal(
            Requests, _cluster.Replies.Count(answer => answer.Reply.Error == ErrorCode.NoNode));
    }

    [Fact]
    public void The_next_leader_is_asked_in_the_order_in_which_the_clients_asked()
    {
        SessionId[] sessions = [.. new[] { OpenKept(), OpenKept() }.OrderByDescending(id => id.Value)];
        _cluster.Settle();
        for (int i = 0; i < Requests; i++)
        {
            _cluster.Ask(_follower, new ClientRequest
            {
                Op = OpCode.Create2,
                Path = $"/{i}",
                Session = sessions[i % 2],
                Cxid = i + 2,
                AnsweredUpTo = 0,
            });
        }

        _cluster.Crash(_leader);
        Assert.True(_cluster.Stabilize());

        Assert.Equal(
            Enumerable.Range(0, Requests).Select(i => $"/{i}"),
            _cluster.Replies.Where(answer => answer.Reply.Path is { Length: > 1 }).Select(answer => answer.Reply.Path));
    }

    private SessionId OpenKept()
    {
        SessionId session = _cluster[_follower].Replica!.NewSessionId();
        _cluster.Ask(_follower, new ClientRequest
        {
            Op = OpCode.CreateSession,
            Session = session,
            Cxid = 1,
            AnsweredUpTo = 0,
            TimeoutMs = 1_000_000,
        });
        return session;
    }

    private static ClientRequest Create(string path) => new()
    {
        Op = OpCode.Create2,
        Path = path,
        Data = new byte[DataBytes],
    };

    private void Ask()
    {
        for (int i = 0; i < Requests; i++)
        {
            _cluster.Submit(_follower, Create($"/{i}"));
        }
    }

    private int Done() => _cluster.Replies.Count(
        answer => answer.Reply is { Error: ErrorCode.Ok, Path.Length: > 1 });

    private long UnderWay() => Enumerable.Range(0, 100)
        .Select(choice => _cluster.AnyWire(choice)!)
        .Distinct()
        .Where(wire => wire.ReceiverLink is { Kind: LinkKind.Quorum, Peer.Value: var peer } && peer == _follower)
        .Sum(wire => wire.UnderWay.Sum(message => (long)message.Body.Length));
}
