"""Four-letter words: the shape of each answer, and its keys, without its values."""
import re
import socket
import sys

from harness import wire

ADDRESSES = sys.argv[1].split(",")
ROOT = "/wire-words"


def ask(word, where=0):
    host, port = ADDRESSES[where].rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=wire.ANSWER_SECONDS_MAX) as connection:
        connection.sendall(word.encode())
        answer = b""
        while True:
            more = connection.recv(65536)
            if not more:
                return answer.decode()
            answer += more


def show(name, value):
    print(f"{name}: {value}", flush=True)


def find(pattern, text):
    found = re.search(pattern, text, re.MULTILINE)
    return found and found[1]


def shape(line):
    """A line without numbers, addresses and dates."""
    line = re.sub(r"/?127\.0\.0\.1:\d+", "<address>", line)
    line = re.sub(r"0x[0-9a-f]+", "0x*", line)
    return re.sub(r"\d+(\.\d+)*", "#", line)


def modes():
    """One leader and two followers, by each word that tells."""
    show("modes", sorted(str(find(r"^Mode: (\w+)$", ask("srvr", server))) for server in range(3)))
    states = [str(find(r"^zk_server_state\t(\w+)$", ask("mntr", server))) for server in range(3)]
    show("states", sorted(states))
    return states.index("follower"), states.index("leader")


def plain(follower, leader):
    show("ruok", repr(ask("ruok", follower)))
    show("isro", repr(ask("isro", follower)))
    for name, where in (("follower", follower), ("leader", leader)):
        for line in ask("srvr", where).splitlines():
            key = line.split(":")[0]
            known = "Zookeeper version: <version>" if key == "Zookeeper version" else shape(line)
            show(f"srvr {name}", known)
    stat = ask("stat", follower)
    show("stat", [shape(line).split(":")[0] for line in stat.splitlines()][:3])
    show("stat lists this connection", bool(re.search(r"^ /127\.0\.0\.1:\d+\[0\]\(queued=0,recved=1,sent=0\)$", stat, re.M)))


def monitoring(follower, leader):
    """The keys that monitoring reads: those of the manual's list that every server has, and the leader's own."""
    wanted = ("zk_version zk_server_state zk_peer_state zk_avg_latency zk_min_latency zk_max_latency "
              "zk_packets_received zk_packets_sent zk_num_alive_connections zk_outstanding_requests zk_znode_count "
              "zk_watch_count zk_ephemerals_count zk_approximate_data_size zk_open_file_descriptor_count "
              "zk_max_file_descriptor_count zk_followers zk_synced_followers zk_pending_syncs zk_learners "
              "zk_synced_observers zk_global_sessions zk_local_sessions zk_uptime zk_leader_uptime "
              "zk_quorum_size").split()
    for name, where in (("follower", follower), ("leader", leader)):
        lines = ask("mntr", where).splitlines()
        keys = {line.split("\t")[0] for line in lines if "\t" in line}
        show(f"mntr {name}", [key for key in wanted if key in keys])


def configuration(follower):
    # Debian's 3.8 and 3.9 differ in a few keys: these all servers have.
    wanted = ("clientPort", "dataDir", "dataLogDir", "tickTime", "maxClientCnxns", "minSessionTimeout",
              "maxSessionTimeout", "serverId", "initLimit", "syncLimit", "electionPort", "quorumPort", "peerType")
    values = dict(line.split("=", 1) for line in ask("conf", follower).splitlines() if "=" in line)
    show("conf", [key for key in wanted if key in values])
    show("conf values", [values.get(key) for key in ("tickTime", "minSessionTimeout", "maxSessionTimeout", "initLimit", "syncLimit")])
    show("conf client port", values.get("clientPort") == ADDRESSES[follower].rsplit(":", 1)[1])
    lines = [line for line in ask("conf", follower).splitlines() if line.startswith("server.")]
    show("conf members", [shape(line) for line in lines])
    show("envi", [line.split("=")[0] for line in ask("envi", follower).splitlines()
                  if line.split("=")[0] in ("Environment:", "zookeeper.version", "host.name", "os.name", "user.dir")])
    show("dirs", [shape(line) for line in ask("dirs", follower).splitlines()])


def sessions(follower, leader):
    # A ping would be its last operation.
    one = wire.Session(ADDRESSES[follower], nudge_seconds=wire.ANSWER_SECONDS_MAX)
    one.call(wire.CREATE, wire.create_body(ROOT))
    one.call(wire.CREATE, wire.create_body(ROOT + "/e", flags=1))
    one.call(wire.GET_DATA, wire.path_body(ROOT, True))
    one.call(wire.GET_CHILDREN, wire.path_body(ROOT, True))
    mine = f"0x{one.id & 0xFFFFFFFFFFFFFFFF:x}"
    line = next(line for line in ask("cons", follower).splitlines() if mine in line)
    show("cons", [part.split("=")[0] for part in re.search(r"\((.*)\)", line)[1].split(",")])
    show("cons last operation", re.search(r"lop=(\w+)", line)[1])
    # A follower answers as soon as it has applied a write itself.
    wire.catch_up(ADDRESSES[leader])
    for name, where in (("follower", follower), ("leader", leader)):
        dump = ask("dump", where).splitlines()
        headings = [shape(text) for text in dump if re.search(r"(dump|\)):$", text)]
        show(f"dump {name}", headings)
        at = dump.index(mine + ":")
        show("its ephemerals", [text.strip() for text in dump[at + 1:at + 2]])
    summary = ask("wchs", follower).splitlines()
    show("wchs", [shape(text) for text in summary])
    by_session = ask("wchc", follower).splitlines()
    at = by_session.index(mine)
    show("wchc", by_session[at + 1].strip())
    by_path = ask("wchp", follower).splitlines()
    at = by_path.index(ROOT)
    show("wchp", by_path[at + 1].strip() == mine)
    one.call(wire.CLOSE)
    # Apache answers first, and removes the watches before it closes the connection.
    show("closed", one.until_closed())
    show("no longer in wchc", mine not in ask("wchc", follower))


def resets(follower):
    show("srst", repr(ask("srst", follower)))
    show("crst", repr(ask("crst", follower)))
    received = int(re.search(r"^Received: (\d+)$", ask("srvr", follower), re.MULTILINE)[1])
    show("received after srst", received <= 4)
    show("an unknown word", len(ask_unknown()))


def ask_unknown():
    """Four letters that are no word are a length that is too long."""
    try:
        return ask("abcd")
    except ConnectionError:
        return ""


follower, leader = modes()
plain(follower, leader)
monitoring(follower, leader)
configuration(follower)
sessions(follower, leader)
resets(follower)
