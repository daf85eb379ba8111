"""Nodes and their data: create, read, write, delete, and what becomes of their stats."""
from _seen import attempt, client, end, numbers, show

ROOT = "/kazoo-data"


def basics(zk):
    attempt("create root", zk.create, ROOT, b"root")
    attempt("create again", zk.create, ROOT, b"again")
    attempt("create below nothing", zk.create, ROOT + "/no/where", b"")
    attempt("create with parents", zk.create, ROOT + "/deep/er/still", b"x", makepath=True)
    attempt("create with stat", zk.create, ROOT + "/stat", b"12345", include_data=True)
    attempt("get", zk.get, ROOT)
    attempt("get nothing", zk.get, ROOT + "/nothing")
    attempt("exists", zk.exists, ROOT)
    attempt("exists nothing", zk.exists, ROOT + "/nothing")
    attempt("set", zk.set, ROOT, b"second")
    attempt("set to the same", zk.set, ROOT, b"second")
    attempt("set version 2", zk.set, ROOT, b"third", version=2)
    attempt("set version 2 again", zk.set, ROOT, b"fourth", version=2)
    attempt("set nothing", zk.set, ROOT + "/nothing", b"")
    attempt("empty data", zk.create, ROOT + "/empty", b"")
    attempt("get empty data", zk.get, ROOT + "/empty")
    attempt("null data", zk.set, ROOT + "/empty", None)
    attempt("get null data", zk.get, ROOT + "/empty")
    attempt("all bytes", zk.set, ROOT + "/empty", bytes(range(256)))
    attempt("get all bytes", zk.get, ROOT + "/empty")
    attempt("half a megabyte", zk.set, ROOT + "/empty", b"z" * 524288)
    show("its length", len(zk.get(ROOT + "/empty")[0]))


def arithmetic(zk):
    """Two counters of children: creations for the sequence, changes for the visible cversion."""
    parent = ROOT + "/arithmetic"
    zk.create(parent, b"")
    show("no child", numbers(zk.exists(parent)))
    zk.create(parent + "/a", b"")
    zk.create(parent + "/b", b"")
    show("two children", numbers(zk.exists(parent)))
    zk.set(parent + "/a", b"new")
    show("a child written", numbers(zk.exists(parent)))
    zk.delete(parent + "/a")
    show("one deleted", numbers(zk.exists(parent)))
    show("sequence after two creates", zk.create(parent + "/s-", b"", sequence=True))
    zk.set(parent, b"data")
    show("written", numbers(zk.exists(parent)))
    zk.set_acls(parent, zk.get_acls(parent)[0])
    show("acl written", numbers(zk.exists(parent)))
    attempt("children with stat", lambda: (sorted(zk.get_children(parent)), zk.get_children(parent, include_data=True)[1]))


def deletion(zk):
    attempt("delete a parent", zk.delete, ROOT + "/deep")
    attempt("delete nothing", zk.delete, ROOT + "/nothing")
    attempt("delete below nothing", zk.delete, ROOT + "/nothing/at/all")
    attempt("delete a wrong version", zk.delete, ROOT + "/stat", version=3)
    attempt("delete version 0", zk.delete, ROOT + "/stat", version=0)
    attempt("delete recursively", zk.delete, ROOT + "/deep", recursive=True)
    attempt("children", lambda: sorted(zk.get_children(ROOT)))
    attempt("children of nothing", zk.get_children, ROOT + "/nothing")
    attempt("children of a leaf", zk.get_children, ROOT + "/empty")


def reserved(zk):
    for path in ("/", "/zookeeper", "/zookeeper/quota", "/zookeeper/config"):
        attempt(f"delete {path}", zk.delete, path)
        attempt(f"create {path}", zk.create, path, b"")
    attempt("children of /zookeeper", lambda: sorted(zk.get_children("/zookeeper")))
    attempt("names with every alphabet", zk.create, ROOT + "/ä ß 漢字 привет", b"")
    attempt("read it", lambda: [name for name in sorted(zk.get_children(ROOT)) if not name.isascii()])


def ensure(zk):
    attempt("ensure path", zk.ensure_path, ROOT + "/e/n/s")
    attempt("ensure path again", zk.ensure_path, ROOT + "/e/n/s")
    attempt("retry", zk.retry, zk.get, ROOT)
    attempt("sync", zk.sync, ROOT)
    results = [zk.create_async(f"{ROOT}/async{i}", b"%d" % i) for i in range(20)]
    reads = [zk.get_async(f"{ROOT}/async{i}") for i in range(20)]
    show("pipelined creates", [result.get(30) for result in results])
    show("pipelined reads", [read.get(30)[0] for read in reads])


zk = client()
basics(zk)
arithmetic(zk)
deletion(zk)
reserved(zk)
ensure(zk)
end(zk)
