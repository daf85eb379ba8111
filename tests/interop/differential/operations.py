"""Random operations from a seed. What comes next never depends on an answer, so that two servers are asked the same.

Paths are few, so that operations meet. Three rules keep the differences between ZooKeeper 3.8 and 3.9 from spreading:
nodes with narrow ACLs lie below /r, where `exists` leaves no watch; persistent watches lie on paths where no other
watch is left, one mode a path; and a single kind of watch is removed only elsewhere.
"""
import base64
import hashlib
import random
from collections import namedtuple

from harness import wire

SLOTS = 5
# (user, password) pairs that each session gives after it has opened.
IDENTITIES = (("alice:a",), ("alice:a",), ("bob:b",), (), ("alice:a", "bob:b"))

Request = namedtuple("Request", "slot text operation body parse write")
Connection = namedtuple("Connection", "slot text action server")

PERSISTENT_AT = ("/d/a/a", "/d/c")
RECURSIVE_AT = ("/", "/d/b", "/r")
FLAGS = {0: "persistent", 1: "ephemeral", 2: "sequential", 3: "ephemeral sequential"}
BAD_PATHS = ("", "d", "/d/", "/d//a", "/d/./a", "/d/..", "/d/\x01", "/d/\x85", "/d/\uf123", "/d/\ufff5", "/d/a\x00b")
HOUR_MS = 3_600_000


def digest(user_and_password):
    user = user_and_password.split(":")[0]
    hashed = hashlib.sha1(user_and_password.encode()).digest()
    return f"{user}:{base64.b64encode(hashed).decode()}"


ALICE, BOB = digest("alice:a"), digest("bob:b")
NARROW_ACLS = (
    ((31, "auth", ""),),
    ((31, "digest", ALICE),),
    ((1, "world", "anyone"), (31, "digest", BOB)),
    ((1, "world", "anyone"),),
    ((30, "world", "anyone"),),
    ((16, "digest", ALICE), (7, "world", "anyone")),
    ((31, "ip", "127.0.0.1"),),
    ((31, "ip", "127.0.0.0/8"), (1, "ip", "10.0.0.0/8")),
    ((31, "ip", "10.1.2.3"),),
    ((31, "digest", ALICE), (31, "digest", ALICE), (31, "digest", BOB)),
    ((12, "world", "anyone"), (1, "digest", BOB)),
)
BAD_ACLS = (
    (), None, ((31, "world", "nobody"),), ((31, "digest", "colonless"),), ((31, "digest", "a:b:c"),),
    ((31, "ip", "300.1.1.1"),), ((31, "ip", "1.2.3.4/40"),), ((31, "unknown", "x"),), ((31, "super", "x"),),
)


class Operations:
    """An endless row of operations."""

    def __init__(self, seed):
        self._random = random.Random(seed)
        self._plain = ["/d"] + [
            "/d/" + "/".join(names)
            for depth in (1, 2, 3)
            for names in _products("abc", depth)]
        self._narrow = ["/r"] + ["/r/" + name for name in "xyz"] + ["/r/x/" + name for name in "xy"]
        self._unwatched = set(PERSISTENT_AT + RECURSIVE_AT)
        self._planned = []
        self._kinds = self._table()

    def __iter__(self):
        yield self._create_at(0, "/d", 0)
        yield self._create_at(0, "/r", 0)
        while True:
            if self._planned:
                yield self._planned.pop(0)
            else:
                yield self._chosen()

    def _table(self):
        weights = {
            self._create: 22, self._delete: 20, self._set_data: 8, self._exists: 7, self._get_data: 7,
            self._get_children: 7, self._get_acl: 2, self._set_acl: 3, self._sync: 1, self._ping: 1,
            self._multi: 9, self._multi_read: 2, self._add_watch: 3, self._remove_watches: 3,
            self._check_watches: 1, self._set_watches: 3, self._ephemerals: 1, self._count: 2, self._who: 1,
            self._reconfig: 0.2, self._connection: 1.5, self._auth: 0.5,
        }
        return list(weights), list(weights.values())

    def _chosen(self):
        make = self._random.choices(*self._kinds)[0]
        return make(self._random.randrange(SLOTS))

    # What operations are made of.

    def _path(self, bad=0.02):
        roll = self._random.random()
        if roll < bad:
            return self._random.choice(BAD_PATHS)
        if roll < bad + 0.02:
            return self._random.choice(("/", "/zookeeper", "/zookeeper/quota", "/nowhere/at/all"))
        if roll < bad + 0.16:
            return self._random.choice(self._narrow)
        if roll < bad + 0.22:
            return f"{self._random.choice(self._plain[:13])}/s{self._random.randrange(30):010d}"
        shallow = self._plain[:13] if self._random.random() < 0.7 else self._plain
        return self._random.choice(shallow)

    def _is_narrow(self, path):
        return path.startswith("/r")

    def _data(self):
        return self._random.choice((b"", None, b"x", b"data", bytes(self._random.randrange(300))))

    def _version(self):
        return self._random.choices((-1, 0, 1, 2, 3, 7, -2), (60, 15, 8, 5, 3, 5, 1))[0]

    def _acls(self, path):
        roll = self._random.random()
        if roll < 0.02:
            return self._random.choice(BAD_ACLS)
        if self._is_narrow(path) and path != "/r" and roll < 0.5:
            return self._random.choice(NARROW_ACLS)
        return wire.OPEN_ACL

    def _may_watch(self, path):
        return path not in self._unwatched and self._random.random() < 0.4

    # Writes. Each *_part gives (text, opcode, body), for a request of its own or for a part of a multi.

    def _create_at(self, slot, path, flags):
        body = wire.create_body(path, b"", wire.OPEN_ACL, flags)
        return Request(slot, f"create {path}", wire.CREATE, body, "path", True)

    def _create_part(self, in_multi=False):
        path, acls, data = self._path(), None, self._data()
        acls = self._acls(path)
        kind = self._random.random()
        if kind < 0.06:
            body = wire.create_body(path, data, acls, 4)
            return f"createContainer {path!r} {_short(acls)}", wire.CREATE_CONTAINER, body, "path stat"
        if kind < 0.14:
            return self._create_ttl_part(path, data, acls, in_multi)
        flags = self._random.choices((0, 1, 2, 3, 9), (60, 20, 12, 7, 0 if in_multi else 1))[0]
        if flags in (2, 3):
            path += self._random.choice(("", "/", "/s"))
        operation, name, parse = self._random.choice((
            (wire.CREATE, "create", "path"), (wire.CREATE2, "create2", "path stat")))
        text = f"{name} {path!r} {FLAGS.get(flags, flags)} {_length(data)} {_short(acls)}"
        return text, operation, wire.create_body(path, data, acls, flags), parse

    def _create_ttl_part(self, path, data, acls, in_multi):
        flags = self._random.choice((5, 6))
        good, bad = (HOUR_MS, (1 << 40) - 1), (0, -1, 1 << 40)
        ttl = self._random.choice(good if in_multi or self._random.random() < 0.8 else bad)
        if flags == 6:
            path += "/t"
        body = wire.Writer().raw(wire.create_body(path, data, acls, flags)).long(ttl).bytes()
        return f"createTTL {path!r} {flags} ttl={ttl} {_short(acls)}", wire.CREATE_TTL, body, "path stat"

    def _create(self, slot):
        return Request(slot, *self._create_part(), True)

    def _delete_part(self):
        path = self._path()
        version = self._version() if self._random.random() < 0.3 else -1
        return f"delete {path!r} v{version}", wire.DELETE, wire.version_body(path, version), ""

    def _delete(self, slot):
        return Request(slot, *self._delete_part(), True)

    def _set_data_part(self):
        path, data, version = self._path(), self._data(), self._version()
        body = wire.set_data_body(path, data, version)
        return f"setData {path!r} {_length(data)} v{version}", wire.SET_DATA, body, "stat"

    def _set_data(self, slot):
        return Request(slot, *self._set_data_part(), True)

    def _check_part(self):
        path, version = self._path(), self._version()
        return f"check {path!r} v{version}", wire.CHECK, wire.version_body(path, version), ""

    def _set_acl(self, slot):
        path, version = self._random.choice(self._narrow[1:]), self._version()
        if self._random.random() < 0.1:
            path = self._random.choice(BAD_PATHS + ("/nowhere",))
        acls = self._acls(path)
        body = wire.Writer().string(path).acls(acls).int(version).bytes()
        return Request(slot, f"setACL {path!r} {_short(acls)} v{version}", wire.SET_ACL, body, "stat", True)

    def _multi(self, slot):
        count = self._random.choice((0, 1, 1, 2, 2, 2, 3, 4, 6))
        makers = (lambda: self._create_part(True), self._delete_part, self._set_data_part, self._check_part)
        parts = [self._random.choices(makers, (5, 2, 3, 2))[0]() for _ in range(count)]
        body = wire.multi_body([(part[1], part[2]) for part in parts])
        text = "multi [" + "; ".join(part[0] for part in parts) + "]"
        return Request(slot, text, wire.MULTI, body, "multi", True)

    # Reads.

    def _exists(self, slot):
        path = self._path()
        watch = not self._is_narrow(path) and self._may_watch(path)
        if self._is_narrow(path):
            # 3.9 answers as getData does when it is not permitted: the read behind this one tells.
            self._planned.append(Request(
                slot, f"getData {path!r} beside", wire.GET_DATA, wire.path_body(path, False), "data stat", False))
        return Request(slot, f"exists {path!r}{_mark(watch)}", wire.EXISTS, wire.path_body(path, watch), "stat", False)

    def _get_data(self, slot):
        path = self._path()
        watch = self._may_watch(path)
        body = wire.path_body(path, watch)
        return Request(slot, f"getData {path!r}{_mark(watch)}", wire.GET_DATA, body, "data stat", False)

    def _get_children(self, slot):
        path = self._path()
        watch = self._may_watch(path)
        operation, name, parse = self._random.choice((
            (wire.GET_CHILDREN, "getChildren", "children"), (wire.GET_CHILDREN2, "getChildren2", "children stat")))
        return Request(slot, f"{name} {path!r}{_mark(watch)}", operation, wire.path_body(path, watch), parse, False)

    def _get_acl(self, slot):
        path = self._random.choice(self._narrow) if self._random.random() < 0.7 else self._path()
        return Request(slot, f"getACL {path!r}", wire.GET_ACL, wire.path_body(path), "acls stat", False)

    def _sync(self, slot):
        path = self._path()
        return Request(slot, f"sync {path!r}", wire.SYNC, wire.path_body(path), "path", False)

    def _ping(self, slot):
        return Request(slot, "ping", wire.PING, b"", "", False)

    def _multi_read(self, slot):
        parts = []
        for _ in range(self._random.randrange(6)):
            path = self._path()
            operation, name = self._random.choice(((wire.GET_DATA, "getData"), (wire.GET_CHILDREN, "getChildren")))
            parts.append((f"{name} {path!r}", operation, wire.path_body(path, self._random.random() < 0.3)))
        body = wire.multi_body([(part[1], part[2]) for part in parts])
        text = "multiRead [" + "; ".join(part[0] for part in parts) + "]"
        return Request(slot, text, wire.MULTI_READ, body, "multi", False)

    def _ephemerals(self, slot):
        path = self._random.choice(("/", "/d", "/d/a", "/d/b/", "/r", "", "/none"))
        return Request(slot, f"getEphemerals {path!r}", wire.GET_EPHEMERALS, wire.path_body(path), "children", False)

    def _count(self, slot):
        # Of "" ZooKeeper counts one more: its root has both names, and is below itself.
        path = self._path() or "/"
        body = wire.path_body(path)
        return Request(slot, f"getAllChildrenNumber {path!r}", wire.GET_ALL_CHILDREN_NUMBER, body, "int", False)

    def _who(self, slot):
        return Request(slot, "whoAmI", wire.WHO_AM_I, b"", "who", False)

    def _reconfig(self, slot):
        body = wire.Writer().string("server.9=127.0.0.1:1:2;3").string(None).string(None).long(-1).bytes()
        return Request(slot, "reconfig", wire.RECONFIG, body, "", False)

    # Watches.

    def _add_watch(self, slot):
        mode = self._random.choices((0, 1, 2), (10, 10, 1))[0]
        path = self._random.choice(RECURSIVE_AT if mode == 1 else PERSISTENT_AT)
        body = wire.version_body(path, mode)
        return Request(slot, f"addWatch {path!r} mode {mode}", wire.ADD_WATCH, body, "int", False)

    def _watch_type(self):
        kind = self._random.choices((1, 2, 3, 9), (8, 8, 8, 1))[0]
        path = self._path(bad=0)
        if kind == 3 and self._random.random() < 0.4:
            path = self._random.choice(PERSISTENT_AT + RECURSIVE_AT)
        elif kind != 3 and path in self._unwatched:
            path = "/d"
        return path, kind

    def _remove_watches(self, slot):
        path, kind = self._watch_type()
        body = wire.version_body(path, kind)
        return Request(slot, f"removeWatches {path!r} type {kind}", wire.REMOVE_WATCHES, body, "", False)

    def _check_watches(self, slot):
        path, kind = self._watch_type()
        body = wire.version_body(path, kind)
        # 3.8 counts watches of others too: the removal behind this one tells.
        self._planned.append(Request(
            slot, f"removeWatches {path!r} type {kind} beside", wire.REMOVE_WATCHES, body, "", False))
        return Request(slot, f"checkWatches {path!r} type {kind}", wire.CHECK_WATCHES, body, "", False)

    def _set_watches(self, slot):
        def some():
            paths = {self._path(bad=0) for _ in range(self._random.randrange(4))}
            return sorted(path for path in paths if path not in self._unwatched and not self._is_narrow(path))
        lists = [some(), some(), some()]
        operation, name = wire.SET_WATCHES, "setWatches"
        if self._random.random() < 0.5:
            operation, name = wire.SET_WATCHES2, "setWatches2"
            lists += [[path] if self._random.random() < 0.5 else []
                      for path in (self._random.choice(PERSISTENT_AT), self._random.choice(RECURSIVE_AT))]
        since = self._random.randrange(60)
        text = f"{name} since {since} writes {lists}"
        return Request(slot, text, operation, (since, lists), "", False)

    # Connections.

    def _connection(self, slot):
        action = self._random.choice(("reopen", "reattach", "reattach"))
        server = self._random.randrange(3)
        return Connection(slot, f"{action} at server {server + 1}", action, server)

    def _auth(self, slot):
        if self._random.random() < 0.4:
            server = self._random.randrange(3)
            return Connection(slot, f"auth by an unknown scheme, reattach at server {server + 1}", "bad auth", server)
        identities = IDENTITIES[slot] or ("carol:c",)
        credentials = self._random.choice(identities)
        body = wire.auth_body("digest", credentials.encode())
        return Request(slot, f"addAuth {credentials}", wire.AUTH, body, "", False)


def _products(names, depth):
    if depth == 0:
        return [()]
    return [(*front, name) for front in _products(names, depth - 1) for name in names]


def _mark(watch):
    return " watch" if watch else ""


def _length(data):
    return "null" if data is None else f"{len(data)}B"


def _short(acls):
    return "open" if acls == wire.OPEN_ACL else str(acls).replace(" ", "")
