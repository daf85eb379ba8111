"""ZooKeeper's own shell, zkCli.sh: commands from a file into one process, and each on its own for a few."""
import pathlib
import re
import subprocess
import sys

SCRIPT = "/usr/share/zookeeper/bin/zkCli.sh"
# A leader of Apache ZooKeeper looks at the quotas that it has applied, and a follower may be ahead of it: another write
# stands between a change of a quota and what it is to refuse or permit.
COMMANDS = pathlib.Path(__file__).with_name("commands.txt")


NOISE = re.compile(r"\d{4}-\d\d-\d\d|SLF4J|log4j|WARNING|Connecting to|Welcome to|JLine|Exiting JVM|ZooKeeper CLI version")
EVENT = re.compile(r"WATCHER::|WatchedEvent ")
LAST_EVENT = "state:Closed"
DISCONNECTED = "WatchedEvent state:Disconnected type:None path:null"


def lines(text):
    """Without prompts, and without the greeting and the log of the client."""
    for line in text.splitlines():
        line = re.sub(r"^(\[zk: [^\]]*\] ?)+", "", line).rstrip()
        line = re.sub(r"127\.0\.0\.1:\d+:\d+", "<ports>", line)
        line = re.sub(r"^version=[0-9a-f]+$", "version=<zxid>", line)
        if line and not NOISE.match(line):
            yield line


def run(arguments, typed=""):
    """Its exit code and what it printed, with its events, which come at any time, at the end. It waits for its first
    event by itself; it is asked to end when it has printed the last one."""
    with subprocess.Popen([SCRIPT, "-waitforconnection", "-server", sys.argv[1], *arguments], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as shell:
        if typed:
            shell.stdin.write(typed + "close\n")
            shell.stdin.flush()
        text = ""
        for line in shell.stdout:
            text += line
            if typed and LAST_EVENT in line:
                shell.stdin.write("quit\n")
                shell.stdin.flush()
    printed = list(lines(text))
    events = [line for line in printed if EVENT.match(line)]
    return shell.returncode, [line for line in printed if not EVENT.match(line)], events


def identities_sorted(printed):
    """whoami lists its identities in no order."""
    at = printed.index("Auth scheme: User") + 1
    return printed[:at] + sorted(printed[at:at + 2]) + printed[at + 2:]


def one_end(events):
    """Between the answer to its close and the end of the connection, the client notes that it is closed: when it is
    slow, it tells of that end as well."""
    return events[:-4] + events[-2:] if DISCONNECTED in events[-3:-2] else events


code, printed, events = run([], COMMANDS.read_text())
print("\n".join(identities_sorted(printed)))
print("events:")
print("\n".join(one_end(events)))
print("exit code:", code)
for words in (["get", "/zkcli"], ["get", "/none"], ["create", "/zkcli/once", "x"]):
    print(" ".join(words), "->", run(words))
