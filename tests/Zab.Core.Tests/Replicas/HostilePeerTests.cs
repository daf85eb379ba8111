using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Testing.Scripts;

namespace Zab.Core.Tests.Replicas;

/// <summary>Nothing that a peer sends stops a replica: at most the link ends (R20, S20).</summary>
public sealed class HostilePeerTests
{
    private static readonly MessageType[] s_types = [.. Enum.GetValues<MessageType>(), 0, (MessageType)99];
    private static readonly int[] s_epochs = [0, 1, 2, -1, int.MaxValue - 1, int.MaxValue, int.MinValue];
    private static readonly long[] s_numbers = [0, 1, 7, -1, long.MaxValue, long.MinValue];
    private static readonly Zxid[] s_zxids =
        [Zxid.None, Zxid.Of(1, 0), Zxid.Of(1, 1), Zxid.Of(2, 0), Zxid.Of(2, 1), new(long.MaxValue), new(-1)];

    [Fact]
    public void A_learner_with_the_last_epoch_of_all_is_turned_away()
    {
        ScriptedServer server = Leading();
        Link link = new(new ServerId(2), LinkKind.Quorum, 9);

        server.Replica!.OnLinkUp(link);
        server.Replica.OnMessage(link, new Message { Type = MessageType.FollowerInfo, Epoch = int.MaxValue });
        Ready ready = server.Replica.TakeReady();

        Assert.Contains(ready.Break, wish => wish.Link == link);
        Assert.Equal(ServerState.Leading, ready.Status.State);
    }

    [Theory]
    [InlineData(300, 1)]
    [InlineData(-1, 1)]
    [InlineData(2, long.MaxValue)]
    [InlineData(2, -1)]
    public void A_notification_that_cannot_be_breaks_its_link_and_moves_no_vote(int candidate, long round)
    {
        ScriptedServer server = Started(1, 3);
        Link link = new(new ServerId(2), LinkKind.Election, 9);

        server.Replica!.OnLinkUp(link);
        server.Replica.OnMessage(link, Vote(candidate, round));
        Ready ready = server.Replica.TakeReady();

        Assert.Contains(ready.Break, wish => wish.Link == link);
        Assert.Equal(new ServerId(1), server.Replica.Election.Vote.Candidate);
        Assert.Equal(1, server.Replica.Election.Round);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void No_sequence_of_strange_messages_stops_a_replica(int firstSeed)
    {
        for (int seed = firstSeed * 1_000; seed < (firstSeed * 1_000) + 150; seed++)
        {
            Prng prng = new((ulong)seed);
            Cluster cluster = new(3, 1);
            cluster.Start(1, 2, 3, 4);
            if (prng.OneIn(2))
            {
                _ = cluster.Stabilize();
            }

            for (int step = 0; step < 60; step++)
            {
                Disturb(cluster, prng);
            }
        }
    }

    /// <summary>Puts a made-up message on a wire, as if the sender had sent it, and lets the cluster go on.</summary>
    private static void Disturb(Cluster cluster, Prng prng)
    {
        if (cluster.AnyWire(prng.Below(1_000)) is { } wire && prng.OneIn(2))
        {
            wire.UnderWay.Enqueue(Strange(prng));
        }

        switch (prng.Below(3))
        {
            case 0: cluster.Settle(); break;
            case 1: cluster.TickAll(1 + prng.Below(3)); break;
            default: cluster.Deliver(1 + prng.Below(4), from: null, 1 + prng.Below(3)); break;
        }
    }

    private static Message Strange(Prng prng) => new()
    {
        Type = s_types[prng.Below(s_types.Length)],
        Epoch = s_epochs[prng.Below(s_epochs.Length)],
        SenderEpoch = s_epochs[prng.Below(s_epochs.Length)],
        Number = s_numbers[prng.Below(s_numbers.Length)],
        Zxid = s_zxids[prng.Below(s_zxids.Length)],
        Chain = new ChainHash(prng.OneIn(2) ? 0 : prng.Next()),
        Candidate = new ServerId(prng.Below(7) - 1),
        State = (ServerState)prng.Below(6),
        Flag = prng.OneIn(2),
        Body = new byte[prng.OneIn(2) ? 0 : prng.Below(40)],
    };

    [Fact]
    public void A_peer_that_follows_its_own_follower_is_not_accused()
    {
        ScriptedServer server = Started(1, 3);
        Link election = new(new ServerId(3), LinkKind.Election, 1);
        server.Replica!.OnLinkUp(election);
        Message leads = Vote(candidate: 3, round: 1) with { State = ServerState.Leading, Flag = true, SenderEpoch = 0 };
        server.Replica.OnMessage(election, leads);
        for (int tick = 0; tick < 5; tick++)
        {
            server.Replica.Tick();
        }

        Assert.Equal(ServerState.Following, server.Replica.Status.State);
        Link crossing = new(new ServerId(3), LinkKind.Quorum, 2);
        server.Replica.OnLinkUp(crossing);
        server.Replica.OnMessage(crossing, new Message { Type = MessageType.FollowerInfo });
        Ready ready = server.Replica.TakeReady();

        Assert.Contains(ready.Break, wish => wish.Link == crossing && !wish.IsViolation);
    }

    private static ScriptedServer Leading()
    {
        ScriptedServer server = Started(3, 3);
        Link link = new(new ServerId(2), LinkKind.Election, 1);
        server.Replica!.OnLinkUp(link);
        server.Replica.OnMessage(link, Vote(candidate: 3, round: 1) with { Flag = true });
        for (int tick = 0; tick < 5; tick++)
        {
            server.Replica.Tick();
        }

        Assert.Equal(ServerState.Leading, server.Replica.Status.State);
        return server;
    }

    private static ScriptedServer Started(int id, int voters)
    {
        ScriptedServer server = new(
            new ServerId(id), [.. Enumerable.Range(1, voters).Select(voter => new ServerId(voter))], []);
        server.Start(0);
        _ = server.Replica!.TakeReady();
        return server;
    }

    private static Message Vote(int candidate, long round) => new()
    {
        Type = MessageType.Notification,
        State = ServerState.Looking,
        Number = round,
        Candidate = new ServerId(candidate),
    };
}
