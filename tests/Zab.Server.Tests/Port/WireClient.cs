using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Zab.Tests.Hosting;

namespace Zab.Server.Tests.Port;

/// <summary>The answer to a request for a session.</summary>
internal sealed record Greeting(int TimeoutMs, long Session, byte[] Password, int Bytes);

/// <summary>A reply or an event: its header, and the bytes behind it.</summary>
internal sealed record Packet(int Xid, long Zxid, int Error, byte[] Body)
{
    public int IntAt(int offset) => BinaryPrimitives.ReadInt32BigEndian(Body.AsSpan(offset));

    public string TextAt(int offset) => Encoding.UTF8.GetString(Body, offset + 4, IntAt(offset));
}

/// <summary>A client that writes and reads plain bytes, and knows nothing of the codec under test.</summary>
internal sealed class WireClient : IDisposable
{
    private const int ReadsUnderOneLimit = 256;

    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly BufferedStream _input;
    private CancellationToken _limit;
    private int _reads;

    private WireClient(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket);
        _input = new BufferedStream(_stream, 64 * 1024);
    }

    public long Session { get; private set; }

    public byte[] Password { get; private set; } = new byte[16];

    public static async Task<WireClient> ConnectAsync(IPEndPoint endPoint)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(endPoint, Safety.Token);
        return new WireClient(socket);
    }

    /// <summary>Asks for a session, or to go on with one.</summary>
    /// <returns>The answer; null when the server closed the connection.</returns>
    public async Task<Greeting?> GreetAsync(
        long session = 0,
        byte[]? password = null,
        int timeoutMs = 20_000,
        long seen = 0,
        bool withReadOnly = true,
        byte[]? behind = null)
    {
        Body body = new Body().Int(0).Long(seen).Int(timeoutMs).Long(session).Buffer(password ?? new byte[16]);
        if (withReadOnly)
        {
            body = body.Byte(0);
        }

        await TrySendRawAsync([.. body.Frame(), .. behind ?? []]);
        byte[]? answer = await ReceiveFrameAsync();
        if (answer is null)
        {
            return null;
        }

        ReadOnlySpan<byte> bytes = answer;
        Assert.Equal(0, BinaryPrimitives.ReadInt32BigEndian(bytes));
        Session = BinaryPrimitives.ReadInt64BigEndian(bytes[8..]);
        Assert.Equal(16, BinaryPrimitives.ReadInt32BigEndian(bytes[16..]));
        Password = bytes[20..36].ToArray();
        return new Greeting(
            BinaryPrimitives.ReadInt32BigEndian(bytes[4..]), Session, Password, answer.Length);
    }

    public Task SendAsync(int xid, int type, Body? body = null) =>
        SendRawAsync(Request(xid, type, body));

    public static byte[] Request(int xid, int type, Body? body = null) =>
        new Body().Int(xid).Int(type).Raw(body?.ToArray() ?? []).Frame();

    public async Task SendRawAsync(byte[] bytes) => await _stream.WriteAsync(bytes, Safety.Token);

    /// <summary>Sends what the server may not want any more.</summary>
    public async Task TrySendRawAsync(byte[] bytes)
    {
        try
        {
            await SendRawAsync(bytes);
        }
        catch (IOException)
        {
            // It has closed the connection.
        }
    }

    /// <summary>Asks and waits for the answer, which must be the next packet.</summary>
    public async Task<Packet> CallAsync(int xid, int type, Body? body = null)
    {
        await SendAsync(xid, type, body);
        Packet packet = await ReceiveAsync() ?? throw new InvalidOperationException("the connection is closed");
        Assert.Equal(xid, packet.Xid);
        return packet;
    }

    /// <summary>The next packet; null when the server closed the connection.</summary>
    public async Task<Packet?> ReceiveAsync()
    {
        byte[]? frame = await ReceiveFrameAsync();
        return frame is null
            ? null
            : new Packet(
                BinaryPrimitives.ReadInt32BigEndian(frame),
                BinaryPrimitives.ReadInt64BigEndian(frame.AsSpan(4)),
                BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(12)),
                frame[16..]);
    }

    public async Task<byte[]?> ReceiveFrameAsync()
    {
        byte[] length = new byte[4];
        if (!await TryReadAsync(length))
        {
            return null;
        }

        byte[] frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        return await TryReadAsync(frame) ? frame : null;
    }

    /// <summary>Everything until the server closes the connection.</summary>
    public async Task<byte[]> ReceiveToEndAsync()
    {
        using MemoryStream all = new();
        try
        {
            await _input.CopyToAsync(all, Safety.Token);
        }
        catch (IOException)
        {
            // It was reset.
        }

        return all.ToArray();
    }

    /// <summary>Says no more, and goes on listening.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Breaks the connection off, without a word.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Close();
    }

    public async Task<Packet> CreateAsync(int xid, string path, string data = "", int flags = 0) =>
        await CallAsync(xid, 1, CreateBody(path, data, flags));

    public static Body CreateBody(string path, string data = "", int flags = 0) => new Body()
        .Text(path).Buffer(Encoding.UTF8.GetBytes(data)).Int(1).Int(31).Text("world").Text("anyone").Int(flags);

    public void Dispose()
    {
        _input.Dispose();
        _stream.Dispose();
        _socket.Dispose();
    }

    private async Task<bool> TryReadAsync(byte[] into)
    {
        _limit = _reads++ % ReadsUnderOneLimit == 0 ? Safety.Token : _limit;
        try
        {
            return await _input.ReadAtLeastAsync(into, into.Length, throwOnEndOfStream: false, _limit)
                == into.Length;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
