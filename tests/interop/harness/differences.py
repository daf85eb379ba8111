"""Where Apache ZooKeeper 3.8, which is run, differs from 3.9, which is right.

ACCEPTED is for scripts. A differential trace has too many lines for a table: as_in_39_trace says the same as rules.
"""
import re

ACCEPTED = (
    # (script, line of 3.8, line of 3.9, reason)
    ("kazoo-errors", "exists /kazoo-errors/closed: True", "exists /kazoo-errors/closed: 'raises NoAuthError'",
     "exists checks READ since 3.9.2"),
    ("kazoo-errors", "exists /kazoo-errors/closed/in: True", "exists /kazoo-errors/closed/in: 'raises NoAuthError'",
     "exists checks READ since 3.9.2"),
    ("wire-watches", "exists closed: ('ok', [])", "exists closed: ('NoAuth', [])",
     "exists checks READ since 3.9.2"),
    ("wire-watches", "event zxid: [-1]", "event zxid: [\"its transaction's\"]",
     "events carry a zxid since 3.9.0"),
    *(("wire-watches", f"kinds: {old}", f"kinds: {new}", "one path has watches of several kinds since 3.9.0")
      for old, new in (
          ("set again: ('ok', [])", "set again: ('ok', ['changed /wire-watches/kinds'])"),
          ("check persistent: ('MarshallingError', [])", "check persistent: ('ok', [])"),
          ("check recursive: ('MarshallingError', [])", "check recursive: ('NoWatcher', [])"),
          ("remove persistent: ('MarshallingError', [])", "remove persistent: ('ok', [])"),
          ("remove recursive: ('MarshallingError', [])", "remove recursive: ('ok', [])"),
          ("set, nothing is left: ('ok', ['changed /wire-watches/kinds'])", "set, nothing is left: ('ok', [])"))),
)

_EVENT = re.compile(r"^\d+ s\d event .* z=(-?\d+)$")


def as_in_39(script, lines):
    """The output of 3.8 as 3.9 would print it. An entry that matches no line is an error: it has become stale."""
    for named, old, new, _ in ACCEPTED:
        if named != script:
            continue
        if old not in lines:
            raise RuntimeError(f"{script}: no line {old!r}, which the table of differences names")
        lines = [new if line == old else line for line in lines]
    return lines


def as_in_39_trace(blocks):
    """A trace of 3.8, as blocks of lines by operation, as 3.9 would have it."""
    numbers = sorted(blocks)
    return {
        number: _exists_needs_read(_events_have_zxids(number, blocks[number]), blocks.get(number + 1, []))
        for number in numbers}


def _events_have_zxids(number, block):
    """An event carries the zxid of its transaction since 3.9.0 (ZOOKEEPER-4655); before, and in the events that
    setWatches makes, it is -1."""
    if any(" setWatches" in line for line in block):
        return block
    return [re.sub(r" z=-1$", f" z={number}", line) if _EVENT.match(line) else line for line in block]


def _exists_needs_read(block, following):
    """exists checks READ since 3.9.2 (ZOOKEEPER-2590), as getData always has. Where it matters, the next operation
    is a getData of the same session on the same path."""
    if not any(re.match(r"\d+ s\d exists '/r", line) for line in block):
        return block
    refused = any(" -> NoAuth" in line for line in following)
    return [re.sub(r" -> ok (z=\d+) .*", r" -> NoAuth \1", line) if refused else line for line in block]
