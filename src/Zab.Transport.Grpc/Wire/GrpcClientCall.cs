using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Zab.Transport.Grpc.Wire;

/// <summary>The calling side of a call, on <see cref="SocketsHttpHandler"/>, over a connection of its
/// own.</summary>
[SuppressMessage("Design", "CA1001",
    Justification = "CloseAsync, which every call ends with, disposes of them.")]
internal sealed class GrpcClientCall : GrpcCall
{
    private const int WindowBytes = 1 << 20;
    private const int ReadBytes = 64 << 10;

    private readonly GrpcTarget _target;
    private readonly DuplexContent _content = new();
    private readonly HttpRequestMessage _request;
    private readonly HttpMessageInvoker _invoker;
    private readonly CancellationTokenSource _lifetime = new();

    private Task<HttpResponseMessage>? _sending;
    private HttpResponseMessage? _response;
    private Socket? _socket;
    private Stream? _output;
    private PipeReader? _reader;
    private byte[] _outgoing = [];
    private int _outgoingBytes;

    [SuppressMessage("Reliability", "CA2000", Justification = "The invoker disposes of its handler.")]
    private GrpcClientCall(GrpcTarget target)
    {
        _target = target;
        _invoker = new HttpMessageInvoker(CreateHandler());
        _request = new HttpRequestMessage(
            HttpMethod.Post, new UriBuilder(Uri.UriSchemeHttp, target.Host, target.Port, target.Path).Uri)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = _content,
        };
        _request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
    }

    /// <inheritdoc/>
    public override GrpcStatus Status => ReadStatus();

    /// <summary>Connects and opens the call. The other side has not answered yet.</summary>
    /// <exception cref="HttpRequestException">The host has no address, or none of them takes the
    /// connection.</exception>
    public static async Task<GrpcClientCall> OpenAsync(GrpcTarget target, CancellationToken cancellationToken)
    {
        GrpcClientCall call = new(target);
        try
        {
            await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
            return call;
        }
        catch
        {
            call.Abort();
            await call.CloseAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public override Span<byte> Begin(int length)
    {
        _outgoingBytes = GrpcProtocol.PrefixBytes + length;
        _outgoing = ArrayPool<byte>.Shared.Rent(_outgoingBytes);
        GrpcProtocol.WritePrefix(_outgoing, length);
        return _outgoing.AsSpan(GrpcProtocol.PrefixBytes, length);
    }

    /// <inheritdoc/>
    public override async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        // The buffer goes back only after success: a write that was given up may still be read from it.
        await _output!.WriteAsync(_outgoing.AsMemory(0, _outgoingBytes), cancellationToken)
            .ConfigureAwait(false);
        ArrayPool<byte>.Shared.Return(_outgoing);
        _outgoing = [];
        await _output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override Task FinishAsync(GrpcStatus status)
    {
        _content.Complete();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    [SuppressMessage("Design", "CA1031",
        Justification = "The call is over; how its request failed was told to readers.")]
    public override async Task CloseAsync()
    {
        ReturnBuffer();
        _content.Complete();
        try
        {
            if (_response is null)
            {
                await _lifetime.CancelAsync().ConfigureAwait(false);
                _response = _sending is null ? null : await _sending.ConfigureAwait(false);
            }
        }
        catch (Exception)
        {
            _response = null;
        }

        _response?.Dispose();
        _request.Dispose();
        _invoker.Dispose();
        _socket?.Dispose();
        _lifetime.Dispose();
    }

    /// <inheritdoc/>
    /// <remarks>Closes the socket, so that every read and write in progress fails.</remarks>
    public override void Abort() => _socket?.Dispose();

    /// <inheritdoc/>
    protected override ValueTask<PipeReader> GetReaderAsync(CancellationToken cancellationToken) =>
        _reader is null ? ReceiveHeadersAsync(cancellationToken) : ValueTask.FromResult(_reader);

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        _sending = _invoker.SendAsync(_request, _lifetime.Token);
        Task first =
            await Task.WhenAny(_content.Opened, _sending).WaitAsync(cancellationToken).ConfigureAwait(false);
        await first.ConfigureAwait(false);
        _output = await _content.Opened.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<PipeReader> ReceiveHeadersAsync(CancellationToken cancellationToken)
    {
        _response = await _sending!.WaitAsync(cancellationToken).ConfigureAwait(false);
        string? contentType = _response.Content.Headers.ContentType?.MediaType;
        if (_response.StatusCode != HttpStatusCode.OK || !GrpcProtocol.IsGrpc(contentType))
        {
            throw new GrpcException(GrpcStatusCode.Unknown,
                $"{_target.Host}:{_target.Port} does not speak gRPC: "
                + $"HTTP {(int)_response.StatusCode}, {Printable.Of(contentType)}");
        }

        Stream body = await _response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        _reader = PipeReader.Create(
            body, new StreamPipeReaderOptions(bufferSize: ReadBytes, minimumReadSize: 4096));
        return _reader;
    }

    private GrpcStatus ReadStatus()
    {
        if (_response is null)
            return new GrpcStatus(GrpcStatusCode.Unknown, "no answer came");
        // A call that is refused before its first message carries its status among the headers.
        HttpResponseHeaders headers =
            _response.TrailingHeaders.Contains(GrpcProtocol.StatusHeader)
                ? _response.TrailingHeaders : _response.Headers;
        string? code = First(headers, GrpcProtocol.StatusHeader);
        string detail = GrpcProtocol.DecodeMessage(First(headers, GrpcProtocol.MessageHeader) ?? "");
        return int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? new GrpcStatus((GrpcStatusCode)number, Printable.Of(detail))
            : new GrpcStatus(GrpcStatusCode.Unknown, "the call ended without a status");
    }

    private static string? First(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;

    private SocketsHttpHandler CreateHandler() => new()
    {
        ConnectCallback = ConnectSocketAsync,
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        MaxResponseHeadersLength = 16,
        InitialHttp2StreamWindowSize = WindowBytes,
        KeepAlivePingDelay = _target.KeepAliveDelay,
        KeepAlivePingTimeout = _target.KeepAliveTimeout,
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
    };

    [SuppressMessage("Reliability", "CA2000", Justification = "The stream owns the socket.")]
    private async ValueTask<Stream> ConnectSocketAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        IPAddress[] addresses =
            await _target.ResolveAsync(_target.Host, cancellationToken).ConfigureAwait(false);
        if (addresses.Length == 0)
            throw new IOException($"{_target.Host} has no address");
        for (int i = 0; ; i++)
        {
            // An address that swallows everything must not use up the time of the next.
            using CancellationTokenSource turn =
                new(_target.ConnectTimeout / addresses.Length, _target.TimeProvider);
            using CancellationTokenSource limit =
                CancellationTokenSource.CreateLinkedTokenSource(turn.Token, cancellationToken);
            Socket socket =
                new(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await DialAsync(socket, new IPEndPoint(addresses[i], _target.Port), limit.Token)
                    .ConfigureAwait(false);
                _socket = socket;
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception e) when (i < addresses.Length - 1
                && !cancellationToken.IsCancellationRequested
                && (e is SocketException || turn.IsCancellationRequested))
            {
                socket.Dispose(); // The next address may do.
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    /// <summary>Connects a socket.</summary>
    /// <remarks>While nobody listens at a port of this machine, the system may choose that very port for the
    /// near end, and the connection comes about, with itself: the peer that wants the port could not have
    /// it.</remarks>
    /// <exception cref="SocketException">Nobody takes the connection.</exception>
    internal static async Task DialAsync(
        Socket socket, IPEndPoint server, CancellationToken cancellationToken)
    {
        await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
        if (socket.LocalEndPoint!.Equals(socket.RemoteEndPoint))
        {
            socket.Close(timeout: 0); // a reset, which leaves the port to whoever wants it
            throw new SocketException(
                (int)SocketError.ConnectionRefused, $"Nobody listens at {server}.");
        }
    }
}
