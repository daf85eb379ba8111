using Zab.Core.Tree;

namespace Zab.Server.Tests.Port;

/// <summary>Section 2.6: each code that a client can see at this port, by a request that brings it
/// about.</summary>
public sealed class ErrorCodeTests
{
    /// <summary>The codes of ZooKeeper 3.9. Its Java client fails on any other.</summary>
    private static readonly int[] s_known =
    [
        0, -1, -2, -3, -4, -5, -6, -7, -8, -12, -13, -14, -100, -101, -102, -103, -108, -110, -111, -112, -113, -114, -115,
        -118, -119, -120, -121, -122, -123, -124, -125, -127,
    ];

    /// <summary>Code, operation, body; on a tree of <c>/a</c>, <c>/a/b</c>, the ephemeral <c>/e</c>, and
    /// <c>/closed</c>, which nobody may touch.</summary>
    public static TheoryData<int, int, byte[]> Requests => new()
    {
        { 0, 4, new Body().Text("/a").Byte(0).ToArray() },
        { -5, 4, new Body().Int(7).ToArray() },
        { -6, 21, new Body().Raw(Create("/ttl", 5)).Long(1000).ToArray() },
        { -6, 999, [] },
        { -8, 1, Create("no-slash", 0) },
        { -8, 1, Create("/a/", 0) },
        { -8, 1, Create("/x", 9) },
        { -8, 2, new Body().Text("/zookeeper").Int(-1).ToArray() },
        { -8, 3, new Body().Text("/nul\0").Byte(0).ToArray() },
        { -101, 4, new Body().Text("/none").Byte(0).ToArray() },
        { -101, 1, Create("/none/below", 0) },
        { -102, 4, new Body().Text("/closed").Byte(0).ToArray() },
        { -103, 5, new Body().Text("/a").Buffer([]).Int(7).ToArray() },
        { -108, 1, Create("/e/below", 0) },
        { -110, 1, Create("/a", 0) },
        { -111, 2, new Body().Text("/a").Int(-1).ToArray() },
        { -114, 1, new Body().Text("/x").Buffer([]).Int(0).Int(0).ToArray() },
        { -115, 100, new Body().Int(0).Text("none").Buffer([]).ToArray() },
        { -121, 18, new Body().Text("/a").Int(3).ToArray() },
        { -123, 16, new Body().Int(-1).Int(-1).Int(-1).Long(-1).ToArray() },
        { -125, 1, Create("/second", 1) },
        { -127, 3, new Body().Text("/one-too-many").Byte(1).ToArray() },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_request_is_refused_by_its_code(int code, int type, byte[] body)
    {
        await using ServedEnsemble served = await ServedEnsemble.OfAsync(
            1,
            changeNode: options => options with
            {
                AllowTtlNodes = false, SessionEphemeralsMax = 1, SessionWatchesMax = 1,
            });
        using WireClient client = await served.ClientAsync();
        await client.CreateAsync(1, "/a");
        await client.CreateAsync(2, "/a/b");
        await client.CreateAsync(3, "/e", flags: 1);
        Body closed = new Body().Text("/closed").Buffer([]).Int(1).Int(31).Text("ip").Text("10.0.0.1").Int(0);
        Assert.Equal(0, (await client.CallAsync(4, 1, closed)).Error);
        Assert.Equal(-101, (await client.CallAsync(5, 3, new Body().Text("/watched").Byte(1))).Error);

        Packet reply = await client.CallAsync(6, type, new Body().Raw(body));

        Assert.Equal(code, reply.Error);
        Assert.Equal(code != 0, reply.Body.Length == 0);
        if (code is -6 && type == 999 || code is -115)
        {
            Assert.Null(await client.ReceiveAsync());
        }
        else
        {
            Assert.Equal(0, (await client.CallAsync(7, 4, new Body().Text("/a").Byte(0))).Error);
        }
    }

    [Fact]
    public void No_code_is_told_that_clients_do_not_know() =>
        Assert.Equal(s_known.Order(), Enum.GetValues<ErrorCode>().Select(code => (int)code).Order());

    private static byte[] Create(string path, int flags) => WireClient.CreateBody(path, flags: flags).ToArray();
}
