import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** What the Java programs share: connecting, and printing without what no two runs share. */
final class Seen {
    static final int SECONDS_MAX = 30;

    private Seen() {
    }

    interface Call {
        Object run() throws Exception;
    }

    /** A client whose session is there. */
    static ZooKeeper connect(String servers, int timeoutMs) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper client = new ZooKeeper(servers, timeoutMs, event -> {
            if (event.getState() == KeeperState.SyncConnected) {
                connected.countDown();
            }
        });
        if (!connected.await(SECONDS_MAX, TimeUnit.SECONDS)) {
            throw new IllegalStateException("not connected to " + servers);
        }
        return client;
    }

    /**
     * Brings the client's server up to date with every write that has been answered, by whichever server. After a
     * sync, a write of its own: a leader of Apache ZooKeeper answers a sync at once, also when a follower is ahead of
     * it in what it has applied.
     */
    static void current(ZooKeeper client) throws Exception {
        client.sync("/", (code, path, context) -> { }, null);
        try {
            client.delete("/nothing", -1);
        } catch (KeeperException.NoNodeException none) {
            // As expected.
        }
    }

    static void show(String name, Object value) {
        System.out.println(name + ": " + plain(value));
    }

    /** Prints what a call gives: its result, or the code of its error. */
    static void attempt(String name, Call call) throws Exception {
        try {
            show(name, call.run());
        } catch (KeeperException error) {
            show(name, "error " + error.code() + (error.getPath() == null ? "" : " at " + error.getPath()));
        } catch (IllegalArgumentException error) {
            show(name, "refused by the client");
        }
    }

    static Object plain(Object value) {
        if (value instanceof Stat stat) {
            return numbers(stat);
        }
        if (value instanceof byte[] data) {
            return data.length > 100 ? data.length + " bytes" : "'" + new String(data) + "'";
        }
        if (value instanceof OpResult.ErrorResult error) {
            return "error " + KeeperException.Code.get(error.getErr());
        }
        if (value instanceof OpResult.CreateResult created) {
            return created.getPath() + (created.getStat() == null ? "" : " " + numbers(created.getStat()));
        }
        if (value instanceof OpResult.SetDataResult set) {
            return numbers(set.getStat());
        }
        if (value instanceof OpResult.GetDataResult got) {
            return plain(got.getData()) + " " + numbers(got.getStat());
        }
        if (value instanceof OpResult.GetChildrenResult got) {
            return sorted(got.getChildren());
        }
        if (value instanceof OpResult result) {
            return result.getClass().getSimpleName();
        }
        if (value instanceof List<?> items) {
            List<Object> shown = new ArrayList<>();
            items.forEach(item -> shown.add(plain(item)));
            return shown;
        }
        return value;
    }

    static String numbers(Stat stat) {
        return "v" + stat.getVersion() + " cv" + stat.getCversion() + " av" + stat.getAversion()
            + " length=" + stat.getDataLength() + " children=" + stat.getNumChildren()
            + " owned=" + (stat.getEphemeralOwner() != 0);
    }

    static List<String> sorted(List<String> names) {
        List<String> copy = new ArrayList<>(names);
        Collections.sort(copy);
        return copy;
    }

    /** A watcher that keeps what comes. */
    static final class Events implements Watcher {
        private final BlockingQueue<WatchedEvent> events = new LinkedBlockingQueue<>();

        @Override
        public void process(WatchedEvent event) {
            if (event.getType() != EventType.None) {
                events.add(event);
            }
        }

        String next() throws InterruptedException {
            WatchedEvent event = events.poll(SECONDS_MAX, TimeUnit.SECONDS);
            return event == null ? "nothing came" : event.getType() + " " + event.getPath();
        }

        /** The next few. */
        List<String> next(int count) throws InterruptedException {
            List<String> seen = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                seen.add(next());
            }
            return seen;
        }

        int waiting() {
            return events.size();
        }
    }
}
