"""Ensembles of three servers on loopback: Zab's, or Apache ZooKeeper's."""
import os
import pathlib
import random
import shutil
import socket
import subprocess
import tempfile
import threading
import time

from . import wire

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
ZAB = os.environ.get("ZAB_CLI", REPOSITORY / "src/Zab.Cli/bin/Release/net10.0/Zab.Cli.dll")
JARS = "/usr/share/java"
START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 10

# What both kinds of server are told: short ticks, for sessions that end soon, and every feature switched on.
CONFIGURATION = """\
tickTime=500
initLimit=40
syncLimit=20
minSessionTimeout=1000
maxSessionTimeout=40000
maxClientCnxns=0
admin.serverAddress=127.0.0.1
4lw.commands.whitelist=*
extendedTypesEnabled=true
enforceQuota=true
"""
# What Debian's zookeeper.jar needs beside those that it names itself, to answer over HTTP.
HTTP_JARS = (
    "jetty9-server", "jetty9-servlet", "jetty9-security", "jetty9-util", "jetty9-util-ajax", "jetty9-io",
    "jetty9-http", "servlet-api", "jackson-core", "jackson-databind", "jackson-annotations")
JAAS = 'Server { org.apache.zookeeper.server.auth.DigestLoginModule required user_alice="secret"; };\n'


_given, _giving = set(), threading.Lock()


def free_ports(count):
    """Ports below those that the system gives to outgoing connections, none given twice: ensembles start at once."""
    chosen = []
    generator = random.SystemRandom()
    with _giving:
        while len(chosen) < count:
            port = generator.randrange(12000, 32000)
            with socket.socket() as probe:
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    continue
            if port not in _given:
                _given.add(port)
                chosen.append(port)
    return chosen


class Server:
    """One server: its directory, its port, its process."""

    def __init__(self, kind, directory, number, client_port, admin_port, members, container_check_ms):
        self.kind = kind
        self.directory = directory
        self.address = f"127.0.0.1:{client_port}"
        self.admin_address = f"127.0.0.1:{admin_port}"
        self.process = None
        self._container_check_ms = container_check_ms
        data = directory / "data"
        data.mkdir(parents=True)
        (data / "myid").write_text(f"{number}\n")
        text = CONFIGURATION + f"dataDir={data}\nclientPort={client_port}\nclientPortAddress=127.0.0.1\n" + members
        text += f"admin.serverPort={admin_port}\n"
        if kind == "zab":
            text += f"znode.container.checkIntervalMs={container_check_ms}\n"
            text += f"java.security.auth.login.config={directory / 'jaas.conf'}\n"
        (directory / "zoo.cfg").write_text(text)
        (directory / "jaas.conf").write_text(JAAS)

    def command(self):
        configuration = str(self.directory / "zoo.cfg")
        if self.kind == "zab":
            return ["dotnet", str(ZAB), "server", configuration]
        return [
            "java", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            f"-Dznode.container.checkIntervalMs={self._container_check_ms}",
            "-Dzookeeper.authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider",
            f"-Djava.security.auth.login.config={self.directory / 'jaas.conf'}",
            # Without threads of its own the commit processor loses no wake-up of a waiting request.
            "-Dzookeeper.commitProcessor.numWorkerThreads=0", "-Dzookeeper.jmx.log4j.disable=true",
            "-cp", ":".join(f"{JARS}/{name}.jar" for name in ("zookeeper", "slf4j-simple", *HTTP_JARS)),
            "org.apache.zookeeper.server.quorum.QuorumPeerMain", configuration,
        ]

    def start(self):
        with open(self.directory / "log", "ab") as log:
            self.process = subprocess.Popen(
                self.command(), cwd=self.directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, "DOTNET_NOLOGO": "1"})

    def wait(self):
        """Until it opens sessions."""
        deadline = time.monotonic() + START_SECONDS_MAX
        while True:
            try:
                session = wire.Session(self.address)
                session.call(wire.CLOSE)
                session.drop()
                return
            except (OSError, wire.Closed) as refusal:
                self._check(deadline, refusal)
            time.sleep(0.1)

    def _check(self, deadline, refusal):
        if self.process.poll() is None and time.monotonic() < deadline:
            return
        ended = self.process.poll()
        what = f"ended with {ended}" if ended is not None else f"does not serve: {refusal}"
        tail = (self.directory / "log").read_text(errors="replace")[-2000:]
        raise RuntimeError(f"{self.kind} server {self.address} {what}\n{tail}")

    def begin_stop(self):
        if self.process is not None:
            self.process.terminate()

    def stop(self):
        """Ends the process, within STOP_SECONDS_MAX."""
        if self.process is None:
            return
        self.begin_stop()
        try:
            self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


class Ensemble:
    """Three servers of a kind. A context manager: stops what it started, and removes the directory."""

    def __init__(self, kind, container_check_ms):
        self.kind = kind
        self._directory = pathlib.Path(tempfile.mkdtemp(prefix=f"interop-{kind}-"))
        ports = free_ports(12)
        members = "".join(
            f"server.{i + 1}=127.0.0.1:{ports[4 * i]}:{ports[4 * i + 1]}\n" for i in range(3))
        self.servers = [
            Server(kind, self._directory / str(i + 1), i + 1, ports[4 * i + 2], ports[4 * i + 3], members,
                   container_check_ms)
            for i in range(3)]

    @property
    def connect_string(self):
        return ",".join(server.address for server in self.servers)

    def __enter__(self):
        try:
            for server in self.servers:
                server.start()
            for server in self.servers:
                server.wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for server in self.servers:
            server.begin_stop()
        for server in self.servers:
            server.stop()
        shutil.rmtree(self._directory, ignore_errors=True)
