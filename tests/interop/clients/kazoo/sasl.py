"""A client that names itself by SASL's DIGEST-MD5."""
import sys

try:
    import puresasl  # noqa: F401
except ImportError:
    print("python3-pure-sasl is not installed")
    sys.exit(77)

from kazoo.client import KazooClient
from kazoo.exceptions import AuthFailedError
from kazoo.security import ACL, Id

from _seen import SECONDS_MAX, attempt, client, end, hosts, show

ROOT = "/kazoo-sasl"
RIGHT = {"mechanism": "DIGEST-MD5", "username": "alice", "password": "secret"}

alice = client(sasl_options=RIGHT)
show("connected", alice.connected)
alice.create(ROOT, b"", acl=[ACL(31, Id("sasl", "alice"))])
attempt("hers", alice.get, ROOT)
guest = client()
guest.sync(ROOT)
attempt("not a guest's", guest.get, ROOT)
attempt("acl of an unknown name", guest.create, ROOT + "-bob", b"", acl=[ACL(31, Id("sasl", "bob"))])
wrong = KazooClient(hosts=hosts(), timeout=10.0, sasl_options={**RIGHT, "password": "wrong"})
try:
    wrong.start(timeout=SECONDS_MAX)
    show("wrong password", "connected")
except Exception as error:
    show("wrong password", type(error).__name__)
wrong.stop()
wrong.close()
end(alice, guest)
