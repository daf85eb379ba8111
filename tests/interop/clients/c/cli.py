"""The C client's shell, cli_mt: commands from its input, each after the answer to the one before."""
import queue
import re
import subprocess
import sys
import threading

CLI = "/usr/lib/zookeeper/bin/cli_mt"
ROOT = "/c-cli"
COMMANDS = f"""\
create {ROOT}
set {ROOT} first
get {ROOT}
set {ROOT} second
get {ROOT}
exists {ROOT}/none
create +s {ROOT}/s
create +e {ROOT}/e
create +se {ROOT}/se
ls {ROOT}
ls2 {ROOT}
wexists {ROOT}/later
create {ROOT}/later
sync {ROOT}
create {ROOT}/none/at/all
delete {ROOT}/later
delete {ROOT}
get {ROOT}/none
sync {ROOT}
myid
verbose
quit
"""


ANSWER_SECONDS_MAX = 30
NAMED, STAT, PLAIN = re.compile(r"name = |rc = -"), re.compile(r"ephemeralOwner|^Error |rc = -"), re.compile(r"rc = |^Error ")
LISTED = re.compile(r"^time = ")
# How often which line comes before an answer has ended; other commands are not answered.
LAST_LINE = {
    "create": (NAMED, 1), "sync": (NAMED, 1), "set": (STAT, 1), "get": (STAT, 1), "exists": (STAT, 1),
    "wexists": (STAT, 1), "ls": (LISTED, 2), "ls2": (STAT, 1), "delete": (PLAIN, 1),
}
EVENT = re.compile(r"Watcher (\w+) state = \w+( for path .*)?$")


def plain(line):
    """What is the same in every run, or None for a line of the log or a blank one."""
    if not line.strip() or re.match(r"\d{4}-\d\d-\d\d|[Gg]ot a new session|session Id|Watcher SESSION_EVENT", line):
        return None
    line = re.sub(r"time = .* msec", "time = * msec", line)
    line = re.sub(r"(ctime|mtime) ?= ?[^\t]*", r"\1=*", line)
    return re.sub(r"(czxid|mzxid|pzxid)=[0-9a-f]+", r"\1=*", line)


def read(stream, to):
    for line in stream:
        to.put(line.rstrip("\n"))
    to.put(None)


process = subprocess.Popen(["stdbuf", "-oL", CLI, sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           text=True, bufsize=1)
came, events = queue.Queue(), []
threading.Thread(target=read, args=(process.stdout, came), daemon=True).start()


def until(last, times):
    """The lines up to one that matches so many times, or to the end."""
    seen = []
    while times > 0:
        line = came.get(timeout=ANSWER_SECONDS_MAX)
        if line is None:
            break
        if EVENT.match(line):
            events.append(line)
        elif plain(line) is not None:
            seen.append(plain(line))
            times -= bool(last.search(line))
    return seen


for command in COMMANDS.splitlines():
    process.stdin.write(command + "\n")
    verb = command.split()[0]
    if verb in LAST_LINE:
        answer = until(*LAST_LINE[verb])
        # Children come in no order.
        print("\n".join([f"> {command}", *(sorted(answer) if verb.startswith("ls") else answer)]))
print("\n".join(until(re.compile("$."), 1)))
process.wait(ANSWER_SECONDS_MAX)
print("events:", sorted(line for line in events if "SESSION" not in line))
print("exit code:", process.returncode)
