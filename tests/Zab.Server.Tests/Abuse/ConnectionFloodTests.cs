using System.Net;
using System.Net.Sockets;
using Zab.Server.Tests.Port;
using Zab.Tests.Hosting;

namespace Zab.Server.Tests.Abuse;

/// <summary>Section 7.2: connections that say nothing, or too little at a time. Files are limited, so there
/// are some thousands of them; the limits that hold them are numbers.</summary>
[Collection(Alone.Name)]
public sealed class ConnectionFloodTests
{
    private const int PendingBytesMax = 8 * 1024;

    [Fact]
    public async Task Half_open_connections_are_held_by_the_limits_and_cut_off_in_time()
    {
        const int All = 2000;
        const int OfOneAddress = 800;
        const int Attempts = 3 * (OfOneAddress + 200);
        HandClock clock = new();
        await using ServedEnsemble served = await OnClockAsync(clock, options => options with
        {
            ConnectionsMax = All, ConnectionsPerAddressMax = OfOneAddress,
        });
        clock.Stop();
        using WireClient honest = await served.ClientAsync();
        List<Socket> flood = [];
        long before = GC.GetTotalMemory(forceFullCollection: true);

        for (int i = 0; i < Attempts; i++)
        {
            flood.Add(await ConnectFromAsync(served[1].EndPoint, IPAddress.Parse($"127.0.1.{1 + (i / 1000)}")));
            Assert.InRange(served[1].Connections, 0, All);
            if (i % 100 == 0)
            {
                Assert.Equal(0, (await honest.CallAsync(i, 3, new Body().Text("/").Byte(0))).Error);
            }
        }

        await AssertIsClosedAsync(flood[^1]); // it is refused, and all before it were accepted or refused
        flood.RemoveAt(flood.Count - 1);
        await AreServedAsync(served, All);
        long held = (GC.GetTotalMemory(forceFullCollection: true) - before) / Attempts;
        Assert.InRange(held, long.MinValue, PendingBytesMax); // with the clients' own sockets
        int[] ofAddress = [.. served[1].Listener.Connections.All
            .GroupBy(connection => connection.EndPoint.Address).Select(group => group.Count()).Order()];
        Assert.Equal([1, All - 1 - (2 * OfOneAddress), OfOneAddress, OfOneAddress], ofAddress);

        Task closed = Task.WhenAll(flood.Select(AssertIsClosedAsync));
        while (!closed.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(11)); // again, for one whom the system had not handed over
            Assert.Equal(-2, (await honest.CallAsync(-2, 11)).Xid);
        }

        await closed;
        Assert.Equal(0, (await honest.CreateAsync(Attempts, "/honest")).Error);
        using WireClient another = await served.ClientAsync();
        while (served[1].Connections > 2)
        {
            await Task.Yield(); // the server lets go of a connection after its client has seen the end
        }

        Assert.Equal(2, served[1].Connections);
    }

    [Fact]
    public async Task A_first_packet_of_a_byte_a_second_does_not_come_to_its_end()
    {
        HandClock clock = new();
        await using ServedEnsemble served = await OnClockAsync(clock, options => options);
        clock.Stop();
        using WireClient slow = await WireClient.ConnectAsync(served[1].EndPoint);
        await AreServedAsync(served, 1);
        byte[] greeting = new Body().Int(0).Long(0).Int(10_000).Long(0).Buffer(new byte[16]).Byte(0).Frame();

        Task<byte[]> received = slow.ReceiveToEndAsync();
        foreach (byte one in greeting[..11])
        {
            await slow.TrySendRawAsync([one]);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Empty(await received);
        Assert.Equal(0, served.Nodes[1].Loop.Published.State.Sessions.Count);
    }

    [Fact]
    public async Task A_request_of_a_byte_a_step_is_no_sign_of_life()
    {
        HandClock clock = new();
        await using ServedEnsemble served = await OnClockAsync(clock, options => options);
        clock.Stop();
        using WireClient slow = await served.ClientAsync(timeoutMs: 5000);
        using WireClient honest = await served.ClientAsync(timeoutMs: 5000);
        Task<byte[]> received = slow.ReceiveToEndAsync();
        byte[] request = WireClient.Request(1, 5, new Body().Text("/a").Buffer(new byte[1000]).Int(-1));

        for (int sent = 0; !received.IsCompleted; sent++)
        {
            await slow.TrySendRawAsync([request[sent % 500]]);
            Assert.Equal(-2, (await honest.CallAsync(-2, 11)).Xid);
            await clock.PassAsync(served.Nodes[1], TimeSpan.FromMilliseconds(400)); // no pause of the server's own
        }

        Assert.Empty(await received);
        Assert.Equal(0, (await honest.CreateAsync(1, "/honest")).Error);
        using WireClient again = await WireClient.ConnectAsync(served[1].EndPoint);
        Assert.Equal(0, (await again.GreetAsync(slow.Session, slow.Password))!.TimeoutMs);
    }

    private static Task<ServedEnsemble> OnClockAsync(
        HandClock clock, Func<ZooKeeperPortOptions, ZooKeeperPortOptions> change) =>
        ServedEnsemble.OfAsync(1, change, options => options with { TimeProvider = clock });

    /// <summary>Waits until that many connections have been accepted, and their time has begun.</summary>
    private static async Task AreServedAsync(ServedEnsemble served, int count)
    {
        while (served[1].Listener.Connections.All.Count < count)
        {
            await Task.Yield();
        }
    }

    private static async Task<Socket> ConnectFromAsync(IPEndPoint port, IPAddress address)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, 0));
        await socket.ConnectAsync(port, Safety.Token);
        return socket;
    }

    private static async Task AssertIsClosedAsync(Socket socket)
    {
        try
        {
            Assert.Equal(0, await socket.ReceiveAsync(new byte[1], SocketFlags.None, Safety.Token));
        }
        catch (SocketException)
        {
            // It was reset.
        }

        socket.Dispose();
    }
}
