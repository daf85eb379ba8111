using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Zab.Transport.Grpc.Wire;

/// <summary>The names and encodings of gRPC over HTTP/2.</summary>
/// <remarks>Source: the gRPC project's PROTOCOL-HTTP2.md.</remarks>
internal static class GrpcProtocol
{
    /// <summary>Before each message: one byte, 1 when compressed, and the length in four, most significant
    /// first.</summary>
    public const int PrefixBytes = 5;

    public const string ContentType = "application/grpc";
    public const string StatusHeader = "grpc-status";
    public const string MessageHeader = "grpc-message";
    public const string TimeoutHeader = "grpc-timeout";

    /// <summary>Writes the prefix of an uncompressed message of <paramref name="length"/> bytes.</summary>
    public static void WritePrefix(Span<byte> destination, int length)
    {
        destination[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(destination[1..], length);
    }

    /// <summary>Reads a prefix and checks it, before anything is allocated for the message.</summary>
    /// <exception cref="GrpcException">The message is compressed, or longer than
    /// <paramref name="bytesMax"/>.</exception>
    public static int ReadPrefix(ReadOnlySpan<byte> prefix, int bytesMax)
    {
        if (prefix[0] != 0)
        {
            throw new GrpcException(
                GrpcStatusCode.Unimplemented, $"compressed messages are not taken here (flag {prefix[0]})");
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        return length <= bytesMax ? (int)length : throw new GrpcException(
            GrpcStatusCode.ResourceExhausted,
            $"a message of {length} bytes came where at most {bytesMax} are taken");
    }

    /// <summary>Whether a content type is gRPC with Protocol Buffers.</summary>
    public static bool IsGrpc(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == ContentType.Length
            || contentType[ContentType.Length] == ';'
            || contentType.AsSpan(ContentType.Length).StartsWith(
                "+proto", StringComparison.OrdinalIgnoreCase));

    /// <summary>Percent-encodes a status message, as header values hold printable ASCII alone.</summary>
    public static string EncodeMessage(string message)
    {
        StringBuilder encoded = new(message.Length);
        foreach (byte b in Encoding.UTF8.GetBytes(message))
        {
            _ = b is >= (byte)' ' and <= (byte)'~' and not (byte)'%'
                ? encoded.Append((char)b)
                : encoded.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }

        return encoded.ToString();
    }

    /// <summary>Undoes <see cref="EncodeMessage"/>. Broken escapes stay as they are.</summary>
    public static string DecodeMessage(string encoded) => Uri.UnescapeDataString(encoded);

    /// <summary>Parses the time that a caller allows.</summary>
    /// <param name="value">One to eight digits and a unit: H, M, S, m, u or n.</param>
    /// <param name="timeout">The time, no longer than a timer can wait.</param>
    /// <returns>False when the value is malformed.</returns>
    public static bool TryParseTimeout(string value, out TimeSpan timeout)
    {
        timeout = default;
        if (value.Length is < 2 or > 9
            || !int.TryParse(value.AsSpan(0, value.Length - 1), NumberStyles.None, null, out int count))
        {
            return false;
        }

        double? unitSeconds = value[^1] switch
        {
            'H' => 3600,
            'M' => 60,
            'S' => 1,
            'm' => 1e-3,
            'u' => 1e-6,
            'n' => 1e-9,
            _ => null,
        };
        timeout =
            TimeSpan.FromSeconds(Math.Min(count * unitSeconds ?? 0, TimeSpan.FromDays(40).TotalSeconds));
        return unitSeconds is not null;
    }
}
