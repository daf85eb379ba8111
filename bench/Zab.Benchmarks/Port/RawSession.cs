using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Zab.Benchmarks.Port;

/// <summary>A ZooKeeper client of a few bytes: it costs the machine as little as it can.</summary>
internal sealed class RawSession : IDisposable
{
    private const int GreetingBytes = 45;
    private const int AnswerBytes = 4 + 37;

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[4096];

    private RawSession(Socket socket) => _socket = socket;

    /// <summary>The connection.</summary>
    public Socket Socket => _socket;

    /// <summary>Connects, and opens a session.</summary>
    public static async Task<RawSession> OpenAsync(IPEndPoint endPoint, int timeoutMs)
    {
        RawSession session = await ConnectAsync(endPoint);
        await session.SendAsync(Greeting(timeoutMs));
        await session.ReceiveAsync(AnswerBytes);
        return session;
    }

    /// <summary>The same, on this thread, which the system wakes when the server answers. A socket that was
    /// ever used asynchronously is served by another thread.</summary>
    public static RawSession Open(IPEndPoint endPoint, int timeoutMs)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(endPoint);
        RawSession session = new(socket);
        _ = socket.Send(Greeting(timeoutMs));
        session.Receive(AnswerBytes);
        return session;
    }

    /// <summary>Connects alone.</summary>
    public static async Task<RawSession> ConnectAsync(IPEndPoint endPoint)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(endPoint);
        return new RawSession(socket);
    }

    /// <summary>Closes the session, and waits until the server has closed the connection.</summary>
    public async Task CloseAsync()
    {
        await SendAsync(Request(1, -11));
        await ReceiveAsync(20);
        _ = await _socket.ReceiveAsync(_buffer.AsMemory());
    }

    /// <summary>Asks, and waits for the one answer.</summary>
    public async Task<int> CallAsync(byte[] request)
    {
        await SendAsync(request);
        await ReceiveAsync(4);
        int length = BinaryPrimitives.ReadInt32BigEndian(_buffer);
        await ReceiveAsync(length);
        return BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(12));
    }

    /// <summary>The same, on this thread.</summary>
    public int Call(byte[] request)
    {
        _ = _socket.Send(request);
        Receive(4);
        int length = BinaryPrimitives.ReadInt32BigEndian(_buffer);
        Receive(length);
        return BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(12));
    }

    /// <summary>A request.</summary>
    public static byte[] Request(int xid, int type, params ReadOnlySpan<byte> body)
    {
        byte[] bytes = new byte[12 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, 8 + body.Length);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), xid);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(8), type);
        body.CopyTo(bytes.AsSpan(12));
        return bytes;
    }

    /// <summary>A path, as it stands on the wire.</summary>
    public static byte[] Text(string text)
    {
        byte[] bytes = new byte[4 + Encoding.UTF8.GetByteCount(text)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length - 4);
        _ = Encoding.UTF8.GetBytes(text, bytes.AsSpan(4));
        return bytes;
    }

    /// <summary>Sends bytes.</summary>
    public async Task SendAsync(byte[] bytes) => _ = await _socket.SendAsync(bytes);

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static byte[] Greeting(int timeoutMs)
    {
        byte[] greeting = new byte[4 + GreetingBytes];
        BinaryPrimitives.WriteInt32BigEndian(greeting, GreetingBytes);
        BinaryPrimitives.WriteInt32BigEndian(greeting.AsSpan(16), timeoutMs);
        BinaryPrimitives.WriteInt32BigEndian(greeting.AsSpan(28), 16);
        return greeting;
    }

    private void Receive(int count)
    {
        for (int received = 0; received < count;)
        {
            int more = _socket.Receive(_buffer, received, count - received, SocketFlags.None);
            received += more > 0 ? more : throw new IOException("the server closed the connection");
        }
    }

    private async Task ReceiveAsync(int count)
    {
        for (int received = 0; received < count;)
        {
            int more = await _socket.ReceiveAsync(_buffer.AsMemory(received, count - received));
            received += more > 0 ? more : throw new IOException("the server closed the connection");
        }
    }
}
