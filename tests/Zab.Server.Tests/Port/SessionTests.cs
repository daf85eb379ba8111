using System.Net;
using Zab.Core.Tree;
using Zab.Tests.Hosting;

namespace Zab.Server.Tests.Port;

/// <summary>Sections 2.2, 2.3, 2.12, 2.13 and 2.16: how sessions begin, move and end on the wire.</summary>
public sealed class SessionTests
{
    [Theory]
    [InlineData(true, 37)]
    [InlineData(false, 36)]
    public async Task The_answer_has_the_byte_for_read_only_when_the_request_has_it(bool has, int bytes)
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await WireClient.ConnectAsync(served[1].EndPoint);

        Greeting? greeting = await client.GreetAsync(withReadOnly: has);

        Assert.Equal(bytes, greeting!.Bytes);
        Assert.Equal(1, greeting.Session >> 56);
        Assert.Equal(20_000, greeting.TimeoutMs);
    }

    [Theory]
    [InlineData(-5, 1000)]
    [InlineData(1, 1000)]
    [InlineData(1500, 1500)]
    [InlineData(int.MaxValue, 20_000)]
    public async Task A_timeout_is_brought_within_the_bounds(int asked, int given)
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(
            1, changeNode: options => options with { MaxSessionTimeout = null });
        using WireClient client = await WireClient.ConnectAsync(served[1].EndPoint);

        Greeting? greeting = await client.GreetAsync(timeoutMs: asked);

        Assert.Equal(given, greeting!.TimeoutMs);
    }

    [Fact]
    public async Task Packets_behind_the_first_one_wait_for_the_session()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await WireClient.ConnectAsync(served[1].EndPoint);

        byte[] create = WireClient.Request(1, 1, WireClient.CreateBody("/a"));
        Greeting? greeting = await client.GreetAsync(behind: create);

        Assert.NotEqual(0, greeting!.Session);
        Packet? reply = await client.ReceiveAsync();
        Assert.Equal((1, 0, "/a"), (reply!.Xid, reply.Error, reply.TextAt(0)));
    }

    [Fact]
    public async Task A_session_goes_on_at_another_server_with_its_ephemerals()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(3);
        using WireClient first = await served.ClientAsync(1);
        Assert.Equal(0, (await first.CreateAsync(1, "/e", flags: 1)).Error);

        using WireClient second = await WireClient.ConnectAsync(served[2].EndPoint);
        Greeting? greeting = await second.GreetAsync(first.Session, first.Password);

        Assert.Equal(first.Session, greeting!.Session);
        Assert.Equal(first.Password, greeting.Password);
        Assert.Null(await first.ReceiveAsync()); // it is cut off, without a word
        Packet exists = await second.CallAsync(1, 3, new Body().Text("/e").Byte(0));
        Assert.Equal(0, exists.Error);
        Assert.Equal(0, (await second.CreateAsync(2, "/f", flags: 1)).Error);
    }

    [Fact]
    public async Task A_session_goes_on_at_the_same_server_and_the_older_connection_is_cut_off()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient first = await served.ClientAsync();
        await first.CreateAsync(1, "/e", flags: 1);

        using WireClient second = await WireClient.ConnectAsync(served[1].EndPoint);
        Assert.Equal(first.Session, (await second.GreetAsync(first.Session, first.Password))!.Session);

        Assert.Null(await first.ReceiveAsync());
        Assert.Equal(0, (await second.CallAsync(1, 3, new Body().Text("/e").Byte(0))).Error);
    }

    [Fact]
    public async Task A_session_of_the_host_goes_on_at_the_port_and_comes_back()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        IZabSession local = await served.Nodes[1].OpenSessionAsync();
        await local.CreateAsync("/e", default, CreateMode.Ephemeral);

        using WireClient client = await WireClient.ConnectAsync(served[1].EndPoint);
        long id = local.Credentials.Id.Value;
        Greeting? greeting = await client.GreetAsync(id, local.Credentials.Password.ToArray());

        Assert.Equal(id, greeting!.Session);
        Assert.Equal(ZabSessionState.Moved, local.State);
        Assert.Equal(0, (await client.CallAsync(1, 3, new Body().Text("/e").Byte(0))).Error);
        await using IZabSession back = await served.Nodes[1].ResumeSessionAsync(local.Credentials);
        Assert.NotNull(await back.ExistsAsync("/e"));
        Assert.Null(await client.ReceiveAsync());
    }

    [Theory]
    [InlineData(16)]
    [InlineData(0)]
    [InlineData(100)]
    public async Task A_wrong_password_is_answered_like_a_session_that_is_over_and_troubles_nobody(int bytes)
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient owner = await served.ClientAsync();
        using WireClient thief = await WireClient.ConnectAsync(served[1].EndPoint);

        Greeting? greeting = await thief.GreetAsync(owner.Session, new byte[bytes]);

        Assert.Equal((0, 0L), (greeting!.TimeoutMs, greeting.Session));
        Assert.Equal(new byte[16], greeting.Password);
        Assert.Null(await thief.ReceiveAsync());
        Assert.Equal(0, (await owner.CreateAsync(1, "/mine")).Error);
    }

    [Fact]
    public async Task A_session_that_was_closed_is_over()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();
        await client.CreateAsync(1, "/e", flags: 1);

        Packet closed = await client.CallAsync(2, -11);

        Assert.Equal((0, 0), (closed.Error, closed.Body.Length));
        Assert.Null(await client.ReceiveAsync());
        using WireClient again = await WireClient.ConnectAsync(served[1].EndPoint);
        Assert.Equal(0, (await again.GreetAsync(client.Session, client.Password))!.TimeoutMs);
        using WireClient other = await served.ClientAsync();
        Assert.Equal(-101, (await other.CallAsync(1, 3, new Body().Text("/e").Byte(0))).Error);
    }

    [Fact]
    public async Task A_client_that_says_nothing_loses_its_session_and_its_connection()
    {
        HandClock clock = new();
        await using ServedEnsemble served = await OnClockAsync(clock);
        using WireClient silent = await served.ClientAsync(timeoutMs: 1000);

        Task<Packet?> received = silent.ReceiveAsync();
        while (!received.IsCompleted)
        {
            await clock.PassAsync(served.Nodes[1], TimeSpan.FromMilliseconds(400)); // no pause of the server's own
        }

        Assert.Null(await received);

        using WireClient again = await WireClient.ConnectAsync(served[1].EndPoint);
        Assert.Equal(0, (await again.GreetAsync(silent.Session, silent.Password))!.TimeoutMs);
    }

    [Fact]
    public async Task A_client_from_the_future_is_sent_away()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await WireClient.ConnectAsync(served[1].EndPoint);

        Assert.Null(await client.GreetAsync(seen: long.MaxValue));
    }

    [Fact]
    public async Task A_client_that_says_nothing_at_all_is_cut_off()
    {
        HandClock clock = new();
        await using ServedEnsemble served = await OnClockAsync(clock);
        using WireClient silent = await WireClient.ConnectAsync(served[1].EndPoint);
        using WireClient slow = await WireClient.ConnectAsync(served[1].EndPoint);
        await slow.SendRawAsync([0, 0, 0, 45, 0]);
        while (served[1].Listener.Connections.All.Count < 2)
        {
            await Task.Yield();
        }

        clock.Advance(TimeSpan.FromSeconds(11));

        Assert.Empty(await silent.ReceiveToEndAsync());
        Assert.Empty(await slow.ReceiveToEndAsync());
    }

    [Fact]
    public async Task There_are_no_more_connections_than_allowed()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(
            1, options => options with { ConnectionsPerAddressMax = 2 });
        using WireClient first = await served.ClientAsync();
        using WireClient second = await served.ClientAsync();
        using WireClient third = await WireClient.ConnectAsync(served[1].EndPoint);

        Assert.Empty(await third.ReceiveToEndAsync());

        Assert.Equal(0, (await first.CallAsync(1, -11)).Error);
        Assert.Null(await first.ReceiveAsync());
    }

    [Fact]
    public async Task A_port_ends_with_its_node_and_cuts_its_clients_off()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();

        await served.Nodes[1].DisposeAsync();

        Assert.Null(await client.ReceiveAsync());
        await served[1].Completion.WaitAsync(Safety.Limit);
    }

    [Fact]
    public async Task A_server_without_a_quorum_cuts_its_clients_off_and_takes_no_others()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(3);
        int left = served.Nodes.LeaderId;
        using WireClient client = await served.ClientAsync(left);
        foreach (int id in Enumerable.Range(1, 3).Where(id => id != left))
        {
            await served.Nodes[id].DisposeAsync();
        }

        Assert.Null(await client.ReceiveAsync());
        using WireClient other = await WireClient.ConnectAsync(served[left].EndPoint);
        Assert.Null(await other.GreetAsync());
    }

    [Fact]
    public async Task A_port_that_is_in_use_says_so()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        ZooKeeperPortOptions same = new() { Port = served[1].EndPoint.Port, Address = IPAddress.Loopback };

        IOException failure = await Assert.ThrowsAsync<IOException>(
            () => served.Nodes[1].ListenForZooKeeperClientsAsync(same));

        Assert.Contains("clientPort", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_options_are_all_named()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);

        ZabConfigurationException failure = await Assert.ThrowsAsync<ZabConfigurationException>(
            () => served.Nodes[1].ListenForZooKeeperClientsAsync(
                new ZooKeeperPortOptions { Port = 65536, ConnectionsMax = -1, Backlog = 0 }));

        Assert.Contains("65536", failure.Message, StringComparison.Ordinal);
        Assert.Contains("ConnectionsMax", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Backlog", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>A server on a clock, which then stands still.</summary>
    private static async Task<ServedEnsemble> OnClockAsync(HandClock clock)
    {
        ServedEnsemble served =
            await ServedEnsemble.OfAsync(1, changeNode: options => options with { TimeProvider = clock });
        clock.Stop();
        return served;
    }
}
