using Zab.Core.Primitives;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Core.Tests.Watches;

public class WatchRegistryTests
{
    private static readonly SessionId s_first = new(1);
    private static readonly SessionId s_second = new(2);

    [Fact]
    public void Adding_twice_is_adding_once()
    {
        WatchRegistry registry = new();

        registry.Add(s_first, "/a", WatchMode.Persistent);
        registry.Add(s_first, "/a", WatchMode.Persistent);

        Assert.Equal(1, registry.Count);
    }

    [Fact]
    public void Removing_takes_one_mode_or_all()
    {
        WatchRegistry registry = new();
        foreach (WatchMode mode in Enum.GetValues<WatchMode>())
        {
            registry.Add(s_first, "/a", mode);
        }

        Assert.True(registry.Remove(s_first, "/a", WatchMode.Data));
        Assert.False(registry.Remove(s_first, "/a", WatchMode.Data));
        Assert.Equal(3, registry.Count);
        Assert.True(registry.Remove(s_first, "/a", mode: null));
        Assert.False(registry.Remove(s_first, "/a", mode: null));
        Assert.False(registry.Remove(s_second, "/a", mode: null));
        Assert.Equal(0, registry.Count);
        Assert.Empty(registry.All);
    }

    [Fact]
    public void Removing_a_session_leaves_the_others()
    {
        WatchRegistry registry = new();
        foreach (string path in (string[])["/", "/a", "/a/b"])
        {
            registry.Add(s_first, path, WatchMode.PersistentRecursive);
            registry.Add(s_second, path, WatchMode.Data);
        }

        registry.RemoveSession(s_first);
        registry.RemoveSession(new SessionId(9));

        Assert.Equal(3, registry.Count);
        Assert.All(registry.All, watch => Assert.Equal(s_second, watch.Session));
    }

    /// <summary>Random registrations and changes, against the trigger table written as plainly as can
    /// be.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void It_does_what_the_plainest_registry_does(int seed)
    {
        string[] paths = ["/", "/a", "/a/b", "/a/b/c", "/b", "/ab"];
        WatchMode[] modes = Enum.GetValues<WatchMode>();
        Prng random = new((ulong)seed);
        WatchRegistry registry = new();
        HashSet<(SessionId Session, string Path, WatchMode Mode)> model = [];
        for (int i = 0; i < 5_000; i++)
        {
            SessionId session = new(1 + random.Below(4));
            string path = paths[random.Below(paths.Length)];
            WatchMode mode = modes[random.Below(modes.Length)];
            switch (random.Below(10))
            {
                case < 5:
                    registry.Add(session, path, mode);
                    model.Add((session, path, mode));
                    break;
                case 5:
                    Assert.Equal(model.Remove((session, path, mode)), registry.Remove(session, path, mode));
                    break;
                case 6:
                    bool any = model.RemoveWhere(watch => watch.Session == session && watch.Path == path) > 0;
                    Assert.Equal(any, registry.Remove(session, path, mode: null));
                    break;
                case 7 when random.OneIn(4):
                    registry.RemoveSession(session);
                    model.RemoveWhere(watch => watch.Session == session);
                    break;
                default:
                    ZnodeChangeKind kind = path == "/" ? ZnodeChangeKind.DataChanged : (ZnodeChangeKind)(
                        1 + random.Below(3));
                    List<(SessionId Session, WatchEvent Event)> fired = [];
                    registry.Fire(new ZnodeChange(kind, path), Zxid.Of(1, 1), fired);
                    Assert.Equal(
                        Expected(model, kind, path).Order(),
                        fired.Select(one => $"{one.Session} {one.Event.Type} {one.Event.Path}").Order());
                    break;
            }

            Assert.Equal(model.Count, registry.Count);
        }

        Assert.Equal(
            model.Select(watch => (watch.Path, watch.Session.Value, watch.Mode)).Order(),
            registry.All.Select(watch => (watch.Path, watch.Session.Value, watch.Mode)).Order());
    }

    private static HashSet<string> Expected(
        HashSet<(SessionId Session, string Path, WatchMode Mode)> model, ZnodeChangeKind kind, string path)
    {
        string type = kind switch
        {
            ZnodeChangeKind.Created => "NodeCreated",
            ZnodeChangeKind.Deleted => "NodeDeleted",
            ZnodeChangeKind.DataChanged => "NodeDataChanged",
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        string parent = path.LastIndexOf('/') is > 0 and int slash ? path[..slash] : "/";
        HashSet<string> events = [];
        foreach ((SessionId session, string watched, WatchMode mode) in model.ToArray())
        {
            bool recursive = mode == WatchMode.PersistentRecursive
                && (watched == path || watched == "/" || path.StartsWith(
                    $"{watched}/", StringComparison.Ordinal));
            bool onNode = watched == path && (mode is WatchMode.Data or WatchMode.Persistent
                || (mode == WatchMode.Children && kind == ZnodeChangeKind.Deleted));
            bool onParent = watched == parent && kind != ZnodeChangeKind.DataChanged
                && (mode is WatchMode.Children or WatchMode.Persistent);
            if (recursive || onNode)
                events.Add($"{session} {type} {path}");
            if (onParent)
                events.Add($"{session} NodeChildrenChanged {parent}");
            if ((onNode || onParent) && mode is WatchMode.Data or WatchMode.Children)
                model.Remove((session, watched, mode));
        }

        return events;
    }
}
