using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Core.Watches;

namespace Zab.Core.Tests.Conformance;

/// <summary>What else there is to say of watches: coming back with them (reference, 2.10), who may hear of an
/// event (2.8), and how to remove them.</summary>
public sealed class WatchRulesTests
{
    private const string Secret = "cdrwa:digest:owner:x";

    [Theory]
    [InlineData("data", "missing", "NodeDeleted /w", false)]
    [InlineData("data", "set later", "NodeDataChanged /w", false)]
    [InlineData("data", "child later", "", true)]
    [InlineData("data", "made again", "NodeDataChanged /w", false)]
    [InlineData("data", "unchanged", "", true)]
    [InlineData("exist", "missing", "", true)]
    [InlineData("exist", "unchanged", "NodeCreated /w", false)]
    [InlineData("exist", "set later", "NodeCreated /w", false)]
    [InlineData("children", "missing", "NodeDeleted /w", false)]
    [InlineData("children", "child later", "NodeChildrenChanged /w", false)]
    [InlineData("children", "set later", "", true)]
    [InlineData("children", "made again", "NodeChildrenChanged /w", false)]
    [InlineData("children", "unchanged", "", true)]
    [InlineData("persistent", "missing", "", true)]
    [InlineData("persistent", "set later", "", true)]
    [InlineData("recursive", "missing", "", true)]
    [InlineData("recursive", "child later", "", true)]
    public void A_client_that_comes_back_is_told_at_once_or_gets_its_watch(
        string list, string state, string expected, bool registered)
    {
        foreach (OpCode op in (OpCode[])[OpCode.SetWatches, OpCode.SetWatches2])
        {
            Solo solo = new();
            SessionId actor = solo.Open();
            Assert.Equal(ErrorCode.Ok, solo.Create(actor, "/w"));
            Zxid seen = solo.State.LastZxid;
            switch (state)
            {
                case "missing": Assert.Equal(ErrorCode.Ok, solo.Delete(actor, "/w")); break;
                case "set later": Assert.Equal(ErrorCode.Ok, solo.Set(actor, "/w", "x")); break;
                case "child later": Assert.Equal(ErrorCode.Ok, solo.Create(actor, "/w/c")); break;
                case "made again":
                    Assert.Equal(ErrorCode.Ok, solo.Delete(actor, "/w"));
                    Assert.Equal(ErrorCode.Ok, solo.Create(actor, "/w"));
                    break;
                default: break;
            }

            SessionId session = solo.Open();
            string[] paths = ["/w"];
            ClientReply reply = solo.Do(session, new ClientRequest
            {
                Op = op,
                Watches = new WatchSet(
                    seen,
                    list == "data" ? paths : [],
                    list == "exist" ? paths : [],
                    list == "children" ? paths : [],
                    list == "persistent" ? paths : [],
                    list == "recursive" ? paths : []),
            });

            Assert.Equal(ErrorCode.Ok, reply.Error);
            Assert.Equal(expected, solo.TakeEvents(session));
            Assert.Equal(registered ? 1 : 0, solo.Replica.Clients.Watches.Count);
            WatchMode mode = list switch
            {
                "children" => WatchMode.Children,
                "persistent" => WatchMode.Persistent,
                "recursive" => WatchMode.PersistentRecursive,
                _ => WatchMode.Data,
            };
            Assert.Equal(registered, solo.Replica.Clients.Watches.Contains(session, "/w", mode));
        }
    }

    [Fact]
    public void The_events_of_a_client_that_comes_back_stand_before_the_answer_and_name_no_transaction()
    {
        Solo solo = new();
        SessionId session = solo.Open();

        solo.Ask(new ClientRequest
        {
            Op = OpCode.SetWatches,
            Session = session,
            Cxid = 77,
            Watches = new WatchSet(Zxid.None, ["/none"], ["/"], ["/none"], [], []),
        });

        Assert.Equal(
            [
                new WatchEvent(WatchEventType.NodeDeleted, "/none", Zxid.None),
                new WatchEvent(WatchEventType.NodeCreated, "/", Zxid.None),
                new WatchEvent(WatchEventType.NodeDeleted, "/none", Zxid.None),
            ],
            solo.Outputs.Take(3).Select(output => output.Event!.Value));
        Assert.Equal(77, solo.Outputs[3].Reply!.Value.Cxid);
    }

    /// <summary>The node's own permissions count for its events, the parent's for those of its
    /// children.</summary>
    [Theory]
    [InlineData(null, null, true, true)]
    [InlineData(Secret, null, false, true)]
    [InlineData(null, Secret, true, false)]
    [InlineData(Secret, Secret, false, false)]
    [InlineData("cdwa:world:anyone", null, false, true)]
    [InlineData("r:digest:reader:x, cdwa:world:anyone", "r:digest:reader:x, cdwa:world:anyone", true, true)]
    [InlineData("r:digest:reader:y, cdwa:world:anyone", "r:digest:reader:y, cdwa:world:anyone", false, false)]
    public void An_event_goes_to_those_alone_who_may_read(
        string? nodeAcl, string? parentAcl, bool hearsNode, bool hearsChildren)
    {
        Solo solo = new();
        SessionId actor = solo.Open();
        SessionId watcher = solo.Open();
        solo.Authenticate(actor, Rights.Who("digest:owner:x")!);
        solo.Authenticate(watcher, Rights.Who("digest:reader:x")!);
        Assert.Equal(ErrorCode.Ok, solo.Create(actor, "/p", acl: Rights.Of(parentAcl)));
        foreach (string path in (string[])["/p", "/p/n"])
        {
            solo.Do(watcher, new() { Op = OpCode.AddWatch, Path = path, WatchMode = WatchMode.Persistent });
        }

        string children = hearsChildren ? "NodeChildrenChanged /p" : "";
        Assert.Equal(ErrorCode.Ok, solo.Create(actor, "/p/n", acl: Rights.Of(nodeAcl)));
        Assert.Equal(Joined(hearsNode ? "NodeCreated /p/n" : "", children), solo.TakeEvents(watcher));
        Assert.Equal(ErrorCode.Ok, solo.Set(actor, "/p/n", "x"));
        Assert.Equal(hearsNode ? "NodeDataChanged /p/n" : "", solo.TakeEvents(watcher));
        Assert.Equal(ErrorCode.Ok, solo.Delete(actor, "/p/n"));
        Assert.Equal(Joined(hearsNode ? "NodeDeleted /p/n" : "", children), solo.TakeEvents(watcher));
    }

    [Fact]
    public void A_watch_is_used_up_by_an_event_that_its_session_may_not_hear()
    {
        Solo solo = new();
        SessionId actor = solo.Open();
        SessionId watcher = solo.Open();
        solo.Authenticate(actor, Rights.Who("digest:owner:x")!);
        Assert.Equal(ErrorCode.Ok, solo.Create(actor, "/n"));
        Assert.Equal(ErrorCode.Ok, solo.Read(watcher, OpCode.GetData, "/n", watch: true).Error);

        Assert.Equal(ErrorCode.Ok, solo.SetAcl(actor, "/n", Rights.Of(Secret)));
        Assert.Equal(ErrorCode.Ok, solo.Set(actor, "/n", "secret"));
        Assert.Equal(0, solo.Replica.Clients.Watches.Count);
        Assert.Equal(ErrorCode.Ok, solo.SetAcl(actor, "/n", null));
        Assert.Equal(ErrorCode.Ok, solo.Set(actor, "/n", "open"));

        Assert.Equal("", solo.TakeEvents(watcher));
    }

    [Fact]
    public void The_end_of_a_session_tells_of_its_nodes_only_those_who_may_read_them()
    {
        Solo solo = new();
        SessionId owner = solo.Open();
        SessionId watcher = solo.Open();
        Assert.Equal(ErrorCode.Ok, solo.Create(owner, "/open", CreateMode.Ephemeral));
        Assert.Equal(ErrorCode.Ok, solo.Create(owner, "/shut", CreateMode.Ephemeral, acl: Rights.Of(Secret)));
        solo.Do(watcher, new() { Op = OpCode.AddWatch, Path = "/", WatchMode = WatchMode.PersistentRecursive });

        Assert.Equal(ErrorCode.Ok, solo.Close(owner));

        Assert.Equal("NodeDeleted /open", solo.TakeEvents(watcher));
    }

    [Fact]
    public void A_watch_that_is_not_there_cannot_be_checked_or_removed()
    {
        WatchMode?[] modes =
            [WatchMode.Children, WatchMode.Data, WatchMode.Persistent, WatchMode.PersistentRecursive];
        foreach (WatchMode? left in modes)
        {
            foreach (WatchMode? wanted in (WatchMode?[])[.. modes, null])
            {
                Solo solo = new();
                SessionId session = solo.Open();
                SessionId other = solo.Open();
                _ = left switch
                {
                    WatchMode.Children => solo.Read(session, OpCode.GetChildren, "/", watch: true),
                    WatchMode.Data => solo.Read(session, OpCode.GetData, "/", watch: true),
                    _ => solo.Do(session, new() { Op = OpCode.AddWatch, Path = "/", WatchMode = left }),
                };
                ErrorCode expected = wanted is null || wanted == left ? ErrorCode.Ok : ErrorCode.NoWatcher;

                Assert.Equal(expected, About(solo, session, OpCode.CheckWatches, wanted));
                Assert.Equal(ErrorCode.NoWatcher, About(solo, other, OpCode.CheckWatches, wanted));
                Assert.Equal(ErrorCode.NoWatcher, About(solo, other, OpCode.RemoveWatches, wanted));
                Assert.Equal(expected, About(solo, session, OpCode.RemoveWatches, wanted));
                Assert.Equal(ErrorCode.NoWatcher, About(solo, session, OpCode.RemoveWatches, wanted));
                Assert.Equal(expected == ErrorCode.Ok ? 0 : 1, solo.Replica.Clients.Watches.Count);
            }
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(WatchMode.Data)]
    [InlineData(WatchMode.Children)]
    public void Only_watches_that_stay_can_be_added(WatchMode? mode)
    {
        Solo solo = new();

        Assert.Equal(
            ErrorCode.BadArguments,
            solo.Do(solo.Open(), new() { Op = OpCode.AddWatch, Path = "/", WatchMode = mode }).Error);
        Assert.Equal(0, solo.Replica.Clients.Watches.Count);
    }

    [Fact]
    public void The_event_of_a_change_stands_before_the_answer_to_whoever_made_it()
    {
        Solo solo = new();
        SessionId session = solo.Open();
        _ = solo.Read(session, OpCode.Exists, "/a", watch: true);

        solo.Ask(new ClientRequest { Op = OpCode.Create, Path = "/a", Session = session, Cxid = 50 });

        Assert.Equal("/a", solo.Outputs[^2].Event!.Value.Path);
        Assert.Equal(solo.State.LastZxid, solo.Outputs[^2].Event!.Value.Zxid);
        Assert.Equal(50, solo.Outputs[^1].Reply!.Value.Cxid);
    }

    [Fact]
    public void The_events_of_a_multi_come_in_the_order_of_its_parts_with_one_zxid()
    {
        Solo solo = new();
        SessionId session = solo.Open();
        solo.Do(session, new() { Op = OpCode.AddWatch, Path = "/", WatchMode = WatchMode.PersistentRecursive });

        Assert.Equal(ErrorCode.Ok, solo.Multi(
            session,
            new() { Op = OpCode.Create, Path = "/b" },
            new() { Op = OpCode.Create, Path = "/a" },
            new() { Op = OpCode.SetData, Path = "/b", Version = 0 },
            new() { Op = OpCode.Delete, Path = "/a", Version = 0 }).Error);

        Assert.All(solo.Outputs, output => Assert.Equal(solo.State.LastZxid, output.Event!.Value.Zxid));
        Assert.Equal(
            "NodeCreated /b, NodeCreated /a, NodeDataChanged /b, NodeDeleted /a", solo.TakeEvents(session));
    }

    private static ErrorCode About(Solo solo, SessionId session, OpCode op, WatchMode? mode) =>
        solo.Do(session, new() { Op = op, Path = "/", WatchMode = mode }).Error;

    private static string Joined(params string[] events) => string.Join(", ", events.Where(one => one.Length > 0));
}
