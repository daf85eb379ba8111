"""Transactions: all or nothing, and the result of each operation."""
from _seen import attempt, client, end, numbers, plain, show

ROOT = "/kazoo-transaction"


def commit(zk, name, *steps):
    transaction = zk.transaction()
    for step in steps:
        step(transaction)
    show(name, plain(transaction.commit()))


zk = client()
zk.create(ROOT, b"")
commit(zk, "nothing")
commit(zk, "four creates",
       lambda t: t.create(ROOT + "/a", b"1"),
       lambda t: t.create(ROOT + "/a/b", b"2"),
       lambda t: t.create(ROOT + "/s-", b"", sequence=True),
       lambda t: t.create(ROOT + "/e", b"", ephemeral=True))
commit(zk, "check and write",
       lambda t: t.check(ROOT + "/a", 0),
       lambda t: t.set_data(ROOT + "/a", b"x", 0),
       lambda t: t.set_data(ROOT + "/a", b"y", 1),
       lambda t: t.check(ROOT + "/a", 2),
       lambda t: t.delete(ROOT + "/a/b", 0))
show("as a whole", (plain(zk.get(ROOT + "/a")), numbers(zk.exists(ROOT))))
show("one zxid", zk.exists(ROOT + "/a").pzxid == zk.exists(ROOT + "/a").mzxid)
for name, failing in (
        ("no node", lambda t: t.delete(ROOT + "/nothing")),
        ("node exists", lambda t: t.create(ROOT + "/a", b"")),
        ("bad version", lambda t: t.set_data(ROOT + "/a", b"", 77)),
        ("failed check", lambda t: t.check(ROOT + "/a", 5)),
        ("check of nothing", lambda t: t.check(ROOT + "/nothing", -1)),
        ("not empty", lambda t: t.delete(ROOT)),
        ("child of an ephemeral", lambda t: t.create(ROOT + "/e/child", b"")),
        ("no parent", lambda t: t.create(ROOT + "/no/parent", b"")),
        ("reserved", lambda t: t.delete("/zookeeper"))):
    commit(zk, f"{name} in the middle",
           lambda t: t.create(ROOT + "/new", b""),
           lambda t: t.create(ROOT + "/q-", b"", sequence=True),
           failing,
           lambda t: t.set_data(ROOT + "/a", b"never"),
           lambda t: t.delete(ROOT + "/a"))
commit(zk, "first of all", lambda t: t.delete(ROOT + "/nothing"), lambda t: t.delete(ROOT + "/a"))
commit(zk, "last of all", lambda t: t.delete(ROOT + "/a"), lambda t: t.delete(ROOT + "/nothing"))
show("nothing has happened", (sorted(zk.get_children(ROOT)), plain(zk.get(ROOT + "/a"))))
show("no number is lost", zk.create(ROOT + "/q-", b"", sequence=True))
commit(zk, "made and deleted", lambda t: t.create(ROOT + "/brief", b""), lambda t: t.delete(ROOT + "/brief", 0))
commit(zk, "deleted and made", lambda t: t.delete(ROOT + "/a"), lambda t: t.create(ROOT + "/a", b"again"))
show("a new node", plain(zk.get(ROOT + "/a")))
commit(zk, "a hundred", *[lambda t, i=i: t.create(f"{ROOT}/h{i:03}", b"") for i in range(100)])
show("parent", numbers(zk.exists(ROOT)))
with zk.transaction() as block:
    block.delete(ROOT + "/h000")
show("as a block", zk.exists(ROOT + "/h000"))
end(zk)
