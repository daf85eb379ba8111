"""Makes outputs comparable: what differs between any two runs is replaced, what differs by rule is listed."""
import difflib
import re

from . import differences

SHOWN_MAX = 12

_REPLACED = (
    (re.compile(r"\b0x[0-9a-f]{8,16}\b"), "0x*"),
    (re.compile(r"\b([cm]time) = .*"), r"\1 = *"),
    (re.compile(r"\b([cmp]Zxid) = .*", re.IGNORECASE), r"\1 = *"),
    (re.compile(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \w{3} +\d+ \d\d:\d\d:\d\d \w+ \d{4}\b"), "<date>"),
)


def normalised(output, ensemble):
    """The lines of an output, without zxids, times, session ids and ports."""
    for number, server in enumerate(ensemble.servers, 1):
        output = output.replace(server.address, f"<server {number}>")
    for pattern, replacement in _REPLACED:
        output = pattern.sub(replacement, output)
    return [line.rstrip() for line in output.splitlines()]


def difference(name, kind, got, expected):
    """A diff of the lines, or None when they are equal. What Apache ZooKeeper 3.8 printed stands for 3.9."""
    if kind == "zab":
        expected = differences.as_in_39(name, expected)
    if got == expected:
        return None
    return "\n".join(difflib.unified_diff(expected, got, "expected", kind, lineterm="", n=2))


def trace_difference(kind, got, expected):
    """The first operations of a differential trace whose answers or events differ, or None."""
    got, expected = _by_operation(got), _by_operation(expected)
    if kind == "zab":
        expected = differences.as_in_39_trace(expected)
    differing = [number for number in sorted(got.keys() | expected.keys())
                 if got.get(number) != expected.get(number)]
    if not differing:
        return None
    shown = [f"{len(differing)} operations differ"]
    for number in differing[:SHOWN_MAX]:
        shown += difflib.unified_diff(
            expected.get(number, []), got.get(number, []), "expected", kind, lineterm="", n=10)
    return "\n".join(shown)


def _by_operation(lines):
    """The lines of each operation, by its number; the summary at the end is made of them."""
    blocks = {}
    for line in lines:
        number = line.split(" ", 1)[0]
        if number.isdigit():
            blocks.setdefault(int(number), []).append(line)
    return blocks
