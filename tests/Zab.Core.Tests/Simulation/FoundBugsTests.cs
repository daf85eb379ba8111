using Zab.Core.Messages;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Sessions;
using Zab.Core.Tree;
using Zab.Testing.Simulation;

namespace Zab.Core.Tests.Simulation;

/// <summary>What the simulator found in Zab itself, each as the shortest schedule that shows it.</summary>
/// <remarks>Seeds stay what they are only as long as the simulator does, so a schedule is kept for each; docs/correctness.md has the seeds.</remarks>
public sealed class FoundBugsTests
{
    [Fact]
    public void Sessions_whose_closing_found_no_room_are_closed_at_the_next_tick()
    {
        World world = NewWorld(settings => settings with { OutstandingMax = 1 });
        SimulatedServer leader = world.Leader!;
        SimulatedServer follower = world.Servers.First(server => server != leader);
        for (int i = 0; i < 8; i++)
        {
            world.Ask(follower, new ClientRequest { Op = OpCode.CreateSession, Session = follower.Replica!.NewSessionId(), TimeoutMs = 1_000 });
            Pass(world, 100);
        }

        Assert.Equal(8, leader.Replica!.Committed.Sessions.Count);
        world.Kill(follower);
        Pass(world, 1_000 + (4 * 100) + (8 * 2 * 100));

        Assert.Equal(0, leader.Replica!.Committed.Sessions.Count);
    }

    [Fact]
    public void Timed_nodes_whose_end_found_no_room_go_at_the_next_ticks()
    {
        World world = NewWorld(settings => settings with { OutstandingMax = 1, SweepTicks = 100 });
        SimulatedServer leader = world.Leader!;
        SessionId session = leader.Replica!.NewSessionId();
        world.Ask(leader, new ClientRequest { Op = OpCode.CreateSession, Session = session, TimeoutMs = 1_000_000 });
        Pass(world, 100);
        for (int i = 1; i <= 8; i++)
        {
            world.Ask(leader, new ClientRequest
            {
                Op = OpCode.CreateTtl,
                Session = session,
                Cxid = i,
                Path = $"/{i}",
                Mode = Zab.Core.Tree.CreateMode.PersistentWithTtl,
                TtlMs = 100,
            });
            Pass(world, 100);
        }

        Assert.NotEqual(0, leader.Replica.Committed.Tree.Timed.Count);
        Pass(world, (100 * 100) + (3 * 8 * 100));

        Assert.Equal(0, leader.Replica.Committed.Tree.Timed.Count);
    }

    [Fact]
    public void A_late_refusal_does_not_end_the_session_of_a_client_that_came_back()
    {
        World world = NewWorld(settings => settings);
        SimulatedServer server = world.Servers.First(other => other != world.Leader);
        SessionId session = server.Replica!.NewSessionId();
        List<ClientReply> replies = [];
        world.OnOutput = (_, output) =>
        {
            if (output.Reply is { } reply)
            {
                replies.Add(reply);
            }
        };
        world.Ask(server, new ClientRequest { Op = OpCode.CreateSession, Session = session, TimeoutMs = 10_000 });
        Pass(world, 100);
        ClientRequest move = new()
        {
            Op = OpCode.MoveSession,
            Session = session,
            Cxid = 9,
            Password = SessionPassword.Of(server.Replica.Committed.Secret.Span, session),
        };
        world.Ask(server, new ClientRequest { Op = OpCode.Delete, Session = session, Cxid = 1, Path = "/none", Version = -1 });
        world.Ask(server, move);
        Pass(world, 100);

        Assert.Equal(ErrorCode.Ok, replies.Single(reply => reply.Cxid == 9).Error);
    }

    /// <summary>The second request is turned away, and its client learns it behind the first, which is made
    /// again: the third must not be done before that (K3).</summary>
    [Fact]
    public void What_is_asked_behind_a_request_that_was_turned_away_is_turned_away_too()
    {
        World world = NewWorld(settings => settings);
        SimulatedServer leader = world.Leader!;
        SimulatedServer server = world.Servers.First(other => other != leader);
        SessionId session = server.Replica!.NewSessionId();
        Dictionary<int, ErrorCode> replies = [];
        world.OnOutput = (_, output) =>
        {
            if (output.Reply is { } reply)
            {
                replies[reply.Cxid] = reply.Error;
            }
        };
        Ask(1, OpCode.CreateSession, "");
        Pass(world, 200);
        Ask(2, OpCode.Create, "/a");
        world.Kill(leader);
        while (server.Replica.Status.IsServing)
        {
            Pass(world, 1);
        }

        Ask(3, OpCode.Create, "/b");
        while (!server.Replica.Status.IsServing)
        {
            Pass(world, 1);
        }

        Assert.DoesNotContain(2, replies.Keys);
        Ask(4, OpCode.Create, "/c");
        Pass(world, 1000);
        Ask(5, OpCode.Create, "/d");
        Pass(world, 1000);

        Assert.Equal(
            (ErrorCode.Ok, ErrorCode.ConnectionLoss, ErrorCode.ConnectionLoss, ErrorCode.Ok),
            (replies[2], replies[3], replies[4], replies[5]));
        Assert.False(server.Replica.Committed.Tree.TryGet("/c", out _));

        void Ask(int cxid, OpCode op, string path) => world.Ask(server, new ClientRequest
        {
            Op = op,
            Session = session,
            Cxid = cxid,
            Path = path,
            TimeoutMs = 60_000,
            AnsweredUpTo = 0,
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_read_sees_the_state_between_the_writes_that_it_was_asked_between(bool atLeader)
    {
        World world = NewWorld(settings => settings with { FlushUs = (20_000, 20_000) });
        SimulatedServer server = atLeader ? world.Leader! : world.Servers.First(other => other != world.Leader);
        SessionId session = server.Replica!.NewSessionId();
        List<ClientReply> replies = [];
        world.OnOutput = (_, output) =>
        {
            if (output.Reply is { } reply)
            {
                replies.Add(reply);
            }
        };
        world.Ask(server, new ClientRequest { Op = OpCode.CreateSession, Session = session, TimeoutMs = 10_000 });
        Pass(world, 200);
        string[] paths = ["/a", "/b", "/c"];
        int cxid = 0;
        foreach (string path in paths)
        {
            world.Ask(server, new ClientRequest { Op = OpCode.Create2, Session = session, Cxid = ++cxid, Path = path, Data = new byte[1], Version = -1 });
            world.Ask(server, new ClientRequest { Op = OpCode.GetChildren, Session = session, Cxid = ++cxid, Path = "/" });
        }

        Pass(world, 300);

        IEnumerable<int> seen = replies.Where(reply => reply.Children is not null).Select(reply => reply.Children!.Count(name => name.Length == 1));
        Assert.Equal([1, 2, 3], seen);
    }

    /// <summary>The snapshot shows neither that the session was opened nor that it is over: only that its server
    /// cannot know, so it must not ask again (K8).</summary>
    [Fact]
    public void A_session_that_a_snapshot_does_not_show_is_not_opened_once_more()
    {
        World world = NewWorld(settings => settings with { HistoryEntriesMax = 1 });
        SimulatedServer leader = world.Leader!;
        SimulatedServer follower = world.Servers.First(server => server != leader);
        List<ClientReply> replies = [];
        SessionId writer = leader.Replica!.NewSessionId();
        SessionId session = follower.Replica!.NewSessionId();
        world.OnOutput = (_, output) =>
        {
            if (output.Reply is { } reply && reply.Session == session)
            {
                replies.Add(reply);
            }
        };
        world.Ask(leader, new ClientRequest { Op = OpCode.CreateSession, Session = writer, TimeoutMs = 100_000 });
        world.CutOneWay(leader, follower);
        world.Ask(follower, new ClientRequest
        {
            Op = OpCode.CreateSession,
            Session = session,
            Cxid = 1,
            TimeoutMs = 3_000,
            AnsweredUpTo = 0,
        });
        Pass(world, 100);
        bool wasOpened = leader.Replica.Committed.Sessions.Contains(session);
        for (int cxid = 1; cxid <= 40; cxid++)
        {
            world.Ask(leader, new ClientRequest { Op = OpCode.Create2, Session = writer, Cxid = cxid, Path = $"/n{cxid}", Version = -1 });
            Pass(world, 100);
        }

        bool wasOver = !leader.Replica.Committed.Sessions.Contains(session);
        world.HealAll();
        Pass(world, 5_000);

        Assert.True(wasOpened);
        Assert.True(wasOver);
        Assert.True(follower.Replica!.Status.IsServing);
        Assert.Equal(Zab.Core.Tree.ErrorCode.ConnectionLoss, Assert.Single(replies).Error);
        Assert.False(leader.Replica.Committed.Sessions.Contains(session));
    }

    /// <summary>The snapshot shows that the session was opened, so there is nothing to ask again; it may be over before the leader would hear it
    /// (K8).</summary>
    /// <remarks>Where the end of the session falls depends on how long the follower is away: all of its way back is tried.</remarks>
    [Fact]
    public void A_session_that_a_snapshot_shows_is_not_opened_once_more()
    {
        int ends = 0;
        for (int awayMs = 1_500; awayMs <= 4_500; awayMs += 50)
        {
            World world = NewWorld(settings => settings with { HistoryEntriesMax = 1, DelayUs = (50_000, 50_000) });
            SimulatedServer leader = world.Leader!;
            SimulatedServer follower = world.Servers.First(server => server != leader);
            List<ErrorCode> replies = [];
            SessionId writer = leader.Replica!.NewSessionId();
            SessionId session = follower.Replica!.NewSessionId();
            int openings = 0;
            world.OnOutput = (_, output) =>
            {
                if (output.Reply is { } reply && reply.Session == session)
                {
                    replies.Add(reply.Error);
                }
            };
            world.OnTurnEnded = (server, ready) => openings += server != leader
                ? 0
                : ready.Persist.Count(record => record.Kind == LogRecordKind.Entry
                    && TxnHeader.Peek(record.Body) is { Type: OpCode.CreateSession } opening && opening.Session == session);
            world.Ask(leader, new ClientRequest { Op = OpCode.CreateSession, Session = writer, TimeoutMs = 100_000 });
            world.CutOneWay(leader, follower);
            world.Ask(follower, new ClientRequest
            {
                Op = OpCode.CreateSession,
                Session = session,
                Cxid = 1,
                TimeoutMs = 4_000,
                AnsweredUpTo = 0,
            });
            for (int cxid = 1; cxid <= 30; cxid++)
            {
                world.Ask(leader, new ClientRequest { Op = OpCode.Create2, Session = writer, Cxid = cxid, Path = $"/n{cxid}", Version = -1 });
                Pass(world, awayMs / 30);
            }

            world.HealAll();
            Pass(world, 5_000);

            Assert.Equal(1, openings);
            Assert.True(follower.Replica!.Status.IsServing);
            ends += leader.Replica.Committed.Sessions.Contains(session) ? 0 : 1;
            _ = Assert.Single(replies);
        }

        Assert.InRange(ends, 1, 59);
    }

    /// <summary>A follower that serves is part of the quorum: it deserves no less patience than one that joins.</summary>
    [Fact]
    public void A_follower_that_stands_still_for_some_windows_needs_no_snapshot()
    {
        World world = NewWorld(settings => settings with
        {
            HistoryEntriesMax = 2,
            Roles = settings.Roles with { InFlightBytesMax = 512 },
        });
        SimulatedServer leader = world.Leader!;
        SimulatedServer follower = world.Servers.First(server => server != leader);
        SessionId session = leader.Replica!.NewSessionId();
        world.Ask(leader, new ClientRequest { Op = OpCode.CreateSession, Session = session, TimeoutMs = 10_000 });
        Pass(world, 200);
        List<MessageType> sent = [];
        world.OnPacket = (wire, message) =>
        {
            if (wire.To == follower)
            {
                sent.Add(message.Type);
            }
        };

        world.Pause(follower, inTurn: false);
        for (int cxid = 1; cxid <= 12; cxid++)
        {
            world.Ask(leader, new ClientRequest { Op = OpCode.Create2, Session = session, Cxid = cxid, Path = $"/n{cxid}", Data = new byte[400], Version = -1 });
            Pass(world, 20);
        }

        world.Resume(follower);
        Pass(world, 1_000);

        Assert.Contains(MessageType.Proposal, sent);
        Assert.DoesNotContain(MessageType.LeaderInfo, sent);
        Assert.Equal(leader.Replica.Committed.LastZxid, follower.Replica!.Committed.LastZxid);
    }

    /// <summary>The nonsense is put on the wire by the simulator: no leader sent it, and none is to answer for it.</summary>
    [Fact]
    public void What_a_dying_leader_says_does_not_count_as_an_entry_under_way()
    {
        World world = NewWorld(settings => settings with { Roles = settings.Roles with { InFlightBytesMax = 512 } });
        SimulatedServer leader = world.Leader!;
        SimulatedServer follower = world.Servers.First(server => server != leader);
        SessionId session = leader.Replica!.NewSessionId();
        world.Ask(leader, new ClientRequest { Op = OpCode.CreateSession, Session = session, TimeoutMs = 10_000 });
        Pass(world, 200);
        world.CutOneWay(leader, follower);
        for (int cxid = 1; cxid <= 3; cxid++)
        {
            world.Ask(leader, new ClientRequest { Op = OpCode.Create2, Session = session, Cxid = cxid, Path = $"/n{cxid}", Data = new byte[400], Version = -1 });
        }

        SimulatedLink.Wire wire = world.Links.SelectMany(link => new[] { link.AtoB, link.BtoA }).Single(wire =>
            wire.From == leader && wire.To == follower && wire.UnderWay.Any(sent => sent.Message?.Type == MessageType.Proposal));
        Assert.Equal(2, wire.UnderWay.Count(sent => sent.Message?.Type == MessageType.Proposal));

        world.EndWithNonsense(wire, new Message { Type = MessageType.Proposal, Epoch = -1, Body = new byte[1] });

        Assert.True(wire.EndsInNonsense);
    }

    private static World NewWorld(Func<WorldSettings, WorldSettings> change)
    {
        WorldSettings settings = new() { Voters = 3, Observers = 0 };
        World world = new(change(settings), new Prng(1), new EventTrace(isKept: false));
        foreach (SimulatedServer server in world.Servers)
        {
            Assert.True(world.Start(server));
        }

        Pass(world, 5_000);
        Assert.All(world.Servers, server => Assert.True(server.Replica!.Status.IsServing));
        return world;
    }

    private static void Pass(World world, int ms) => world.RunUntil(world.NowUs + (ms * 1_000L));
}
