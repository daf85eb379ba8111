"""What the kazoo scripts share: a client, and printing of what was seen without what no two runs share."""
import sys

from kazoo.client import KazooClient
from kazoo.exceptions import KazooException, NoNodeError, ZookeeperError

SECONDS_MAX = 30


def hosts():
    return sys.argv[1]


def server(number):
    """The address of one server, counted from 1."""
    return hosts().split(",")[number - 1]


def client(where=None, **options):
    made = KazooClient(hosts=where or hosts(), timeout=options.pop("timeout", 10.0), **options)
    made.start(timeout=SECONDS_MAX)
    return made


def current(zk):
    """Brings the client's server up to date with every write that has been answered, by whichever server. After a
    sync, a write of its own: a leader of Apache ZooKeeper answers a sync at once, also when a follower is ahead of
    it in what it has applied."""
    zk.sync("/")
    try:
        zk.delete("/nothing")
    except NoNodeError:
        pass


def end(*clients):
    for one in clients:
        one.stop()
        one.close()


def show(name, value):
    print(f"{name}: {value!r}", flush=True)


def attempt(name, call, *arguments, **named):
    """Prints what a call gives: its result, or the class of its error."""
    try:
        result = call(*arguments, **named)
    except (KazooException, ZookeeperError, TypeError, ValueError) as error:
        show(name, f"raises {type(error).__name__}")
        return None
    show(name, plain(result))
    return result


def plain(value):
    """A value without zxids, times and session ids."""
    if hasattr(value, "czxid"):
        return numbers(value)
    if isinstance(value, tuple):
        return tuple(plain(item) for item in value)
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Exception):
        return type(value).__name__
    return value


def numbers(stat):
    """The fields of a stat that are the same in every run, and how its zxids and times relate."""
    zxids = sorted({stat.czxid, stat.mzxid, stat.pzxid})
    order = "c%d m%d p%d" % tuple(zxids.index(zxid) for zxid in (stat.czxid, stat.mzxid, stat.pzxid))
    return (f"v{stat.version} cv{stat.cversion} av{stat.aversion} length={stat.dataLength} "
            f"children={stat.numChildren} owned={stat.ephemeralOwner != 0} zxids={order} "
            f"ordered={stat.ctime <= stat.mtime}")


def state_of(event):
    return f"{event.type} {event.state} {event.path}"
