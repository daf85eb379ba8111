using System.Net;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf;
using Zab.Core.Ports;
using Zab.Transport.Grpc.Links;
using Zab.Transport.Grpc.Protocol;
using Zab.Transport.Grpc.Wire;

namespace Zab.Transport.Grpc.Tests;

public sealed class HostileInputTests
{
    private const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    public static TheoryData<LinkKind> Kinds => [LinkKind.Election, LinkKind.Quorum];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Garbage_ends_its_connection_and_nothing_else(LinkKind kind)
    {
        await using OneServer server = await OneServer.StartAsync(helloTimeout: TimeSpan.FromSeconds(1));
        string[] garbage =
        [
            "",
            "GET / HTTP/1.1\r\nHost: zab\r\n\r\n",
            "ruok",
            "\u0016\u0003\u0001\u0002\0\u0001\0", // The start of a TLS handshake.
            Preface[..10],
            Preface,
            Preface + "\0\0\0\u0004\0\0\0\0\0\u007f\u007f\u007f\u0001\u0005\0\0\0\u0001",
            Preface + "\0\0\0\u0004\0\0\0\0\0\0\0\u0010\u0001\u0004\0\0\0\u0001abc",
        ];

        await Task.WhenAll(garbage.Select(async bytes =>
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(
                server.Address.Host, Methods.PortOf(kind, server.Address), server.Patience);
            _ = await socket.SendAsync(Encoding.Latin1.GetBytes(bytes), server.Patience);
            await ReadToEndAsync(socket, server.Patience);
        }));

        await server.AssertWellAsync();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_huge_length_is_refused_before_anything_is_allocated(LinkKind kind)
    {
        await using OneServer server = await OneServer.StartAsync();
        using RawCall call = await server.CallAsync(kind);

        await call.WriteAsync(0, 0xff, 0xff, 0xff, 0xff);

        Assert.Equal(GrpcStatusCode.ResourceExhausted, (await call.StatusAsync()).Code);
        await server.AssertWellAsync();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_large_frame_is_refused_until_Hello_has_been_said(LinkKind kind)
    {
        await using OneServer server = await OneServer.StartAsync();
        using RawCall call = await server.CallAsync(kind);

        await call.WriteAsync(0, 0, 0, 0x10, 1);

        Assert.Equal(GrpcStatusCode.ResourceExhausted, (await call.StatusAsync()).Code);
    }

    [Fact]
    public async Task A_compressed_message_is_refused()
    {
        await using OneServer server = await OneServer.StartAsync();
        using RawCall call = await server.CallAsync(LinkKind.Quorum);

        await call.WriteAsync(1, 0, 0, 0, 0);

        Assert.Equal(GrpcStatusCode.Unimplemented, (await call.StatusAsync()).Code);
    }

    [Fact]
    public async Task Each_port_serves_one_method()
    {
        await using OneServer server = await OneServer.StartAsync();
        (LinkKind Port, string Path)[] calls =
        [
            (LinkKind.Election, "/zab.v1.QuorumService/Connect"),
            (LinkKind.Quorum, "/zab.v1.ElectionService/Connect"),
            (LinkKind.Quorum, "/zab.v1.QuorumService/Disconnect"),
            (LinkKind.Election, "/"),
        ];

        foreach ((LinkKind port, string path) in calls)
        {
            using RawCall call = await RawCall.OpenAsync(server.Address, port, path, server.Patience);
            Assert.Equal(GrpcStatusCode.Unimplemented, (await call.StatusAsync()).Code);
        }
    }

    [Fact]
    public async Task Another_content_type_is_refused()
    {
        await using OneServer server = await OneServer.StartAsync();
        string path = Methods.Of(LinkKind.Quorum);

        using RawCall call = await RawCall.OpenAsync(server.Address, LinkKind.Quorum, path, server.Patience,
            request => request.Content!.Headers.ContentType = new("application/json"));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await call.ResponseAsync()).StatusCode);
    }

    [Fact]
    public async Task A_callers_deadline_ends_its_call()
    {
        ManualClock clock = new(pauseMax: TimeSpan.Zero);
        await using OneServer server = await OneServer.StartAsync(clock: clock);
        using RawCall call = await RawCall.OpenAsync(
            server.Address, LinkKind.Quorum, Methods.Of(LinkKind.Quorum), server.Patience,
            request => request.Headers.Add("grpc-timeout", "50m"));
        await call.SendAsync(RawCall.Hello(sender: 3, receiver: 2));
        Assert.Equal(Frame.KindOneofCase.Hello, (await call.ReadAsync()).KindCase);

        clock.Advance(TimeSpan.FromMilliseconds(50));

        Assert.Equal(GrpcStatusCode.DeadlineExceeded, (await call.StatusAsync()).Code);
        await server.AssertWellAsync();
    }

    [Fact]
    public async Task A_caller_that_says_no_Hello_is_sent_away()
    {
        ManualClock clock = new(pauseMax: TimeSpan.Zero);
        await using OneServer server = await OneServer.StartAsync(clock: clock);
        using RawCall call = await server.CallAsync(LinkKind.Election);

        Task<GrpcStatus> status = call.StatusAsync();
        while (!status.IsCompleted)
        {
            clock.Advance(Safety.Limit); // its time begins when the call is taken, which nobody sees
            await Task.Yield();
        }

        Assert.Equal(GrpcStatusCode.DeadlineExceeded, (await status).Code);
    }

    [Fact]
    public async Task A_first_frame_that_is_no_Hello_is_refused()
    {
        await using OneServer server = await OneServer.StartAsync();
        byte[][] firsts = [[], [0xff, 0xff], Batch(1).ToByteArray(), FrameCodec.Goodbye("why").ToByteArray()];

        foreach (byte[] first in firsts)
        {
            using RawCall call = await server.CallAsync(LinkKind.Election);
            await call.SendMessageAsync(first);
            Assert.Equal(GrpcStatusCode.InvalidArgument, (await call.StatusAsync()).Code);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task A_gap_in_the_sequence_breaks_the_link(LinkKind kind) => BreaksAsync(
        kind, "batch 3 came where 2 was due", Batch(1).ToByteArray(), Batch(3).ToByteArray());

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task A_repeated_batch_breaks_the_link(LinkKind kind) => BreaksAsync(
        kind, "batch 1 came where 2 was due", Batch(1).ToByteArray(), Batch(1).ToByteArray());

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task A_flipped_bit_breaks_the_link(LinkKind kind)
    {
        Frame frame = Batch(1);
        byte[] bytes = frame.Batch.Messages.ToByteArray();
        bytes[^1] ^= 1;
        frame.Batch.Messages = ByteString.CopyFrom(bytes);
        return BreaksAsync(kind, "the checksum of batch 1 is wrong", frame.ToByteArray());
    }

    [Fact]
    public Task A_second_Hello_breaks_the_link() => BreaksAsync(
        LinkKind.Quorum, "a frame of kind Hello", RawCall.Hello(sender: 3, receiver: 2).ToByteArray());

    [Fact]
    public Task A_message_of_no_known_type_breaks_the_link() => BreaksAsync(
        LinkKind.Quorum, "a message of type 99 has the type 99", Batch(1, type: 99).ToByteArray());

    [Fact]
    public Task Bytes_that_are_no_frame_break_the_link() => BreaksAsync(
        LinkKind.Quorum, "bytes that are no frame", [0xff, 0xff, 0xff]);

    [Fact]
    public async Task A_frame_that_is_cut_short_at_any_length_breaks_only_its_link()
    {
        await using OneServer server = await OneServer.StartAsync();
        byte[] message = Batch(1).ToByteArray();
        byte[] bytes = new byte[GrpcProtocol.PrefixBytes + message.Length];
        GrpcProtocol.WritePrefix(bytes, message.Length);
        message.CopyTo(bytes, GrpcProtocol.PrefixBytes);
        long last = 0;

        for (int length = 1; length < bytes.Length; length++)
        {
            using RawCall call = await server.GreetAsync(LinkKind.Election);
            Link link = await server.LinkAsync(LinkKind.Election, after: last);
            await call.WriteAsync(bytes[..length]);
            call.Complete();
            Assert.Contains("ended within a message", await server.DownAsync(link), StringComparison.Ordinal);
            last = link.Number;
        }

        await server.AssertWellAsync();
    }

    [Fact]
    public async Task Strangers_are_bounded_and_do_not_touch_links_that_are_up()
    {
        await using OneServer server =
            await OneServer.StartAsync(helloTimeout: TimeSpan.FromSeconds(1), strangersMax: 4);
        using RawCall peer = await server.GreetAsync(LinkKind.Election);
        Link link = await server.LinkAsync(LinkKind.Election);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(server.Address.Host, server.Address.ElectionPort, server.Patience);
                await ReadToEndAsync(socket, server.Patience);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
            {
                // Sent away before it knew that it was connected.
            }
        }));

        Assert.Equal(link, server.Recorder.LinkWith(link.Peer, link.Kind));
        peer.Complete();
        _ = await server.DownAsync(link);
        await server.AssertWellAsync();
    }

    [Fact]
    public Task Many_empty_messages_are_refused_before_they_are_decoded() => BreaksAsync(
        LinkKind.Quorum,
        "a batch has more than 43691 messages",
        Batch(1, count: BatchCodec.MessagesMax).ToByteArray(),
        Batch(2, count: BatchCodec.MessagesMax + 1).ToByteArray());

    private static Frame Batch(ulong sequence, int type = 5, int count = 1)
    {
        MessageList list = new();
        for (int i = 0; i < count; i++)
            list.Messages.Add(new Message { Type = type, Number = 1 });
        Frame frame = BatchCodec.Encode(list, sequence, out _);
        return Frame.Parser.ParseFrom(frame.ToByteArray());
    }

    private static async Task BreaksAsync(LinkKind kind, string reason, params byte[][] frames)
    {
        await using OneServer server = await OneServer.StartAsync();
        using RawCall call = await server.GreetAsync(kind);
        Link link = await server.LinkAsync(kind);

        foreach (byte[] frame in frames)
            await call.SendMessageAsync(frame);

        Assert.Contains(reason, await server.DownAsync(link), StringComparison.Ordinal);
        Assert.Contains(reason, (await call.ReadAsync()).Goodbye.Reason, StringComparison.Ordinal);
        Assert.NotEqual(GrpcStatusCode.Ok, (await call.StatusAsync()).Code);
        await server.AssertWellAsync();
    }

    private static async Task ReadToEndAsync(Socket socket, CancellationToken patience)
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, patience) > 0)
                continue;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // A reset is an end, too.
        }
    }
}
