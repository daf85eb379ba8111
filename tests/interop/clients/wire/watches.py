"""Watches on the wire: events before answers, persistent ones, re-registration, removal, and who may see an event."""
import sys

from harness import wire

ADDRESSES = sys.argv[1].split(",")
ROOT = "/wire-watches"
CLOSED_ACL = ((31, "digest", "owner:Vj++wdU3sMAbt+g9TyKj1BT+usI="),)


def show(name, value):
    print(f"{name}: {value}", flush=True)


class Watcher:
    """A session that shows its events together with the answer that they came before."""

    def __init__(self, server=0):
        self.session = wire.Session(ADDRESSES[server])

    def call(self, name, operation, body=b"", xid=None):
        reply = self.session.call(operation, body, xid)
        show(name, (wire.error_name(reply.error), self.seen(reply.events)))
        return reply

    def until(self, name, zxid):
        """The events that come up to the answer which shows a zxid."""
        events = []
        while True:
            reply = self.session.call(wire.EXISTS, wire.path_body("/zookeeper", False))
            events += reply.events
            if reply.zxid >= zxid:
                show(name, self.seen(events))
                return events

    def seen(self, events):
        return [f"{wire.EVENTS[event.kind]} {event.path}" for event in events]

    def write(self, operation, body):
        reply = self.session.call(operation, body)
        if reply.error:
            show("unexpected", wire.error_name(reply.error))
        return reply.zxid


def path(name):
    return f"{ROOT}/{name}"


def own_writes(one):
    """The event of a session's own write comes before the answer to it."""
    one.call("create a", wire.CREATE, wire.create_body(path("a")))
    one.call("get a, watch", wire.GET_DATA, wire.path_body(path("a"), True))
    one.call("set a", wire.SET_DATA, wire.set_data_body(path("a"), b"", -1))
    one.call("set a again", wire.SET_DATA, wire.set_data_body(path("a"), b"", -1))
    one.call("get, exists and children of a, watch", wire.GET_DATA, wire.path_body(path("a"), True))
    one.call("exists", wire.EXISTS, wire.path_body(path("a"), True))
    one.call("children", wire.GET_CHILDREN, wire.path_body(path("a"), True))
    one.call("children of the parent", wire.GET_CHILDREN2, wire.path_body(ROOT, True))
    one.call("delete a", wire.DELETE, wire.version_body(path("a"), -1))
    one.call("create a, nothing is left", wire.CREATE, wire.create_body(path("a")))


def persistent(one, two):
    one.call("persistent on a", wire.ADD_WATCH, wire.version_body(path("a"), 0))
    one.call("again", wire.ADD_WATCH, wire.version_body(path("a"), 0))
    one.call("recursive on nothing", wire.ADD_WATCH, wire.version_body(path("r"), 1))
    for name, operation, body in (
            ("set a", wire.SET_DATA, wire.set_data_body(path("a"), b"", -1)),
            ("set a again", wire.SET_DATA, wire.set_data_body(path("a"), b"", -1)),
            ("create a/b", wire.CREATE, wire.create_body(path("a/b"))),
            ("set a/b", wire.SET_DATA, wire.set_data_body(path("a/b"), b"", -1)),
            ("delete a/b", wire.DELETE, wire.version_body(path("a/b"), -1)),
            ("delete a", wire.DELETE, wire.version_body(path("a"), -1)),
            ("create a", wire.CREATE, wire.create_body(path("a"))),
            ("create r", wire.CREATE, wire.create_body(path("r"))),
            ("create r/s", wire.CREATE, wire.create_body(path("r/s"))),
            ("create r/s/t", wire.CREATE, wire.create_body(path("r/s/t"))),
            ("set r/s/t", wire.SET_DATA, wire.set_data_body(path("r/s/t"), b"", -1)),
            ("delete r/s/t", wire.DELETE, wire.version_body(path("r/s/t"), -1)),
            ("create ra", wire.CREATE, wire.create_body(path("ra")))):
        zxid = two.write(operation, body)
        one.until(name, zxid)
    one.call("check persistent", wire.CHECK_WATCHES, wire.version_body(path("a"), 3))
    one.call("remove any of a", wire.REMOVE_WATCHES, wire.version_body(path("a"), 3))
    one.call("remove any of a again", wire.REMOVE_WATCHES, wire.version_body(path("a"), 3))
    one.call("remove any of r", wire.REMOVE_WATCHES, wire.version_body(path("r"), 3))
    one.until("set a, unwatched", two.write(wire.SET_DATA, wire.set_data_body(path("a"), b"", -1)))
    one.until("set r, unwatched", two.write(wire.SET_DATA, wire.set_data_body(path("r"), b"", -1)))


def removal(one):
    one.call("watch data", wire.GET_DATA, wire.path_body(path("a"), True))
    one.call("watch children", wire.GET_CHILDREN, wire.path_body(path("a"), True))
    one.call("check children", wire.CHECK_WATCHES, wire.version_body(path("a"), 1))
    one.call("remove children", wire.REMOVE_WATCHES, wire.version_body(path("a"), 1))
    one.call("check children again", wire.CHECK_WATCHES, wire.version_body(path("a"), 1))
    one.call("check data", wire.CHECK_WATCHES, wire.version_body(path("a"), 2))
    one.call("remove data", wire.REMOVE_WATCHES, wire.version_body(path("a"), 2))
    one.call("remove data again", wire.REMOVE_WATCHES, wire.version_body(path("a"), 2))
    one.call("set", wire.SET_DATA, wire.set_data_body(path("a"), b"", -1))


def set_again(one):
    """What a client sends when it has another connection."""
    one.write(wire.CREATE, wire.create_body(path("old")))
    since = one.write(wire.CREATE, wire.create_body(path("gone")))
    one.write(wire.SET_DATA, wire.set_data_body(path("a"), b"newer", -1))
    one.write(wire.CREATE, wire.create_body(path("r/new")))
    one.write(wire.DELETE, wire.version_body(path("gone"), -1))
    everything = [path(name) for name in ("a", "old", "gone", "r")]
    one.call("data", wire.SET_WATCHES, wire.set_watches_body(since, everything, [], []), wire.XID_SET_WATCHES)
    one.call("exist", wire.SET_WATCHES, wire.set_watches_body(since, [], everything, []), wire.XID_SET_WATCHES)
    one.call("child", wire.SET_WATCHES, wire.set_watches_body(since, [], [], everything), wire.XID_SET_WATCHES)
    one.call("set old", wire.SET_DATA, wire.set_data_body(path("old"), b"", -1))
    one.call("create gone", wire.CREATE, wire.create_body(path("gone")))
    one.call("create old/in", wire.CREATE, wire.create_body(path("old/in")))
    one.call("persistent", wire.SET_WATCHES2, wire.set_watches_body(
        since, [], [], [], [path("old")], [path("r")]), wire.XID_SET_WATCHES)
    one.call("set old", wire.SET_DATA, wire.set_data_body(path("old"), b"", -1))
    one.call("create r/newer", wire.CREATE, wire.create_body(path("r/newer")))
    one.call("nothing at all", wire.SET_WATCHES, wire.set_watches_body(0, [], [], []), wire.XID_SET_WATCHES)


def zxids(one, two):
    """Since 3.9 an event carries the zxid of its transaction."""
    one.call("get ra, watch", wire.GET_DATA, wire.path_body(path("ra"), True))
    zxid = two.write(wire.SET_DATA, wire.set_data_body(path("ra"), b"", -1))
    events = one.until("set ra", zxid)
    show("event zxid", ["its transaction's" if event.zxid == zxid else event.zxid for event in events])
    show("event state", [event.state for event in events])


def permitted(one):
    """Since 3.9.2 events go to those who may read the node."""
    owner = Watcher(1)
    owner.call("auth", wire.AUTH, wire.auth_body("digest", b"owner:secret"), wire.XID_AUTH)
    one.until("create closed", owner.write(wire.CREATE, wire.create_body(path("closed"), b"", CLOSED_ACL)))
    one.call("get closed, watch", wire.GET_DATA, wire.path_body(path("closed"), True))
    one.call("exists closed", wire.EXISTS, wire.path_body(path("closed"), False))
    one.call("recursive above", wire.ADD_WATCH, wire.version_body(ROOT, 1))
    one.until("set closed", owner.write(wire.SET_DATA, wire.set_data_body(path("closed"), b"", -1)))
    one.until("create closed/in", owner.write(wire.CREATE, wire.create_body(path("closed/in"), b"")))
    one.until("create closed/closed", owner.write(
        wire.CREATE, wire.create_body(path("closed/closed"), b"", CLOSED_ACL)))
    one.until("delete closed/closed", owner.write(wire.DELETE, wire.version_body(path("closed/closed"), -1)))
    one.call("remove recursive", wire.REMOVE_WATCHES, wire.version_body(ROOT, 3))
    one.until("create open", owner.write(wire.CREATE, wire.create_body(path("open"), b"")))
    one.call("get open, watch", wire.GET_DATA, wire.path_body(path("open"), True))
    body = wire.Writer().string(path("open")).acls(CLOSED_ACL).int(-1).bytes()
    one.until("close open", owner.write(wire.SET_ACL, body))
    one.until("set what was open", owner.write(wire.SET_DATA, wire.set_data_body(path("open"), b"", -1)))
    owner.session.call(wire.CLOSE)


def several_kinds(one):
    """Kinds of watches on one path, side by side."""
    one.write(wire.CREATE, wire.create_body(path("kinds")))
    one.call("kinds: persistent", wire.ADD_WATCH, wire.version_body(path("kinds"), 0))
    one.call("kinds: one-shot beside it", wire.GET_DATA, wire.path_body(path("kinds"), True))
    one.call("kinds: set", wire.SET_DATA, wire.set_data_body(path("kinds"), b"", -1))
    one.call("kinds: set again", wire.SET_DATA, wire.set_data_body(path("kinds"), b"", -1))
    one.call("kinds: check persistent", wire.CHECK_WATCHES, wire.version_body(path("kinds"), 4))
    one.call("kinds: check recursive", wire.CHECK_WATCHES, wire.version_body(path("kinds"), 5))
    one.call("kinds: recursive", wire.ADD_WATCH, wire.version_body(path("kinds"), 1))
    one.call("kinds: remove persistent", wire.REMOVE_WATCHES, wire.version_body(path("kinds"), 4))
    one.call("kinds: set, recursive is left", wire.SET_DATA, wire.set_data_body(path("kinds"), b"", -1))
    one.call("kinds: remove recursive", wire.REMOVE_WATCHES, wire.version_body(path("kinds"), 5))
    one.call("kinds: set, nothing is left", wire.SET_DATA, wire.set_data_body(path("kinds"), b"", -1))


one, two = Watcher(0), Watcher(1)
one.write(wire.CREATE, wire.create_body(ROOT))
own_writes(one)
persistent(one, two)
removal(one)
set_again(one)
zxids(one, two)
permitted(one)
several_kinds(one)
one.session.call(wire.CLOSE)
two.session.call(wire.CLOSE)
