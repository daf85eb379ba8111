"""Questions over HTTP: each command under each of its names, and the members of its answer, without their values."""
import json
import os
import sys
import urllib.error
import urllib.request

from harness import wire

ADDRESSES = sys.argv[1].split(",")
ADMIN = os.environ["INTEROP_ADMIN"].split(",")
ROOT = "/wire-admin"

# What every server of ZooKeeper has; Zab leaves out what it does not count.
SERVER = "version read_only server_stats node_count"
CONNECTION = ("remote_socket_address interest_ops outstanding_requests packets_received packets_sent session_id "
              "last_operation established session_timeout last_cxid last_zxid last_response_time last_latency "
              "min_latency avg_latency max_latency")
COMMANDS = (
    ("configuration conf config", "client_port data_dir data_log_dir tick_time max_client_cnxns min_session_timeout "
     "max_session_timeout server_id client_port_listen_backlog"),
    ("connections cons", "connections secure_connections"),
    ("dirs", "datadir_size logdir_size"),
    ("dump", "session_id_to_ephemeral_paths"),
    ("environment env envi", "zookeeper.version host.name os.name os.arch os.version user.name user.dir os.memory.free "
     "os.memory.max os.memory.total"),
    ("hash", "digests"),
    ("initial_configuration icfg", "initial_configuration"),
    ("is_read_only isro", "read_only"),
    ("last_snapshot lsnp", "zxid timestamp"),
    ("leader lead", "is_leader leader_id leader_ip"),
    ("monitor mntr", "version server_state peer_state avg_latency max_latency min_latency packets_received packets_sent "
     "num_alive_connections outstanding_requests uptime znode_count watch_count ephemerals_count "
     "approximate_data_size global_sessions local_sessions open_file_descriptor_count max_file_descriptor_count "
     "quorum_size"),
    ("observers obsr", "synced_observers observers"),
    ("ruok", ""),
    ("server_stats srvr", SERVER),
    ("stats stat", SERVER + " connections secure_connections"),
    ("system_properties sysp", "user.dir user.name os.name file.separator line.separator"),
    ("voting_view", "current_config"),
    ("watch_summary wchs", "num_connections num_paths num_total_watches"),
    ("watches wchc", "session_id_to_watched_paths"),
    ("watches_by_path wchp", "path_to_session_ids"),
    ("zabstate", "myid is_leader quorum_address election_address client_address voting last_zxid zab_epoch zab_counter "
     "zabstate"),
    ("connection_stat_reset crst", ""),
    ("stat_reset srst", ""),
)


def ask(command, server):
    """The status, the type and the members of an answer."""
    try:
        url = f"http://{ADMIN[server]}/commands/{command}"
        with urllib.request.urlopen(url, timeout=wire.ANSWER_SECONDS_MAX) as answer:
            return answer.status, answer.headers.get_content_type(), json.load(answer)
    except urllib.error.HTTPError as refusal:
        return refusal.code, None, {}


def show(name, value):
    print(f"{name}: {value}", flush=True)


def kinds(value):
    """A value as the kinds of values in it."""
    if isinstance(value, dict):
        return {key: kinds(each) for key, each in sorted(value.items())}
    if isinstance(value, list):
        return [kinds(each) for each in value[:1]]
    return "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value).__name__


def commands(follower, leader):
    for names, wanted in COMMANDS:
        for name in names.split():
            for role, server in (("follower", follower), ("leader", leader)):
                status, content, answer = ask(name, server)
                show(f"{name} {role}", (status, content, answer.get("command"), answer.get("error")))
                show(f"{name} {role} has", [key for key in wanted.split() if key in answer])
    show("unknown", ask("bogus", follower))


def values(follower, leader):
    # A ping would count, and be the last operation.
    session = wire.Session(ADDRESSES[follower], nudge_seconds=wire.ANSWER_SECONDS_MAX)
    session.call(wire.CREATE, wire.create_body(ROOT))
    session.call(wire.CREATE, wire.create_body(ROOT + "/e", flags=1))
    session.call(wire.GET_DATA, wire.path_body(ROOT, True))
    mine = session.id
    connections = ask("connections", follower)[2]["connections"]
    own = next(each for each in connections if each.get("session_id") == mine)
    show("connection", {key: kinds(own[key]) for key in CONNECTION.split()})
    show("operation", (own["last_operation"], own["packets_received"], own["session_timeout"]))
    # A follower answers as soon as it has applied a write itself.
    wire.catch_up(ADDRESSES[leader])
    show("dump", ask("dump", leader)[2]["session_id_to_ephemeral_paths"].get(str(mine)))
    show("watches", ask("watches", follower)[2]["session_id_to_watched_paths"].get(str(mine)))
    show("watches by path", mine in ask("watches_by_path", follower)[2]["path_to_session_ids"].get(ROOT, []))
    voters = ask("voting_view", follower)[2]["current_config"]
    show("voters", {key: kinds(value) for key, value in sorted(voters.items())})
    show("leader", (ask("leader", follower)[2]["is_leader"], ask("leader", leader)[2]["is_leader"]))
    show("leader's id", ask("leader", follower)[2]["leader_id"] == leader + 1)
    state = ask("zabstate", leader)[2]
    show("zabstate", (state["is_leader"], state["voting"], state["zabstate"], state["myid"] == leader + 1))
    show("zabstate's address", state["quorum_address"]["all_addresses"] == [state["quorum_address"]["one"]])
    show("last snapshot", kinds({key: ask("last_snapshot", leader)[2][key] for key in ("zxid", "timestamp")}))
    session.call(wire.CLOSE)


states = [ask("monitor", server)[2].get("server_state") for server in range(3)]
show("states", sorted(states))
commands(states.index("follower"), states.index("leader"))
values(states.index("follower"), states.index("leader"))
