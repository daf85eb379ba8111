"""One-shot watches: what fires them, how often, and for whom."""
import queue

from _seen import SECONDS_MAX, attempt, client, current, end, show, state_of

ROOT = "/kazoo-watches"


class Seen:
    """Events in their order. `none_so_far` waits for a read of the watching client, which no event can pass."""

    def __init__(self, zk):
        self._zk = zk
        self._events = queue.Queue()

    def __call__(self, event):
        self._events.put(state_of(event))

    def next(self):
        return self._events.get(timeout=SECONDS_MAX)

    def all_so_far(self):
        # A watch on a node of its own, fired after whatever is awaited: events come in the order of transactions.
        done = queue.Queue()
        self._zk.ensure_path(ROOT + "/mark")
        self._zk.get(ROOT + "/mark", watch=done.put)
        self._zk.set(ROOT + "/mark", b"")
        done.get(timeout=SECONDS_MAX)
        seen = []
        while not self._events.empty():
            seen.append(self._events.get())
        return seen


watcher, writer = client(), client()
writer.create(ROOT, b"")
writer.create(ROOT + "/a", b"")
current(watcher)
seen = Seen(watcher)


def case(name, arm, *changes):
    arm()
    for change in changes:
        attempt(f"{name}: change", change)
    current(watcher)
    show(name, seen.all_so_far())


case("data watch, two writes", lambda: watcher.get(ROOT + "/a", watch=seen),
     lambda: writer.set(ROOT + "/a", b"1"), lambda: writer.set(ROOT + "/a", b"2"))
case("data watch, child made", lambda: watcher.get(ROOT + "/a", watch=seen),
     lambda: writer.create(ROOT + "/a/x", b""))
case("the same, acl written", lambda: None, lambda: writer.set_acls(ROOT + "/a", writer.get_acls(ROOT + "/a")[0]))
case("the same, deleted", lambda: None,
     lambda: writer.delete(ROOT + "/a/x"), lambda: writer.delete(ROOT + "/a"))
case("exists watch of nothing", lambda: watcher.exists(ROOT + "/a", watch=seen),
     lambda: writer.create(ROOT + "/a", b""), lambda: writer.set(ROOT + "/a", b""))
case("exists watch of something", lambda: watcher.exists(ROOT + "/a", watch=seen),
     lambda: writer.set(ROOT + "/a", b""))
case("child watch", lambda: watcher.get_children(ROOT + "/a", watch=seen),
     lambda: writer.create(ROOT + "/a/x", b""), lambda: writer.create(ROOT + "/a/y", b""))
case("child watch, grandchild", lambda: watcher.get_children(ROOT + "/a", watch=seen),
     lambda: writer.create(ROOT + "/a/x/z", b""), lambda: writer.set(ROOT + "/a/x", b""))
case("child watch, deleted", lambda: None,
     lambda: writer.delete(ROOT + "/a", recursive=True))
writer.create(ROOT + "/b", b"")
current(watcher)


def all_three():
    watcher.get(ROOT + "/b", watch=seen)
    watcher.exists(ROOT + "/b", watch=seen)
    watcher.get_children(ROOT + "/b", watch=seen)


case("three watches by one callback, deleted", all_three, lambda: writer.delete(ROOT + "/b"))
attempt("get of nothing leaves none", watcher.get, ROOT + "/b", watch=seen)
attempt("children of nothing leaves none", watcher.get_children, ROOT + "/b", watch=seen)
case("created after", lambda: None, lambda: writer.create(ROOT + "/b", b""))


def transaction():
    changes = writer.transaction()
    changes.create(ROOT + "/c", b"")
    changes.set_data(ROOT + "/b", b"")
    changes.delete(ROOT + "/b")
    return len(changes.commit())


def failing():
    changes = writer.transaction()
    changes.set_data(ROOT + "/b", b"")
    changes.delete(ROOT + "/nothing")
    return [type(result).__name__ for result in changes.commit()]


def arm_both():
    watcher.get(ROOT + "/b", watch=seen)
    watcher.exists(ROOT + "/c", watch=seen)
    watcher.get_children(ROOT, watch=seen)


case("a failed transaction", arm_both, failing)
case("a transaction", lambda: None, transaction)
case("own write", lambda: watcher.get(ROOT + "/c", watch=seen), lambda: watcher.set(ROOT + "/c", b""))


def ephemeral():
    brief = client()
    brief.create(ROOT + "/c/e", b"", ephemeral=True)
    current(watcher)
    watcher.exists(ROOT + "/c/e", watch=seen)
    watcher.get_children(ROOT + "/c", watch=seen)
    end(brief)


case("an ephemeral goes with its session", ephemeral)
end(watcher, writer)
