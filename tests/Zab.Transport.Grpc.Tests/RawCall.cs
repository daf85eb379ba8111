using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Zab.Core.Ports;
using Zab.Transport.Grpc.Links;
using Zab.Transport.Grpc.Protocol;
using Zab.Transport.Grpc.Wire;

namespace Zab.Transport.Grpc.Tests;

/// <summary>A caller that says whatever a test wants it to say, right or wrong.</summary>
internal sealed class RawCall : IDisposable
{
    private readonly DuplexContent _content = new();
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler { UseProxy = false });
    private readonly HttpRequestMessage _request;
    private readonly CancellationToken _patience;
    private Task<HttpResponseMessage>? _response;
    private Stream? _output;

    private RawCall(GrpcPeer peer, LinkKind kind, string path, CancellationToken patience)
    {
        _patience = patience;
        _request =
            new HttpRequestMessage(HttpMethod.Post, $"http://{peer.Host}:{Methods.PortOf(kind, peer)}{path}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = _content,
        };
    }

    /// <summary>Opens a call on the right method.</summary>
    public static Task<RawCall> OpenAsync(GrpcPeer peer, LinkKind kind, CancellationToken patience) =>
        OpenAsync(peer, kind, Methods.Of(kind), patience);

    /// <summary>Opens a call on any method, with changes to its headers.</summary>
    public static async Task<RawCall> OpenAsync(
        GrpcPeer peer, LinkKind kind, string path, CancellationToken patience,
            Action<HttpRequestMessage>? change = null)
    {
        RawCall call = new(peer, kind, path, patience);
        change?.Invoke(call._request);
        call._response = call._client.SendAsync(call._request, patience);
        if (await Task.WhenAny(call._content.Opened, call._response) == call._response)
        {
            _ = await call._response; // it says why there is no body to write
        }

        call._output = await call._content.Opened.WaitAsync(patience);
        await call._output.FlushAsync(patience);
        return call;
    }

    /// <summary>A Hello without fault, from server <paramref name="sender"/>.</summary>
    public static Frame Hello(int sender, int receiver, ulong nonce = 7) => new()
    {
        Hello = new Hello
        {
            ProtocolVersion = Handshake.ProtocolVersion,
            EnsembleId = GrpcServers.EnsembleId,
            Sender = sender,
            Receiver = receiver,
            ProcessNonce = nonce,
        },
    };

    /// <summary>Opens a call and says Hello; the other side has said its own when the task ends.</summary>
    public static async Task<RawCall> GreetAsync(
        GrpcPeer peer, LinkKind kind, Frame hello, CancellationToken patience)
    {
        RawCall call = await OpenAsync(peer, kind, patience);
        try
        {
            await call.SendAsync(hello);
            Frame answer = await call.ReadAsync();
            Assert.Equal(Frame.KindOneofCase.Hello, answer.KindCase);
            return call;
        }
        catch
        {
            call.Dispose();
            throw;
        }
    }

    /// <summary>Sends bytes as they are.</summary>
    public async Task WriteAsync(params byte[] bytes)
    {
        await _output!.WriteAsync(bytes, _patience);
        await _output.FlushAsync(_patience);
    }

    /// <summary>Sends a frame with a right prefix.</summary>
    public Task SendAsync(Frame frame) => SendMessageAsync(frame.ToByteArray());

    /// <summary>Sends bytes with a right prefix.</summary>
    public Task SendMessageAsync(byte[] message)
    {
        byte[] bytes = new byte[GrpcProtocol.PrefixBytes + message.Length];
        GrpcProtocol.WritePrefix(bytes, message.Length);
        message.CopyTo(bytes, GrpcProtocol.PrefixBytes);
        return WriteAsync(bytes);
    }

    /// <summary>Ends the request.</summary>
    public void Complete() => _content.Complete();

    /// <summary>Reads one frame.</summary>
    public async Task<Frame> ReadAsync()
    {
        HttpResponseMessage response = await _response!.WaitAsync(_patience);
        Stream body = await response.Content.ReadAsStreamAsync(_patience);
        byte[] prefix = new byte[GrpcProtocol.PrefixBytes];
        await body.ReadExactlyAsync(prefix, _patience);
        byte[] message = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix.AsSpan(1))];
        await body.ReadExactlyAsync(message, _patience);
        return Frame.Parser.ParseFrom(message);
    }

    /// <summary>The response; its body has not been read.</summary>
    public Task<HttpResponseMessage> ResponseAsync() => _response!.WaitAsync(_patience);

    /// <summary>Reads to the end.</summary>
    /// <returns>The status that the server told.</returns>
    public async Task<GrpcStatus> StatusAsync()
    {
        HttpResponseMessage response = await _response!.WaitAsync(_patience);
        Stream body = await response.Content.ReadAsStreamAsync(_patience);
        await body.CopyToAsync(Stream.Null, _patience);
        HttpResponseHeaders trailers = response.TrailingHeaders;
        int code = int.Parse(trailers.GetValues("grpc-status").Single(), null);
        string detail = trailers.TryGetValues("grpc-message", out IEnumerable<string>? values)
            ? values.Single() : "";
        return new GrpcStatus((GrpcStatusCode)code, GrpcProtocol.DecodeMessage(detail));
    }

    public void Dispose()
    {
        _content.Complete();
        _content.Dispose();
        _request.Dispose();
        _client.Dispose();
    }
}
