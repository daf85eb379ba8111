using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Wire.Tests;

public sealed class RequestFormatTests
{
    private const string Path = "000000022f61";
    private const string Acl = "000000010000001f00000005776f726c6400000006616e796f6e65";
    private const string Create = Path + "0000000178" + Acl;
    private const string End = "ffffffff01ffffffff";

    private const string Multi =
        "0000000d00ffffffff000000022f61ffffffff" + "0000000200ffffffff000000022f62ffffffff" + End;

    private const string MultiRead = "0000000400ffffffff" + Path + "01" + "0000000800ffffffff" + Path + "00" + End;

    private const string Lists = "0000000000000007" + "00000001" + Path + "00000000" + "00000000";

    /// <summary>One valid body for each operation.</summary>
    public static TheoryData<int, string> Bodies => new()
    {
        { 1, Create + "00000000" }, { 2, Path + "ffffffff" }, { 3, Path + "01" }, { 4, Path + "01" },
        { 5, Path + "0000000178" + "00000003" }, { 6, Path }, { 7, Path + Acl + "00000002" },
        { 8, Path + "00" }, { 9, Path }, { 11, "" }, { 12, Path + "01" }, { 14, Multi },
        { 15, Create + "00000000" }, { 16, "00000001610000000162ffffffffffffffffffffffff" },
        { 17, Path + "00000003" }, { 18, Path + "00000005" }, { 19, Create + "00000004" },
        { 21, Create + "00000005" + "0000000000001388" }, { 22, MultiRead },
        { 100, "00000000" + "00000006646967657374" + "00000003613a62" }, { 101, Lists },
        { 102, "000000020102" }, { 103, Path }, { 104, Path }, { 105, Lists + "00000000" + "00000000" },
        { 106, Path + "00000001" }, { 107, "" }, { -11, "" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Each_operation_is_read_whole_and_refused_when_cut_off(int type, string body)
    {
        byte[] frame = Frame(type, body);

        Assert.Equal(ErrorCode.Ok, RequestFormat.TryRead(frame, out WireRequest request));
        Assert.Equal((2, type), (request.Xid, request.Type));
        Assert.Equal(type is 11 or 16 or 100 or 102 ? null : (OpCode)type, request.Operation?.Op);
        Assert.Equal(ErrorCode.Ok, RequestFormat.TryRead((byte[])[.. frame, 0xFF], out _));
        Assert.All(
            Enumerable.Range(0, frame.Length),
            length => Assert.Equal(
                ErrorCode.MarshallingError, RequestFormat.TryRead(frame.AsMemory(0, length), out _)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(13)]
    [InlineData(20)]
    [InlineData(23)]
    [InlineData(99)]
    [InlineData(108)]
    [InlineData(-1)]
    [InlineData(-10)]
    [InlineData(-12)]
    public void What_clients_may_not_ask_for_is_told_apart(int type) =>
        Assert.Equal(ErrorCode.Unimplemented, RequestFormat.TryRead(Frame(type, Path + "ffffffff"), out _));

    [Theory]
    [InlineData(1, Create + "00000007", ErrorCode.BadArguments)]
    [InlineData(1, Create + "00000005", ErrorCode.BadArguments)]
    [InlineData(19, Create + "00000000", ErrorCode.BadArguments)]
    [InlineData(14, "0000000100ffffffff" + Create + "00000007" + End, ErrorCode.MarshallingError)]
    [InlineData(14, "0000000400ffffffff" + Path + "00" + End, ErrorCode.MarshallingError)]
    [InlineData(22, "0000000200ffffffff" + Path + "ffffffff" + End, ErrorCode.MarshallingError)]
    [InlineData(106, Path + "00000002", ErrorCode.MarshallingError)]
    [InlineData(17, Path + "00000006", ErrorCode.MarshallingError)]
    [InlineData(18, Path + "00000000", ErrorCode.MarshallingError)]
    [InlineData(6, "00000002c328", ErrorCode.MarshallingError)]
    [InlineData(101, "0000000000000007" + "7fffffff", ErrorCode.MarshallingError)]
    public void A_body_that_breaks_a_rule_gets_the_code_of_the_rule(int type, string body, object expected) =>
        Assert.Equal(expected, RequestFormat.TryRead(Frame(type, body), out _));

    [Fact]
    public void Null_vectors_are_empty_ones()
    {
        RequestFormat.TryRead(Frame(101, "0000000000000007ffffffffffffffffffffffff"), out WireRequest watches);
        RequestFormat.TryRead(Frame(1, Path + "ffffffff" + "ffffffff" + "00000000"), out WireRequest create);

        Assert.Empty(watches.Operation!.Value.Watches!.Data);
        Assert.Empty(create.Operation!.Value.Acl!);
        Assert.Null(create.Operation!.Value.Data);
    }

    [Fact]
    public void The_fields_arrive_where_the_core_looks_for_them()
    {
        RequestFormat.TryRead(Frame(14, Multi), out WireRequest multi);
        RequestFormat.TryRead(Frame(22, MultiRead), out WireRequest multiRead);
        RequestFormat.TryRead(Frame(21, Create + "000000060000000000001388"), out WireRequest ttl);
        RequestFormat.TryRead(Frame(106, Path + "00000001"), out WireRequest watch);
        RequestFormat.TryRead(Frame(18, Path + "00000003"), out WireRequest any);

        Assert.Equal(
            [(OpCode.Check, "/a", -1), (OpCode.Delete, "/b", -1)],
            multi.Operation!.Value.Operations!.Select(part => (part.Op, part.Path, part.Version)));
        Assert.All(multiRead.Operation!.Value.Operations!, part => Assert.False(part.Watch));
        Assert.Equal(
            (2, CreateMode.PersistentSequentialWithTtl, 5000L),
            (ttl.Operation!.Value.Cxid, ttl.Operation.Value.Mode, ttl.Operation.Value.TtlMs));
        Assert.Equal(WatchMode.PersistentRecursive, watch.Operation!.Value.WatchMode);
        Assert.Null(any.Operation!.Value.WatchMode);
    }

    [Fact]
    public void Damaged_frames_neither_throw_nor_allocate_without_bound()
    {
        byte[][] valid = [.. Bodies.Select(row => Frame((int)row[0], (string)row[1]))];
        Prng random = new(seed: 11);
        for (int i = 0; i < 100_000; i++)
        {
            byte[] frame = [.. valid[random.Below(valid.Length)]];
            for (int changes = random.Below(4); changes >= 0; changes--)
            {
                frame[random.Below(frame.Length)] = (byte)random.Below(256);
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            RequestFormat.TryRead(frame, out _);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096 + (100 * frame.Length));
        }
    }

    private static byte[] Frame(int type, string body) => Convert.FromHexString($"00000002{type:x8}{body}");
}
