using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Conformance;

/// <summary>Several writes, all or none (reference, 2.11 and 3.6).</summary>
public sealed class MultiTests
{
    private readonly Solo _solo = new();
    private readonly SessionId _session;

    public MultiTests()
    {
        _session = _solo.Open();
        Assert.Equal(ErrorCode.Ok, _solo.Create(_session, "/a", data: "old"));
        Assert.Equal(ErrorCode.Ok, _solo.Create(_session, "/e", CreateMode.Ephemeral));
    }

    /// <summary>The parts of a multi, and what is told of each.</summary>
    [Theory]
    [InlineData("create /b", "Ok")]
    [InlineData("create /a", "NodeExists")]
    [InlineData("create /b, create /b", "Ok NodeExists")]
    [InlineData("create /b, create /b/c", "Ok Ok")]
    [InlineData("create /b/c, create /b", "NoNode RuntimeInconsistency")]
    [InlineData("create /b, check /b 0", "Ok Ok")] // a node of the same multi
    [InlineData("create /b, check /b 1", "Ok BadVersion")]
    [InlineData("set /a 0, check /a 1", "Ok Ok")]
    [InlineData("set /a 0, check /a 0", "Ok BadVersion")]
    [InlineData("set /a 0, set /a 0", "Ok BadVersion")]
    [InlineData("set /a 0, set /a 1, delete /a 2", "Ok Ok Ok")]
    [InlineData("set /a 0, delete /a 0", "Ok BadVersion")]
    [InlineData("delete /a 0, check /a 0", "Ok NoNode")]
    [InlineData("delete /a 0, create /a", "Ok Ok")]
    [InlineData("delete /a 0, create /a, set /a 0", "Ok Ok Ok")]
    [InlineData("delete /a 0, create /a/b", "Ok NoNode")]
    [InlineData("create /a/b, delete /a -1", "Ok NotEmpty")]
    [InlineData("create /a/b, delete /a/b 0, delete /a -1", "Ok Ok Ok")]
    [InlineData("delete /e -1, create /e, create /e/f", "Ok Ok Ok")] // it is no ephemeral node any more
    [InlineData("create /e/f, delete /e -1", "NoChildrenForEphemerals RuntimeInconsistency")]
    [InlineData("ephemeral /f, create /f/g", "Ok NoChildrenForEphemerals")]
    [InlineData("check /a 0, check /none -1, create /b", "Ok NoNode RuntimeInconsistency")]
    [InlineData("create none, create /b, create /c", "BadArguments RuntimeInconsistency RuntimeInconsistency")]
    [InlineData("delete /zookeeper -1", "BadArguments")]
    [InlineData("get /a", "MarshallingError")]
    [InlineData("create /b, setAcl /a", "Ok MarshallingError")]
    [InlineData("create /b, multi /a, create /c", "Ok MarshallingError RuntimeInconsistency")]
    [InlineData("create /b, sweep /e", "Ok MarshallingError")]
    public void Each_part_sees_those_before_it_and_is_told_of(string parts, string expected)
    {
        DataState before = _solo.State;
        ClientRequest[] operations = [.. parts.Split(", ").Select(Part)];

        ClientReply reply = _solo.Multi(_session, operations);

        string[] errors = expected.Split(' ');
        Assert.Equal(errors, reply.Results!.Select(result => $"{result.Error}"));
        Assert.Equal(operations.Select(part => part.Op), reply.Results!.Select(result => result.Op));
        Assert.Equal(errors.FirstOrDefault(error => error != "Ok") ?? "Ok", $"{reply.Error}");
        if (reply.Error == ErrorCode.Ok)
        {
            Assert.Equal(before.LastZxid.Value + 1, _solo.State.LastZxid.Value);
            Assert.Equal(_solo.State.LastZxid, reply.Zxid);
        }
        else
        {
            Assert.Equal(before.Digest, _solo.State.Digest); // nor does it cost a transaction
            Assert.Equal(before.LastZxid, _solo.State.LastZxid);
        }
    }

    [Fact]
    public void The_results_are_those_of_the_parts()
    {
        ClientReply reply = _solo.Multi(
            _session,
            new() { Op = OpCode.Create, Path = "/s-", Mode = CreateMode.PersistentSequential },
            new() { Op = OpCode.Create2, Path = "/s-", Mode = CreateMode.EphemeralSequential },
            new() { Op = OpCode.Create2, Path = "/c", Mode = CreateMode.Container },
            new() { Op = OpCode.Create2, Path = "/t", Mode = CreateMode.PersistentWithTtl, TtlMs = 5_000 },
            new() { Op = OpCode.SetData, Path = "/a", Data = new byte[7], Version = 0 },
            new() { Op = OpCode.Check, Path = "/a", Version = 1 },
            new() { Op = OpCode.Delete, Path = "/e", Version = -1 });

        Assert.Equal(
            ["/s-0000000002", "/s-0000000003", "/c", "/t", "/a", "/a", "/e"],
            reply.Results!.Select(result => result.Path));
        foreach (int at in (int[])[1, 2, 3, 4])
        {
            OpResult result = reply.Results![at];
            Assert.Equal(_solo.StatOf(result.Path!), result.Stat);
        }

        Assert.Equal((1, 7), (reply.Results![4].Stat.Version, reply.Results[4].Stat.DataLength));
        Assert.Equal(default, reply.Results[5].Stat);
        Assert.Equal(default, reply.Results[6].Stat);
    }

    [Fact]
    public void A_multi_that_fails_leaves_no_trace_not_even_in_the_counters_of_names()
    {
        ClientRequest create = new() { Op = OpCode.Create, Path = "/a/s-", Mode = CreateMode.PersistentSequential };
        ClientRequest fails = new() { Op = OpCode.Check, Path = "/none", Version = -1 };
        ClientRequest ephemeral = create with { Mode = CreateMode.EphemeralSequential };

        Assert.Equal(ErrorCode.NoNode, _solo.Multi(_session, create, ephemeral, fails).Error);

        ClientReply reply = _solo.Do(_session, create);
        Assert.Equal("/a/s-0000000000", reply.Path);
        Assert.Equal(["/e"], _solo.Read(_session, OpCode.GetEphemerals).Children!);
        Assert.Equal((1, 1), (_solo.StatOf("/a").Cversion, _solo.StatOf("/a").NumChildren));
    }

    [Fact]
    public void An_empty_multi_does_nothing_and_succeeds()
    {
        ClientReply reply = _solo.Multi(_session);

        Assert.Equal(ErrorCode.Ok, reply.Error);
        Assert.Empty(reply.Results!);
    }

    [Fact]
    public void All_parts_carry_one_zxid_and_one_time()
    {
        _solo.TimeMs = 5_000_000;

        Assert.Equal(ErrorCode.Ok, _solo.Multi(_session, Part("create /b"), Part("create /b/c"), Part("set /a 0")).Error);

        Zxid zxid = _solo.State.LastZxid;
        Stat parent = _solo.StatOf("/b");
        Assert.Equal((zxid, zxid, zxid), (parent.Czxid, parent.Mzxid, parent.Pzxid));
        Assert.Equal(parent.Ctime, _solo.StatOf("/a").Mtime);
        Assert.Equal((zxid, 1, 1), (_solo.StatOf("/b/c").Czxid, parent.Cversion, parent.NumChildren));
        Assert.Equal(zxid, _solo.StatOf("/a").Mzxid);
    }

    [Fact]
    public void Several_reads_are_of_one_state_and_fail_one_by_one()
    {
        Assert.Equal(ErrorCode.Ok, _solo.Create(_session, "/shut", acl: Rights.Of("w:world:anyone")));

        ClientReply reply = _solo.Do(_session, new()
        {
            Op = OpCode.MultiRead,
            Operations =
            [
                new() { Op = OpCode.GetData, Path = "/a", Watch = true },
                new() { Op = OpCode.GetChildren, Path = "/" },
                new() { Op = OpCode.GetData, Path = "/none" },
                new() { Op = OpCode.GetData, Path = "/shut" },
                new() { Op = OpCode.GetChildren, Path = "/a" },
            ],
        });

        Assert.Equal(ErrorCode.Ok, reply.Error);
        Assert.Equal(
            [ErrorCode.Ok, ErrorCode.Ok, ErrorCode.NoNode, ErrorCode.NoAuth, ErrorCode.Ok],
            reply.Results!.Select(result => result.Error));
        Assert.Equal("old"u8.ToArray(), reply.Results![0].Data!.Value.ToArray());
        Assert.Equal(_solo.StatOf("/a"), reply.Results[0].Stat);
        Assert.Equal(["a", "e", "shut", "zookeeper"], reply.Results[1].Children!);
        Assert.Empty(reply.Results[4].Children!);
        Assert.Equal(0, _solo.Replica.Clients.Watches.Count); // its flags leave no watch
    }

    [Theory]
    [InlineData(OpCode.Exists)]
    [InlineData(OpCode.Create)]
    [InlineData(OpCode.MultiRead)]
    public void What_is_no_read_of_data_or_children_cannot_be_among_several(OpCode op)
    {
        ClientReply reply = _solo.Do(
            _session, new() { Op = OpCode.MultiRead, Operations = [new() { Op = op, Path = "/a" }] });

        Assert.Equal(ErrorCode.MarshallingError, reply.Error);
        Assert.Null(reply.Results);
    }

    private static ClientRequest Part(string text)
    {
        string[] words = text.Split(' ');
        return new ClientRequest
        {
            Op = words[0] switch
            {
                "create" or "ephemeral" => OpCode.Create2,
                "set" => OpCode.SetData,
                "delete" => OpCode.Delete,
                "check" => OpCode.Check,
                "get" => OpCode.GetData,
                "setAcl" => OpCode.SetAcl,
                "multi" => OpCode.Multi,
                "sweep" => OpCode.DeleteContainer,
                _ => throw new ArgumentException(text, nameof(text)),
            },
            Path = words[1],
            Mode = words[0] == "ephemeral" ? CreateMode.Ephemeral : CreateMode.Persistent,
            Version = words.Length > 2 ? int.Parse(words[2], System.Globalization.CultureInfo.InvariantCulture) : 0,
        };
    }
}
