using System.Buffers;
using System.IO.Pipelines;

namespace Zab.Transport.Grpc.Wire;

/// <summary>One bidirectional call: messages both ways, in order, until either side ends it.</summary>
/// <remarks>One task may read while another writes. <see cref="Abort"/> may be called by anyone at any time
/// and makes both fail.</remarks>
internal abstract class GrpcCall
{
    private byte[] _message = [];

    /// <summary>The largest message that <see cref="ReadAsync"/> takes, in bytes.</summary>
    public int MessageBytesMax { get; set; }

    /// <summary>How the other side ended the call, once <see cref="ReadAsync"/> has returned null.</summary>
    public virtual GrpcStatus Status => GrpcStatus.Ok;

    /// <summary>Reads the next message.</summary>
    /// <returns>The message, whose memory is valid until the next call; null when the other side is
    /// done.</returns>
    /// <exception cref="GrpcException">The message is compressed or too large, or the call may not go
    /// on.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        ReturnBuffer();
        PipeReader reader = await GetReaderAsync(cancellationToken).ConfigureAwait(false);
        ReadResult result =
            await reader.ReadAtLeastAsync(GrpcProtocol.PrefixBytes, cancellationToken).ConfigureAwait(false);
        ThrowIfCanceled(reader, result);
        if (result.Buffer.IsEmpty)
        {
            reader.AdvanceTo(result.Buffer.End);
            return null;
        }

        int length = TakePrefix(reader, result);
        _message = ArrayPool<byte>.Shared.Rent(length);
        int filled = 0;
        ReadOnlySequence<byte> rest = result.Buffer.Slice(GrpcProtocol.PrefixBytes);
        while (true)
        {
            ReadOnlySequence<byte> part = rest.Slice(0, Math.Min(rest.Length, length - filled));
            part.CopyTo(_message.AsSpan(filled));
            filled += (int)part.Length;
            reader.AdvanceTo(part.End);
            if (filled == length)
                return _message.AsMemory(0, length);
            if (result.IsCompleted)
                throw CutOff();
            result = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            ThrowIfCanceled(reader, result);
            rest = result.Buffer;
        }
    }

    /// <summary>Makes room for the next message.</summary>
    /// <param name="length">The exact length of the message.</param>
    /// <returns>Where to write it, all of it, before <see cref="SendAsync"/>.</returns>
    public abstract Span<byte> Begin(int length);

    /// <summary>Sends the message that was written into <see cref="Begin"/>'s span.</summary>
    /// <returns>A task that ends when the message has left, or stands in a bounded buffer.</returns>
    /// <exception cref="IOException">The connection broke.</exception>
    public abstract ValueTask SendAsync(CancellationToken cancellationToken);

    /// <summary>Tells the other side that no more messages come. A server ends the call with it: reads fail
    /// from then on; a caller reads on, to the status.</summary>
    /// <param name="status">How the call went; only a server can tell it.</param>
    /// <exception cref="IOException">The connection broke.</exception>
    public abstract Task FinishAsync(GrpcStatus status);

    /// <summary>Gives everything back, once nobody reads or sends any more.</summary>
    public abstract Task CloseAsync();

    /// <summary>Tears the call down at once.</summary>
    public abstract void Abort();

    /// <summary>Why a read was cancelled.</summary>
    protected virtual GrpcStatus CanceledStatus => new(GrpcStatusCode.Aborted, "the call has ended");

    /// <summary>Where the other side's messages come from. Cheap after the first time.</summary>
    protected abstract ValueTask<PipeReader> GetReaderAsync(CancellationToken cancellationToken);

    /// <summary>Gives the memory of the last message back.</summary>
    protected void ReturnBuffer()
    {
        if (_message.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_message);
            _message = [];
        }
    }

    private int TakePrefix(PipeReader reader, ReadResult result)
    {
        try
        {
            if (result.Buffer.Length < GrpcProtocol.PrefixBytes)
                throw CutOff();
            Span<byte> prefix = stackalloc byte[GrpcProtocol.PrefixBytes];
            result.Buffer.Slice(0, GrpcProtocol.PrefixBytes).CopyTo(prefix);
            return GrpcProtocol.ReadPrefix(prefix, MessageBytesMax);
        }
        catch (GrpcException)
        {
            reader.AdvanceTo(result.Buffer.End);
            throw;
        }
    }

    private void ThrowIfCanceled(PipeReader reader, ReadResult result)
    {
        if (result.IsCanceled)
        {
            reader.AdvanceTo(result.Buffer.Start);
            throw new GrpcException(CanceledStatus);
        }
    }

    private static GrpcException CutOff() =>
        new(GrpcStatusCode.Internal, "the stream ended within a message");
}
