"""kazoo's recipes: locks, election, queues, barriers, party, counter, and lasting watches."""
import queue
import threading

from kazoo.recipe.watchers import PatientChildrenWatch

from _seen import SECONDS_MAX, client, current, end, show

ROOT = "/kazoo-recipes"


def locks(one, two):
    first, second = one.Lock(ROOT + "/lock", "first"), two.Lock(ROOT + "/lock", "second")
    show("lock", first.acquire(timeout=SECONDS_MAX))
    show("contenders", first.contenders())
    show("not twice", second.acquire(blocking=False))
    got = queue.Queue()
    current(one)  # The node of the first attempt is gone, and is not taken for that of the next.
    thread = threading.Thread(target=lambda: got.put(second.acquire(timeout=SECONDS_MAX)))
    thread.start()
    while len(first.contenders()) < 2:
        pass
    show("queued", first.contenders())
    first.release()
    show("handed on", got.get(timeout=SECONDS_MAX))
    thread.join()
    second.release()
    leases = [zk.Semaphore(ROOT + "/semaphore", identifier=name, max_leases=2)
              for zk, name in ((one, "s1"), (two, "s2"), (one, "s3"))]
    show("semaphore", [lease.acquire(blocking=False) for lease in leases])
    show("lease holders", sorted(leases[0].lease_holders()))
    for lease in leases[:2]:
        lease.release()
    readers = [one.ReadLock(ROOT + "/shared", "r1"), two.ReadLock(ROOT + "/shared", "r2")]
    show("read locks", [reader.acquire(timeout=SECONDS_MAX) for reader in readers])
    show("write lock beside", two.WriteLock(ROOT + "/shared", "w").acquire(blocking=False))
    for reader in readers:
        reader.release()


def lock_of_the_dead(one):
    """A lock passes on when the session of its holder ends."""
    dying = client()
    held = dying.Lock(ROOT + "/dying", "dying")
    held.acquire(timeout=SECONDS_MAX)
    mine = one.Lock(ROOT + "/dying", "heir")
    got = queue.Queue()
    thread = threading.Thread(target=lambda: got.put(mine.acquire(timeout=SECONDS_MAX)))
    thread.start()
    while len(mine.contenders()) < 2:
        pass
    end(dying)
    show("inherited", got.get(timeout=SECONDS_MAX))
    thread.join()
    mine.release()


def election(one, two):
    led, go_on = queue.Queue(), [threading.Event(), threading.Event()]

    def lead(number):
        led.put(number)
        go_on[number].wait(SECONDS_MAX)

    elections = [zk.Election(ROOT + "/election", f"candidate{i}") for i, zk in enumerate((one, two))]
    threads = []
    for number in range(2):
        thread = threading.Thread(target=elections[number].run, args=(lead, number))
        thread.start()
        threads.append(thread)
        while len(elections[number].contenders()) <= number:
            pass
    show("leader", led.get(timeout=SECONDS_MAX))
    current(one)
    show("candidates", elections[0].contenders())
    go_on[0].set()
    show("next leader", led.get(timeout=SECONDS_MAX))
    go_on[1].set()
    for thread in threads:
        thread.join()


def queues(one, two):
    line = one.Queue(ROOT + "/queue")
    for item in (b"a", b"b", b"c"):
        line.put(item)
    line.put(b"urgent", priority=1)
    current(two)
    show("queue", (len(two.Queue(ROOT + "/queue")), [two.Queue(ROOT + "/queue").get() for _ in range(2)]))
    current(one)
    show("the rest", [one.Queue(ROOT + "/queue").get() for _ in range(3)])
    locking = one.LockingQueue(ROOT + "/locking")
    locking.put_all([b"x", b"y"])
    show("locked", (locking.get(SECONDS_MAX), locking.holds_lock(), locking.consume()))
    show("put back", (locking.get(SECONDS_MAX), locking.release(), len(locking)))


def barriers(one, two):
    barrier = one.Barrier(ROOT + "/barrier")
    show("no barrier", barrier.wait(0))
    barrier.create()
    current(two)
    show("barrier", two.Barrier(ROOT + "/barrier").wait(0.1))
    got = queue.Queue()
    thread = threading.Thread(target=lambda: got.put(two.Barrier(ROOT + "/barrier").wait(SECONDS_MAX)))
    thread.start()
    show("removed", barrier.remove())
    show("let through", got.get(timeout=SECONDS_MAX))
    thread.join()
    passed, both_in = queue.Queue(), threading.Barrier(2)

    def pass_through(zk, name):
        double = zk.DoubleBarrier(ROOT + "/double", 2, name)
        double.enter()
        passed.put("entered")
        # In kazoo, who enters slowly waits for ever when the other has meanwhile left.
        both_in.wait(SECONDS_MAX)
        double.leave()
        passed.put("left")

    threads = [threading.Thread(target=pass_through, args=pair) for pair in ((one, "one"), (two, "two"))]
    for thread in threads:
        thread.start()
    show("double barrier", sorted(passed.get(timeout=SECONDS_MAX) for _ in range(4)))
    for thread in threads:
        thread.join()


def counting(one, two):
    party = [zk.Party(ROOT + "/party", name) for zk, name in ((one, "ann"), (two, "ben"))]
    for member in party:
        member.join()
    current(one)
    show("party", (len(party[0]), sorted(party[0])))
    party[1].leave()
    current(one)
    show("after one left", sorted(party[0]))
    counters = [zk.Counter(ROOT + "/counter") for zk in (one, two)]
    threads = [threading.Thread(target=lambda c=c: [c.__add__(1) for _ in range(20)]) for c in counters]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    current(one)
    show("counter", counters[0].value)
    show("of floats", (one.Counter(ROOT + "/floats", default=1.5) + 2.25).value)


def lasting_watches(one, two):
    two.ensure_path(ROOT + "/watched")
    current(one)
    data, children = queue.Queue(), queue.Queue()

    @one.DataWatch(ROOT + "/watched")
    def on_data(value, stat, event):
        data.put((value, stat and stat.version, event and event.type))

    @one.ChildrenWatch(ROOT + "/watched", send_event=True)
    def on_children(names, event):
        children.put((sorted(names), event and event.type))

    show("data at first", data.get(timeout=SECONDS_MAX))
    show("children at first", children.get(timeout=SECONDS_MAX))
    for value in (b"1", b"2", b"3"):
        two.set(ROOT + "/watched", value)
        show("data", data.get(timeout=SECONDS_MAX))
    for name in ("a", "b"):
        two.create(f"{ROOT}/watched/{name}", b"")
        show("children", children.get(timeout=SECONDS_MAX))
    two.delete(ROOT + "/watched", recursive=True)
    came = [data.get(timeout=SECONDS_MAX)]
    show("deleted", came[-1])
    two.create(ROOT + "/watched", b"new")
    show("made again", data.get(timeout=SECONDS_MAX))
    two.create(ROOT + "/patient", b"")
    current(one)
    children, _ = PatientChildrenWatch(one, ROOT + "/patient", 0.2).start().get(timeout=SECONDS_MAX)
    show("patient", children)


one, two = client(), client()
one.create(ROOT, b"")
current(two)
locks(one, two)
lock_of_the_dead(one)
election(one, two)
queues(one, two)
barriers(one, two)
counting(one, two)
lasting_watches(one, two)
end(one, two)
