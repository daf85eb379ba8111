"""ZooKeeper's own zkServer.sh status, with a file that says the port and with one that says it in the server's line."""
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile

SCRIPT = "/usr/share/zookeeper/bin/zkServer.sh"
ADDRESSES = sys.argv[1].split(",")


def status(text, folder):
    """What it prints and its exit code, without the port."""
    (folder / "zoo.cfg").write_text(f"dataDir={folder}\n{text}")
    done = subprocess.run(["bash", SCRIPT, "status", str(folder / "zoo.cfg")], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, timeout=60,
                          env={**os.environ, "JMXDISABLE": "true", "ZOO_LOG_DIR": str(folder)})
    return re.sub(r"found: \d+", "found: <port>", done.stdout).splitlines(), done.returncode


def of(number, folder):
    """Both ways to name the port of a server."""
    host, port = ADDRESSES[number - 1].rsplit(":", 1)
    (folder / "myid").write_text(f"{number}\n")
    return (status(f"clientPort={port}\nclientPortAddress={host}\n", folder),
            status(f"server.{number}={host}:1:2;{host}:{port}\n", folder))


def tell(command):
    """Has a server stopped or started."""
    host, port = os.environ["INTEROP_CONTROL"].rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(command.encode() + b"\n")
        return connection.makefile().readline().strip()


with tempfile.TemporaryDirectory() as made:
    place = pathlib.Path(made)
    for line in sorted(repr(of(number, place)) for number in (1, 2, 3)):
        print(line)
    print("stop:", tell("stop 3"))
    print(of(3, place))
    print("start:", tell("start 3"))
