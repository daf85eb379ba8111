using Zab.Client.Connections;

namespace Zab.Client.Tests;

public sealed class ConnectStringTests
{
    [Theory]
    [InlineData("a", "a:2181", "/x")]
    [InlineData("a:1,b:2", "a:1 b:2", "/x")]
    [InlineData(" a:1 , b ", "a:1 b:2181", "/x")]
    [InlineData("[::1]:5,[fe80::1]", "::1:5 fe80::1:2181", "/x")]
    [InlineData("a:1/app", "a:1", "/app/x")]
    [InlineData("a:1,b/app/one", "a:1 b:2181", "/app/one/x")]
    [InlineData("a:1/", "a:1", "/x")]
    public void Servers_and_chroot_are_read(string text, string servers, string outward)
    {
        ConnectString read = ConnectString.Parse(text);

        Assert.Equal(servers, string.Join(' ', read.Servers.Select(server => $"{server.Host}:{server.Port}")));
        Assert.Equal(outward, read.Chroot.Outward("/x"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("/app")]
    [InlineData("a:")]
    [InlineData("a:x")]
    [InlineData("a:0")]
    [InlineData("a:65536")]
    [InlineData("a:1/app/")]
    [InlineData("a:1//app")]
    [InlineData(":1")]
    public async Task What_names_no_server_is_refused(string text)
    {
        ArgumentException refused =
            await Assert.ThrowsAnyAsync<ArgumentException>(() => ZabClient.ConnectAsync(text));

        Assert.Equal("servers", refused.ParamName);
    }

    [Fact]
    public void Servers_are_tried_in_an_order_that_the_seed_decides_and_each_once_a_round()
    {
        ConnectString read = ConnectString.Parse("a,b,c,d,e");
        string Round(ServerList list) => string.Concat(Enumerable.Range(0, 5).Select(_ => list.Next().Host));

        HashSet<string> orders = [];
        for (ulong seed = 0; seed < 50; seed++)
        {
            ServerList list = new(read.Servers, seed);
            string first = Round(list);
            Assert.Equal("abcde", string.Concat(first.Order()));
            Assert.Equal(first, Round(list));
            Assert.Equal(first, Round(new ServerList(read.Servers, seed)));
            orders.Add(first);
        }

        Assert.True(orders.Count > 20);
    }

    [Fact]
    public void The_first_attempt_is_at_once_and_later_rounds_wait_longer_up_to_a_bound()
    {
        ServerList list = new(ConnectString.Parse("a,b").Servers, seed: 1);

        Assert.Equal(TimeSpan.Zero, list.DelayBefore(0));
        Assert.InRange(list.DelayBefore(1).TotalMilliseconds, 25, 50);
        Assert.InRange(list.DelayBefore(4).TotalMilliseconds, 100, 200);
        Assert.InRange(list.DelayBefore(int.MaxValue).TotalMilliseconds, 1000, 2000);
    }
}
