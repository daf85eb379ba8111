using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Zab.Core.Messages;
using Zab.Core.Primitives;
using Zab.Transport.Grpc.Protocol;
using CoreMessage = Zab.Core.Messages.Message;
using WireMessage = Zab.Transport.Grpc.Protocol.Message;

namespace Zab.Transport.Grpc.Links;

/// <summary>Turns messages into the bytes of a batch, and back.</summary>
internal static class BatchCodec
{
    /// <summary>What a frame may need beside the messages: a message of FrameBytesMax less this fits
    /// always.</summary>
    public const int MarginBytes = 1024;

    /// <summary>No more messages join a frame of this size: the other side reads one frame while the next is
    /// made.</summary>
    private const int CoalescedBytesMax = 256 << 10;

    private const int ListEntryBytes = 6; // A tag, and a length of up to five bytes.

    /// <summary>The most messages in a batch: as many as join one when they are empty.</summary>
    /// <remarks>An empty message takes 2 bytes on the wire, and 60 times that when it is decoded.</remarks>
    public const int MessagesMax = CoalescedBytesMax / ListEntryBytes + 1;

    private static readonly MessageParser<MessageList> s_parser =
        MessageList.Parser.WithDiscardUnknownFields(true);

    /// <summary>Takes as many messages as fit in a frame.</summary>
    /// <param name="messages">Messages in order.</param>
    /// <param name="start">The first one to take; moved behind the last one taken.</param>
    /// <param name="frameBytesMax">The largest frame.</param>
    /// <returns>The messages taken; null when the one at <paramref name="start"/> fits in no frame.</returns>
    public static MessageList? TryTake(IReadOnlyList<CoreMessage> messages, ref int start, int frameBytesMax)
    {
        MessageList list = new();
        long bytes = 0;
        for (; start < messages.Count && bytes < CoalescedBytesMax; start++)
        {
            WireMessage message = ToWire(messages[start]);
            bytes += message.CalculateSize() + ListEntryBytes;
            if (bytes > frameBytesMax - MarginBytes)
                break;
            list.Messages.Add(message);
        }

        return list.Messages.Count > 0 ? list : null;
    }

    /// <summary>Encodes a batch.</summary>
    /// <param name="list">The messages.</param>
    /// <param name="sequence">The number of the batch on its link.</param>
    /// <param name="rented">Memory of <see cref="ArrayPool{T}.Shared"/> behind the frame; the caller returns
    /// it once the frame is written.</param>
    /// <returns>The frame.</returns>
    public static Frame Encode(MessageList list, ulong sequence, out byte[] rented)
    {
        int length = list.CalculateSize();
        rented = ArrayPool<byte>.Shared.Rent(length);
        Memory<byte> bytes = rented.AsMemory(0, length);
        list.WriteTo(bytes.Span);
        return new Frame
        {
            Batch = new Batch
            {
                Sequence = sequence,
                Crc32C = Checksum(bytes.Span),
                Messages = UnsafeByteOperations.UnsafeWrap(bytes),
            },
        };
    }

    /// <summary>Checks a batch and decodes it.</summary>
    /// <param name="batch">The batch; the messages share no memory with it.</param>
    /// <param name="expectedSequence">The number that must come next.</param>
    /// <returns>The messages in order.</returns>
    /// <exception cref="InvalidDataException">A batch is missing or repeated, a bit flipped, a value is none
    /// of the protocol's, or there are more than <see cref="MessagesMax"/> messages.</exception>
    /// <exception cref="InvalidProtocolBufferException">The bytes are no list of messages.</exception>
    public static List<CoreMessage> Decode(Batch batch, ulong expectedSequence)
    {
        if (batch.Sequence != expectedSequence)
            throw new InvalidDataException($"batch {batch.Sequence} came where {expectedSequence} was due");
        if (Checksum(batch.Messages.Span) != batch.Crc32C)
            throw new InvalidDataException(
                $"the checksum of batch {batch.Sequence} is wrong: bytes changed on the way");
        RequireFew(batch.Messages);
        MessageList list = s_parser.ParseFrom(batch.Messages.Span);
        List<CoreMessage> messages = new(list.Messages.Count);
        foreach (WireMessage message in list.Messages)
            messages.Add(FromWire(message));
        return messages;
    }

    /// <summary>CRC-32C (Castagnoli): polynomial 0x1EDC6F41 reflected, start and final xor all
    /// ones.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : Reverse(word));
        foreach (byte b in bytes[(words.Length * sizeof(ulong))..])
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }

    /// <summary>Counts the messages before any is made.</summary>
    private static void RequireFew(ByteString messages)
    {
        using CodedInputStream input = messages.CreateCodedInput();
        for (int count = 1; input.ReadTag() != 0; count++)
        {
            if (count > MessagesMax)
                throw new InvalidDataException($"a batch has more than {MessagesMax} messages");
            input.SkipLastField();
        }
    }

    private static ulong Reverse(ulong word) =>
        System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word);

    private static WireMessage ToWire(in CoreMessage message) => new()
    {
        Type = (int)message.Type,
        Zxid = message.Zxid.Value,
        Chain = message.Chain.Value,
        Epoch = message.Epoch,
        Number = message.Number,
        Candidate = message.Candidate.Value,
        State = (int)message.State,
        SenderEpoch = message.SenderEpoch,
        SenderZxid = message.SenderZxid.Value,
        Flag = message.Flag,
        Body = UnsafeByteOperations.UnsafeWrap(message.Body),
    };

    private static CoreMessage FromWire(WireMessage message)
    {
        MessageType type = (MessageType)message.Type;
        ServerState state = (ServerState)message.State;
        ServerId candidate = new(message.Candidate);
        Require(Enum.IsDefined(type), message, "type", message.Type);
        Require(state == default || Enum.IsDefined(state), message, "state", message.State);
        Require(candidate == ServerId.None || candidate.IsValid, message, "candidate", message.Candidate);
        Require(message.Zxid >= 0, message, "zxid", message.Zxid);
        Require(message.SenderZxid >= 0, message, "sender_zxid", message.SenderZxid);
        return new CoreMessage
        {
            Type = type,
            Zxid = new Zxid(message.Zxid),
            Chain = new ChainHash(message.Chain),
            Epoch = message.Epoch,
            Number = message.Number,
            Candidate = candidate,
            State = state,
            SenderEpoch = message.SenderEpoch,
            SenderZxid = new Zxid(message.SenderZxid),
            Flag = message.Flag,
            Body = message.Body.Memory,
        };
    }

    private static void Require(bool condition, WireMessage message, string field, long value)
    {
        if (!condition)
            throw new InvalidDataException(
                $"a message of type {message.Type} has the {field} {value}, which is none");
    }
}
