using Zab.Tests.Hosting;

namespace Zab.Server.Tests.Port;

/// <summary>Section 2.16: what a client sees when its session is over, or goes on elsewhere, while it has
/// requests under way.</summary>
public sealed class SessionEndTests
{
    private const int SessionExpired = -112;
    private const int TimeoutMs = 20_000; // shorter than a leader waits for a follower that stands still

    [Fact]
    public async Task A_write_through_a_follower_for_a_session_that_expired_is_told_so_and_then_cut_off()
    {
        HandClock[] clocks = [new(), new(), new()];
        await using ServedEnsemble served = await OnClocksAsync(clocks);
        HandClock clock = OfLeader(served, clocks);
        using WireClient client = await served.ClientAsync(AFollower(served), TimeoutMs);

        await using (HeldLoop held = HeldLoop.Of(served.Nodes[AFollower(served)]))
        {
            await SendAndReachTheLoopAsync(client, WireClient.Request(1, 1, WireClient.CreateBody("/late")));
            await ExpireAsync(served, clock, client.Session);
        }

        Packet? reply = await client.ReceiveAsync();
        Assert.Equal((1, SessionExpired, 0), (reply!.Xid, reply.Error, reply.Body.Length));
        Assert.Null(await client.ReceiveAsync());
        await AssertIsOverAsync(served, AFollower(served), client);
        using WireClient other = await served.ClientAsync(AFollower(served));
        Assert.Equal(-101, (await other.CallAsync(1, 3, new Body().Text("/late").Byte(0))).Error);
    }

    [Fact]
    public async Task A_multi_of_a_session_that_expired_tells_it_in_its_first_operation()
    {
        HandClock[] clocks = [new(), new(), new()];
        await using ServedEnsemble served = await OnClocksAsync(clocks);
        HandClock clock = OfLeader(served, clocks);
        using WireClient client = await served.ClientAsync(AFollower(served), TimeoutMs);
        Body multi = new Body()
            .Int(13).Byte(0).Int(-1).Text("/a").Int(-1)
            .Int(1).Byte(0).Int(-1).Raw(WireClient.CreateBody("/late").ToArray())
            .Int(2).Byte(0).Int(-1).Text("/b").Int(-1)
            .Int(-1).Byte(1).Int(-1);

        await using (HeldLoop held = HeldLoop.Of(served.Nodes[AFollower(served)]))
        {
            await SendAndReachTheLoopAsync(client, WireClient.Request(1, 14, multi));
            await ExpireAsync(served, clock, client.Session);
        }

        Packet? reply = await client.ReceiveAsync();
        byte[] expected = new Body()
            .Int(-1).Byte(0).Int(SessionExpired).Int(SessionExpired)
            .Int(-1).Byte(0).Int(-2).Int(-2)
            .Int(-1).Byte(0).Int(-2).Int(-2)
            .Int(-1).Byte(1).Int(-1).ToArray();
        Assert.Equal((1, 0), (reply!.Xid, reply.Error));
        Assert.Equal(expected, reply.Body);
        Assert.Null(await client.ReceiveAsync());
    }

    [Fact]
    public async Task A_request_to_the_server_that_ended_its_session_finds_the_connection_closed()
    {
        HandClock clock = new();
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(
            1,
            changeNode: options => options with
            {
                TimeProvider = clock, MinSessionTimeout = TimeSpan.FromMilliseconds(500),
            });
        clock.Stop();
        using WireClient client = await served.ClientAsync(timeoutMs: 500);
        using WireClient other = await served.ClientAsync();

        await using (HeldLoop held = HeldLoop.Of(served.Nodes[1]))
        {
            for (int turn = 0; turn < 3; turn++)
            {
                held.FillTurn(() => clock.Advance(TimeSpan.FromMilliseconds(490)));
            }

            await SendAndReachTheLoopAsync(client, WireClient.Request(1, 1, WireClient.CreateBody("/late")));
        }

        // Whether its turn comes before the end of the session is applied, or behind it, is open.
        if (await client.ReceiveAsync() is { } reply)
        {
            Assert.Equal((1, SessionExpired), (reply.Xid, reply.Error));
            Assert.Null(await client.ReceiveAsync());
        }

        await AssertIsOverAsync(served, 1, client);
        Assert.Equal(-101, (await other.CallAsync(1, 3, new Body().Text("/late").Byte(0))).Error);
    }

    [Fact]
    public async Task A_session_that_ends_while_nothing_is_asked_ends_the_connection()
    {
        HandClock[] clocks = [new(), new(), new()];
        await using ServedEnsemble served = await OnClocksAsync(clocks);
        HandClock clock = OfLeader(served, clocks);
        using WireClient client = await served.ClientAsync(AFollower(served), TimeoutMs);
        Assert.Equal(0, (await client.CreateAsync(1, "/e", flags: 1)).Error);

        await ExpireAsync(served, clock, client.Session);

        Assert.Null(await client.ReceiveAsync());
        await AssertIsOverAsync(served, AFollower(served), client);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(14)]
    public async Task Requests_through_a_server_that_the_session_has_left_get_no_answer(int type)
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(3);
        using WireClient before = await served.ClientAsync(AFollower(served));
        byte[] create = WireClient.CreateBody("/stale").ToArray();
        Body body = type == 1
            ? new Body().Raw(create)
            : new Body().Int(1).Byte(0).Int(-1).Raw(create).Int(-1).Byte(1).Int(-1);
        using WireClient after = await WireClient.ConnectAsync(served[served.Nodes.LeaderId].EndPoint);

        await using (HeldLoop held = HeldLoop.Of(served.Nodes[AFollower(served)]))
        {
            await SendAndReachTheLoopAsync(before, WireClient.Request(1, type, body));
            Assert.Equal(before.Session, (await after.GreetAsync(before.Session, before.Password))!.Session);
        }

        Assert.Null(await before.ReceiveAsync());
        Assert.Equal(0, (await after.CallAsync(1, 9, new Body().Text("/"))).Error);
        Assert.Equal(-101, (await after.CallAsync(2, 3, new Body().Text("/stale").Byte(0))).Error);
    }

    [Fact]
    public async Task A_connection_that_breaks_off_leaves_its_session_alive()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();
        Assert.Equal(0, (await client.CreateAsync(1, "/e", flags: 1)).Error);

        client.Reset();
        while (served[1].Connections > 0)
        {
            await Task.Yield();
        }

        using WireClient again = await WireClient.ConnectAsync(served[1].EndPoint);
        Assert.Equal(client.Session, (await again.GreetAsync(client.Session, client.Password))!.Session);
        Assert.Equal(0, (await again.CallAsync(1, 3, new Body().Text("/e").Byte(0))).Error);
    }

    private static Task<ServedEnsemble> OnClocksAsync(HandClock[] clocks) => ServedEnsemble.OfAsync(
        clocks.Length, changeNode: options => options with { TimeProvider = clocks[options.ServerId - 1] });

    /// <summary>The clock of the leader, which stands still from now on: it says when sessions are over.</summary>
    private static HandClock OfLeader(ServedEnsemble served, HandClock[] clocks)
    {
        HandClock clock = clocks[served.Nodes.LeaderId - 1];
        clock.Stop();
        return clock;
    }

    private static int AFollower(ServedEnsemble served) => served.Nodes.LeaderId == 1 ? 2 : 1;

    /// <summary>Sends a request, and returns when it stands in the queue of the node's loop: the answer to a
    /// ping behind it leaves only then.</summary>
    private static async Task SendAndReachTheLoopAsync(WireClient client, byte[] request)
    {
        await client.SendRawAsync([.. request, .. WireClient.Request(-2, 11)]);
        Assert.Equal(-2, (await client.ReceiveAsync())!.Xid);
    }

    /// <summary>Lets time pass for the leader until a session is over: in steps that it does not take for a
    /// pause of its own, and in each of which a quorum answers it.</summary>
    private static async Task ExpireAsync(ServedEnsemble served, HandClock clock, long session)
    {
        int leader = served.Nodes.LeaderId;
        using WireClient other = await served.ClientAsync(leader);
        for (int xid = 1; served.Nodes[leader].Loop.Published.State.Sessions.Contains(new(session)); xid++)
        {
            await clock.PassAsync(served.Nodes[leader], TimeSpan.FromMilliseconds(400));
            Assert.Equal(0, (await other.CallAsync(xid, 9, new Body().Text("/"))).Error);
        }
    }

    private static async Task AssertIsOverAsync(ServedEnsemble served, int id, WireClient gone)
    {
        using WireClient again = await WireClient.ConnectAsync(served[id].EndPoint);
        Greeting? greeting = await again.GreetAsync(gone.Session, gone.Password);
        Assert.Equal((0, 0L), (greeting!.TimeoutMs, greeting.Session));
        Assert.Equal(new byte[16], greeting.Password);
        Assert.Null(await again.ReceiveAsync());
    }
}
