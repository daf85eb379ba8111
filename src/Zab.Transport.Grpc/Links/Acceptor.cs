using Google.Protobuf;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Transport.Grpc.Protocol;
using Zab.Transport.Grpc.Wire;

namespace Zab.Transport.Grpc.Links;

/// <summary>Turns calls from peers into links, and refuses all others.</summary>
internal sealed class Acceptor(LinkContext context, Handshake handshake)
{
    private readonly ChangeLog _refusals = new(context.Options.TimeProvider);

    /// <summary>Handles one call until it has ended.</summary>
    public async Task AcceptAsync(GrpcServerCall call, LinkKind kind)
    {
        Hello? hello = null;
        GrpcStatus status;
        try
        {
            using CancellationTokenSource timeout =
                new(context.Options.HelloTimeout, context.Options.TimeProvider);
            using CancellationTokenSource limit =
                CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.Stopping);
            hello = await ReadHelloAsync(call, limit.Token).ConfigureAwait(false);
            status = handshake.CheckCaller(hello, kind);
            if (status.Code == GrpcStatusCode.Ok)
            {
                using GrpcLink link =
                    new(context, call, new ServerId(hello.Sender), kind, hello.ProcessNonce);
                status = await context.Table.AdmitAsync(link, limit.Token).ConfigureAwait(false);
                if (status.Code == GrpcStatusCode.Ok)
                {
                    await RunAsync(call, link).ConfigureAwait(false);
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            status = new GrpcStatus(
                GrpcStatusCode.DeadlineExceeded,
                $"no Hello came within {context.Options.HelloTimeout.TotalSeconds} s");
        }
        catch (GrpcException e)
        {
            status = e.Status;
        }
        catch (InvalidProtocolBufferException)
        {
            status = new GrpcStatus(GrpcStatusCode.InvalidArgument, "the first frame is no Hello");
        }
        catch (IOException e)
        {
            status = new GrpcStatus(GrpcStatusCode.Unavailable, $"the connection is lost: {e.Message}");
        }

        LogRefusal(call, kind, hello, status);
        await call.FinishAsync(status).ConfigureAwait(false);
        await call.CloseAsync().ConfigureAwait(false);
    }

    private async Task RunAsync(GrpcServerCall call, GrpcLink link)
    {
        call.Welcome();
        call.MessageBytesMax = context.Options.FrameBytesMax;
        _refusals.Clear(link.Link.Peer, link.Link.Kind);
        // Said by the link itself, so that from here on a failure of any kind ends the link and tells so.
        await link.RunAsync(handshake.HelloTo(link.Link.Peer)).ConfigureAwait(false);
    }

    private static async Task<Hello> ReadHelloAsync(GrpcServerCall call, CancellationToken cancellationToken)
    {
        call.MessageBytesMax = Handshake.HelloBytesMax;
        ReadOnlyMemory<byte>? bytes = await call.ReadAsync(cancellationToken).ConfigureAwait(false);
        return bytes is { } frame && FrameCodec.Decode(frame).Hello is { } hello
            ? hello
            : throw new GrpcException(GrpcStatusCode.InvalidArgument, "the first frame is no Hello");
    }

    private void LogRefusal(GrpcServerCall call, LinkKind kind, Hello? hello, GrpcStatus status)
    {
        ServerId sender = new(hello?.Sender ?? 0);
        bool news = context.Options.Peers.ContainsKey(sender)
            ? _refusals.IsNews(sender, kind, status.Detail)
            : _refusals.IsNewsOfStranger();
        if (news)
            Log.Refused(context.Logger, kind, call.Remote, sender.Value, status.ToString());
    }
}
