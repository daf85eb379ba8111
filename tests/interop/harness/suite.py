"""The clients that are run, and how each is built."""
import os
import pathlib
import shutil
import subprocess
import sys

from . import servers

HERE = pathlib.Path(__file__).resolve().parents[1]
CLIENTS = HERE / "clients"
BUILT = servers.REPOSITORY / "artifacts" / "interop"
CLASS_PATH = ":".join(
    [str(BUILT / "java")]
    + [f"{servers.JARS}/{name}.jar" for name in (
        "zookeeper", "zookeeper-recipes-lock", "zookeeper-recipes-election", "zookeeper-recipes-queue",
        "slf4j-nop")])
JAVA = ["java", "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-cp", CLASS_PATH]
SKIPPED = 77
CLIENT_SECONDS_MAX = 180


class Client:
    """One script: its name, its command, what builds it. The command gets the connect string and the arguments."""

    def __init__(self, name, command, build=None, last=False, arguments=(), seconds_max=CLIENT_SECONDS_MAX):
        self.name, self.command, self.build, self.last = name, command, build, last
        self.arguments, self.seconds_max = list(arguments), seconds_max


def _python():
    """An interpreter that has kazoo: Debian's, or this one."""
    for candidate in ("/usr/bin/python3", sys.executable):
        if subprocess.run([candidate, "-c", "import kazoo"], capture_output=True).returncode == 0:
            return candidate
    return sys.executable


def _newer(sources, product):
    return not product.exists() or any(source.stat().st_mtime > product.stat().st_mtime for source in sources)


def _run(command, **more):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, **more)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed\n{done.stdout}{done.stderr}")


def build_java():
    sources = sorted((CLIENTS / "java").glob("*.java"))
    stamp = BUILT / "java" / "stamp"
    if _newer(sources, stamp):
        (BUILT / "java").mkdir(parents=True, exist_ok=True)
        _run(["javac", "-nowarn", "-d", str(BUILT / "java"), "-cp", CLASS_PATH, *map(str, sources)])
        stamp.touch()


def build_c():
    source, product = CLIENTS / "c" / "client.c", BUILT / "c" / "client"
    if _newer([source], product):
        product.parent.mkdir(parents=True, exist_ok=True)
        _run(["gcc", "-O1", "-Wall", "-Werror", "-DTHREADED", "-o", str(product), str(source), "-lzookeeper_mt"])


def build_node():
    """What package-lock.json names, into a folder that git ignores."""
    folder = BUILT / "node"
    folder.mkdir(parents=True, exist_ok=True)
    sources = [CLIENTS / "node" / name for name in ("package.json", "package-lock.json")]
    stamp = folder / "stamp"
    if _newer(sources, stamp):
        for source in sources:
            shutil.copy(source, folder)
        _run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder)
        stamp.touch()


def clients():
    """All of them, in the order in which they run; those that stop servers come last."""
    python = _python()
    kazoo = [
        Client(f"kazoo-{path.stem}", [python, str(path)])
        for path in sorted((CLIENTS / "kazoo").glob("*.py")) if not path.stem.startswith("_")]
    wire = [
        Client(f"wire-{path.stem}", [python, str(path)])
        for path in sorted((CLIENTS / "wire").glob("*.py")) if not path.stem.startswith("_")]
    java = [
        Client(f"java-{path.stem.lower()}", [*JAVA, path.stem], build_java, path.stem == "Failover")
        for path in sorted((CLIENTS / "java").glob("*.java")) if path.stem[0] != "_" and _has_main(path)]
    others = [
        Client("zkcli", [python, str(CLIENTS / "zkcli" / "zkcli.py")]),
        Client("zkserver", [python, str(CLIENTS / "zkserver" / "zkserver.py")], last=True),
        Client("c-cli", [python, str(CLIENTS / "c" / "cli.py")]),
        Client("c-client", [str(BUILT / "c" / "client")], build_c),
        Client("node", ["node", str(CLIENTS / "node" / "client.js")], build_node),
    ]
    return sorted(kazoo + wire + java + others, key=lambda client: client.last)


def differential(seed, operations):
    """Random operations: compared operation by operation, on an ensemble of its own."""
    trace = str(HERE / "differential" / "trace.py")
    return Client("differential", [sys.executable, trace], arguments=[str(seed), str(operations)],
                  seconds_max=CLIENT_SECONDS_MAX + operations // 100)


def _has_main(path):
    return "public static void main(" in path.read_text()


def environment(control, ensemble):
    """What a client finds in its environment beside what is there."""
    return {
        **os.environ,
        "INTEROP_ADMIN": ",".join(server.admin_address for server in ensemble.servers),
        "INTEROP_CONTROL": control.address,
        "NODE_PATH": str(BUILT / "node" / "node_modules"),
        "PYTHONPATH": str(HERE),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
