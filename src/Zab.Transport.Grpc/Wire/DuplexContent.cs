using System.Net;
using System.Net.Http.Headers;

namespace Zab.Transport.Grpc.Wire;

/// <summary>The body of a request that is written while its response is read.</summary>
internal sealed class DuplexContent : HttpContent
{
    private readonly TaskCompletionSource<Stream> _opened =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DuplexContent() => Headers.ContentType = new MediaTypeHeaderValue(GrpcProtocol.ContentType);

    /// <summary>Where to write the body, once the connection stands.</summary>
    public Task<Stream> Opened => _opened.Task;

    /// <summary>Ends the body.</summary>
    public void Complete() => _done.TrySetResult();

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        // A second time would be a retry, and half of the messages are gone: a link is never resumed (R18).
        _opened.TrySetResult(stream)
            ? _done.Task : Task.FromException(new IOException("a call is not retried"));

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }
}
