using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Core.Tests.Conformance;

/// <summary>Which watch tells what of which change (reference, 3.4): every way to watch, on every node around
/// the change, and every pair of such watches of one session.</summary>
public sealed class WatchTableTests
{
    /// <summary>The table: what a change fires on the node for those who watch its data, on the node for those
    /// who watch its children, and on the parent for those who watch its children.</summary>
    private static readonly Row[] s_table =
    [
        new("create", "NodeCreated", null, "NodeChildrenChanged"),
        new("create ephemeral", "NodeCreated", null, "NodeChildrenChanged"),
        new("create in a multi", "NodeCreated", null, "NodeChildrenChanged"),
        new("delete", "NodeDeleted", "NodeDeleted", "NodeChildrenChanged"),
        new("delete in a multi", "NodeDeleted", "NodeDeleted", "NodeChildrenChanged"),
        new("end of its session", "NodeDeleted", "NodeDeleted", "NodeChildrenChanged"),
        new("end of a container", "NodeDeleted", "NodeDeleted", "NodeChildrenChanged"),
        new("end of its time", "NodeDeleted", "NodeDeleted", "NodeChildrenChanged"),
        new("set", "NodeDataChanged", null, null),
        new("set to the same", "NodeDataChanged", null, null),
        new("setAcl", null, null, null),
        new("failed delete", null, null, null),
        new("failed multi", null, null, null),
        new("check in a multi", null, null, null),
    ];

    private static readonly string[] s_ways =
        ["exists", "getData", "getChildren", "getChildren2", "persistent", "recursive"];

    private static readonly string[] s_places = ["/", "p", "p/n", "p/n/below", "p/other"];

    public static TheoryData<string> Changes => [.. s_table.Select(row => row.Change)];

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_fires_what_the_table_says(string change)
    {
        Row row = s_table.Single(row => row.Change == change);
        Solo solo = new();
        List<string> wrong = [];
        int cases = 0;
        foreach ((string way, string place) in Watches())
        {
            foreach ((string secondWay, string secondPlace) in Watches())
            {
                (string Way, string Place)[] watches = [(way, place), (secondWay, secondPlace)];
                string got = Run(solo, row, watches, $"/p{cases++}", out string expected);
                if (got != expected)
                    wrong.Add($"{way} {place}, {secondWay} {secondPlace}: '{got}', not '{expected}'");
            }
        }

        Assert.Equal(s_ways.Length * s_places.Length * s_ways.Length * s_places.Length, cases);
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {cases}:\n{string.Join('\n', wrong.Take(20))}");
    }

    private static IEnumerable<(string Way, string Place)> Watches() =>
        s_ways.SelectMany(way => s_places, (way, place) => (way, place));

    private static string Run(
        Solo solo, Row row, (string Way, string Place)[] watches, string parent, out string expected)
    {
        SessionId actor = solo.Open();
        SessionId watcher = solo.Open();
        bool exists = !row.Change.StartsWith("create", StringComparison.Ordinal);
        Prepare(solo, actor, row, parent);

        List<(string Way, string Path)> left = [];
        foreach ((string way, string place) in watches)
        {
            string path = place == "/" ? "/" : $"{parent}{place[1..]}";
            bool isThere = path == "/" || path == parent || (path == $"{parent}/n" && exists);
            Leave(solo, watcher, way, path);
            if (isThere || way is "exists" or "persistent" or "recursive")
                left.Add((way, path));
        }

        Change(solo, actor, row.Change, parent);

        expected = string.Join(", ", Expected(row, left, parent));
        string got = solo.TakeEvents(watcher);
        _ = solo.Close(watcher);
        _ = solo.Close(actor);
        solo.Outputs.Clear();
        return got;
    }

    /// <summary>What the table says that one session hears.</summary>
    private static IEnumerable<string> Expected(Row row, List<(string Way, string Path)> left, string parent)
    {
        string node = $"{parent}/n";
        bool onNode = left.Exists(watch => watch.Path == node
            && watch.Way is "exists" or "getData" or "persistent" or "recursive" && watch.Path == node);
        bool recursively = left.Exists(watch => watch.Way == "recursive"
            && (watch.Path == "/" || node == watch.Path || node.StartsWith($"{watch.Path}/", StringComparison.Ordinal)));
        bool heard = row.OnNode is not null && (onNode || recursively);
        if (heard)
            yield return $"{row.OnNode} {node}";
        if (!heard && row.OnNodesChildren is not null && left.Exists(watch => IsOfChildren(watch, node)))
            yield return $"{row.OnNodesChildren} {node}";
        if (row.OnParentsChildren is not null && left.Exists(watch => IsOfChildren(watch, parent)))
            yield return $"{row.OnParentsChildren} {parent}";

        static bool IsOfChildren((string Way, string Path) watch, string path) =>
            watch.Path == path && watch.Way is "getChildren" or "getChildren2" or "persistent" && watch.Path == path;
    }

    private static void Prepare(Solo solo, SessionId actor, Row row, string parent)
    {
        Assert.Equal(ErrorCode.Ok, solo.Create(actor, parent));
        string node = $"{parent}/n";
        switch (row.Change)
        {
            case "create" or "create ephemeral" or "create in a multi":
                break;
            case "end of its session":
                Assert.Equal(ErrorCode.Ok, solo.Create(actor, node, CreateMode.Ephemeral));
                break;
            case "end of a container":
                Assert.Equal(ErrorCode.Ok, solo.Create(actor, node, CreateMode.Container));
                Assert.Equal(ErrorCode.Ok, solo.Create(actor, $"{node}/child"));
                Assert.Equal(ErrorCode.Ok, solo.Delete(actor, $"{node}/child"));
                break;
            case "end of its time":
                Assert.Equal(ErrorCode.Ok, solo.Create(actor, node, CreateMode.PersistentWithTtl, ttlMs: 1));
                break;
            default:
                Assert.Equal(ErrorCode.Ok, solo.Create(actor, node, data: "same"));
                break;
        }
    }

    private static void Leave(Solo solo, SessionId session, string way, string path) => _ = way switch
    {
        "exists" => solo.Read(session, OpCode.Exists, path, watch: true),
        "getData" => solo.Read(session, OpCode.GetData, path, watch: true),
        "getChildren" => solo.Read(session, OpCode.GetChildren, path, watch: true),
        "getChildren2" => solo.Read(session, OpCode.GetChildren2, path, watch: true),
        "persistent" => solo.Do(
            session, new() { Op = OpCode.AddWatch, Path = path, WatchMode = WatchMode.Persistent }),
        "recursive" => solo.Do(
            session, new() { Op = OpCode.AddWatch, Path = path, WatchMode = WatchMode.PersistentRecursive }),
        _ => throw new ArgumentException(way, nameof(way)),
    };

    private static void Change(Solo solo, SessionId actor, string change, string parent)
    {
        string node = $"{parent}/n";
        ClientRequest delete = new() { Op = OpCode.Delete, Path = node, Version = -1 };
        ClientRequest create = new() { Op = OpCode.Create, Path = node };
        ClientRequest check = new() { Op = OpCode.Check, Path = parent, Version = 0 };
        ErrorCode expected = ErrorCode.Ok;
        ErrorCode error = ErrorCode.Ok;
        switch (change)
        {
            case "create": error = solo.Create(actor, node); break;
            case "create ephemeral": error = solo.Create(actor, node, CreateMode.Ephemeral); break;
            case "create in a multi": error = solo.Multi(actor, check, create).Error; break;
            case "delete": error = solo.Delete(actor, node); break;
            case "delete in a multi": error = solo.Multi(actor, delete, check).Error; break;
            case "end of its session": error = solo.Close(actor); break;
            case "end of a container" or "end of its time":
                solo.Tick(12);
                Assert.False(solo.Has(node));
                break;
            case "set": error = solo.Set(actor, node, "other"); break;
            case "set to the same": error = solo.Set(actor, node, "same"); break;
            case "setAcl": error = solo.SetAcl(actor, node, null); break;
            case "check in a multi": error = solo.Multi(actor, check with { Path = node }).Error; break;
            case "failed delete":
                (error, expected) = (solo.Delete(actor, node, version: 7), ErrorCode.BadVersion);
                break;
            default:
                (error, expected) =
                    (solo.Multi(actor, delete, check with { Version = 7 }).Error, ErrorCode.BadVersion);
                break;
        }

        Assert.Equal(expected, error);
    }

    private sealed record Row(string Change, string? OnNode, string? OnNodesChildren, string? OnParentsChildren);
}
