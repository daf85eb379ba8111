"""What each operation answers to each kind of bad request."""
from kazoo.protocol.serialization import Create, Exists, GetChildren
from kazoo.security import ACL, Id, make_digest_acl

from _seen import attempt, client, current, end

ROOT = "/kazoo-errors"
zk, owner = client(), client()
owner.add_auth("digest", "owner:secret")
owner.create(ROOT, b"")
closed = [make_digest_acl("owner", "secret", all=True)]
owner.create(ROOT + "/closed", b"", acl=closed)
owner.create(ROOT + "/closed/in", b"", acl=closed)
owner.create(ROOT + "/full", b"")
owner.create(ROOT + "/full/in", b"")
owner.create(ROOT + "/brief", b"", ephemeral=True)
current(zk)

PATHS = ("nothing", "none/in", "closed", "closed/in", "closed/new", "full", "full/in", "brief", "brief/in")
for path in (f"{ROOT}/{name}" for name in PATHS):
    attempt(f"get {path}", zk.get, path)
    attempt(f"exists {path}", lambda: zk.exists(path) is not None)
    attempt(f"children {path}", zk.get_children, path)
    attempt(f"acls {path}", lambda: len(zk.get_acls(path)[0]))
    attempt(f"set {path} 5", zk.set, path, b"", version=5)
    attempt(f"set acls {path} 5", zk.set_acls, path, closed, version=5)
    attempt(f"set acls {path} bad", zk.set_acls, path, [ACL(31, Id("none", ""))])
    attempt(f"delete {path} 5", zk.delete, path, version=5)
    attempt(f"create {path}", zk.create, path, b"")

for path in ("/a//b", "/a/./b", "/a/../b", "/a/", "//", "/\x01", "/\x7f", "/\x9f", "/\ue000", "/\uf8ff", "/\ufff0",
             "/\uffff", "/\x00", "/a\x00b", "/\u2028", "/ ", "/...", "/.a", "/a."):
    # Around kazoo's own rules: the path goes to the server as it is.
    for name, request in (
            ("create", Create(path, b"", [ACL(31, Id("world", "anyone"))], 0)),
            ("exists", Exists(path, None)),
            ("children", GetChildren(path, None))):
        result = zk.handler.async_result()
        zk._call(request, result)
        attempt(f"{name} {path!r}", lambda: type(result.get(30)).__name__)
end(zk, owner)
