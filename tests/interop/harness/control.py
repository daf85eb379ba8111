"""A line protocol by which a client under test has servers stopped and started: "stop N" or "start N", N from 1."""
import socketserver
import threading


class _Handler(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            try:
                verb, number = line.decode().split()
                server = self.server.ensemble.servers[int(number) - 1]
                if verb == "stop":
                    server.stop()
                else:
                    server.start()
                    server.wait()
                answer = "ok"
            except (ValueError, IndexError, RuntimeError) as failure:
                answer = f"failed: {failure}".replace("\n", " ")
            self.wfile.write(answer.encode() + b"\n")


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True


class Control:
    """A context manager: listens while it is open, on an address of its own."""

    def __init__(self, ensemble):
        self._listener = _Listener(("127.0.0.1", 0), _Handler)
        self._listener.ensemble = ensemble
        self.address = "127.0.0.1:%d" % self._listener.server_address[1]

    def __enter__(self):
        threading.Thread(target=self._listener.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.shutdown()
        self._listener.server_close()
