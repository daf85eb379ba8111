using System.Text;
using Zab.Core.Primitives;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Tree;

public class ZnodeTreeTests
{
    [Fact]
    public void A_fresh_tree_is_that_of_ZooKeeper()
    {
        ZnodeTree tree = ZnodeTree.Initial;

        Assert.Equal(4, tree.NodeCount);
        Assert.Equal(
            ["/zookeeper", "/zookeeper/config", "/zookeeper/quota"], tree.Descendants("/").Select(
                node => node.Path));
        Assert.Equal(new Stat() with { Cversion = -1, NumChildren = 1 }, StatOf(tree, "/"));
        Assert.Equal(new Stat() with { Cversion = -2, NumChildren = 2 }, StatOf(tree, "/zookeeper"));
        Assert.Equal(new Stat(), StatOf(tree, "/zookeeper/quota"));
        Assert.Equal(new Stat() with { Version = -1, Aversion = -1 }, StatOf(tree, "/zookeeper/config"));
        Assert.True(tree.TryGet("/", out ZnodeView root));
        Assert.Equal(0, root.Data?.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("zookeeper")]
    [InlineData("//")]
    [InlineData("//zookeeper")]
    [InlineData("/zookeeper/")]
    [InlineData("/zookeeper//quota")]
    [InlineData("/Zookeeper")]
    [InlineData("/zookeepe")]
    [InlineData("/zookeeper/quota/x")]
    [InlineData("/\0")]
    public void A_path_that_is_no_node_is_not_found(string path)
    {
        Assert.False(ZnodeTree.Initial.TryGet(path, out _));
        Assert.False(ZnodeTree.Initial.TryGet(Encoding.UTF8.GetBytes(path), out _));
    }

    [Fact]
    public void A_long_path_is_found_by_text_and_by_bytes()
    {
        ZnodeTreeWriter writer = new(ZnodeTree.Initial);
        string path = "";
        for (int depth = 0; depth < 200; depth++)
        {
            path += $"/level-{depth}-\u00e9";
            Create(writer, path);
        }

        ZnodeTree tree = writer.Freeze();

        Assert.True(tree.TryGet(path, out ZnodeView byText));
        Assert.True(tree.TryGet(Encoding.UTF8.GetBytes(path), out ZnodeView byBytes));
        Assert.Equal("level-199-\u00e9", byText.Name);
        Assert.Equal(byText.Stat, byBytes.Stat);
        Assert.Equal(204, tree.NodeCount);
    }

    [Fact]
    public void Children_are_listed_page_by_page_in_the_order_of_their_bytes()
    {
        ZnodeTreeWriter writer = new(ZnodeTree.Initial);
        Create(writer, "/p");
        string[] names =
            [.. Enumerable.Range(0, 500).Select(i => $"{i * 7919 % 1000}"), "\u00e9", "\u4e2d", "~"];
        foreach (string name in names)
        {
            Create(writer, $"/p/{name}");
        }

        ZnodeTree tree = writer.Freeze();

        List<string> listed = [];
        int before;
        do
        {
            before = listed.Count;
            Assert.True(tree.TryListChildren("/p", listed.LastOrDefault(), limit: 64, listed));
            Assert.True(listed.Count - before <= 64);
        }
        while (listed.Count > before);

        Assert.Equal(names.Order(StringComparer.Ordinal), listed);
        Assert.False(tree.TryListChildren("/none", after: null, limit: 1, listed));
    }

    [Fact]
    public void Descendants_come_depth_first()
    {
        ZnodeTreeWriter writer = new(ZnodeTree.Initial);
        foreach (string path in (string[])["/b", "/a", "/a/z", "/a/b", "/a/b/c", "/a-", "/b/x"])
        {
            Create(writer, path);
        }

        ZnodeTree tree = writer.Freeze();

        Assert.Equal(
            ["/a", "/a/b", "/a/b/c", "/a/z", "/a-", "/b", "/b/x"],
            tree.Descendants("/").Select(node => node.Path).Where(
                path => !path.StartsWith("/zoo", StringComparison.Ordinal)));
        Assert.Equal(["/a/b", "/a/b/c", "/a/z"], tree.Descendants("/a").Select(node => node.Path));
        Assert.Empty(tree.Descendants("/none"));
    }

    [Fact]
    public void A_tree_stays_as_it_was_while_the_writer_goes_on()
    {
        ZnodeTreeWriter writer = new(ZnodeTree.Initial);
        Create(writer, "/a");
        Create(writer, "/a/b");
        ZnodeTree first = writer.Freeze();

        writer.SetData("/a/b"u8, "new"u8, dataIsNull: false, version: 1, Zxid.Of(1, 9), timeMs: 9);
        Create(writer, "/a/c");
        writer.SetData("/"u8, "root"u8, dataIsNull: false, version: 1, Zxid.Of(1, 9), timeMs: 9);
        ZnodeTree second = writer.Freeze();
        writer.Delete("/a/b"u8, Zxid.Of(1, 10));

        Assert.Equal(0, StatOf(first, "/a/b").Version);
        Assert.Equal(1, StatOf(first, "/a").NumChildren);
        Assert.Equal(0, StatOf(first, "/").DataLength);
        Assert.Equal(1, StatOf(second, "/a/b").Version);
        Assert.Equal(2, StatOf(second, "/a").NumChildren);
        Assert.Equal(4, StatOf(second, "/").DataLength);
        Assert.Equal(6, first.NodeCount);
        Assert.Equal(7, second.NodeCount);
    }

    private static void Create(ZnodeTreeWriter writer, string path) => writer.Create(
        Encoding.UTF8.GetBytes(path),
        data: [],
        dataIsNull: true,
        ZnodeHeader.Created(Zxid.Of(1, 1), timeMs: 1, ZnodeOwner.None, acl: null),
        parentCreations: 1);

    private static Stat StatOf(ZnodeTree tree, string path)
    {
        Assert.True(tree.TryGet(path, out ZnodeView view));
        return view.Stat;
    }
}
