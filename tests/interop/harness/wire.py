"""The protocol of ZooKeeper's clients, as bytes: a codec, and a session over one socket.

One request is outstanding at a time. Events that come before its reply are kept, in their order, with the reply.
"""
import socket
import struct
import time
from collections import namedtuple

CREATE, DELETE, EXISTS, GET_DATA, SET_DATA, GET_ACL, SET_ACL = 1, 2, 3, 4, 5, 6, 7
GET_CHILDREN, SYNC, PING, GET_CHILDREN2, CHECK, MULTI, CREATE2 = 8, 9, 11, 12, 13, 14, 15
RECONFIG, CHECK_WATCHES, REMOVE_WATCHES, CREATE_CONTAINER = 16, 17, 18, 19
DELETE_CONTAINER, CREATE_TTL, MULTI_READ = 20, 21, 22
AUTH, SET_WATCHES, SASL, GET_EPHEMERALS, GET_ALL_CHILDREN_NUMBER = 100, 101, 102, 103, 104
SET_WATCHES2, ADD_WATCH, WHO_AM_I, CLOSE = 105, 106, 107, -11

XID_EVENT, XID_PING, XID_AUTH, XID_SET_WATCHES = -1, -2, -4, -8

EVENTS = {1: "created", 2: "deleted", 3: "changed", 4: "children"}
ERRORS = {
    0: "ok", -2: "RuntimeInconsistency", -5: "MarshallingError", -6: "Unimplemented", -8: "BadArguments",
    -13: "NewConfigNoQuorum", -14: "ReconfigInProgress", -101: "NoNode", -102: "NoAuth", -103: "BadVersion",
    -108: "NoChildrenForEphemerals", -110: "NodeExists", -111: "NotEmpty", -112: "SessionExpired",
    -114: "InvalidACL", -115: "AuthFailed", -118: "SessionMoved", -119: "NotReadOnly", -121: "NoWatcher",
    -123: "ReconfigDisabled", -125: "QuotaExceeded",
}
OPEN_ACL = ((31, "world", "anyone"),)
FRAME_BYTES_MAX = 64 * 1024 * 1024
ANSWER_SECONDS_MAX = 30
NUDGE_SECONDS = 1

Stat = namedtuple("Stat", "czxid mzxid ctime mtime version cversion aversion owner length children pzxid")
Event = namedtuple("Event", "zxid kind state path")


class Closed(Exception):
    """The server closed the connection."""


def error_name(code):
    return ERRORS.get(code, str(code))


class Writer:
    def __init__(self):
        self._parts = []

    def int(self, value):
        self._parts.append(struct.pack(">i", value))
        return self

    def long(self, value):
        self._parts.append(struct.pack(">q", value))
        return self

    def bool(self, value):
        self._parts.append(b"\1" if value else b"\0")
        return self

    def buffer(self, value):
        if value is None:
            return self.int(-1)
        self.int(len(value))
        self._parts.append(bytes(value))
        return self

    def string(self, value):
        return self.buffer(None if value is None else value.encode("utf-8", "surrogatepass"))

    def strings(self, values):
        self.int(len(values))
        for value in values:
            self.string(value)
        return self

    def acls(self, acls):
        if acls is None:
            return self.int(-1)
        self.int(len(acls))
        for permissions, scheme, identity in acls:
            self.int(permissions).string(scheme).string(identity)
        return self

    def raw(self, value):
        self._parts.append(value)
        return self

    def bytes(self):
        return b"".join(self._parts)


class Reader:
    def __init__(self, data):
        self._data = data
        self._at = 0

    def _take(self, count):
        if count < 0 or self._at + count > len(self._data):
            raise ValueError(f"{count} bytes wanted at {self._at} of {len(self._data)}")
        taken = self._data[self._at:self._at + count]
        self._at += count
        return taken

    def int(self):
        return struct.unpack(">i", self._take(4))[0]

    def long(self):
        return struct.unpack(">q", self._take(8))[0]

    def bool(self):
        return self._take(1) != b"\0"

    def buffer(self):
        length = self.int()
        return None if length == -1 else bytes(self._take(length))

    def string(self):
        value = self.buffer()
        return None if value is None else value.decode("utf-8", "backslashreplace")

    def strings(self):
        return [self.string() for _ in range(self.int())]

    def acls(self):
        return [(self.int(), self.string(), self.string()) for _ in range(self.int())]

    def stat(self):
        return Stat(*struct.unpack(">qqqqiiiqiiq", self._take(68)))

    def left(self):
        return len(self._data) - self._at


class Reply:
    """The answer to one request, and the events that came before it."""

    def __init__(self, xid, zxid, error, body, events):
        self.xid, self.zxid, self.error, self.body, self.events = xid, zxid, error, body, events


class Session:
    """A session, over one connection. Raises Closed when the server closes it."""

    def __init__(self, address, timeout=20000, resume=None, last_zxid=0, read_only=False,
                 nudge_seconds=NUDGE_SECONDS):
        host, port = address.rsplit(":", 1)
        self.address = address
        self.last_zxid = last_zxid
        self.id, self.password = resume or (0, bytes(16))
        self._xid = 0
        self._unread = b""
        self._nudge_seconds = nudge_seconds
        self._nudges_left = self._pongs_due = 0  # None while it connects: a ping may not come first.
        self._socket = socket.create_connection((host, int(port)), timeout=ANSWER_SECONDS_MAX)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        request = Writer().int(0).long(last_zxid).int(timeout).long(self.id).buffer(self.password)
        if read_only is not None:
            request.bool(read_only)
        try:
            self.send_frame(request.bytes())
            answer = Reader(self.read_frame())
        except BaseException:
            self.drop()
            raise
        self._socket.settimeout(nudge_seconds)
        self.protocol = answer.int()
        self.timeout = answer.int()
        self.id = answer.long()
        self.password = answer.buffer()
        self.read_only = answer.bool() if answer.left() else None

    @property
    def resume(self):
        return self.id, self.password

    def send_frame(self, body):
        self.send_bytes(struct.pack(">i", len(body)) + body)

    def send_bytes(self, data):
        waits = self._socket.gettimeout()
        self._socket.settimeout(ANSWER_SECONDS_MAX)
        try:
            self._socket.sendall(data)
        except ConnectionError as reset:
            raise Closed(str(reset)) from reset
        finally:
            self._socket.settimeout(waits)

    def read_frame(self):
        length = struct.unpack(">i", self._receive(4))[0]
        if not 0 <= length <= FRAME_BYTES_MAX:
            raise ValueError(f"a frame of {length} bytes")
        return self._receive(length)

    def _receive(self, count):
        while len(self._unread) < count:
            try:
                more = self._socket.recv(65536)
            except socket.timeout:
                self._nudge()
                continue
            except ConnectionError as reset:
                raise Closed(str(reset)) from reset
            if not more:
                raise Closed(f"after {len(self._unread)} of {count} bytes")
            self._unread += more
        taken, self._unread = self._unread[:count], self._unread[count:]
        return taken

    def _nudge(self):
        """Pings, as every client does when nothing comes; raises when nothing has come for ANSWER_SECONDS_MAX.
        Apache ZooKeeper 3.8 now and then forgets that requests wait, until another request comes."""
        if self._nudges_left == 0:
            raise TimeoutError(f"no answer of {self.address} in {ANSWER_SECONDS_MAX} s")
        self._nudges_left -= 1
        self._pongs_due += 1
        self.send(PING, xid=XID_PING)

    def send(self, operation, body=b"", xid=None):
        """Sends a request and does not wait. Returns its xid."""
        if xid is None:
            self._xid += 1
            xid = self._xid
        self.send_frame(struct.pack(">ii", xid, operation) + body)
        return xid

    def receive(self):
        """The next frame: a Reply, or an Event."""
        self._nudges_left = ANSWER_SECONDS_MAX // self._nudge_seconds
        while True:
            frame = Reader(self.read_frame())
            xid, zxid, error = frame.int(), frame.long(), frame.int()
            if xid == XID_PING and self._pongs_due:
                self._pongs_due -= 1
                continue
            if xid == XID_EVENT:
                return Event(zxid, frame.int(), frame.int(), frame.string())
            if zxid > 0:
                self.last_zxid = zxid
            return Reply(xid, zxid, error, frame, [])

    def wait(self, xid):
        """The reply to that request, with the events before it."""
        events = []
        while True:
            came = self.receive()
            if isinstance(came, Event):
                events.append(came)
            elif came.xid == xid:
                came.events = events
                return came
            else:
                raise ValueError(f"a reply to {came.xid}, expected one to {xid}")

    def call(self, operation, body=b"", xid=None):
        return self.wait(self.send(operation, body, xid))

    def until_closed(self, seconds=ANSWER_SECONDS_MAX):
        """Whether the server closes the connection, within that time, without another word."""
        self._socket.settimeout(seconds)
        try:
            return self._socket.recv(1) == b""
        except ConnectionError:
            return True
        except socket.timeout:
            return False

    def drop(self):
        """Closes the socket, and leaves the session to its time-out."""
        self._socket.close()


def attach(address, timeout, resume, last_zxid):
    """Takes a session to a server. One that is behind what the session has seen closes the connection: it is asked
    again, as clients do."""
    deadline = time.monotonic() + ANSWER_SECONDS_MAX
    while True:
        try:
            return Session(address, timeout, resume, last_zxid)
        except Closed:
            if time.monotonic() > deadline:
                raise


def catch_up(address):
    """Until a server has applied every write that has been answered, by whichever server: that a session begins is a
    write behind them."""
    session = Session(address)
    session.call(CLOSE)
    session.drop()


def create_body(path, data=b"", acls=OPEN_ACL, flags=0):
    return Writer().string(path).buffer(data).acls(acls).int(flags).bytes()


def path_body(path, watch=None):
    body = Writer().string(path)
    return body.bytes() if watch is None else body.bool(watch).bytes()


def version_body(path, version):
    return Writer().string(path).int(version).bytes()


def set_data_body(path, data, version):
    return Writer().string(path).buffer(data).int(version).bytes()


def auth_body(scheme, credentials):
    return Writer().int(0).string(scheme).buffer(credentials).bytes()


def multi_body(operations):
    """operations: pairs of an opcode and a request body."""
    body = Writer()
    for operation, request in operations:
        body.int(operation).bool(False).int(-1).raw(request)
    return body.int(-1).bool(True).int(-1).bytes()


def set_watches_body(zxid, *lists):
    body = Writer().long(zxid)
    for paths in lists:
        body.strings(paths)
    return body.bytes()
