using Zab.Core.Access;
using Zab.Core.Primitives;
using Zab.Core.Requests;
using Zab.Core.Tree;
using Zab.Core.Watches;
using static Zab.Core.Tests.Simulation.Story;
using Zab.Testing.Simulation;

namespace Zab.Core.Tests.Simulation;

/// <summary>Histories with watches: good ones pass, and each that breaks a clause of S23 is refused by it.</summary>
public sealed class WatchChecksTests
{
    [Fact]
    public void A_good_history_of_one_shot_watches_passes()
    {
        Story story = new();
        story.Do(A, Exists("/a", watch: true));
        story.Change(B, Create("/a"));
        story.Tell(A, WatchEventType.NodeCreated, "/a");
        story.Do(A, Get("/a", watch: true));
        story.Do(A, Children("/a", watch: true));
        story.Change(B, Set("/a", "1"));
        story.Tell(A, WatchEventType.NodeDataChanged, "/a");
        story.Change(B, Set("/a", "2"));
        story.Change(B, Create("/a/b"));
        story.Tell(A, WatchEventType.NodeChildrenChanged, "/a");
        story.Change(B, Delete("/a/b"));
        story.Do(A, Children("/a", watch: true));
        story.Do(A, Get("/a", watch: true));
        story.Change(B, Delete("/a"));
        story.Tell(A, WatchEventType.NodeDeleted, "/a"); // Once, for both.
        story.Do(A, Get("/a", watch: true)); // There is no node, so no watch is left.
        story.Change(B, Create("/a"));
        story.AnswerAllAndEnd();
    }

    [Fact]
    public void A_good_history_of_persistent_watches_passes()
    {
        Story story = new();
        story.Do(A, Watch("/a", WatchMode.Persistent));
        story.Change(B, Create("/a"));
        story.Tell(A, WatchEventType.NodeCreated, "/a");
        story.Change(B, Create("/a/b"));
        story.Tell(A, WatchEventType.NodeChildrenChanged, "/a");
        story.Change(B, Set("/a/b", "1"));
        story.Do(A, Watch("/", WatchMode.PersistentRecursive));
        story.Change(B, Delete("/a/b"));
        story.Tell(A, WatchEventType.NodeDeleted, "/a/b");
        story.Tell(A, WatchEventType.NodeChildrenChanged, "/a");
        story.Do(A, Unwatch("/a", WatchMode.Persistent));
        story.Change(B, Set("/a", "1"));
        story.Tell(A, WatchEventType.NodeDataChanged, "/a"); // By the one that is above.
        story.Do(A, Unwatch("/"));
        story.Change(B, Set("/a", "2"));
        story.AnswerAllAndEnd();
    }

    [Fact]
    public void Events_of_a_closed_session_name_its_nodes_in_order()
    {
        Story story = new();
        story.Do(B, Create("/e2", CreateMode.Ephemeral));
        story.Do(B, Create("/e1", CreateMode.Ephemeral));
        story.Do(A, Watch("/", WatchMode.PersistentRecursive));
        story.Expire(B);
        story.Apply();
        story.TellExpired(B);
        story.Tell(A, WatchEventType.NodeDeleted, "/e1");
        story.Tell(A, WatchEventType.NodeDeleted, "/e2");
        story.AnswerAllAndEnd();
    }

    [Fact]
    public void After_a_snapshot_events_follow_the_difference()
    {
        Story story = new();
        story.Do(B, Create("/a"));
        story.Do(B, Create("/b"));
        story.Do(A, Watch("/", WatchMode.PersistentRecursive));
        foreach (ClientRequest request in (ClientRequest[])
            [Set("/a", "1"), Set("/a", "2"), Delete("/b"), Create("/c"), Create("/c/d"), Create("/x"), Delete("/x")])
        {
            story.Commit(B, story.Ask(B, request));
        }

        story.Install(1);
        story.Tell(A, WatchEventType.NodeDeleted, "/b");
        story.Tell(A, WatchEventType.NodeDataChanged, "/a");
        story.Tell(A, WatchEventType.NodeCreated, "/c");
        story.Tell(A, WatchEventType.NodeCreated, "/c/d");
        story.Do(A, Get("/a"));

        AssertBreaks("S23: (i) ", () => story.Tell(A, WatchEventType.NodeCreated, "/x"));
    }

    [Fact]
    public void A_state_that_a_snapshot_skipped_is_never_shown()
    {
        Story story = new();
        Zxid skipped = story.Commit(B, story.Ask(B, Create("/a")));
        story.Commit(B, story.Ask(B, Create("/b")));
        story.Install(1);

        AssertBreaks("E15: ", () => story.Tell(story.Answer(A, story.Ask(A, Get("/a")), at: skipped)));
    }

    [Fact]
    public void S23_i_no_event_comes_without_a_watch_or_twice()
    {
        AssertRefused("S23: (i) ", story =>
        {
            story.Change(B, Create("/a"));
            story.Tell(A, WatchEventType.NodeCreated, "/a"); // Nobody watches.
        });
        AssertRefused("S23: (i) ", story =>
        {
            story.Do(A, Exists("/a", watch: true));
            story.Change(B, Create("/a"));
            story.Tell(A, WatchEventType.NodeCreated, "/a");
            story.Tell(A, WatchEventType.NodeCreated, "/a"); // Twice.
        });
        AssertRefused("S23: (i) ", story =>
        {
            story.Do(A, Exists("/a", watch: true));
            story.Change(B, Create("/a"));
            story.Tell(A, WatchEventType.NodeCreated, "/a");
            story.Change(B, Set("/a", "1"));
            story.Tell(A, WatchEventType.NodeDataChanged, "/a"); // It was used up.
        });
        AssertRefused("S23: (i) ", story =>
        {
            story.Do(A, Exists("/a", watch: true));
            story.Change(B, Create("/a"));
            story.Tell(A, WatchEventType.NodeDataChanged, "/a"); // Another event than the one due.
        });
        AssertRefused("S23: (i) ", story =>
        {
            story.Do(A, Watch("/a", WatchMode.PersistentRecursive));
            story.Do(A, Unwatch("/a"));
            story.Change(B, Create("/a"));
            story.Tell(A, WatchEventType.NodeCreated, "/a"); // It was removed.
        });
        AssertRefused("S23: (i) ", story =>
        {
            Zxid created = story.Change(B, Create("/a"));
            story.Do(A, Get("/a", watch: true));
            story.Tell(A, WatchEventType.NodeCreated, "/a", created); // It was left after the change.
        });
        AssertRefused("S23: (i) ", story =>
        {
            story.Do(A, Watch("/a", WatchMode.Persistent));
            story.Do(A, Close);
            story.Change(B, Create("/a"));
            story.Tell(A, WatchEventType.NodeCreated, "/a"); // The session is over.
        });
    }

    [Fact]
    public void S23_ii_the_event_comes_before_what_shows_the_change()
    {
        foreach (WatchMode mode in (WatchMode[])[WatchMode.Persistent, WatchMode.PersistentRecursive])
        {
            AssertRefused("S23: (ii) ", story =>
            {
                story.Do(A, Watch("/a", mode));
                story.Change(B, Create("/a"));
                story.Do(A, Get("/a"));
            });
        }

        AssertRefused("S23: (ii) ", story =>
        {
            story.Do(A, Children("/", watch: true));
            story.Change(A, Create("/a"));
            story.Tell(story.Answer(A, cxid: 3)); // Even when it is its own.
        });
        AssertRefused("S23: (ii) ", story =>
        {
            story.Do(A, Exists("/a", watch: true));
            story.Change(B, Create("/a"));
            story.Do(A, Sync); // And when the answer shows nothing but its zxid.
        });
        AssertRefused("S23: (ii) ", story =>
        {
            story.Do(A, Exists("/a", watch: true));
            story.Commit(B, story.Ask(B, Create("/a")));
            story.Install(1);
            story.Do(A, Get("/"));
        });
    }

    [Fact]
    public void S23_iii_no_event_is_lost()
    {
        AssertRefused("S23: (iii) ", story =>
        {
            story.Do(A, Exists("/a", watch: true));
            story.Change(B, Create("/a"));
            story.AnswerAllAndEnd();
        });
        AssertRefused("S23: (iii) ", story =>
        {
            story.Do(A, Watch("/", WatchMode.PersistentRecursive));
            story.Change(B, Create("/a"));
            story.Change(B, Create("/b"));
            story.Tell(A, WatchEventType.NodeCreated, "/b"); // The first is missing.
        });
        AssertRefused("S23: (iii) ", story =>
        {
            story.Do(A, Watch("/", WatchMode.PersistentRecursive));
            story.Do(A, Children("/", watch: true));
            story.Change(B, Create("/a"));
            story.Tell(A, WatchEventType.NodeChildrenChanged, "/"); // In the wrong order.
            story.Tell(A, WatchEventType.NodeCreated, "/a");
        });
        AssertRefused("S23: (iii) ", story =>
        {
            story.Do(A, Exists("/a", watch: true));
            story.Change(B, Create("/a"));
            story.Checks.OnServerStopped(new ServerId(1)); // It had applied the change.
        });

        Story good = new();
        good.Do(A, Exists("/a", watch: true));
        good.Commit(B, good.Ask(B, Create("/a")));
        good.Apply(server: 2);
        good.Checks.OnServerStopped(new ServerId(1)); // It did not get that far.
    }

    [Fact]
    public void S23_nobody_is_told_of_what_he_may_not_read()
    {
        ClientRequest hidden = Create("/a") with { Acl = new Acl(new AclEntry(AclPermissions.All & ~AclPermissions.Read, "world", "anyone")) };
        AssertRefused("S23: (i) ", story =>
        {
            story.Do(A, Exists("/a", watch: true));
            story.Change(B, hidden);
            story.Tell(A, WatchEventType.NodeCreated, "/a");
        });
        AssertRefused("S23: (i) ", story =>
        {
            story.Do(A, Watch("/", WatchMode.PersistentRecursive));
            story.Commit(B, story.Ask(B, hidden));
            story.Install(1);
            story.Tell(A, WatchEventType.NodeCreated, "/a"); // Nor after a snapshot.
        });

        Story good = new();
        good.Do(A, Exists("/a", watch: true));
        good.Do(A, Children("/", watch: true));
        good.Change(B, hidden);
        good.Tell(A, WatchEventType.NodeChildrenChanged, "/"); // Its parent is for all.
        good.AnswerAllAndEnd();
    }

    [Fact]
    public void S23_watches_that_are_brought_tell_what_was_missed()
    {
        static ClientRequest Bring(Zxid seen) =>
            new() { Op = OpCode.SetWatches, Watches = new WatchSet(seen, ["/a"], ["/b"], ["/"], [], []) };
        AssertRefused("S23: ", story =>
        {
            story.Do(A, Create("/a"));
            story.Do(A, Bring(Zxid.None)); // Without a word of /a, made since.
        });
        AssertRefused("S23: (i) ", story => story.Tell(A, WatchEventType.NodeDeleted, "/a", Zxid.None));

        Story good = new();
        good.Do(A, Create("/a"));
        int brought = good.Ask(A, Bring(Zxid.None));
        good.Tell(A, WatchEventType.NodeDataChanged, "/a", Zxid.None);
        good.Tell(A, WatchEventType.NodeChildrenChanged, "/", Zxid.None);
        good.Tell(good.Answer(A, brought));
        good.Change(B, Create("/b"));
        good.Tell(A, WatchEventType.NodeCreated, "/b"); // That one was set.
        good.AnswerAllAndEnd();
    }

    [Fact]
    public void S23_an_answer_about_a_watch_is_true()
    {
        AssertRefused("S23: ", story => story.Do(A, Unwatch("/a")));
        AssertRefused("S23: ", story =>
        {
            story.Do(A, Watch("/a", WatchMode.Persistent));
            story.Do(A, Unwatch("/a", WatchMode.PersistentRecursive));
        });
        AssertRefused("S23: ", story =>
        {
            story.Do(A, Watch("/a", WatchMode.Persistent));
            story.Tell(story.Answer(A, story.Ask(A, Unwatch("/a")), ErrorCode.NoWatcher));
        });
        AssertRefused("S23: ", story => story.Do(A, Watch("/a", WatchMode.Data)));
    }

    private static void AssertRefused(string rule, Action<Story> history) =>
        AssertBreaks(rule, () => history(new Story()));

    private static void AssertBreaks(string rule, Action history)
    {
        ViolationException refusal = Assert.Throws<ViolationException>(history);
        Assert.StartsWith(rule, refusal.Message, StringComparison.Ordinal);
    }
}
