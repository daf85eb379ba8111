using Zab.Core.Primitives;

namespace Zab.Core.Tests.Requests;

public class JuteTests
{
    [Fact]
    public void A_create2_request_is_written_byte_for_byte_as_ZooKeeper_does()
    {
        JuteWriter writer = new(capacity: 0);
        writer.WriteInt(1);
        writer.WriteInt(15);
        writer.WriteString("/a");
        writer.WriteBuffer("x"u8);
        writer.WriteInt(1);
        writer.WriteInt(31);
        writer.WriteString("world");
        writer.WriteString("anyone");
        writer.WriteInt(0);

        Assert.Equal(
            "00000001" + "0000000F" + "00000002" + "2F61" + "00000001" + "78" + "00000001" + "0000001F"
                + "00000005" + "776F726C64" + "00000006" + "616E796F6E65" + "00000000",
            Convert.ToHexString(writer.Written.Span));
        Assert.Equal(0x32, writer.Length);
    }

    [Fact]
    public void A_notification_is_written_byte_for_byte_as_ZooKeeper_does()
    {
        JuteWriter writer = new(capacity: 4);
        writer.WriteInt(-1);
        writer.WriteLong(9);
        writer.WriteInt(0);
        writer.WriteInt(3);
        writer.WriteInt(3);
        writer.WriteString("/a");

        Assert.Equal(
            "FFFFFFFF" + "0000000000000009" + "00000000" + "00000003" + "00000003" + "00000002" + "2F61",
            Convert.ToHexString(writer.Written.Span));
    }

    [Fact]
    public void Nulls_are_a_length_of_minus_one()
    {
        JuteWriter writer = new(capacity: 0);
        writer.WriteString(null);
        writer.WriteBuffer((ReadOnlyMemory<byte>?)null);
        writer.WriteBuffer((ReadOnlyMemory<byte>?)ReadOnlyMemory<byte>.Empty);
        writer.WriteBool(true);

        Assert.Equal("FFFFFFFF" + "FFFFFFFF" + "00000000" + "01", Convert.ToHexString(writer.Written.Span));
    }

    [Fact]
    public void What_was_written_is_read()
    {
        JuteWriter writer = new(capacity: 0);
        writer.WriteLong(long.MinValue);
        writer.WriteInt(-2);
        writer.WriteBool(false);
        writer.WriteString("/\u4e2d");
        writer.WriteBuffer((ReadOnlyMemory<byte>?)null);
        writer.WriteBuffer("ab"u8);

        JuteReader reader = new(writer.Written.Span);

        Assert.True(reader.TryReadLong(out long number) && number == long.MinValue);
        Assert.True(reader.TryReadInt(out int small) && small == -2);
        Assert.True(reader.TryReadBool(out bool flag) && !flag);
        Assert.True(reader.TryReadString(out string? text) && text == "/\u4e2d");
        Assert.True(reader.TryReadBuffer(out _, out bool isNull) && isNull);
        Assert.True(reader.TryReadBuffer(out ReadOnlySpan<byte> buffer, out isNull) && !isNull);
        Assert.True(buffer.SequenceEqual("ab"u8));
        Assert.True(reader.IsAtEnd);
        Assert.False(reader.TryReadBool(out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("000000")]
    [InlineData("00000001")] // One byte announced, none there.
    [InlineData("7FFFFFFF61")]
    [InlineData("FFFFFFFE61")] // A negative length that is not null.
    [InlineData("80000000")]
    [InlineData("FFFFFFFF")] // Null, where none may be.
    [InlineData("00000001FF")] // No UTF-8.
    [InlineData("00000003EDA080")] // A surrogate by itself.
    public void A_malformed_string_is_refused(string hex)
    {
        JuteReader reader = new(Convert.FromHexString(hex));

        Assert.False(reader.TryReadString(out string? text));
        Assert.Null(text);
    }

    [Theory]
    [InlineData("0000000200000000", 4, false)] // Two items of 4 bytes do not fit into 4.
    [InlineData("0000000100000000", 4, true)]
    [InlineData("7FFFFFFF00000000", 1, false)]
    [InlineData("FFFFFFFF", 1, false)]
    [InlineData("00000000", 1, true)]
    public void A_count_must_fit_into_what_is_left(string hex, int itemBytesMin, bool expected)
    {
        JuteReader reader = new(Convert.FromHexString(hex));

        Assert.Equal(expected, reader.TryReadCount(itemBytesMin, out _));
    }
}
