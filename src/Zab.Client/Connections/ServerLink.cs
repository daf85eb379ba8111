using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Zab.Core.Primitives;
using Zab.Wire;

namespace Zab.Client.Connections;

/// <summary>One connection to a server: frames out, frames in.</summary>
/// <remarks>One reader and one writer at a time.</remarks>
internal sealed class ServerLink : IAsyncDisposable
{
    private const int HelloBytesMax = 1024;

    private readonly NetworkStream _stream;
    private readonly PipeReader _reader;
    private readonly PipeWriter _writer;
    private readonly int _frameBytesMax;
    private ReadOnlySequence<byte> _unread;
    private bool _hasUnread;
    private bool _isAtEnd;
    private long _readCount;
    private long _flushCount;

    private ServerLink(NetworkStream stream, DnsEndPoint server, int frameBytesMax)
    {
        (_stream, Server, _frameBytesMax) = (stream, server, frameBytesMax);
        _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        _writer = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
    }

    /// <summary>The server.</summary>
    public DnsEndPoint Server { get; }

    /// <summary>What the server said to the first packet.</summary>
    public ConnectResponse Response { get; private set; }

    /// <summary>How many bytes were written since the last flush.</summary>
    public long UnflushedBytes => _writer.UnflushedBytes;

    /// <summary>How often something came.</summary>
    public long ReadCount => Volatile.Read(ref _readCount);

    /// <summary>How often something was sent.</summary>
    public long FlushCount => Volatile.Read(ref _flushCount);

    /// <summary>Connects, and exchanges the first packets. The name of the server is resolved anew; all its
    /// addresses are tried.</summary>
    /// <param name="server">The server.</param>
    /// <param name="request">The first packet.</param>
    /// <param name="frameBytesMax">The longest frame to take, in bytes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SocketException">It cannot be reached.</exception>
    /// <exception cref="IOException">It closed the connection.</exception>
    /// <exception cref="InvalidDataException">It does not speak the protocol.</exception>
    public static async Task<ServerLink> OpenAsync(
        DnsEndPoint server, ConnectRequest request, int frameBytesMax, CancellationToken cancellationToken)
    {
        NetworkStream stream = await ConnectAsync(server, cancellationToken).ConfigureAwait(false);
        ServerLink link = new(stream, server, frameBytesMax);
        try
        {
            JuteWriter hello = new(64);
            request.Write(hello);
            link.Write(hello.Written.Span);
            await link.FlushAsync(cancellationToken).ConfigureAwait(false);
            byte[] frame = await link.ReadAsync(HelloBytesMax, cancellationToken).ConfigureAwait(false);
            link.Response = ConnectResponse.TryRead(frame, out ConnectResponse response)
                ? response
                : throw new InvalidDataException("The first packet of the server is malformed.");
            return link;
        }
        catch
        {
            await link.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Writes a frame; it goes out with the next flush.</summary>
    public void Write(ReadOnlySpan<byte> body)
    {
        Span<byte> frame = _writer.GetSpan(FrameReader.LengthBytes + body.Length);
        BinaryPrimitives.WriteInt32BigEndian(frame, body.Length);
        body.CopyTo(frame[FrameReader.LengthBytes..]);
        _writer.Advance(FrameReader.LengthBytes + body.Length);
    }

    /// <summary>Sends what was written.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_writer.UnflushedBytes > 0)
        {
            _ = await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _flushCount, _flushCount + 1);
        }
    }

    /// <summary>The next frame, whose memory is the caller's.</summary>
    /// <exception cref="IOException">The server closed the connection.</exception>
    /// <exception cref="InvalidDataException">A frame is too long.</exception>
    public ValueTask<byte[]> ReadAsync(CancellationToken cancellationToken) =>
        ReadAsync(_frameBytesMax, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync().ConfigureAwait(false);
        await _reader.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>Connects a socket.</summary>
    /// <remarks>While nobody listens at a port of this machine, the system may choose that very port for the
    /// near end, and the connection comes about, with itself: the first packet would come back and be taken
    /// for an answer, and the server that wants the port could not have it.</remarks>
    /// <exception cref="SocketException">The server cannot be reached.</exception>
    internal static async Task DialAsync(
        Socket socket, DnsEndPoint server, CancellationToken cancellationToken)
    {
        await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
        if (socket.LocalEndPoint!.Equals(socket.RemoteEndPoint))
        {
            socket.Close(timeout: 0); // a reset, which leaves the port to whoever wants it
            throw new SocketException(
                (int)SocketError.ConnectionRefused, $"Nobody listens at {server}.");
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The stream owns the socket.")]
    private static async Task<NetworkStream> ConnectAsync(
        DnsEndPoint server, CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await DialAsync(socket, server, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async ValueTask<byte[]> ReadAsync(int frameBytesMax, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_hasUnread)
            {
                FrameStatus status = FrameReader.TryRead(
                    ref _unread, frameBytesMax, out ReadOnlySequence<byte> frame);
                if (status is FrameStatus.Complete)
                {
                    return frame.ToArray();
                }

                if (status is FrameStatus.Refused)
                {
                    throw new InvalidDataException(
                        $"A frame of the server is longer than {frameBytesMax} bytes.");
                }

                _hasUnread = false;
                _reader.AdvanceTo(_unread.Start, _unread.End);
            }

            if (_isAtEnd)
            {
                throw new IOException("The server closed the connection.");
            }

            ReadResult read = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _readCount, _readCount + 1);
            (_unread, _hasUnread, _isAtEnd) = (read.Buffer, true, read.IsCompleted);
        }
    }
}
