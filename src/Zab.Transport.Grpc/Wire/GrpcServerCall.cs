using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Zab.Transport.Grpc.Wire;

/// <summary>The serving side of a call, on Kestrel.</summary>
internal sealed class GrpcServerCall : GrpcCall
{
    private static readonly GrpcStatus s_deadlinePassed =
        new(GrpcStatusCode.DeadlineExceeded, "the time that the caller allowed is over");

    private readonly HttpContext _context;
    private readonly StrangerSlot? _slot;
    private int _sendBytes;
    private volatile bool _deadlinePassed;

    public GrpcServerCall(HttpContext context)
    {
        _context = context;
        _slot = context.Features.Get<StrangerSlot>();
        context.Response.ContentType = GrpcProtocol.ContentType;
    }

    /// <summary>Where the call comes from, for logs.</summary>
    public string Remote => $"{_context.Connection.RemoteIpAddress}:{_context.Connection.RemotePort}";

    /// <summary>The caller has proved who it is: it no longer counts among the strangers.</summary>
    public void Welcome() => _slot?.Release();

    /// <summary>The caller's deadline passed: makes the read in progress, or the next one, fail.</summary>
    /// <remarks>Runs on a timer's thread, where an exception would end the process.</remarks>
    [SuppressMessage("Design", "CA1031", Justification = "A call whose caller is gone ends by itself.")]
    public void Expire()
    {
        _deadlinePassed = true;
        try
        {
            _context.Request.BodyReader.CancelPendingRead();
        }
        catch (Exception)
        {
            // Kestrel's reader throws once the caller has reset the stream: then reads fail already.
        }
    }

    /// <inheritdoc/>
    public override Span<byte> Begin(int length)
    {
        _sendBytes = GrpcProtocol.PrefixBytes + length;
        Span<byte> span = _context.Response.BodyWriter.GetSpan(_sendBytes)[.._sendBytes];
        GrpcProtocol.WritePrefix(span, length);
        return span[GrpcProtocol.PrefixBytes..];
    }

    /// <inheritdoc/>
    public override async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        PipeWriter writer = _context.Response.BodyWriter;
        writer.Advance(_sendBytes);
        FlushResult result = await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (result.IsCompleted || _context.RequestAborted.IsCancellationRequested)
            throw new IOException("the caller is gone");
    }

    /// <inheritdoc/>
    public override async Task FinishAsync(GrpcStatus status)
    {
        await EndAsync(_context, _deadlinePassed ? s_deadlinePassed : status).ConfigureAwait(false);
        _context.Request.BodyReader.CancelPendingRead();
    }

    /// <inheritdoc/>
    public override Task CloseAsync()
    {
        ReturnBuffer();
        return Task.CompletedTask;
    }

    /// <summary>Ends any call with a status.</summary>
    public static async Task EndAsync(HttpContext context, GrpcStatus status)
    {
        context.Response.ContentType ??= GrpcProtocol.ContentType;
        context.Response.AppendTrailer(
            GrpcProtocol.StatusHeader, ((int)status.Code).ToString(CultureInfo.InvariantCulture));
        if (status.Detail.Length > 0)
            context.Response.AppendTrailer(
                GrpcProtocol.MessageHeader, GrpcProtocol.EncodeMessage(status.Detail));
        await context.Response.CompleteAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override void Abort() => _context.Abort();

    /// <inheritdoc/>
    protected override GrpcStatus CanceledStatus => _deadlinePassed ? s_deadlinePassed : base.CanceledStatus;

    /// <inheritdoc/>
    protected override ValueTask<PipeReader> GetReaderAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(_context.Request.BodyReader);
}
