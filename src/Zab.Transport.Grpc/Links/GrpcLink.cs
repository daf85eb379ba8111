using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Zab.Core.Ports;
using Zab.Core.Primitives;
using Zab.Transport.Grpc.Protocol;
using Zab.Transport.Grpc.Wire;
using CoreMessage = Zab.Core.Messages.Message;

namespace Zab.Transport.Grpc.Links;

/// <summary>One link: a reader that raises its events, a writer that empties its queue, and one
/// end.</summary>
internal sealed class GrpcLink(
    LinkContext context, GrpcCall call, ServerId peer, LinkKind kind, ulong processNonce)
    : IDisposable
{
    /// <summary>How long the other side may take to end its half after a Goodbye, before the connection is
    /// cut.</summary>
    private static readonly TimeSpan s_goodbyeTimeout = TimeSpan.FromSeconds(1);

    private readonly SendQueue _queue = new(context.Options.SendQueueBytesMax);
    private readonly CancellationTokenSource _ending =
        CancellationTokenSource.CreateLinkedTokenSource(context.Stopping);
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();

    private LinkEnd? _end;
    private ITimer? _cut;

    /// <summary>The link; its number is given when it is admitted.</summary>
    public Link Link { get; private set; } = new(peer, kind, Number: 0);

    /// <summary>The process at the other end.</summary>
    public ulong ProcessNonce => processNonce;

    /// <summary>Whether the link has begun to end.</summary>
    public bool IsEnding => Volatile.Read(ref _end) is not null;

    /// <summary>Ends when the last event of the link has been taken.</summary>
    public Task Finished => _finished.Task;

    /// <summary>Numbers the link; called once, before <see cref="RunAsync"/>.</summary>
    public void Admit(long number) => Link = Link with { Number = number };

    /// <summary>Queues messages, or breaks the link when there is no room for them (R19).</summary>
    public void Send(IReadOnlyList<CoreMessage> messages)
    {
        if (!_queue.TryAdd(messages))
            Break($"more than {context.Options.SendQueueBytesMax} bytes wait to be sent (SendQueueBytesMax)");
    }

    /// <summary>Begins to end the link from this side.</summary>
    public void Break(string reason) => End(new LinkEnd(reason, GrpcStatusCode.Ok, SayGoodbye: true));

    /// <summary>Runs the link from its first event to its last.</summary>
    /// <param name="hello">What to say first; null when that has been done.</param>
    [SuppressMessage("Design", "CA1031",
        Justification = "The top of the link's loop: an error ends the link alone (R20).")]
    public async Task RunAsync(Frame? hello)
    {
        Task writing = Task.CompletedTask;
        try
        {
            Log.LinkUp(context.Logger, Link);
            writing = WriteAllAsync(hello);
            await RaiseUpAsync().ConfigureAwait(false);
            End(await ReadAllAsync().ConfigureAwait(false));
        }
        catch (Exception e)
        {
            End(Describe(e));
        }

        await writing.ConfigureAwait(false);
        await CloseCallAsync().ConfigureAwait(false);
        await RaiseDownAsync().ConfigureAwait(false);
        context.Table.Remove(this);
        _finished.SetResult();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cut?.Dispose();
        _ending.Dispose();
    }

    private async ValueTask RaiseUpAsync()
    {
        if (!context.Stopping.IsCancellationRequested)
            await context.Events.LinkUpAsync(Link, _ending.Token).ConfigureAwait(false);
    }

    private async Task<LinkEnd> ReadAllAsync()
    {
        for (ulong sequence = 1; ; sequence++)
        {
            // Not cancelled: after a Break the other side's end is read to, so that its connection ends
            // cleanly.
            ReadOnlyMemory<byte>? bytes = await call.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            if (bytes is null)
            {
                return new LinkEnd(
                    call.Status.Code == GrpcStatusCode.Ok ? $"server {peer} closed the connection"
                    : $"server {peer} ended the call: {call.Status}", GrpcStatusCode.Ok, SayGoodbye: false);
            }

            Frame frame = FrameCodec.Decode(bytes.Value);
            switch (frame.KindCase)
            {
                case Frame.KindOneofCase.Batch:
                    await RaiseReceivedAsync(BatchCodec.Decode(frame.Batch, sequence)).ConfigureAwait(false);
                    break;
                case Frame.KindOneofCase.Goodbye:
                    return new LinkEnd($"server {peer} ended the link: {Printable.Of(frame.Goodbye.Reason)}",
                        GrpcStatusCode.Ok, SayGoodbye: false);
                case Frame.KindOneofCase.Hello:
                case Frame.KindOneofCase.None:
                default:
                    throw new InvalidDataException(
                        $"a frame of kind {frame.KindCase} came where a batch was due");
            }
        }
    }

    private async ValueTask RaiseReceivedAsync(List<CoreMessage> messages)
    {
        if (IsEnding || messages.Count == 0)
            return;
        await context.Events.ReceivedAsync(Link, messages, _ending.Token).ConfigureAwait(false);
    }

    [SuppressMessage("Design", "CA1031",
        Justification = "The top of the writer's loop: an error ends the link alone (R20).")]
    private async Task WriteAllAsync(Frame? hello)
    {
        try
        {
            if (hello is not null)
                await FrameCodec.SendAsync(call, hello).ConfigureAwait(false);
            await SendAllAsync().ConfigureAwait(false);
            await FinishAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            End(Describe(e));
            call.Abort();
        }
    }

    /// <summary>Sends what waits, frame by frame.</summary>
    private async Task SendAllAsync()
    {
        List<CoreMessage> spare = [];
        ulong sequence = 0;
        while (await _queue.TakeAsync(spare).ConfigureAwait(false) is { } messages)
        {
            for (int next = 0; next < messages.Count && !IsEnding;)
            {
                if (BatchCodec.TryTake(messages, ref next, context.Options.FrameBytesMax) is { } list)
                    await SendBatchAsync(list, ++sequence).ConfigureAwait(false);
                else
                    Break(TooLarge(messages[next]));
            }

            _queue.Written(messages);
            messages.Clear();
            spare = messages;
        }
    }

    private string TooLarge(in CoreMessage message) =>
        $"a {message.Type} of {message.Body.Length} bytes is larger than a frame may be "
        + $"({context.Options.FrameBytesMax} bytes, FrameBytesMax)";

    private async ValueTask SendBatchAsync(MessageList list, ulong sequence)
    {
        Frame frame = BatchCodec.Encode(list, sequence, out byte[] rented);
        FrameCodec.Write(call, frame);
        ArrayPool<byte>.Shared.Return(rented); // The call has a copy.
        await call.SendAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private async Task FinishAsync()
    {
        LinkEnd end = _end!; // The queue closes when the link has an end, not before.
        if (end.SayGoodbye)
            await FrameCodec.SendAsync(call, FrameCodec.Goodbye(end.Reason)).ConfigureAwait(false);
        string detail = end.Code == GrpcStatusCode.Ok ? "" : end.Reason;
        await call.FinishAsync(new GrpcStatus(end.Code, detail)).ConfigureAwait(false);
    }

    private void End(LinkEnd end)
    {
        lock (_lock)
        {
            if (_end is not null)
                return; // The first reason is the reason.
            _end = end;
            // Whoever does not read, or does not end its half, is cut off: an end takes bounded time.
            _cut = context.Options.TimeProvider.CreateTimer(
                static state => ((GrpcLink)state!).Cut(), this, s_goodbyeTimeout, Timeout.InfiniteTimeSpan);
            _queue.Close();
            _ = _ending.CancelAsync();
        }
    }

    /// <summary>Cuts the connection.</summary>
    /// <remarks>Runs on a timer's thread, where an exception would end the process.</remarks>
    [SuppressMessage("Design", "CA1031", Justification = "A failure is logged; the host's process lives on.")]
    private void Cut()
    {
        try
        {
            call.Abort();
        }
        catch (Exception e)
        {
            Log.LinkFailed(context.Logger, Link, e);
        }
    }

    private LinkEnd Describe(Exception exception)
    {
        switch (exception)
        {
            case GrpcException e:
                return new LinkEnd(e.Status.Detail, e.Status.Code, SayGoodbye: true);
            case InvalidProtocolBufferException e:
                return new LinkEnd($"bytes that are no frame: {e.Message}", GrpcStatusCode.InvalidArgument,
                    SayGoodbye: true);
            case InvalidDataException e:
                return new LinkEnd(e.Message, GrpcStatusCode.DataLoss, SayGoodbye: true);
            case IOException or OperationCanceledException or ObjectDisposedException or HttpRequestException:
                return new LinkEnd($"the connection is lost: {exception.Message}", GrpcStatusCode.Unavailable,
                    SayGoodbye: false);
            default:
                Log.LinkFailed(context.Logger, Link, exception);
                return new LinkEnd(
                    $"an unexpected error: {exception.Message}", GrpcStatusCode.Internal, SayGoodbye: true);
        }
    }

    [SuppressMessage("Design", "CA1031",
        Justification = "The link has ended; how well its connection closes changes nothing.")]
    private async Task CloseCallAsync()
    {
        try
        {
            await call.CloseAsync().ConfigureAwait(false);
            // Waits for an abort in progress: after this the call's resources may serve another call.
            await _cut!.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            call.Abort();
        }
    }

    [SuppressMessage("Design", "CA1031",
        Justification = "What a host throws is logged; the link is down all the same.")]
    private async Task RaiseDownAsync()
    {
        Log.LinkDown(context.Logger, Link, _end!.Reason);
        try
        {
            if (!context.Stopping.IsCancellationRequested)
                await context.Events.LinkDownAsync(Link, _end.Reason, context.Stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.Stopping.IsCancellationRequested)
        {
            // The transport is being disposed: nobody listens any more.
        }
        catch (Exception e)
        {
            Log.EventFailed(context.Logger, Link, e);
        }
    }
}
