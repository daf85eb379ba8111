using System.Buffers.Binary;
using System.Net.Sockets;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Core.Watches;
using Zab.Wire;

namespace Zab.Client.Tests.Servers;

/// <summary>The server's end of one connection.</summary>
internal sealed class FakeConnection(TcpClient client)
{
    public const long Session = 0x77;

    public static readonly byte[] Password = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

    private readonly NetworkStream _stream = client.GetStream();

    /// <summary>What the client said first.</summary>
    public ConnectRequest Hello { get; private set; }

    /// <summary>How many pings were answered.</summary>
    public int Pings { get; private set; }

    public async Task GreetAsync(int timeoutMs = 30_000)
    {
        Assert.True(ConnectRequest.TryRead(await FrameAsync(), out ConnectRequest hello));
        Hello = hello;
        ConnectResponse response = timeoutMs > 0
            ? new(timeoutMs, new SessionId(Session), Password, hello.ReadOnly)
            : ConnectResponse.Expired(hello.ReadOnly);
        await SendAsync(response.Write);
    }

    /// <summary>The next request that is no ping; pings are answered.</summary>
    public Task<WireRequest> NextAsync() => AfterPingsAsync().WaitAsync(Safety.Limit);

    private async Task<WireRequest> AfterPingsAsync()
    {
        while (true)
        {
            WireRequest request = await PacketAsync();
            if (request.Type != WireType.Ping)
            {
                return request;
            }

            Pings++;
            await SendAsync(writer => ReplyFormat.WriteHeader(writer, WireXid.Ping, new Zxid(1), ErrorCode.Ok));
        }
    }

    /// <summary>The next request, which may be a ping and is not answered.</summary>
    public async Task<WireRequest> PacketAsync()
    {
        Assert.Equal(ErrorCode.Ok, RequestFormat.TryRead(await FrameAsync(), out WireRequest request));
        return request;
    }

    /// <summary>The next request, which must be of an operation.</summary>
    public async Task<WireRequest> NextAsync(OpCode op)
    {
        WireRequest request = await NextAsync();
        Assert.Equal((int)op, request.Type);
        return request;
    }

    public Task AnswerAsync(in WireRequest request, ClientReply reply)
    {
        ClientRequest asked = request.Operation ?? new ClientRequest { Op = (OpCode)request.Type };
        asked = asked with { Cxid = request.Xid };
        return SendAsync(writer => ReplyFormat.Write(writer, asked, reply));
    }

    public Task AnswerAsync(in WireRequest request, ErrorCode error = ErrorCode.Ok, long zxid = 1) =>
        AnswerAsync(request, new ClientReply { Zxid = new Zxid(zxid), Error = error });

    public Task FireAsync(WatchEventType type, string path, long zxid) =>
        SendAsync(writer => EventFormat.Write(writer, new WatchEvent(type, path, new Zxid(zxid))));

    public Task SendAsync(Action<JuteWriter> write)
    {
        JuteWriter writer = new(64);
        writer.WriteInt(0);
        write(writer);
        byte[] frame = writer.Written.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - FrameReader.LengthBytes);
        return SendRawAsync(frame);
    }

    public Task SendRawAsync(byte[] bytes) => _stream.WriteAsync(bytes).AsTask().WaitAsync(Safety.Limit);

    /// <summary>Ends when the client closes the connection; what it sent before is dropped.</summary>
    public async Task ClosedAsync()
    {
        try
        {
            while (await _stream.ReadAsync(new byte[1024]).AsTask().WaitAsync(Safety.Limit) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Closed, and what it had not read is lost.
        }
    }

    public void Drop() => client.Dispose();

    private async Task<byte[]> FrameAsync()
    {
        byte[] length = new byte[FrameReader.LengthBytes];
        await _stream.ReadExactlyAsync(length).AsTask().WaitAsync(Safety.Limit);
        byte[] frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await _stream.ReadExactlyAsync(frame).AsTask().WaitAsync(Safety.Limit);
        return frame;
    }
}
