import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;

/** A session outlives its server: the client goes to another one and registers its watches there. */
public final class Failover {
    private static final String ROOT = "/java-failover";
    private static final byte[] NOTHING = new byte[0];

    public static void main(String[] arguments) throws Exception {
        String[] servers = arguments[0].split(",");
        for (int stopped = 1; stopped <= servers.length; stopped++) {
            server(servers, stopped);
        }
    }

    /** Stops the server that a client is connected to; each server in turn, so that one of them leads. */
    private static void server(String[] servers, int stopped) throws Exception {
        String root = ROOT + stopped;
        BlockingQueue<KeeperState> states = new LinkedBlockingQueue<>();
        ZooKeeper watching = new ZooKeeper(servers[stopped - 1], 20_000, event -> {
            if (event.getPath() == null) {
                states.add(event.getState());
            }
        });
        Seen.show("server " + stopped, states.poll(Seen.SECONDS_MAX, TimeUnit.SECONDS));
        long session = watching.getSessionId();
        Seen.Events data = new Seen.Events();
        Seen.Events exist = new Seen.Events();
        Seen.Events child = new Seen.Events();
        Seen.Events recursive = new Seen.Events();
        Seen.Events missed = new Seen.Events();
        watching.create(root, NOTHING, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        for (String name : List.of("/data", "/child", "/missed", "/mine")) {
            watching.create(root + name, NOTHING, OPEN_ACL_UNSAFE,
                name.equals("/mine") ? CreateMode.EPHEMERAL : CreateMode.PERSISTENT);
        }
        watching.getData(root + "/data", data, null);
        watching.exists(root + "/exist", exist);
        watching.getChildren(root + "/child", child);
        watching.getData(root + "/missed", missed, null);
        watching.addWatch(root, recursive, AddWatchMode.PERSISTENT_RECURSIVE);

        control("stop " + stopped);
        Seen.show("then", states.poll(Seen.SECONDS_MAX, TimeUnit.SECONDS));
        List<String> others = new ArrayList<>(List.of(servers));
        others.remove(stopped - 1);
        // A write that this client does not see: the next server tells it of that.
        ZooKeeper writing = connected(String.join(",", others));
        writing.setData(root + "/missed", "unseen".getBytes(), -1);
        // Both of the others know of it: a recursive watch is not told what it missed, but what it is in time for.
        for (String other : others) {
            connected(other).close();
        }
        watching.updateServerList(String.join(",", others));
        KeeperState now = states.poll(Seen.SECONDS_MAX, TimeUnit.SECONDS);
        while (now == KeeperState.Disconnected) {
            now = states.poll(Seen.SECONDS_MAX, TimeUnit.SECONDS);
        }
        Seen.show("then", now);
        Seen.show("same session", watching.getSessionId() == session);
        Seen.show("missed", missed.next());
        Seen.show("its ephemeral is there", again(() -> watching.exists(root + "/mine", false) != null));
        writing.setData(root + "/data", NOTHING, -1);
        writing.create(root + "/exist", NOTHING, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        writing.create(root + "/child/a", NOTHING, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        Seen.show("data", data.next());
        Seen.show("exist", exist.next());
        Seen.show("child", child.next());
        Seen.show("recursive", recursive.next(3));

        control("start " + stopped);
        ZooKeeper late = connected(servers[stopped - 1]);
        Seen.show("the server has caught up", again(() -> {
            Seen.current(late);
            return Seen.sorted(late.getChildren(root, false));
        }));
        watching.close();
        Seen.show("closed", again(() -> {
            Seen.current(late);
            return late.exists(root + "/mine", false);
        }));
        writing.close();
        late.close();
    }

    /** A client that is connected, and stays so for a first read: an election may still be under way. */
    private static ZooKeeper connected(String servers) throws Exception {
        ZooKeeper client = Seen.connect(servers, 20_000);
        again(() -> client.exists("/", false) != null);
        return client;
    }

    private static Object again(Seen.Call read) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Seen.SECONDS_MAX);
        while (true) {
            try {
                return read.run();
            } catch (KeeperException.ConnectionLossException error) {
                if (System.nanoTime() > deadline) {
                    throw error;
                }
            }
        }
    }

    /** Has the runner stop or start a server. */
    private static void control(String command) throws Exception {
        String[] address = System.getenv("INTEROP_CONTROL").split(":");
        try (Socket socket = new Socket(address[0], Integer.parseInt(address[1]))) {
            socket.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
            BufferedReader answers = new BufferedReader(new InputStreamReader(socket.getInputStream()));
            Seen.show(command, answers.readLine());
        }
    }
}
