using System.Buffers;
using Zab.Core.Primitives;
using Zab.Core.Watches;

namespace Zab.Wire.Tests;

public sealed class PacketTests
{
    private const string Zeros = "00000000000000000000000000000000";
    private const string Request = "00000000000000000000000000007530000000000000000000000010" + Zeros;
    private const string Response = "000000000000753001000000000000010000001" + "0054cc74a37327db215e702e20c73f005";
    private const string Expired = "00000000000000000000000000000000" + "00000010" + Zeros;
    private const string Event = "ffffffff0000000000000009000000000000000300000003000000022f61";

    [Theory]
    [InlineData(Request + "00", false)]
    [InlineData(Request + "01", true)]
    [InlineData(Request, null)]
    public void A_connect_request_is_read_and_written_byte_for_byte(string hex, bool? readOnly)
    {
        Assert.True(ConnectRequest.TryRead(Convert.FromHexString(hex), out ConnectRequest request));

        Assert.Equal((30_000, 0L, 16, readOnly),
            (request.TimeoutMs, request.Session.Value, request.Password!.Value.Length, request.ReadOnly));
        Assert.Equal(hex, Written(request.Write));
    }

    [Theory]
    [InlineData(Response + "00", 30_000, 0x0100000000000001, false)]
    [InlineData(Response, 30_000, 0x0100000000000001, null)]
    [InlineData(Expired + "00", 0, 0L, false)]
    public void A_connect_response_is_read_and_written_byte_for_byte(
        string hex, int timeoutMs, long session, bool? readOnly)
    {
        Assert.True(ConnectResponse.TryRead(Convert.FromHexString(hex), out ConnectResponse response));

        Assert.Equal((timeoutMs, session, readOnly),
            (response.TimeoutMs, response.Session.Value, response.ReadOnly));
        Assert.Equal(hex, Written(response.Write));
    }

    [Fact]
    public void The_answer_for_an_expired_session_is_all_zeros() =>
        Assert.Equal(Expired + "00", Written(ConnectResponse.Expired(readOnly: false).Write));

    [Fact]
    public void An_event_is_read_and_written_byte_for_byte()
    {
        Assert.True(EventFormat.TryRead(Convert.FromHexString(Event), out WatchEvent read));

        Assert.Equal(new WatchEvent(WatchEventType.NodeDataChanged, "/a", new Zxid(9)), read);
        Assert.Equal(Event, Written(writer => EventFormat.Write(writer, read)));
    }

    [Fact]
    public void A_packet_that_is_cut_off_is_refused()
    {
        Assert.All(Cuts(Request), cut => Assert.False(ConnectRequest.TryRead(cut, out _)));
        Assert.All(Cuts(Response), cut => Assert.False(ConnectResponse.TryRead(cut, out _)));
        Assert.All(Cuts(Event), cut => Assert.False(EventFormat.TryRead(cut, out _)));
    }

    [Theory]
    [InlineData("000000", FrameStatus.Incomplete)]
    [InlineData("000000080102", FrameStatus.Incomplete)]
    [InlineData("ffffffff", FrameStatus.Refused)]
    [InlineData("00000009", FrameStatus.Refused)]
    public void A_frame_that_is_not_whole_leaves_the_input_as_it_is(string hex, object expected)
    {
        ReadOnlySequence<byte> buffer = new(Convert.FromHexString(hex));

        Assert.Equal(expected, FrameReader.TryRead(ref buffer, frameBytesMax: 8, out _));
        Assert.Equal(hex.Length / 2, buffer.Length);
    }

    [Fact]
    public void Frames_are_taken_one_after_the_other()
    {
        ReadOnlySequence<byte> buffer = new(Convert.FromHexString("000000020102" + "00000000" + "0000"));

        Assert.Equal(FrameStatus.Complete, FrameReader.TryRead(ref buffer, 8, out ReadOnlySequence<byte> first));
        Assert.Equal([1, 2], first.ToArray());
        Assert.Equal(FrameStatus.Complete, FrameReader.TryRead(ref buffer, 8, out ReadOnlySequence<byte> second));
        Assert.True(second.IsEmpty);
        Assert.Equal(FrameStatus.Incomplete, FrameReader.TryRead(ref buffer, 8, out _));
    }

    private static IEnumerable<byte[]> Cuts(string hex) =>
        Enumerable.Range(0, hex.Length / 2).Select(length => Convert.FromHexString(hex[..(2 * length)]));

    private static string Written(Action<JuteWriter> write)
    {
        JuteWriter writer = new(64);
        write(writer);
        return Convert.ToHexStringLower(writer.Written.Span);
    }
}
