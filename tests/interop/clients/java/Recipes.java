import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;

import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.recipes.leader.LeaderElectionAware;
import org.apache.zookeeper.recipes.leader.LeaderElectionSupport;
import org.apache.zookeeper.recipes.leader.LeaderElectionSupport.EventType;
import org.apache.zookeeper.recipes.lock.LockListener;
import org.apache.zookeeper.recipes.lock.WriteLock;
import org.apache.zookeeper.recipes.queue.DistributedQueue;

/** The recipes that come with the Java client: lock, election, queue. */
public final class Recipes {
    private static final String ROOT = "/java-recipes";

    public static void main(String[] arguments) throws Exception {
        ZooKeeper one = Seen.connect(arguments[0], 10_000);
        ZooKeeper two = Seen.connect(arguments[0], 10_000);
        one.create(ROOT, new byte[0], OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        lock(one, two);
        election(one, two, arguments[0]);
        queue(one, two);
        one.close();
        two.close();
    }

    private static void lock(ZooKeeper one, ZooKeeper two) throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        one.create(ROOT + "/lock", new byte[0], OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        WriteLock first = new WriteLock(one, ROOT + "/lock", null, listener(told, "first"));
        WriteLock second = new WriteLock(two, ROOT + "/lock", null, listener(told, "second"));
        Seen.show("first", first.lock());
        Seen.show("told", told.poll(Seen.SECONDS_MAX, TimeUnit.SECONDS));
        Seen.current(two);
        Seen.show("second", second.lock());
        Seen.show("owners", first.isOwner() + " " + second.isOwner());
        first.unlock();
        // Two clients, two threads: which of them is told first is chance.
        Seen.show("told", new java.util.TreeSet<>(java.util.Arrays.asList(
            told.poll(Seen.SECONDS_MAX, TimeUnit.SECONDS), told.poll(Seen.SECONDS_MAX, TimeUnit.SECONDS))));
        Seen.show("owners", first.isOwner() + " " + second.isOwner());
        second.unlock();
        Seen.show("told", told.poll(Seen.SECONDS_MAX, TimeUnit.SECONDS));
    }

    private static LockListener listener(BlockingQueue<String> told, String name) {
        return new LockListener() {
            @Override
            public void lockAcquired() {
                told.add(name + " acquired");
            }

            @Override
            public void lockReleased() {
                told.add(name + " released");
            }
        };
    }

    private static void election(ZooKeeper one, ZooKeeper two, String servers) throws Exception {
        one.create(ROOT + "/election", new byte[0], OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        Seen.current(two);
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        LeaderElectionSupport first = candidate(one, told, "first");
        first.start();
        Seen.show("leads", told.poll(Seen.SECONDS_MAX, TimeUnit.SECONDS));
        LeaderElectionSupport second = candidate(two, told, "second");
        second.start();
        Seen.show("leader", second.getLeaderHostName());
        first.stop();
        Seen.show("leads", told.poll(Seen.SECONDS_MAX, TimeUnit.SECONDS));
        Seen.show("leader", second.getLeaderHostName());
        second.stop();
    }

    private static LeaderElectionSupport candidate(ZooKeeper client, BlockingQueue<String> told, String name) {
        LeaderElectionSupport candidate = new LeaderElectionSupport();
        candidate.setZooKeeper(client);
        candidate.setHostName(name);
        candidate.setRootNodeName(ROOT + "/election");
        LeaderElectionAware listener = event -> {
            if (event == EventType.ELECTED_COMPLETE) {
                told.add(name);
            }
        };
        candidate.addListener(listener);
        return candidate;
    }

    private static void queue(ZooKeeper one, ZooKeeper two) throws Exception {
        DistributedQueue left = new DistributedQueue(one, ROOT + "/queue", OPEN_ACL_UNSAFE);
        DistributedQueue right = new DistributedQueue(two, ROOT + "/queue", OPEN_ACL_UNSAFE);
        for (String item : new String[] {"a", "b", "c"}) {
            Seen.show("offer " + item, left.offer(item.getBytes()));
        }
        Seen.show("peek", left.peek());
        Seen.current(two);
        Seen.show("take", right.take());
        Seen.show("poll", right.poll());
        Seen.current(one);
        Seen.show("remove", left.remove());
        try {
            left.remove();
            Seen.show("empty", "removed");
        } catch (NoSuchElementException empty) {
            Seen.show("empty", "nothing there");
        }
        CompletableFuture<byte[]> taken = CompletableFuture.supplyAsync(() -> {
            try {
                return right.take();
            } catch (Exception error) {
                throw new IllegalStateException(error);
            }
        });
        left.offer("late".getBytes());
        Seen.show("taken when it came", taken.get(Seen.SECONDS_MAX, TimeUnit.SECONDS));
    }
}
