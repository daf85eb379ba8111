using Google.Protobuf;
using Zab.Transport.Grpc.Protocol;
using Zab.Transport.Grpc.Wire;

namespace Zab.Transport.Grpc.Links;

/// <summary>Puts frames into calls, and takes them out.</summary>
internal static class FrameCodec
{
    private const int ReasonCharactersMax = 1024;

    private static readonly MessageParser<Frame> s_parser = Frame.Parser.WithDiscardUnknownFields(true);

    /// <summary>The last frame of a direction.</summary>
    public static Frame Goodbye(string reason) => new()
    {
        Goodbye = new Goodbye { Reason = reason[..Math.Min(reason.Length, ReasonCharactersMax)] },
    };

    /// <summary>Decodes a frame, which then shares no memory with <paramref name="bytes"/>.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are no frame.</exception>
    public static Frame Decode(ReadOnlyMemory<byte> bytes) => s_parser.ParseFrom(bytes.Span);

    /// <summary>Writes a frame into the call's buffer; <see cref="GrpcCall.SendAsync"/> must
    /// follow.</summary>
    public static void Write(GrpcCall call, Frame frame) => frame.WriteTo(call.Begin(frame.CalculateSize()));

    /// <summary>Sends a frame.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public static ValueTask SendAsync(GrpcCall call, Frame frame)
    {
        Write(call, frame);
        return call.SendAsync(CancellationToken.None);
    }
}
