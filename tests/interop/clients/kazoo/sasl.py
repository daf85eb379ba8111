"""A client that names itself by SASL's DIGEST-MD5."""
import queue
import sys

try:
    import puresasl  # noqa: F401
except ImportError:
    print("python3-pure-sasl is not installed")
    sys.exit(77)

from kazoo.client import KazooClient
from kazoo.security import ACL, Id

from _seen import SECONDS_MAX, attempt, client, current, end, hosts, show

ROOT = "/kazoo-sasl"
RIGHT = {"mechanism": "DIGEST-MD5", "username": "alice", "password": "secret"}

alice = client(sasl_options=RIGHT)
show("connected", alice.connected)
alice.create(ROOT, b"", acl=[ACL(31, Id("sasl", "alice"))])
attempt("hers", alice.get, ROOT)
guest = client()
current(guest)
attempt("not a guest's", guest.get, ROOT)
attempt("acl of an unknown name", guest.create, ROOT + "-bob", b"", acl=[ACL(31, Id("sasl", "bob"))])
wrong = KazooClient(hosts=hosts(), timeout=10.0, sasl_options={**RIGHT, "password": "wrong"})
states = queue.Queue()
wrong.add_listener(states.put)
wrong.start_async()
# kazoo calls itself connected before it gives its name.
show("wrong password", [states.get(timeout=SECONDS_MAX) for _ in range(2)])
wrong.stop()
wrong.close()
end(alice, guest)
