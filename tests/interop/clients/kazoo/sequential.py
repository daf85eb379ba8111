"""Sequential and ephemeral nodes, and nodes that go with their session."""
from _seen import SECONDS_MAX, attempt, client, current, end, numbers, show

ROOT = "/kazoo-sequential"


def sequences(zk):
    zk.create(ROOT, b"")
    show("names", [zk.create(ROOT + "/s-", b"", sequence=True) for _ in range(3)])
    show("no prefix", zk.create(ROOT + "/", b"", sequence=True))
    zk.create(ROOT + "/plain", b"")
    show("after a plain create", zk.create(ROOT + "/s-", b"", sequence=True))
    zk.delete(ROOT + "/s-0000000000")
    zk.delete(ROOT + "/plain")
    show("after deletes", zk.create(ROOT + "/s-", b"", sequence=True))
    attempt("a failed create", zk.create, ROOT + "/s-0000000001", b"")
    show("after a failed create", zk.create(ROOT + "/t-", b"", sequence=True))
    show("with data", zk.create(ROOT + "/d-", b"12", sequence=True, include_data=True)[0])


def ephemerals(zk):
    other = client()
    show("ephemeral", other.create(ROOT + "/e", b"", ephemeral=True))
    show("ephemeral and sequential", other.create(ROOT + "/e-", b"", ephemeral=True, sequence=True))
    current(zk)
    stat = zk.exists(ROOT + "/e")
    show("owner is the session", stat.ephemeralOwner == other.client_id[0])
    attempt("a child of it", zk.create, ROOT + "/e/child", b"")
    attempt("created again", zk.create, ROOT + "/e", b"")
    before = numbers(zk.exists(ROOT))
    end(other)
    current(zk)
    show("gone with the session", (zk.exists(ROOT + "/e"), zk.exists(ROOT + "/e-0000000008")))
    show("parent before", before)
    show("parent after", numbers(zk.exists(ROOT)))


def many(zk):
    """A session with a thousand ephemerals ends in one transaction."""
    other = client()
    other.create(ROOT + "/many", b"")
    creates = [other.create_async(f"{ROOT}/many/{i}", b"", ephemeral=True) for i in range(1000)]
    for create in creates:
        create.get(SECONDS_MAX)
    current(zk)
    show("ephemerals", zk.exists(ROOT + "/many").numChildren)
    end(other)
    current(zk)
    stat = zk.exists(ROOT + "/many")
    show("all gone", (stat.numChildren, stat.cversion))


zk = client()
sequences(zk)
ephemerals(zk)
many(zk)
end(zk)
