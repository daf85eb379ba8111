import static org.apache.zookeeper.ZooDefs.Ids.CREATOR_ALL_ACL;
import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.Watcher.WatcherType;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.admin.ZooKeeperAdmin;
import org.apache.zookeeper.data.ClientInfo;
import org.apache.zookeeper.data.Stat;

/** Every call of the Java client. */
public final class Client {
    private static final String ROOT = "/java-client";
    private static final byte[] NOTHING = new byte[0];

    private final ZooKeeper one;
    private final ZooKeeper two;
    private final String servers;

    private Client(String servers) throws Exception {
        this.servers = servers;
        one = Seen.connect(servers, 10_000);
        two = Seen.connect(servers, 10_000);
    }

    public static void main(String[] arguments) throws Exception {
        Client client = new Client(arguments[0]);
        client.modes();
        client.timed();
        client.multi();
        client.multiRead();
        client.watches();
        client.removals();
        client.listings();
        client.identities();
        client.configuration();
        client.asynchronous();
        client.one.close();
        client.two.close();
    }

    private String create(String path) throws Exception {
        return one.create(path, NOTHING, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    private void modes() throws Exception {
        create(ROOT);
        for (CreateMode mode : CreateMode.values()) {
            String path = ROOT + "/" + mode;
            Stat stat = new Stat();
            if (mode.isTTL()) {
                Seen.attempt(mode + " with a ttl",
                    () -> one.create(path, NOTHING, OPEN_ACL_UNSAFE, mode, stat, 3_600_000));
                Seen.attempt(mode + " ttl 0",
                    () -> one.create(path + "x", NOTHING, OPEN_ACL_UNSAFE, mode, stat, 0));
                Seen.attempt(mode + " too long a ttl",
                    () -> one.create(path + "x", NOTHING, OPEN_ACL_UNSAFE, mode, stat, 1L << 40));
            } else {
                Seen.attempt(mode + "", () -> one.create(path, NOTHING, OPEN_ACL_UNSAFE, mode));
                Seen.attempt(mode + " with stat", () -> one.create(path + "/", NOTHING, OPEN_ACL_UNSAFE, mode, stat));
                Seen.attempt(mode + " with stat",
                    () -> one.create(path + "2", NOTHING, OPEN_ACL_UNSAFE, mode, stat));
            }
            Seen.show("its stat", stat);
        }
        Seen.attempt("children", () -> Seen.sorted(one.getChildren(ROOT, false)));
        Seen.attempt("parent", () -> one.exists(ROOT, false));
    }

    /** A container goes after its last child, a node with a time to live after that time. */
    private void timed() throws Exception {
        Seen.Events events = new Seen.Events();
        Seen.Events brief = new Seen.Events();
        one.create(ROOT + "/container", NOTHING, OPEN_ACL_UNSAFE, CreateMode.CONTAINER);
        create(ROOT + "/container/child");
        one.addWatch(ROOT + "/brief", brief, AddWatchMode.PERSISTENT);
        one.create(ROOT + "/brief", NOTHING, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_WITH_TTL, new Stat(), 100);
        Seen.show("a time to live ends", brief.next(2));
        Seen.show("a container with a child stays", one.exists(ROOT + "/container", events));
        one.delete(ROOT + "/container/child", -1);
        Seen.show("without one it goes", events.next());
        Seen.attempt("an empty container that never had a child", () -> one.exists(ROOT + "/CONTAINER", false));
    }

    private void multi() throws Exception {
        Seen.attempt("multi", () -> one.multi(List.of(
            Op.create(ROOT + "/m", NOTHING, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
            Op.create(ROOT + "/m/s-", NOTHING, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL),
            Op.create(ROOT + "/m/c", NOTHING, OPEN_ACL_UNSAFE, CreateMode.CONTAINER),
            Op.create(ROOT + "/m/t", NOTHING, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_WITH_TTL, 3_600_000),
            Op.create(ROOT + "/m/e", NOTHING, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL),
            Op.setData(ROOT + "/m", "x".getBytes(), 0),
            Op.check(ROOT + "/m", 1),
            Op.delete(ROOT + "/m/s-0000000000", 0))));
        Seen.attempt("its parent", () -> one.exists(ROOT + "/m", false));
        Seen.attempt("container in it", () -> one.exists(ROOT + "/m/c", false));
        for (Op failing : List.of(Op.check(ROOT + "/m", 7), Op.delete(ROOT + "/none", -1), Op.delete(ROOT, -1),
                Op.create(ROOT + "/m", NOTHING, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                Op.create(ROOT + "/m/e/x", NOTHING, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                Op.create(ROOT + "/m/y", NOTHING, CREATOR_ALL_ACL, CreateMode.PERSISTENT))) {
            try {
                one.multi(List.of(Op.setData(ROOT + "/m", NOTHING, -1), failing, Op.delete(ROOT + "/m/e", -1)));
                Seen.show("failing multi", "went through");
            } catch (KeeperException error) {
                Seen.show("failing multi " + error.code(), error.getResults());
            }
        }
        Seen.attempt("unchanged", () -> one.exists(ROOT + "/m", false));
        Seen.attempt("empty multi", () -> one.multi(List.of()));
        Seen.attempt("transaction", () -> one.transaction()
            .create(ROOT + "/tx", NOTHING, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT)
            .check(ROOT + "/tx", 0).setData(ROOT + "/tx", "1".getBytes(), 0).delete(ROOT + "/tx", 1).commit());
    }

    private void multiRead() throws Exception {
        Seen.attempt("multi of reads", () -> one.multi(List.of(
            Op.getData(ROOT + "/m"), Op.getChildren(ROOT + "/m"), Op.getData(ROOT + "/none"),
            Op.getChildren(ROOT + "/none"), Op.getData(ROOT))));
    }

    private void watches() throws Exception {
        Seen.Events persistent = new Seen.Events();
        Seen.Events recursive = new Seen.Events();
        create(ROOT + "/w");
        one.addWatch(ROOT + "/w", persistent, AddWatchMode.PERSISTENT);
        one.addWatch(ROOT + "/rec", recursive, AddWatchMode.PERSISTENT_RECURSIVE);
        for (int i = 0; i < 3; i++) {
            two.setData(ROOT + "/w", NOTHING, -1);
        }
        two.create(ROOT + "/w/a", NOTHING, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        two.setData(ROOT + "/w/a", NOTHING, -1);
        two.delete(ROOT + "/w/a", -1);
        two.delete(ROOT + "/w", -1);
        two.create(ROOT + "/w", NOTHING, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        Seen.show("persistent", persistent.next(7));
        two.create(ROOT + "/rec", NOTHING, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        two.create(ROOT + "/rec/a", NOTHING, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        two.create(ROOT + "/rec/a/b", NOTHING, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        two.setData(ROOT + "/rec/a/b", NOTHING, -1);
        two.delete(ROOT + "/rec/a/b", -1);
        two.delete(ROOT + "/rec/a", -1);
        Seen.show("recursive", recursive.next(6));
        Seen.attempt("remove persistent", () -> {
            one.removeWatches(ROOT + "/w", persistent, WatcherType.Any, false);
            return persistent.next();
        });
        Seen.attempt("remove recursive", () -> {
            one.removeWatches(ROOT + "/rec", recursive, WatcherType.Any, false);
            return recursive.next();
        });
        two.setData(ROOT + "/w", NOTHING, -1);
        Seen.current(one);
        one.getData(ROOT + "/w", false, null);
        Seen.show("nothing more", persistent.waiting() + recursive.waiting());
        oneShot();
    }

    private void oneShot() throws Exception {
        Seen.Events data = new Seen.Events();
        Seen.Events exist = new Seen.Events();
        Seen.Events child = new Seen.Events();
        one.getData(ROOT + "/w", data, null);
        one.exists(ROOT + "/w", exist);
        one.getChildren(ROOT + "/w", child);
        two.create(ROOT + "/w/c", NOTHING, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        Seen.show("child", child.next());
        two.setData(ROOT + "/w", NOTHING, -1);
        Seen.show("data", data.next());
        Seen.show("exist", exist.next());
        one.exists(ROOT + "/later", exist);
        two.create(ROOT + "/later", NOTHING, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        Seen.show("later", exist.next());
    }

    private void removals() throws Exception {
        Seen.Events events = new Seen.Events();
        Seen.attempt("remove none", () -> {
            one.removeWatches(ROOT + "/w", events, WatcherType.Data, false);
            return "removed";
        });
        one.getData(ROOT + "/w", events, null);
        one.getChildren(ROOT + "/w", events);
        Seen.attempt("remove the child watch", () -> {
            one.removeWatches(ROOT + "/w", events, WatcherType.Children, false);
            return events.next();
        });
        Seen.attempt("remove all of any kind", () -> {
            one.removeAllWatches(ROOT + "/w", WatcherType.Any, false);
            return events.next();
        });
        Seen.attempt("again", () -> {
            one.removeAllWatches(ROOT + "/w", WatcherType.Any, false);
            return "removed";
        });
    }

    private void listings() throws Exception {
        two.create(ROOT + "/w/e1", NOTHING, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        two.create(ROOT + "/later/e2", NOTHING, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        Seen.attempt("ephemerals", () -> Seen.sorted(two.getEphemerals()));
        Seen.attempt("ephemerals below", () -> Seen.sorted(two.getEphemerals(ROOT + "/w")));
        Seen.attempt("ephemerals of nothing", () -> two.getEphemerals("/none"));
        Seen.attempt("all children", () -> two.getAllChildrenNumber(ROOT));
        Seen.attempt("all children of nothing", () -> two.getAllChildrenNumber("/none"));
        Stat stat = new Stat();
        Seen.attempt("children with stat", () -> Seen.sorted(two.getChildren(ROOT + "/w", false, stat)));
        Seen.show("stat", stat);
    }

    private void identities() throws Exception {
        Seen.attempt("who am I", () -> names(one));
        one.addAuthInfo("digest", "alice:a".getBytes());
        Seen.attempt("who am I now", () -> names(one));
        Seen.attempt("creator all", () -> one.create(ROOT + "/alice", NOTHING, CREATOR_ALL_ACL, CreateMode.PERSISTENT));
        Seen.current(two);
        Seen.attempt("not for others", () -> two.getData(ROOT + "/alice", false, null));
        Seen.attempt("acl", () -> one.getACL(ROOT + "/alice", new Stat()).toString().trim());
        Seen.attempt("set acl", () -> one.setACL(ROOT + "/alice", OPEN_ACL_UNSAFE, 0));
        Seen.attempt("set acl again", () -> one.setACL(ROOT + "/alice", OPEN_ACL_UNSAFE, 0));
    }

    private static List<String> names(ZooKeeper client) throws Exception {
        List<String> names = new ArrayList<>();
        for (ClientInfo info : client.whoAmI()) {
            names.add(info.getAuthScheme() + ":" + info.getUser());
        }
        return Seen.sorted(names);
    }

    private void configuration() throws Exception {
        Stat stat = new Stat();
        String text = new String(one.getConfig(false, stat));
        Seen.show("config", text.replaceAll("127\\.0\\.0\\.1:\\d+:\\d+", "<ports>").replaceAll("=[0-9a-f]+$", "=<zxid>")
            .replace('\n', '|'));
        Seen.show("its stat", stat);
        Seen.attempt("acl of it", () -> one.getACL("/zookeeper/config", new Stat()).toString().trim());
        try (ZooKeeperAdmin admin = new ZooKeeperAdmin(servers, 10_000, event -> { })) {
            Seen.attempt("reconfigure", () -> admin.reconfigure("server.9=127.0.0.1:1:2;3", null, null, -1, new Stat()));
            Seen.attempt("remove", () -> admin.reconfigure(null, "3", null, -1, new Stat()));
        }
    }

    private void asynchronous() throws Exception {
        CompletableFuture<String> synced = new CompletableFuture<>();
        one.sync(ROOT, (code, path, context) -> synced.complete(code + " " + path), null);
        Seen.show("sync", synced.get(Seen.SECONDS_MAX, TimeUnit.SECONDS));
        List<CompletableFuture<String>> results = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            CompletableFuture<String> done = new CompletableFuture<>();
            results.add(done);
            one.create(ROOT + "/async-", NOTHING, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL,
                (code, path, context, name) -> done.complete(code + " " + name), null);
        }
        String first = results.get(0).get(Seen.SECONDS_MAX, TimeUnit.SECONDS);
        int base = Integer.parseInt(first.substring(first.length() - 10));
        boolean inOrder = true;
        for (int i = 0; i < results.size(); i++) {
            String expected = String.format("0 %s/async-%010d", ROOT, base + i);
            inOrder &= results.get(i).get(Seen.SECONDS_MAX, TimeUnit.SECONDS).equals(expected);
        }
        Seen.show("creates in order", inOrder);
        CompletableFuture<List<OpResult>> many = new CompletableFuture<>();
        one.multi(List.of(Op.check(ROOT, -1), Op.check("/none", -1)), (code, path, context, list) -> many.complete(list), null);
        Seen.show("multi", many.get(Seen.SECONDS_MAX, TimeUnit.SECONDS));
    }
}
