#!/usr/bin/env python3
"""Random operations against an ensemble, and a line for each answer and each event.

usage: trace.py HOST:PORT,HOST:PORT,HOST:PORT SEED COUNT

One operation is under way at a time. After each write every session reads until its server answers with that write's
zxid or a later one. So no answer depends on time, and each event has one place: between the write that made it and
the next operation, since a server queues events before any answer that shows the change. Reads and not syncs: a
follower of Apache ZooKeeper 3.8 now and then leaves one of several concurrent syncs unanswered for ever.
A zxid is printed as the number of the operation that made it, an owner as the session's name.
"""
import bisect
import collections
import itertools
import sys
import time

from harness import wire
from operations import IDENTITIES, SLOTS, Connection, Operations

SESSION_MS = 40_000
CATCH_UP_SECONDS_MAX = 30
APPLIED = (wire.EXISTS, wire.path_body("/zookeeper", False))


class Zxids:
    """Which operation made a zxid."""

    def __init__(self):
        self._zxids, self._numbers = [0], [0]

    def made(self, zxid, number):
        if zxid <= self._zxids[-1]:
            raise ValueError(f"zxid {zxid:#x} of operation {number} does not come after {self._zxids[-1]:#x}")
        self._zxids.append(zxid)
        self._numbers.append(number)

    def exact(self, zxid):
        """The operation that has this zxid; `?` when none has."""
        at = bisect.bisect_left(self._zxids, zxid)
        found = at < len(self._zxids) and self._zxids[at] == zxid
        return str(self._numbers[at]) if found else "?"

    def last_up_to(self, zxid):
        """The last operation at this zxid or before: zxids of refused writes count as the write before."""
        return str(self._numbers[bisect.bisect_right(self._zxids, zxid) - 1])

    def ago(self, writes):
        """The zxid of so many writes before the last."""
        return self._zxids[max(0, len(self._zxids) - 1 - writes)]

    @property
    def last(self):
        return self._zxids[-1]


class Trace:
    def __init__(self, addresses):
        self._addresses = addresses
        self._zxids = Zxids()
        self._sessions = [None] * SLOTS
        self._generations = [0] * SLOTS
        self._owners = {}
        self._number = 0
        self.counts = collections.Counter()

    def start(self):
        for slot in range(SLOTS):
            self._open(slot, slot % 3)

    def step(self, number, operation):
        self._number = number
        if isinstance(operation, Connection):
            self._reconnect(operation)
        else:
            self._request(operation)

    # Sessions.

    def _open(self, slot, server, resume=None):
        last = self._sessions[slot].last_zxid if resume else 0
        # Only refused writes can be missing at the server, since every successful one is awaited on every server.
        session = wire.attach(self._addresses[server], SESSION_MS, resume, last)
        self._sessions[slot] = session
        if resume:
            self._print(slot, f"is attached: {session.id == resume[0]}, {session.timeout} ms")
        else:
            self._generations[slot] += 1
            self._owners[session.id] = f"s{slot}.{self._generations[slot]}"
        for credentials in IDENTITIES[slot]:
            session.call(wire.AUTH, wire.auth_body("digest", credentials.encode()), wire.XID_AUTH)
        self._catch_up(slot)

    def _reconnect(self, operation):
        slot, session = operation.slot, self._sessions[operation.slot]
        self._print(slot, operation.text)
        if operation.action == "reopen":
            reply = session.call(wire.CLOSE)
            self._zxids.made(reply.zxid, self._number)
            self._events(slot, reply.events)
            self._print(slot, f"is closed: {session.until_closed()}")
            session.drop()
            self._open(slot, operation.server)
            self._barrier(slot)
            return
        if operation.action == "bad auth":
            reply = session.call(wire.AUTH, wire.auth_body("unknown", b"x"), wire.XID_AUTH)
            self._print(slot, f"{wire.error_name(reply.error)}, closed: {session.until_closed()}")
        session.drop()
        self._open(slot, operation.server, session.resume)

    def _catch_up(self, slot):
        """Reads until the session's server has applied the last write; its events are then all here."""
        session = self._sessions[slot]
        deadline = time.monotonic() + CATCH_UP_SECONDS_MAX
        while True:
            reply = session.call(*APPLIED)
            self._events(slot, reply.events)
            if reply.zxid >= self._zxids.last:
                return
            if time.monotonic() > deadline:
                raise TimeoutError(f"{session.address} stays at zxid {reply.zxid:#x}")

    def _barrier(self, writer):
        xids = [None if slot == writer else session.send(*APPLIED)
                for slot, session in enumerate(self._sessions)]
        for slot, xid in enumerate(xids):
            if xid is None:
                continue
            reply = self._sessions[slot].wait(xid)
            self._events(slot, reply.events)
            if reply.zxid < self._zxids.last:
                self._catch_up(slot)

    # Requests.

    def _request(self, request):
        body, xid = request.body, None
        if request.operation in (wire.SET_WATCHES, wire.SET_WATCHES2):
            since, lists = body
            body, xid = wire.set_watches_body(self._zxids.ago(since), *lists), wire.XID_SET_WATCHES
        elif request.operation == wire.PING:
            xid = wire.XID_PING
        elif request.operation == wire.AUTH:
            xid = wire.XID_AUTH
        self._print(request.slot, request.text)
        reply = self._sessions[request.slot].call(request.operation, body, xid)
        results = self._results(reply, request.parse) if reply.error == 0 else None
        done = request.write and reply.error == 0 and (request.operation != wire.MULTI or results[0])
        if done:
            self._zxids.made(reply.zxid, self._number)
        self._events(request.slot, reply.events)
        self._answer(request, reply, results)
        if done:
            self._barrier(request.slot)

    def _results(self, reply, parse):
        """(whether all parts succeeded, functions that describe the parts once the zxid is known)"""
        if parse != "multi":
            return True, [self._value(reply.body, parse)]
        described, succeeded = [], True
        while True:
            kind, done, error = reply.body.int(), reply.body.bool(), reply.body.int()
            if done:
                return succeeded, described
            if kind == -1:
                code = reply.body.int()
                succeeded = False
                described.append(lambda error=error, code=code: f"error {wire.error_name(error)} {wire.error_name(code)}")
                continue
            parts = {wire.CREATE: "path", wire.CREATE2: "path stat", wire.SET_DATA: "stat",
                     wire.GET_DATA: "data stat", wire.GET_CHILDREN: "children"}.get(kind, "")
            value = self._value(reply.body, parts)
            described.append(lambda kind=kind, value=value, error=error: f"type {kind} err {error} {value()}")

    def _answer(self, request, reply, results):
        name = wire.error_name(reply.error)
        self.counts[f"{request.text.split()[0]} {name}"] += 1
        zxid = self._zxids.last_up_to(reply.zxid) if reply.zxid > 0 else reply.zxid
        described = "; ".join(describe() for describe in results[1]) if results else ""
        rest = f" and {reply.body.left()} bytes more" if reply.body.left() else ""
        self._print(request.slot, f"-> {name} z={zxid} {described}{rest}")
        if request.parse == "multi" and results and not results[0]:
            self.counts["multi failed"] += 1

    def _value(self, body, parse):
        """Reads now, describes later."""
        parts = []
        for part in parse.split():
            if part == "path":
                parts.append(lambda value=body.string(): repr(value))
            elif part == "stat":
                parts.append(lambda value=body.stat(): self._stat(value))
            elif part == "data":
                parts.append(lambda value=body.buffer(): "null" if value is None else f"{len(value)}B:{value[:4].hex()}")
            elif part == "children":
                parts.append(lambda value=sorted(body.strings()): str(value))
            elif part == "acls":
                parts.append(lambda value=sorted(body.acls()): str(value))
            elif part == "int":
                parts.append(lambda value=body.int(): str(value))
            elif part == "who":
                parts.append(lambda value=sorted((body.string(), body.string()) for _ in range(body.int())): str(value))
            else:
                raise ValueError(part)
        return lambda: " ".join(describe() for describe in parts)

    def _stat(self, stat):
        owner = self._owners.get(stat.owner, hex(stat.owner)) if stat.owner else "-"
        times = stat.ctime == stat.mtime if stat.czxid == stat.mzxid else stat.ctime <= stat.mtime
        return (f"c={self._zxids.exact(stat.czxid)} m={self._zxids.exact(stat.mzxid)} "
                f"p={self._zxids.exact(stat.pzxid)} v={stat.version} cv={stat.cversion} av={stat.aversion} "
                f"owner={owner} length={stat.length} children={stat.children} times={times}")

    def _events(self, slot, events):
        for event in events:
            self.counts["event"] += 1
            zxid = self._zxids.exact(event.zxid) if event.zxid > 0 else event.zxid
            kind = wire.EVENTS.get(event.kind, event.kind)
            self._print(slot, f"event {kind} {event.path!r} state {event.state} z={zxid}")

    def _print(self, slot, text):
        print(f"{self._number} s{slot} {text}".rstrip())


def main():
    addresses, seed, count = sys.argv[1].split(","), int(sys.argv[2]), int(sys.argv[3])
    sys.stdout.reconfigure(errors="backslashreplace", line_buffering=True)
    trace = Trace(addresses)
    trace.start()
    for number, operation in enumerate(itertools.islice(Operations(seed), count), 1):
        trace.step(number, operation)
    print("summary:", ", ".join(f"{name} {count}" for name, count in sorted(trace.counts.items())))


if __name__ == "__main__":
    main()
