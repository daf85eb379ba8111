using System.Buffers.Binary;
using Zab.Benchmarks.Port;
using Zab.Core.Primitives;

namespace Zab.Server.Tests.Port;

/// <summary>Whatever bytes come, the connection alone suffers.</summary>
public sealed class HostileClientTests
{
    private static readonly byte[] s_create = WireClient.Request(1, 1, WireClient.CreateBody("/whole", "data"));

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1024 * 1024)]
    [InlineData(int.MaxValue)]
    public async Task A_length_that_no_request_has_ends_the_connection(int length)
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();
        byte[] bytes = new byte[4 + Math.Clamp(length, 0, 8)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);

        await client.SendRawAsync(bytes);

        Assert.Null(await client.ReceiveAsync());
        using WireClient again = await WireClient.ConnectAsync(served[1].EndPoint);
        Assert.Equal(client.Session, (await again.GreetAsync(client.Session, client.Password))!.Session);
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(8 * 1024 + 1)]
    [InlineData(0)]
    [InlineData(27)]
    [InlineData(0x47455420)]
    public async Task A_first_packet_that_is_none_ends_the_connection(int length)
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await WireClient.ConnectAsync(served[1].EndPoint);
        byte[] bytes = new byte[4 + Math.Clamp(length, 0, 64)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);

        await client.SendRawAsync(bytes);

        Assert.Empty(await client.ReceiveToEndAsync());
        Assert.Equal(0, served.Nodes[1].Loop.Published.State.Sessions.Count);
    }

    [Fact]
    public async Task A_request_that_ends_at_any_byte_is_not_done()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        for (int length = 1; length < s_create.Length; length++)
        {
            using WireClient client = await served.ClientAsync();
            await client.SendRawAsync(s_create[..length]);
            client.EndSending();
            Assert.Empty(await client.ReceiveToEndAsync());
        }

        using WireClient last = await served.ClientAsync();
        Assert.Equal(-101, (await last.CallAsync(1, 3, new Body().Text("/whole").Byte(0))).Error);
    }

    [Fact]
    public async Task A_request_that_comes_byte_by_byte_is_done()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();
        foreach (byte one in s_create)
        {
            await client.SendRawAsync([one]);
        }

        Assert.Equal(0, (await client.ReceiveAsync())!.Error);
    }

    [Fact]
    public async Task Counts_that_no_packet_has_room_for_are_refused()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();
        Body watches = new Body().Long(0).Int(int.MaxValue).Text("/a");
        Body create = new Body().Text("/a").Buffer([]).Int(int.MaxValue).Int(31);

        Assert.Equal(-5, (await client.CallAsync(-8, 101, watches)).Error);
        Assert.Equal(-5, (await client.CallAsync(1, 1, create)).Error);
        Assert.Equal(-5, (await client.CallAsync(2, 1, new Body().Int(-7))).Error);
        Assert.Equal(0, (await client.CreateAsync(3, "/fine")).Error);
    }

    [Fact]
    public async Task A_multi_of_forty_thousand_operations_is_answered()
    {
        const int Count = 40_000;
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();
        Body multi = new();
        byte[] check = new Body().Int(13).Byte(0).Int(-1).Text("/").Int(-1).ToArray();
        for (int i = 0; i < Count; i++)
        {
            _ = multi.Raw(check);
        }

        Packet reply = await client.CallAsync(1, 14, multi.Int(-1).Byte(1).Int(-1));

        Assert.Equal(0, reply.Error);
        Assert.Equal(9 * (Count + 1), reply.Body.Length);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-2)]
    [InlineData(-4)]
    [InlineData(-8)]
    [InlineData(0)]
    [InlineData(int.MinValue)]
    public async Task A_number_of_another_use_is_as_good_as_any(int xid)
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();

        Assert.Equal(0, (await client.CreateAsync(xid, "/a")).Error);
        Assert.Equal(0, (await client.CallAsync(xid, 3, new Body().Text("/a").Byte(0))).Error);
    }

    [Fact]
    public async Task Spoilt_frames_end_connections_and_nothing_else()
    {
        const int Connections = 400;
        const int FramesEach = 50;
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient honest = await served.ClientAsync();
        Prng prng = new(11);
        for (int i = 0; i < Connections; i++)
        {
            using WireClient client = await WireClient.ConnectAsync(served[1].EndPoint);
            List<byte> frames = [];
            for (int frame = 0; frame < FramesEach; frame++)
            {
                frames.AddRange(MalformedFrames.Next(prng));
            }

            if (i % 2 == 0)
            {
                _ = await client.GreetAsync();
            }

            try
            {
                await client.SendRawAsync([.. frames]);
                client.EndSending();
            }
            catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
            {
                // The server has had enough.
            }

            _ = await client.ReceiveToEndAsync();
        }

        Assert.Equal(0, (await honest.CreateAsync(1, "/honest")).Error);
        Assert.Equal(0, (await honest.CallAsync(2, 4, new Body().Text("/honest").Byte(0))).Error);
        Assert.True(served.Nodes[1].Status.IsServing);
        Assert.Equal(0, served[1].Listener.Counters.Outstanding);
    }
}
