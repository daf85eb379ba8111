using System.Buffers;

namespace Zab.Wire;

/// <summary>Cuts a stream into frames: a big-endian length of 4 bytes, then that many bytes.</summary>
/// <remarks>Source: ZooKeeper, <c>NIOServerCnxn.readLength</c>.</remarks>
internal static class FrameReader
{
    /// <summary>The bytes of the length.</summary>
    public const int LengthBytes = sizeof(int);

    /// <summary>Takes the next frame. A bad length is refused before any of the body has come.</summary>
    /// <param name="buffer">What has come; on <see cref="FrameStatus.Complete"/> it moves past the frame,
    /// otherwise it stays.</param>
    /// <param name="frameBytesMax">The longest body, in bytes.</param>
    /// <param name="frame">The body, which shares the memory of <paramref name="buffer"/>.</param>
    public static FrameStatus TryRead(
        ref ReadOnlySequence<byte> buffer, int frameBytesMax, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        SequenceReader<byte> reader = new(buffer);
        if (!reader.TryReadBigEndian(out int length))
            return FrameStatus.Incomplete;
        if (length < 0 || length > frameBytesMax)
            return FrameStatus.Refused;
        if (reader.Remaining < length)
            return FrameStatus.Incomplete;

        frame = buffer.Slice(LengthBytes, length);
        buffer = buffer.Slice(frame.End);
        return FrameStatus.Complete;
    }
}
