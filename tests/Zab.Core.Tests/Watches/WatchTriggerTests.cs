using Zab.Core.Primitives;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Core.Tests.Watches;

/// <summary>The trigger table: which watch, on which node, tells what of which change of /p/n.</summary>
public class WatchTriggerTests
{
    private const string Node = "/p/n";
    private static readonly SessionId s_session = new(1);
    private static readonly Zxid s_zxid = Zxid.Of(2, 3);

    [Theory]
    [InlineData("create", "/p/n", WatchMode.Data, "NodeCreated /p/n")]
    [InlineData("create", "/p/n", WatchMode.Children, "")]
    [InlineData("create", "/p/n", WatchMode.Persistent, "NodeCreated /p/n")]
    [InlineData("create", "/p/n", WatchMode.PersistentRecursive, "NodeCreated /p/n")]
    [InlineData("create", "/p", WatchMode.Data, "")]
    [InlineData("create", "/p", WatchMode.Children, "NodeChildrenChanged /p")]
    [InlineData("create", "/p", WatchMode.Persistent, "NodeChildrenChanged /p")]
    [InlineData("create", "/p", WatchMode.PersistentRecursive, "NodeCreated /p/n")]
    [InlineData("create", "/", WatchMode.Data, "")]
    [InlineData("create", "/", WatchMode.Children, "")]
    [InlineData("create", "/", WatchMode.Persistent, "")]
    [InlineData("create", "/", WatchMode.PersistentRecursive, "NodeCreated /p/n")]
    [InlineData("delete", "/p/n", WatchMode.Data, "NodeDeleted /p/n")]
    [InlineData("delete", "/p/n", WatchMode.Children, "NodeDeleted /p/n")]
    [InlineData("delete", "/p/n", WatchMode.Persistent, "NodeDeleted /p/n")]
    [InlineData("delete", "/p/n", WatchMode.PersistentRecursive, "NodeDeleted /p/n")]
    [InlineData("delete", "/p", WatchMode.Data, "")]
    [InlineData("delete", "/p", WatchMode.Children, "NodeChildrenChanged /p")]
    [InlineData("delete", "/p", WatchMode.Persistent, "NodeChildrenChanged /p")]
    [InlineData("delete", "/p", WatchMode.PersistentRecursive, "NodeDeleted /p/n")]
    [InlineData("delete", "/", WatchMode.Children, "")]
    [InlineData("delete", "/", WatchMode.PersistentRecursive, "NodeDeleted /p/n")]
    [InlineData("set", "/p/n", WatchMode.Data, "NodeDataChanged /p/n")]
    [InlineData("set", "/p/n", WatchMode.Children, "")]
    [InlineData("set", "/p/n", WatchMode.Persistent, "NodeDataChanged /p/n")]
    [InlineData("set", "/p/n", WatchMode.PersistentRecursive, "NodeDataChanged /p/n")]
    [InlineData("set", "/p", WatchMode.Data, "")]
    [InlineData("set", "/p", WatchMode.Children, "")]
    [InlineData("set", "/p", WatchMode.Persistent, "")]
    [InlineData("set", "/p", WatchMode.PersistentRecursive, "NodeDataChanged /p/n")]
    [InlineData("set", "/", WatchMode.PersistentRecursive, "NodeDataChanged /p/n")]
    [InlineData("set", "/p/n/below", WatchMode.PersistentRecursive, "")]
    [InlineData("set", "/p/other", WatchMode.PersistentRecursive, "")]
    [InlineData("set", "/p/no", WatchMode.PersistentRecursive, "")]
    public void A_change_fires_what_the_table_says(
        string change, string watched, WatchMode mode, string expected)
    {
        WatchRegistry registry = new();
        registry.Add(s_session, watched, mode);

        Assert.Equal(expected, Fire(registry, change));

        // A one-shot watch that fired is used up; all others are still there.
        bool stays = mode is WatchMode.Persistent or WatchMode.PersistentRecursive || string.IsNullOrEmpty(
            expected);
        Assert.Equal(stays ? 1 : 0, registry.Count);
        Assert.Equal(stays ? expected : "", Fire(registry, change));
    }

    [Fact]
    public void A_session_that_watches_data_and_children_hears_of_a_deletion_once()
    {
        WatchRegistry registry = new();
        registry.Add(s_session, Node, WatchMode.Data);
        registry.Add(s_session, Node, WatchMode.Children);

        Assert.Equal("NodeDeleted /p/n", Fire(registry, "delete"));
        Assert.Equal(0, registry.Count);
    }

    [Fact]
    public void A_session_that_watches_in_every_way_gets_one_event_for_each_table()
    {
        WatchRegistry registry = new();
        foreach (WatchMode mode in Enum.GetValues<WatchMode>())
        {
            registry.Add(s_session, Node, mode);
            registry.Add(s_session, "/p", mode);
        }

        Assert.Equal("NodeDeleted /p/n, NodeChildrenChanged /p", Fire(registry, "delete"));
        Assert.Equal("NodeCreated /p/n, NodeChildrenChanged /p", Fire(registry, "create"));
        Assert.Equal("NodeDataChanged /p/n", Fire(registry, "set"));
        Assert.Equal(
            [
                ("/p", WatchMode.Data),
                ("/p", WatchMode.Persistent),
                ("/p", WatchMode.PersistentRecursive),
                ("/p/n", WatchMode.Persistent),
                ("/p/n", WatchMode.PersistentRecursive),
            ],
            registry.All.Select(watch => (watch.Path, watch.Mode)));
    }

    [Fact]
    public void A_child_of_the_root_fires_the_watches_on_the_root()
    {
        WatchRegistry registry = new();
        registry.Add(s_session, "/", WatchMode.Children);
        registry.Add(new SessionId(2), "/", WatchMode.PersistentRecursive);
        List<(SessionId Session, WatchEvent Event)> fired = [];

        registry.Fire(new ZnodeChange(ZnodeChangeKind.Created, "/a"), s_zxid, fired);

        Assert.Equal(
            [
                (new SessionId(2), new WatchEvent(WatchEventType.NodeCreated, "/a", s_zxid)),
                (s_session, new WatchEvent(WatchEventType.NodeChildrenChanged, "/", s_zxid)),
            ],
            fired);
    }

    [Fact]
    public void Data_set_on_the_root_fires_its_own_watches_alone()
    {
        WatchRegistry registry = new();
        registry.Add(s_session, "/", WatchMode.PersistentRecursive);
        registry.Add(s_session, "/a", WatchMode.PersistentRecursive);
        List<(SessionId Session, WatchEvent Event)> fired = [];

        registry.Fire(new ZnodeChange(ZnodeChangeKind.DataChanged, "/"), s_zxid, fired);

        Assert.Equal([(s_session, new WatchEvent(WatchEventType.NodeDataChanged, "/", s_zxid))], fired);
    }

    [Fact]
    public void Events_go_out_in_the_order_of_registration()
    {
        WatchRegistry registry = new();
        registry.Add(new SessionId(5), "/", WatchMode.PersistentRecursive);
        registry.Add(new SessionId(3), Node, WatchMode.Data);
        registry.Add(new SessionId(4), "/p", WatchMode.PersistentRecursive);
        registry.Add(new SessionId(1), Node, WatchMode.Persistent);
        registry.Add(new SessionId(5), Node, WatchMode.Data);
        List<(SessionId Session, WatchEvent Event)> fired = [];

        registry.Fire(new ZnodeChange(ZnodeChangeKind.DataChanged, Node), s_zxid, fired);

        Assert.Equal([5, 3, 4, 1], fired.Select(one => one.Session.Value));
    }

    private static string Fire(WatchRegistry registry, string change)
    {
        ZnodeChangeKind kind = change switch
        {
            "create" => ZnodeChangeKind.Created,
            "delete" => ZnodeChangeKind.Deleted,
            "set" => ZnodeChangeKind.DataChanged,
            _ => throw new ArgumentException(change, nameof(change)),
        };
        List<(SessionId Session, WatchEvent Event)> fired = [];
        registry.Fire(new ZnodeChange(kind, Node), s_zxid, fired);
        Assert.All(fired, one => Assert.Equal((s_session, s_zxid), (one.Session, one.Event.Zxid)));
        return string.Join(", ", fired.Select(one => $"{one.Event.Type} {one.Event.Path}"));
    }
}
