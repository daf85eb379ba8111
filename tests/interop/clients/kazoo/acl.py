"""ACLs: schemes, permissions, what is hidden, and when credentials arrive."""
from kazoo.security import (ACL, CREATOR_ALL_ACL, OPEN_ACL_UNSAFE, READ_ACL_UNSAFE, Id, make_acl,
                            make_digest_acl)

from _seen import attempt, client, current, end, show

ROOT = "/kazoo-acl"


def permissions(owner, guest):
    """Each permission on its own, and every operation of a guest."""
    for name in ("read", "write", "create", "delete", "admin"):
        path = f"{ROOT}/only-{name}"
        acl = [make_acl("world", "anyone", **{name: True}), make_digest_acl("owner", "secret", all=True)]
        owner.create(path, b"data", acl=acl)
        owner.create(path + "/child", b"")
        current(guest)
        attempt(f"{name}: get", guest.get, path)
        attempt(f"{name}: children", guest.get_children, path)
        attempt(f"{name}: set", guest.set, path, b"new")
        attempt(f"{name}: create", guest.create, path + "/other", b"")
        attempt(f"{name}: delete", guest.delete, path + "/child")
        attempt(f"{name}: get acls", acls_of, guest, path)
        attempt(f"{name}: set acls", guest.set_acls, path, acl)


def acls_of(zk, path):
    acls, stat = zk.get_acls(path)
    return sorted((acl.perms, acl.id.scheme, acl.id.id) for acl in acls), stat.aversion


def schemes(zk):
    """What is refused, and what becomes of what is not."""
    lists = {
        "open": OPEN_ACL_UNSAFE,
        "read only": READ_ACL_UNSAFE,
        "creator": CREATOR_ALL_ACL,
        "empty": [],
        "world nobody": [ACL(31, Id("world", "nobody"))],
        "unknown scheme": [ACL(31, Id("unknown", "x"))],
        "digest without colon": [ACL(31, Id("digest", "x"))],
        "digest of two colons": [ACL(31, Id("digest", "x:y:z"))],
        "ip": [ACL(31, Id("ip", "127.0.0.1"))],
        "ip of a network": [ACL(31, Id("ip", "127.0.0.0/8"))],
        "ip of elsewhere": [ACL(31, Id("ip", "10.0.0.1"))],
        "ip that is none": [ACL(31, Id("ip", "here"))],
        "twice the same": [ACL(31, Id("world", "anyone")), ACL(31, Id("world", "anyone"))],
        "no permission": [ACL(0, Id("world", "anyone"))],
        "auth with a name": [ACL(1, Id("auth", "ignored"))],
    }
    for number, (name, acl) in enumerate(lists.items()):
        path = f"{ROOT}/scheme{number}"
        attempt(f"{name}: create", zk.create, path, b"x", acl=acl)
        attempt(f"{name}: get", lambda: zk.get(path)[0])
        attempt(f"{name}: acls", acls_of, zk, path)


def versions(zk):
    path = ROOT + "/versions"
    zk.create(path, b"")
    attempt("set acls version 0", zk.set_acls, path, READ_ACL_UNSAFE + CREATOR_ALL_ACL, version=0)
    attempt("set acls version 0 again", zk.set_acls, path, OPEN_ACL_UNSAFE, version=0)
    attempt("acls", acls_of, zk, path)
    attempt("set acls of nothing", zk.set_acls, path + "/nothing", OPEN_ACL_UNSAFE)
    attempt("set acls to none", zk.set_acls, path, [])


def credentials(zk):
    zk.create(ROOT + "/secret", b"hidden", acl=[make_digest_acl("alice", "a", all=True)])
    late = client()
    attempt("without", late.get, ROOT + "/secret")
    attempt("creator without", late.create, ROOT + "/creator", b"", acl=CREATOR_ALL_ACL)
    attempt("wrong password", late.add_auth, "digest", "alice:b")
    attempt("with the wrong", late.get, ROOT + "/secret")
    attempt("right password", late.add_auth, "digest", "alice:a")
    attempt("with the right", lambda: late.get(ROOT + "/secret")[0])
    attempt("creator is both", late.create, ROOT + "/creator", b"", acl=CREATOR_ALL_ACL)
    attempt("acls of creator", acls_of, late, ROOT + "/creator")
    attempt("delete below an open parent", zk.delete, ROOT + "/secret")
    end(late)
    early = client(auth_data=[("digest", "owner:secret")])
    attempt("from the start", acls_of, early, ROOT + "/only-admin")
    end(early)
    broken = client()
    attempt("unknown scheme", broken.add_auth, "unknown", "x:y")
    broken.stop()
    broken.close()


owner = client()
owner.add_auth("digest", "owner:secret")
owner.create(ROOT, b"")
guest = client()
permissions(owner, guest)
schemes(owner)
versions(owner)
credentials(owner)
attempt("masked for a guest", acls_of, guest, ROOT + "/only-read")
attempt("not for the owner", acls_of, owner, ROOT + "/only-read")
end(owner, guest)
