using System.Text.Json;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Wire.Tests;

/// <summary>What one side writes the other side reads: the client's half against the server's.</summary>
public sealed class RoundTripTests
{
    private const int Rounds = 200;

    public static TheoryData<int> Operations => [.. RandomPackets.Operations.Select(op => (int)op)];

    [Theory]
    [MemberData(nameof(Operations))]
    public void A_server_reads_the_request_that_a_client_wrote(int op)
    {
        for (ulong seed = 1; seed <= Rounds; seed++)
        {
            RandomPackets packets = new(seed);
            ClientRequest request = packets.Request((OpCode)op);
            int xid = packets.Below(int.MaxValue);

            ErrorCode error = RequestFormat.TryRead(Written(writer => RequestFormat.Write(writer, xid, request)), out WireRequest read);

            Assert.True(error == ErrorCode.Ok, $"seed {seed}: {error}");
            Same(OnWire(request) with { Cxid = xid }, read.Operation!.Value, seed);
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void A_client_reads_the_reply_that_a_server_wrote(int op)
    {
        for (ulong seed = 1; seed <= Rounds; seed++)
        {
            RandomPackets packets = new(seed);
            ClientRequest request = packets.Request((OpCode)op) with { Cxid = 7 };
            ClientReply reply = packets.Reply(request);
            byte[] written = Written(writer => ReplyFormat.Write(writer, OnWire(request), reply));

            Assert.True(ReplyFormat.TryRead(written, request, out ClientReply read), $"seed {seed}");

            Assert.Equal((7, reply.Zxid, reply.Error), (read.Cxid, read.Zxid, read.Error));
            Same(reply.Results?.Select(Told), read.Results, seed);
            byte[] again = Written(writer => ReplyFormat.Write(writer, OnWire(request), read));
            Assert.True(written.AsSpan().SequenceEqual(again), $"seed {seed}: what was read is written otherwise");
        }
    }

    [Fact]
    public void Auth_packets_and_pings_are_read_as_they_were_written()
    {
        RequestFormat.TryRead(Written(writer => RequestFormat.WriteAuth(writer, "digest", "a:b"u8.ToArray())), out WireRequest auth);
        RequestFormat.TryRead(Written(RequestFormat.WritePing), out WireRequest ping);

        Assert.Equal((-4, 100, "digest"), (auth.Xid, auth.Type, auth.Scheme));
        Assert.Equal("a:b"u8, auth.Token!.Value.Span);
        Assert.Equal((-2, 11), (ping.Xid, ping.Type));
    }

    [Fact]
    public void A_mode_decides_by_which_operation_a_node_is_created()
    {
        Assert.Equal(
            [OpCode.Create2, OpCode.CreateContainer, OpCode.CreateTtl, OpCode.CreateTtl],
            new[] { CreateMode.Ephemeral, CreateMode.Container, CreateMode.PersistentWithTtl, CreateMode.PersistentSequentialWithTtl }
                .Select(mode => RequestFormat.OnWire(new ClientRequest { Op = OpCode.Create2, Mode = mode })));
    }

    [Fact]
    public void A_create_in_a_multi_may_be_answered_without_a_stat()
    {
        ClientRequest create = new() { Op = OpCode.Create2, Path = "/a" };
        ClientReply reply = new() { Results = [new OpResult { Op = OpCode.Create, Path = "/a7" }] };
        byte[] written = Written(writer => ReplyFormat.Write(writer, new ClientRequest { Op = OpCode.Multi }, reply));

        Assert.True(ReplyFormat.TryRead(written, new ClientRequest { Op = OpCode.Multi, Operations = [create] }, out ClientReply read));

        Assert.Equal((OpCode.Create2, "/a7", default), (read.Results![0].Op, read.Results[0].Path, read.Results[0].Stat));
    }

    [Fact]
    public void An_operation_with_nothing_in_its_answer_cannot_answer_one_with_something()
    {
        ClientRequest request = new() { Op = OpCode.Multi, Operations = [new() { Op = OpCode.Delete, Path = "/a" }] };
        byte[] header = Written(writer => ReplyFormat.WriteHeader(writer, 1, new Zxid(2), ErrorCode.Ok));

        Assert.False(ReplyFormat.TryRead(header, request, out _));
        Assert.False(ReplyFormat.TryRead(header, new ClientRequest { Op = OpCode.GetData }, out _));
        Assert.True(ReplyFormat.TryRead(header, new ClientRequest { Op = OpCode.Delete }, out _));
    }

    [Fact]
    public void Damaged_replies_and_events_neither_throw_nor_allocate_without_bound()
    {
        for (ulong seed = 1; seed <= 50_000; seed++)
        {
            RandomPackets packets = new(seed);
            ClientRequest request = packets.Request(RandomPackets.Operations[packets.Below(RandomPackets.Operations.Length)]);
            ClientReply reply = packets.Reply(request);
            WatchEvent fired = packets.Event();
            byte[] frame = packets.Damaged(Written(writer => ReplyFormat.Write(writer, OnWire(request), reply)));
            byte[] eventFrame = packets.Damaged(Written(writer => EventFormat.Write(writer, fired)));

            long before = GC.GetAllocatedBytesForCurrentThread();
            ReplyFormat.TryRead(frame, request, out _);
            EventFormat.TryRead(eventFrame, out _);
            ConnectResponse.TryRead(frame, out _);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated <= 8192 + (200 * frame.Length), $"seed {seed}: {allocated} bytes for {frame.Length}");
        }
    }

    /// <summary>What a client learns of an operation of a multi: of a create2 the path alone.</summary>
    private static OpResult Told(OpResult result) =>
        result.Op == OpCode.Create2 ? result with { Stat = default } : result;

    /// <summary>The request with the operations that the wire has for it.</summary>
    private static ClientRequest OnWire(ClientRequest request) => request with
    {
        Op = RequestFormat.OnWire(request),
        Operations = request.Operations?.Select(OnWire).ToList(),
    };

    private static void Same<T>(T expected, T actual, ulong seed) =>
        Assert.True(TextOf(expected) == TextOf(actual), $"seed {seed}: expected {TextOf(expected)}, got {TextOf(actual)}");

    private static string TextOf<T>(T value) => JsonSerializer.Serialize(value);

    private static byte[] Written(Action<JuteWriter> write)
    {
        JuteWriter writer = new(64);
        write(writer);
        return writer.Written.ToArray();
    }
}
