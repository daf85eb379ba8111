using System.Text;
using Zab.Core.Access;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Core.Tests.Requests;

public class ReadProcessorTests
{
    [Fact]
    public void Reads_answer_from_the_state()
    {
        DataState state = Sample();

        ClientReply exists = ReadProcessor.Answer(Read(OpCode.Exists, "/a") with { Cxid = 5 }, state, AccessRules.BuiltIn);
        ClientReply data = ReadProcessor.Answer(Read(OpCode.GetData, "/a"), state, AccessRules.BuiltIn);
        ClientReply children = ReadProcessor.Answer(Read(OpCode.GetChildren2, "/a"), state, AccessRules.BuiltIn);

        Assert.Equal((ErrorCode.Ok, 5, state.LastZxid), (exists.Error, exists.Cxid, exists.Zxid));
        Assert.Equal(Workbench.Session, exists.Session);
        Assert.Equal(2, exists.Stat.NumChildren);
        Assert.Equal("data", Encoding.UTF8.GetString(data.Data!.Value.Span));
        Assert.Equal(exists.Stat, data.Stat);
        Assert.Equal(["x", "y"], children.Children!);
        Assert.Equal(exists.Stat, children.Stat);
        Assert.Null(ReadProcessor.Answer(Read(OpCode.GetData, "/null"), state, AccessRules.BuiltIn).Data);
        Assert.Empty(ReadProcessor.Answer(Read(OpCode.GetChildren, "/a/x"), state, AccessRules.BuiltIn).Children!);
    }

    [Theory]
    [InlineData(OpCode.Exists, "/none", ErrorCode.NoNode)]
    [InlineData(OpCode.Exists, "no path", ErrorCode.NoNode)]
    [InlineData(OpCode.Exists, "/a/", ErrorCode.NoNode)]
    [InlineData(OpCode.Exists, "", ErrorCode.NoNode)]
    [InlineData(OpCode.Exists, "/a\0", ErrorCode.BadArguments)]
    [InlineData(OpCode.GetData, "/a\0", ErrorCode.NoNode)]
    [InlineData(OpCode.GetData, "/none", ErrorCode.NoNode)]
    [InlineData(OpCode.GetChildren2, "/none", ErrorCode.NoNode)]
    [InlineData(OpCode.Create, "/a", ErrorCode.Unimplemented)]
    [InlineData(OpCode.Sync, "/a", ErrorCode.Unimplemented)]
    public void Reads_fail_as_those_of_ZooKeeper(OpCode op, string path, ErrorCode expected) =>
        Assert.Equal(expected, ReadProcessor.Answer(Read(op, path), Sample(), AccessRules.BuiltIn).Error);

    [Theory]
    [InlineData(OpCode.Exists, ErrorCode.Ok, WatchMode.Data)]
    [InlineData(OpCode.Exists, ErrorCode.NoNode, WatchMode.Data)]
    [InlineData(OpCode.Exists, ErrorCode.BadArguments, null)]
    [InlineData(OpCode.GetData, ErrorCode.Ok, WatchMode.Data)]
    [InlineData(OpCode.GetData, ErrorCode.NoNode, null)]
    [InlineData(OpCode.GetChildren, ErrorCode.Ok, WatchMode.Children)]
    [InlineData(OpCode.GetChildren2, ErrorCode.Ok, WatchMode.Children)]
    [InlineData(OpCode.GetChildren2, ErrorCode.NoNode, null)]
    [InlineData(OpCode.AddWatch, ErrorCode.Ok, WatchMode.Persistent)]
    [InlineData(OpCode.SetData, ErrorCode.Ok, null)]
    public void A_read_leaves_the_watch_that_was_asked_for(OpCode op, ErrorCode error, WatchMode? expected)
    {
        ClientRequest request = Read(op, "/a") with { Watch = true, WatchMode = WatchMode.Persistent };

        Assert.Equal(expected, ReadProcessor.WatchLeftBy(request, error));
        if (op != OpCode.AddWatch)
            Assert.Null(ReadProcessor.WatchLeftBy(request with { Watch = false }, error));
    }

    [Theory]
    [InlineData(OpCode.GetChildren, "/a")]
    [InlineData(OpCode.GetChildren2, "/a")]
    [InlineData(OpCode.GetChildren2, "/none")]
    [InlineData(OpCode.GetEphemerals, "/")]
    [InlineData(OpCode.MultiRead, "")]
    [InlineData(OpCode.GetData, "/a")]
    public void A_list_that_is_made_later_is_that_of_the_state_that_answered(OpCode op, string path)
    {
        ClientRequest[] parts = [Read(OpCode.GetChildren, "/a"), Read(OpCode.GetData, "/none")];
        ClientRequest request = Read(op, path) with { Operations = op is OpCode.MultiRead ? parts : null };
        ClientReply atOnce = ReadProcessor.Answer(request, Sample(), AccessRules.BuiltIn);

        ClientRequest lists = request with { ListsLater = true };
        ClientReply first = ReadProcessor.Answer(lists, Sample(), AccessRules.BuiltIn);
        ClientReply later = ReadProcessor.WithList(lists, first, AccessRules.BuiltIn);

        Assert.Null(first.Children);
        Assert.Null(first.Results);
        Assert.Equal((atOnce.Error, atOnce.Zxid, atOnce.Stat), (later.Error, later.Zxid, later.Stat));
        Assert.Equal(atOnce.Children, later.Children);
        Assert.Equal(
            atOnce.Results?.Select(result => (result.Error, string.Join(',', result.Children ?? []))),
            later.Results?.Select(result => (result.Error, string.Join(',', result.Children ?? []))));
    }

    private static ClientRequest Read(OpCode op, string path) =>
        new() { Session = Workbench.Session, Op = op, Path = path };

    private static DataState Sample()
    {
        Workbench bench = new();
        bench.Do(Workbench.Create("/a", data: "data"));
        bench.Do(Workbench.Create("/a/y"));
        bench.Do(Workbench.Create("/a/x"));
        bench.Do(Workbench.Create("/null"));
        bench.Do(Workbench.Create("/e", CreateMode.Ephemeral));
        return bench.Writer.Freeze();
    }
}
