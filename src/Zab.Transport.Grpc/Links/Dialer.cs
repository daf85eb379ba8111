using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Transport.Grpc.Protocol;
using Zab.Transport.Grpc.Wire;

namespace Zab.Transport.Grpc.Links;

/// <summary>Calls peers, and turns the calls into links.</summary>
internal sealed class Dialer(LinkContext context, Handshake handshake)
{
    private readonly GrpcTransportOptions _options = context.Options;
    private readonly ChangeLog _failures = new(context.Options.TimeProvider);

    /// <summary>Keeps an election link up until the transport stops. Each peer has a loop of its own
    /// (ZB-53).</summary>
    [SuppressMessage("Design", "CA1031", Justification = "The top of a peer's loop: it never dies (R20).")]
    public async Task KeepLinkedAsync(ServerId peer)
    {
        BackOff backOff = new(_options);
        while (!context.Stopping.IsCancellationRequested)
        {
            try
            {
                using GrpcLink link =
                    await DialAsync(peer, LinkKind.Election, context.Stopping).ConfigureAwait(false);
                long start = _options.TimeProvider.GetTimestamp();
                await link.RunAsync(hello: null).ConfigureAwait(false);
                backOff.LinkLived(_options.TimeProvider.GetElapsedTime(start));
            }
            catch (GrpcException e)
            {
                LogFailure(peer, LinkKind.Election, e.Status);
            }
            catch (Exception e)
            {
                Log.DialFailed(context.Logger, peer, LinkKind.Election, e);
            }

            await backOff.PauseAsync(context.Stopping).ConfigureAwait(false);
        }
    }

    /// <summary>Opens a quorum link, in one attempt, and runs it; or tells that it came to nothing.</summary>
    /// <param name="peer">The server to dial.</param>
    /// <param name="superseded">Cancelled when a newer attempt takes the place of this one.</param>
    [SuppressMessage("Design", "CA1031",
        Justification = "The top of an attempt: its outcome is an event (R20).")]
    public async Task ConnectAsync(ServerId peer, CancellationToken superseded)
    {
        string failure;
        try
        {
            using GrpcLink link = await DialAsync(peer, LinkKind.Quorum, superseded).ConfigureAwait(false);
            await link.RunAsync(hello: null).ConfigureAwait(false);
            return;
        }
        catch (GrpcException e)
        {
            LogFailure(peer, LinkKind.Quorum, e.Status);
            failure = e.Message;
        }
        catch (Exception e)
        {
            Log.DialFailed(context.Logger, peer, LinkKind.Quorum, e);
            failure = e.Message;
        }

        try
        {
            if (!context.Stopping.IsCancellationRequested)
                await context.Events.ConnectFailedAsync(peer, failure, context.Stopping)
                    .ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.Stopping.IsCancellationRequested)
        {
            // The transport is being disposed: nobody listens any more.
        }
        catch (Exception e)
        {
            Log.ConnectEventFailed(context.Logger, peer, e);
        }
    }

    /// <summary>Calls a peer and exchanges Hellos.</summary>
    /// <returns>A link that has been admitted and must be run.</returns>
    /// <exception cref="GrpcException">The attempt came to nothing.</exception>
    private async Task<GrpcLink> DialAsync(ServerId peer, LinkKind kind, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(_options.ConnectTimeout, _options.TimeProvider);
        using CancellationTokenSource limit =
            CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        GrpcCall? call = null;
        try
        {
            call = await GrpcClientCall.OpenAsync(TargetOf(peer, kind), limit.Token).ConfigureAwait(false);
            timeout.CancelAfter(_options.HelloTimeout);
            return await GreetAsync(call, peer, kind, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            if (call is not null)
            {
                call.Abort();
                await call.CloseAsync().ConfigureAwait(false);
            }

            if (Explain(e, cancellationToken.IsCancellationRequested, call is null) is { } status)
                throw new GrpcException(status);
            throw;
        }
    }

    private async Task<GrpcLink> GreetAsync(
        GrpcCall call, ServerId peer, LinkKind kind, CancellationToken cancellationToken)
    {
        call.MessageBytesMax = Handshake.HelloBytesMax;
        FrameCodec.Write(call, handshake.HelloTo(peer));
        await call.SendAsync(cancellationToken).ConfigureAwait(false);
        ReadOnlyMemory<byte>? answer = await call.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (answer is null)
            throw new GrpcException(
                call.Status.Code, $"server {peer} refused the link: {call.Status.Detail}");
        Hello hello = FrameCodec.Decode(answer.Value).Hello
            ?? throw new GrpcException(
                GrpcStatusCode.InvalidArgument, $"server {peer} did not answer with a Hello");

        GrpcStatus status = handshake.CheckCalled(hello, peer);
        if (status.Code == GrpcStatusCode.Ok)
        {
            // The table owns the link from the moment it is admitted; the caller runs and disposes it.
            GrpcLink link = new(context, call, peer, kind, hello.ProcessNonce);
            status = await context.Table.AdmitAsync(link, cancellationToken).ConfigureAwait(false);
            if (status.Code == GrpcStatusCode.Ok)
            {
                call.MessageBytesMax = _options.FrameBytesMax;
                _failures.Clear(peer, kind);
                return link;
            }

            link.Dispose();
        }

        FrameCodec.Write(call, FrameCodec.Goodbye(status.Detail));
        await call.SendAsync(cancellationToken).ConfigureAwait(false);
        await call.FinishAsync(status).ConfigureAwait(false);
        // Reads to the other side's end, so that the Goodbye is not overtaken by the end of the connection.
        while (await call.ReadAsync(cancellationToken).ConfigureAwait(false) is not null)
            continue;
        throw new GrpcException(status);
    }

    private GrpcStatus? Explain(Exception exception, bool canceled, bool connecting) => exception switch
    {
        GrpcException e => e.Status,
        InvalidProtocolBufferException =>
            new GrpcStatus(GrpcStatusCode.InvalidArgument, "the answer is no frame"),
        OperationCanceledException when canceled =>
            new GrpcStatus(GrpcStatusCode.Aborted, "replaced by a newer attempt, or the transport stops"),
        OperationCanceledException when connecting => new GrpcStatus(
            GrpcStatusCode.Unavailable, $"no connection within {_options.ConnectTimeout.TotalSeconds} s"),
        OperationCanceledException => new GrpcStatus(
            GrpcStatusCode.Unavailable, $"no Hello within {_options.HelloTimeout.TotalSeconds} s"),
        HttpRequestException or IOException or System.Net.Sockets.SocketException =>
            new GrpcStatus(GrpcStatusCode.Unavailable, exception.GetBaseException().Message),
        _ => null,
    };

    private GrpcTarget TargetOf(ServerId peer, LinkKind kind) => new()
    {
        Host = _options.Peers[peer].Host,
        Port = Methods.PortOf(kind, _options.Peers[peer]),
        Path = Methods.Of(kind),
        ConnectTimeout = _options.ConnectTimeout,
        TimeProvider = _options.TimeProvider,
        ResolveAsync = _options.ResolveAsync,
        KeepAliveDelay = _options.KeepAliveDelay,
        KeepAliveTimeout = _options.KeepAliveTimeout,
    };

    private void LogFailure(ServerId peer, LinkKind kind, GrpcStatus status)
    {
        if (!context.Stopping.IsCancellationRequested && _failures.IsNews(peer, kind, status.Detail))
            Log.CannotReach(context.Logger, peer, kind, status.ToString());
    }
}
