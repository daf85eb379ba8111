using System.Text;
using Zab.Core.Primitives;

namespace Zab.Server.Tests.Port;

/// <summary>Section 7.2, the frame decoder: what fields may not be, over the port. A request with such a
/// field is refused, nothing is done, and the connection goes on.</summary>
public sealed class FieldTests
{
    private const int LongestRequest = 1_048_575;

    public static TheoryData<string> BadPaths => new()
    {
        "", "a", "//", "/a//b", "/a/./b", "/a/../b", "/.", "/..", "/a/", "/a\0b", "/a\u0001b", "/a\u007fb", "/a\ud7ff\uf000b",
    };

    /// <summary>Bytes in place of a path that no string has.</summary>
    public static TheoryData<byte[]> BadTexts => new()
    {
        new Body().Int(-2).ToArray(), // a negative length that is not the null's
        new Body().Int(int.MinValue).ToArray(),
        new Body().Int(-1).ToArray(), // null
        new Body().Int(int.MaxValue).Raw([47]).ToArray(),
        new Body().Buffer([47, 0xC3, 0x28]).ToArray(), // no UTF-8
        new Body().Buffer([47, 0xED, 0xA0, 0x80]).ToArray(), // a lone surrogate
        new Body().Buffer([47, 0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80]).ToArray(), // a pair of them
        new Body().Buffer([47, 0xC0, 0xAF]).ToArray(), // a slash in two bytes
    };

    [Theory]
    [MemberData(nameof(BadPaths))]
    public async Task A_path_that_is_none_names_no_node(string path)
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();
        await client.CreateAsync(1, "/a");
        Zxid before = served.Nodes[1].Loop.Published.State.LastZxid;

        int refused = (await client.CreateAsync(2, path)).Error;
        Assert.Equal(path.StartsWith("/a/", StringComparison.Ordinal) && path.Length > 3 ? -101 : -8, refused);
        Assert.NotEqual(0, (await client.CallAsync(3, 2, new Body().Text(path).Int(-1))).Error);
        Assert.NotEqual(0, (await client.CallAsync(4, 5, new Body().Text(path).Buffer([]).Int(-1))).Error);
        bool isRoot = path.Length == 0; // to those who read, ZooKeeper's root has that name, too
        Assert.Equal(isRoot, (await client.CallAsync(5, 4, new Body().Text(path).Byte(1))).Error == 0);
        Assert.Equal(isRoot, (await client.CallAsync(6, 3, new Body().Text(path).Byte(0))).Error == 0);

        Assert.Equal(before, served.Nodes[1].Loop.Published.State.LastZxid); // refusals cost no transaction
        Assert.Equal(0, (await client.CreateAsync(7, "/fine")).Error);
    }

    [Theory]
    [MemberData(nameof(BadTexts))]
    public async Task Bytes_that_are_no_text_are_refused_in_every_place(byte[] text)
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();
        byte[] behind = [0, 0, 0, 1, 120, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

        foreach (int type in (int[])[1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 17, 18, 19, 21, 103, 104, 106])
        {
            Assert.Equal(-5, (await client.CallAsync(type, type, new Body().Raw(text).Raw(behind))).Error);
        }

        Body watches = new Body().Long(0).Int(1).Raw(text).Int(0).Int(0).Int(0).Int(0);
        Body multi = new Body().Int(13).Byte(0).Int(-1).Raw(text).Int(-1).Int(-1).Byte(1).Int(-1);
        Assert.Equal(-5, (await client.CallAsync(-8, 105, watches)).Error);
        Assert.Equal(-5, (await client.CallAsync(1, 14, multi)).Error);
        Assert.Equal(0, (await client.CreateAsync(2, "/fine")).Error);
    }

    [Fact]
    public async Task Lengths_below_that_of_null_are_refused()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();

        Assert.Equal(-5, (await client.CallAsync(1, 5, new Body().Text("/a").Int(-2).Int(-1))).Error);
        Assert.Equal(-5, (await client.CallAsync(2, 1, new Body().Text("/a").Buffer([]).Int(-2).Int(0))).Error);
        Assert.Equal(-5, (await client.CallAsync(-8, 101, new Body().Long(0).Int(-2).Int(0).Int(0))).Error);
        Assert.Equal(-114, (await client.CallAsync(3, 1, new Body().Text("/a").Int(-1).Int(-1).Int(0))).Error);
        Assert.Equal(0, (await client.CallAsync(-8, 101, new Body().Long(0).Int(-1).Int(-1).Int(-1))).Error);
    }

    [Fact]
    public async Task A_path_as_deep_as_a_request_can_hold_costs_no_more_than_its_bytes()
    {
        string deep = string.Concat(Enumerable.Repeat("/d", (LongestRequest - 64) / 2));
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();

        Assert.Equal(-101, (await client.CreateAsync(1, deep)).Error);
        Assert.Equal(-101, (await client.CallAsync(2, 4, new Body().Text(deep).Byte(1))).Error);
        Assert.Equal(-101, (await client.CallAsync(3, 2, new Body().Text(deep).Int(-1))).Error);
        Assert.Equal(0, (await client.CallAsync(4, 106, new Body().Text(deep).Int(1))).Error); // it may be watched
        Assert.Equal(0, (await client.CreateAsync(5, "/d")).Error);
    }

    [Fact]
    public async Task The_longest_request_is_taken_and_one_byte_more_ends_the_connection()
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(1);
        using WireClient client = await served.ClientAsync();
        string name = "/" + new string('n', LongestRequest - 8 - WireClient.CreateBody("/").ToArray().Length);
        byte[] request = WireClient.Request(1, 1, WireClient.CreateBody(name));
        Assert.Equal(LongestRequest + 4, request.Length);

        await client.SendRawAsync(request);

        Packet? reply = await client.ReceiveAsync();
        Assert.Equal((1, 0, name.Length + 4), (reply!.Xid, reply.Error, reply.Body.Length));
        Assert.Equal(name[1..], (await client.CallAsync(2, 8, new Body().Text("/").Byte(0))).TextAt(4));
        await client.SendRawAsync(new Body().Int(LongestRequest + 1).Raw(Encoding.UTF8.GetBytes("x")).ToArray());
        Assert.Empty(await client.ReceiveToEndAsync());
    }
}
