"""Sessions: taken along to another server, expired, read-only, below a chroot."""
import concurrent.futures
import queue

from harness import wire
from kazoo.client import KazooClient

from _seen import SECONDS_MAX, attempt, client, current, end, hosts, server, show

ROOT = "/kazoo-sessions"


def taken_along(zk):
    """Another connection, on another server, with the session's id and password."""
    # No client: one would come back when its session has gone to another connection.
    first = wire.Session(server(1))
    first.call(wire.CREATE, wire.create_body(ROOT + "/mine", b"here", flags=1))
    identity = first.resume
    second = KazooClient(hosts=server(2), timeout=10.0, client_id=identity)
    lost = queue.Queue()
    second.add_listener(lost.put)
    second.start(timeout=SECONDS_MAX)
    show("same session", second.client_id[0] == identity[0])
    show("same password", second.client_id[1] == identity[1])
    show("states", lost.get(timeout=SECONDS_MAX))
    current(second)
    show("ephemeral survives", second.exists(ROOT + "/mine").ephemeralOwner == identity[0])
    show("and is deleted", second.delete(ROOT + "/mine"))
    second.create(ROOT + "/mine", b"again", ephemeral=True)
    first.drop()
    second.stop()
    current(zk)
    show("closed by the second", zk.exists(ROOT + "/mine"))
    second.close()


def refused():
    """An id with a password that is not its own is no session. Asked at another server: at its own, ZooKeeper drops
    the connection of the right one before it looks at the password."""
    one = client(server(1))
    states = queue.Queue()
    thief = KazooClient(hosts=server(2), timeout=10.0, client_id=(one.client_id[0], b"\1" * 16))
    thief.add_listener(states.put)
    thief.start(timeout=SECONDS_MAX)
    show("a session of its own", thief.client_id[0] != one.client_id[0])
    show("states", states.get(timeout=SECONDS_MAX))
    show("the first goes on", one.exists("/") is not None)
    end(one, thief)


def expired(zk):
    """A session whose client is silent ends at its time-out, and its ephemerals with it."""
    gone = queue.Queue()
    quiet = wire.Session(server(1), timeout=3000)
    quiet.call(wire.CREATE, wire.create_body(ROOT + "/brief", flags=1))
    # It falls silent once it is watched.
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        there = pool.submit(watched, zk, ROOT + "/brief", gone.put)
        while not there.done():
            quiet.call(wire.PING, xid=wire.XID_PING)
    show("there", there.result() is not None)
    event = gone.get(timeout=SECONDS_MAX)
    show("gone", (event.type, event.path))
    show("its connection is closed", quiet.until_closed())
    late = KazooClient(hosts=hosts(), timeout=10.0, client_id=quiet.resume)
    late.start(timeout=SECONDS_MAX)
    show("cannot come back", late.client_id[0] != quiet.id)
    end(late)


def watched(zk, path, watch):
    current(zk)
    return zk.exists(path, watch=watch)


def chroot(zk):
    zk.create(ROOT + "/jail", b"")
    jailed = client(hosts() + ROOT + "/jail")
    attempt("create", jailed.create, "/a", b"1")
    attempt("sequence", jailed.create, "/s-", b"", sequence=True)
    attempt("children of the root", lambda: sorted(jailed.get_children("/")))
    attempt("no escape", jailed.exists, ROOT)
    seen = queue.Queue()
    jailed.get("/a", watch=seen.put)
    current(zk)
    zk.set(ROOT + "/jail/a", b"2")
    show("event", seen.get(timeout=SECONDS_MAX).path)
    transaction = jailed.transaction()
    transaction.create("/t", b"")
    transaction.create("/t/s-", b"", sequence=True)
    show("transaction", transaction.commit())
    current(zk)
    show("outside", sorted(zk.get_children(ROOT + "/jail")))
    end(jailed)


def read_only():
    """A client that would take a read-only server is given one that is not."""
    one = client(read_only=True)
    show("read only", (one.client_state, one.connected))
    attempt("may write", one.create, ROOT + "/written", b"")
    end(one)


def restarted():
    """One client object, one session after the other."""
    one = client()
    one.create(ROOT + "/r", b"", ephemeral=True)
    before = one.client_id
    one.stop()
    one.start(timeout=SECONDS_MAX)
    show("another session", one.client_id != before)
    current(one)
    show("nothing is left", one.exists(ROOT + "/r"))
    end(one)


zk = client()
zk.create(ROOT, b"")
taken_along(zk)
refused()
expired(zk)
chroot(zk)
read_only()
restarted()
attempt("version", lambda: len(zk.server_version()) >= 3)
end(zk)
