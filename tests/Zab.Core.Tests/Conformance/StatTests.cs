using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;

namespace Zab.Core.Tests.Conformance;

/// <summary>The fields of a stat, and what is counted (reference, 3.1): which field of which node each operation
/// moves.</summary>
public sealed class StatTests
{
    /// <summary>What is done below /p, and which fields move of /p, of the node itself and of the root.</summary>
    [Theory]
    [InlineData("create", "Cversion NumChildren Pzxid", "", "")]
    [InlineData("sequential", "Cversion NumChildren Pzxid", "", "")]
    [InlineData("ephemeral", "Cversion NumChildren Pzxid", "", "")]
    [InlineData("container", "Cversion NumChildren Pzxid", "", "")]
    [InlineData("timed", "Cversion NumChildren Pzxid", "", "")]
    [InlineData("delete", "Cversion NumChildren Pzxid", "gone", "")]
    [InlineData("set", "", "DataLength Mtime Mzxid Version", "")]
    [InlineData("set same", "", "Mtime Mzxid Version", "")]
    [InlineData("set null", "", "DataLength Mtime Mzxid Version", "")]
    [InlineData("setAcl", "", "Aversion", "")]
    [InlineData("setAcl same", "", "Aversion", "")]
    [InlineData("set parent", "DataLength Mtime Mzxid Version", "", "")]
    [InlineData("setAcl parent", "Aversion", "", "")]
    [InlineData("grandchild", "", "Cversion NumChildren Pzxid", "")]
    [InlineData("child of the root", "", "", "Cversion NumChildren Pzxid")]
    [InlineData("end of a session", "Cversion NumChildren Pzxid", "", "")]
    [InlineData("failed", "", "", "")]
    [InlineData("check", "", "", "")]
    [InlineData("reads", "", "", "")]
    public void An_operation_moves_these_fields_and_no_others(
        string operation, string ofParent, string ofNode, string ofRoot)
    {
        Solo solo = new();
        SessionId session = solo.Open();
        SessionId ending = solo.Open();
        Assert.Equal(ErrorCode.Ok, solo.Create(session, "/p", data: "parent"));
        Assert.Equal(ErrorCode.Ok, solo.Create(session, "/p/n", data: "data"));
        Assert.Equal(ErrorCode.Ok, solo.Create(ending, "/p/e", CreateMode.Ephemeral));
        Stat[] before = [solo.StatOf("/p"), solo.StatOf("/p/n"), solo.StatOf("/")];
        solo.TimeMs += 77;

        ErrorCode error = operation switch
        {
            "create" => solo.Create(session, "/p/c"),
            "sequential" => solo.Create(session, "/p/c", CreateMode.PersistentSequential),
            "ephemeral" => solo.Create(session, "/p/c", CreateMode.Ephemeral),
            "container" => solo.Create(session, "/p/c", CreateMode.Container),
            "timed" => solo.Create(session, "/p/c", CreateMode.PersistentWithTtl, ttlMs: 100_000),
            "delete" => solo.Delete(session, "/p/n"),
            "set" => solo.Set(session, "/p/n", "other data"),
            "set same" => solo.Set(session, "/p/n", "data"),
            "set null" => solo.Set(session, "/p/n", null),
            "setAcl" => solo.SetAcl(session, "/p/n", Rights.Of("cdrwa:world:anyone, r:digest:a:b")),
            "setAcl same" => solo.SetAcl(session, "/p/n", null),
            "set parent" => solo.Set(session, "/p", "x"),
            "setAcl parent" => solo.SetAcl(session, "/p", null),
            "grandchild" => solo.Create(session, "/p/n/g"),
            "child of the root" => solo.Create(session, "/q"),
            "end of a session" => solo.Close(ending),
            "failed" => solo.Set(session, "/p/n", "x", version: 9) == ErrorCode.BadVersion ? ErrorCode.Ok : ErrorCode.SystemError,
            "check" => solo.Multi(session, new ClientRequest { Op = OpCode.Check, Path = "/p/n" }).Error,
            _ => solo.Read(session, OpCode.GetChildren2, "/p", watch: true).Error,
        };

        Assert.Equal(ErrorCode.Ok, error);
        Assert.Equal(ofParent, Moved(before[0], solo.StatOf("/p")));
        Assert.Equal(ofNode, solo.Has("/p/n") ? Moved(before[1], solo.StatOf("/p/n")) : "gone");
        Assert.Equal(ofRoot, Moved(before[2], solo.StatOf("/")));
    }

    [Fact]
    public void A_new_ensemble_shows_the_tree_of_ZooKeeper()
    {
        Solo solo = new();
        SessionId session = solo.Open();
        solo.Authenticate(session, Zab.Core.Access.Identity.Super);

        Assert.Equal(new Stat() with { Cversion = -1, NumChildren = 1 }, Read("/"));
        Assert.Equal(new Stat() with { Cversion = -2, NumChildren = 2 }, Read("/zookeeper"));
        Assert.Equal(new Stat(), Read("/zookeeper/quota"));
        Assert.Equal(new Stat() with { Version = -1, Aversion = -1 }, Read("/zookeeper/config"));
        Assert.Equal(["zookeeper"], solo.Read(session, OpCode.GetChildren, "/").Children!);
        Assert.Equal(["config", "quota"], solo.Read(session, OpCode.GetChildren, "/zookeeper").Children!);
        Assert.Equal(3, solo.Read(session, OpCode.GetAllChildrenNumber, "/").Count);
        Assert.Equal(2, solo.Read(session, OpCode.GetAllChildrenNumber, "/zookeeper").Count);
        Assert.Equal("", solo.DataOf(session, "/"));

        // The odd numbers go on from where they are.
        Assert.Equal(ErrorCode.Ok, solo.Create(session, "/a"));
        Assert.Equal((0, 2), (Read("/").Cversion, Read("/").NumChildren));
        Assert.Equal(ErrorCode.Ok, solo.SetAcl(session, "/zookeeper/config", null, version: -1));
        Assert.Equal(0, Read("/zookeeper/config").Aversion);
        Assert.Equal(ErrorCode.Ok, solo.Set(session, "/", "root", version: 0));
        Assert.Equal(solo.State.LastZxid, Read("/").Mzxid);

        Stat Read(string path) => solo.Read(session, OpCode.Exists, path).Stat;
    }

    [Theory]
    [InlineData("", "/a/e /ab /b/e")]
    [InlineData("/", "/a/e /ab /b/e")]
    [InlineData("/a", "/a/e /ab")] // a prefix of the text, not of the path
    [InlineData("/a/", "/a/e")]
    [InlineData("/a/e", "/a/e")]
    [InlineData("/b/e", "/b/e")]
    [InlineData("/c", "")]
    [InlineData("a", "")]
    public void A_session_lists_its_own_ephemeral_nodes_by_a_prefix(string prefix, string expected)
    {
        Solo solo = new();
        SessionId session = solo.Open();
        SessionId other = solo.Open();
        foreach (string path in (string[])["/a", "/b"])
        {
            Assert.Equal(ErrorCode.Ok, solo.Create(other, path));
        }

        foreach (string path in (string[])["/b/e", "/ab", "/a/e"])
        {
            Assert.Equal(ErrorCode.Ok, solo.Create(session, path, CreateMode.Ephemeral));
        }

        Assert.Equal(ErrorCode.Ok, solo.Create(other, "/a/theirs", CreateMode.Ephemeral));
        string[] paths = expected.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(paths, solo.Read(session, OpCode.GetEphemerals, prefix).Children!);
    }

    [Theory]
    [InlineData(null, 0, "a b c d e")]
    [InlineData(null, 2, "a b")]
    [InlineData("", 2, "a b")]
    [InlineData("b", 2, "c d")]
    [InlineData("bb", 2, "c d")] // it need not exist
    [InlineData("d", 9, "e")]
    [InlineData("e", 9, "")]
    [InlineData("zz", 0, "")]
    public void Children_are_listed_by_their_bytes_page_by_page(string? after, int limit, string expected)
    {
        Solo solo = new();
        SessionId session = solo.Open();
        Assert.Equal(ErrorCode.Ok, solo.Create(session, "/p"));
        foreach (char name in "dbeac")
        {
            Assert.Equal(ErrorCode.Ok, solo.Create(session, $"/p/{name}"));
        }

        foreach (OpCode op in (OpCode[])[OpCode.GetChildren, OpCode.GetChildren2])
        {
            ClientReply reply = solo.Do(session, new() { Op = op, Path = "/p", After = after, Limit = limit });

            Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), reply.Children!);
            Assert.Equal(5, reply.Stat.NumChildren);
        }
    }

    [Fact]
    public void All_below_a_node_is_counted_as_it_comes_and_goes()
    {
        Solo solo = new();
        SessionId session = solo.Open();
        foreach (string path in (string[])["/a", "/a/b", "/a/b/c", "/a/d"])
        {
            Assert.Equal(ErrorCode.Ok, solo.Create(session, path, data: "x"));
        }

        Assert.Equal((3, 1, 0), (Count("/a"), Count("/a/b"), Count("/a/b/c")));
        Assert.Equal(ErrorCode.Ok, solo.Multi(
            session,
            new() { Op = OpCode.Delete, Path = "/a/b/c", Version = -1 },
            new() { Op = OpCode.Create, Path = "/a/b/e", Mode = CreateMode.Ephemeral },
            new() { Op = OpCode.Create, Path = "/a/b/f" }).Error);
        Assert.Equal((4, 2), (Count("/a"), Count("/a/b")));
        Assert.Equal(ErrorCode.Ok, solo.Close(session));
        session = solo.Open();
        Assert.Equal((3, 1), (Count("/a"), Count("/a/b")));
        Assert.Equal(3 + 4, Count("/"));

        int Count(string path) => solo.Read(session, OpCode.GetAllChildrenNumber, path).Count;
    }

    private static string Moved(Stat before, Stat after)
    {
        List<string> moved = [];
        Add(nameof(Stat.Aversion), before.Aversion == after.Aversion);
        Add(nameof(Stat.Ctime), before.Ctime == after.Ctime);
        Add(nameof(Stat.Cversion), before.Cversion == after.Cversion);
        Add(nameof(Stat.Czxid), before.Czxid == after.Czxid);
        Add(nameof(Stat.DataLength), before.DataLength == after.DataLength);
        Add(nameof(Stat.EphemeralOwner), before.EphemeralOwner == after.EphemeralOwner);
        Add(nameof(Stat.Mtime), before.Mtime == after.Mtime);
        Add(nameof(Stat.Mzxid), before.Mzxid == after.Mzxid);
        Add(nameof(Stat.NumChildren), before.NumChildren == after.NumChildren);
        Add(nameof(Stat.Pzxid), before.Pzxid == after.Pzxid);
        Add(nameof(Stat.Version), before.Version == after.Version);
        return string.Join(' ', moved);

        void Add(string name, bool same)
        {
            if (!same)
                moved.Add(name);
        }
    }
}
