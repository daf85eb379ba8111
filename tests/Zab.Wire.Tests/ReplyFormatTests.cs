using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Wire.Tests;

public sealed class ReplyFormatTests
{
    private const string Header = "00000002" + "000000000000000a" + "00000000";
    private const string Path = "000000022f61";
    private const string Names = "000000010000000162";
    private const string Acl = "000000010000001f00000005776f726c6400000006616e796f6e65";
    private const string End = "ffffffff01ffffffff";

    private const string Stat = "0000000000000001" + "0000000000000002" + "0000000000000003"
        + "0000000000000004" + "00000005" + "00000006" + "00000007" + "0000000000000008" + "00000009"
        + "0000000a" + "000000000000000b";

    private static readonly Stat s_stat =
        new(new Zxid(1), new Zxid(2), 3, 4, 5, 6, 7, new SessionId(8), 9, 10, new Zxid(11));

    [Theory]
    [InlineData(1, Path)]
    [InlineData(2, "")]
    [InlineData(3, Stat)]
    [InlineData(4, "0000000178" + Stat)]
    [InlineData(5, Stat)]
    [InlineData(6, Acl + Stat)]
    [InlineData(7, Stat)]
    [InlineData(8, Names)]
    [InlineData(9, Path)]
    [InlineData(12, Names + Stat)]
    [InlineData(15, Path + Stat)]
    [InlineData(17, "")]
    [InlineData(18, "")]
    [InlineData(19, Path + Stat)]
    [InlineData(21, Path + Stat)]
    [InlineData(101, "")]
    [InlineData(103, Names)]
    [InlineData(104, "0000000c")]
    [InlineData(105, "")]
    [InlineData(106, "00000000")]
    [InlineData(107, "00000001" + "000000026970" + "0000000131")]
    [InlineData(-11, "")]
    public void Each_operation_is_answered_with_its_own_fields(int op, string body)
    {
        ClientReply reply = new()
        {
            Zxid = new Zxid(10),
            Path = "/a",
            Stat = s_stat,
            Data = new byte[] { (byte)'x' },
            Children = ["b"],
            Identities = [new Identity("ip", "1")],
            Count = 12,
        };

        Assert.Equal(Header + body, Written((OpCode)op, reply));
        Assert.Equal(
            "00000002" + "000000000000000a" + "ffffff9b",
            Written((OpCode)op, reply with { Error = ErrorCode.NoNode }));
    }

    [Fact]
    public void A_multi_that_failed_tells_the_code_of_each_operation()
    {
        ClientReply reply = Multi(
            new OpResult { Op = OpCode.Check },
            new OpResult { Op = OpCode.Delete, Error = ErrorCode.NoNode });

        Assert.Equal(
            Header + "ffffffff00" + "00000000" + "00000000" + "ffffffff00" + "ffffff9b" + "ffffff9b" + End,
            Written(OpCode.Multi, reply with { Error = ErrorCode.NoNode }));
    }

    [Theory]
    [InlineData(ErrorCode.SessionExpired)]
    [InlineData(ErrorCode.UnknownSession)]
    public void A_multi_of_a_session_that_is_over_fails_by_its_first_operation(object error)
    {
        ClientRequest part = new() { Op = OpCode.Delete, Path = "/a" };
        ClientRequest multi = new() { Op = OpCode.Multi, Cxid = 2, Operations = [part, part] };
        ClientReply reply = new() { Zxid = new Zxid(10), Error = (ErrorCode)error };
        JuteWriter writer = new(64);

        ReplyFormat.Write(writer, multi, reply);

        Assert.Equal(
            Header + "ffffffff00" + "ffffff90" + "ffffff90" + "ffffffff00" + "fffffffe" + "fffffffe" + End,
            Convert.ToHexStringLower(writer.Written.Span));
        Assert.True(ReplyFormat.TryRead(writer.Written, multi, out ClientReply read));
        Assert.Equal(ErrorCode.SessionExpired, read.Error);
    }

    [Fact]
    public void A_multi_tells_every_create_with_a_stat_as_create2()
    {
        ClientReply reply = Multi(
            new OpResult { Op = OpCode.Create, Path = "/a" },
            new OpResult { Op = OpCode.CreateContainer, Path = "/a", Stat = s_stat },
            new OpResult { Op = OpCode.SetData, Stat = s_stat });

        Assert.Equal(
            Header + "000000010000000000" + Path + "0000000f0000000000" + Path + Stat
                + "000000050000000000" + Stat + End,
            Written(OpCode.Multi, reply));
    }

    [Fact]
    public void A_multi_read_goes_on_after_an_operation_that_failed()
    {
        ClientReply reply = Multi(
            new OpResult { Op = OpCode.GetData, Error = ErrorCode.NoNode },
            new OpResult { Op = OpCode.GetChildren, Children = ["b"] });

        Assert.Equal(
            Header + "ffffffff00" + "ffffff9b" + "ffffff9b" + "000000080000000000" + Names + End,
            Written(OpCode.MultiRead, reply));
    }

    [Theory]
    [InlineData(ErrorCode.UnknownSession, ErrorCode.SessionExpired)]
    [InlineData((ErrorCode)(-9999), ErrorCode.SystemError)]
    [InlineData(ErrorCode.BadVersion, ErrorCode.BadVersion)]
    public void A_code_that_clients_do_not_know_is_never_told(object code, object told) =>
        Assert.Equal((ErrorCode)told, ReplyFormat.Told((ErrorCode)code));

    private static ClientReply Multi(params OpResult[] results) =>
        new() { Zxid = new Zxid(10), Results = results };

    private static string Written(OpCode op, ClientReply reply)
    {
        JuteWriter writer = new(256);
        ReplyFormat.Write(writer, new ClientRequest { Op = op, Cxid = 2, Path = "/a" }, reply);
        return Convert.ToHexStringLower(writer.Written.Span);
    }
}
