using System.Text;
using Zab.Core.Tree;
using Zab.Tests.Hosting;

namespace Zab.Server.Tests.Configuration;

public sealed class ConfigNodeTests : IDisposable
{
    private readonly CfgFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_members_are_written_as_ZooKeeper_writes_them()
    {
        EnsembleConfig ensemble = EnsembleConfig.Parse(
            "server.1=a:2888:3888\nserver.2=[::1]:2888:3888:observer;2181\nserver.3=c:1:2;h:3");

        Assert.Equal(
            "server.1=a:2888:3888:participant\nserver.2=[::1]:2888:3888:observer;0.0.0.0:2181\n"
            + "server.3=c:1:2:participant;h:3\nversion=0",
            Encoding.UTF8.GetString(ensemble.MembersText()!));
    }

    [Fact]
    public void Members_without_ports_are_no_use_to_clients_and_not_shown() =>
        Assert.Null(EnsembleConfig.Parse("server.1=a\nserver.2=b").MembersText());

    [Fact]
    public async Task A_read_of_the_config_node_shows_the_members_and_their_length()
    {
        _folder.Write("1", "myid");
        int port = CfgFolder.FreePort();
        int other = CfgFolder.FreePort();
        ZabNodeOptions options = _folder.Read(
            $"dataDir=DIR\nclientPort=2181\nserver.1=127.0.0.1:{port}:{other}").Node;
        await using ZabNode node = await ZabNode.StartAsync(options, Safety.Token);
        await using IZabSession session = await node.OpenSessionAsync(cancellationToken: Safety.Token);

        ZnodeSnapshot read = await session.GetAsync("/zookeeper/config", cancellationToken: Safety.Token);
        Stat? stat = await session.ExistsAsync("/zookeeper/config", cancellationToken: Safety.Token);

        string expected = $"server.1=127.0.0.1:{port}:{other}:participant\nversion=0";
        Assert.Equal(expected, Encoding.UTF8.GetString(read.Data!.Value.Span));
        Assert.Equal((expected.Length, expected.Length), (read.Stat.DataLength, stat!.Value.DataLength));
    }
}
