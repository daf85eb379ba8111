#!/usr/bin/env python3
"""Runs ZooKeeper's clients against three servers of Zab and of Apache ZooKeeper, and compares what they saw.

usage: run.py [--server zab|apache] [--only NAME]... [--no-apache] [--keep DIRECTORY]
              [--seed N] [--operations N]

Prints one line a script, and "interop: N passed, N failed" at the end; exits with 1 when one failed.
"""
import argparse
import concurrent.futures
import contextlib
import os
import pathlib
import random
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True

from harness import compare, control, servers, suite  # noqa: E402

CONTAINER_CHECK_MS = 500
NEVER_MS = 3_600_000
DIFFERENTIAL = "differential"


class Outcome:
    """What one run of one client gave."""

    def __init__(self, status, output, errors):
        self.status, self.output, self.errors = status, output, errors


class Side:
    """One ensemble with its control. A context manager."""

    def __init__(self, kind, container_check_ms):
        self.kind = kind
        self._stack = contextlib.ExitStack()
        self._container_check_ms = container_check_ms

    def __enter__(self):
        self.ensemble = self._stack.enter_context(servers.Ensemble(self.kind, self._container_check_ms))
        self.control = self._stack.enter_context(control.Control(self.ensemble))
        return self

    def __exit__(self, *_):
        self._stack.close()

    def run(self, client):
        """Runs a client to its end, at most its seconds_max, and ends whatever it has started."""
        process = subprocess.Popen(
            [*client.command, self.ensemble.connect_string, *client.arguments], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="backslashreplace",
            env=suite.environment(self.control, self.ensemble), start_new_session=True)
        try:
            output, errors = process.communicate(timeout=client.seconds_max)
            status = process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, errors = process.communicate()
            status, errors = 1, errors + f"\nnot done after {client.seconds_max} s"
        return Outcome(status, output, errors)


class Report:
    """Prints a line for each script, and counts."""

    def __init__(self, keep):
        self.passed = self.failed = self.skipped = 0
        self._keep = pathlib.Path(keep) if keep else None

    def add(self, name, seconds, failure, skipped=None):
        if failure:
            self.failed += 1
            print(f"FAIL {name} ({seconds:.1f} s)\n{failure}", flush=True)
        elif skipped:
            self.skipped += 1
            print(f"skip {name}: {skipped}", flush=True)
        else:
            self.passed += 1
            print(f"ok   {name} ({seconds:.1f} s)", flush=True)

    def keep(self, name, kind, number, lines):
        if self._keep:
            self._keep.mkdir(parents=True, exist_ok=True)
            (self._keep / f"{name}.{number}-{kind}.txt").write_text("\n".join(lines) + "\n")


@contextlib.contextmanager
def started(kinds, container_check_ms):
    """Ensembles of these kinds, started at once."""
    with contextlib.ExitStack() as stack, concurrent.futures.ThreadPoolExecutor(len(kinds)) as pool:
        sides = [Side(kind, container_check_ms) for kind in kinds]
        starts = [pool.submit(side.__enter__) for side in sides]
        for side, start in zip(sides, starts):
            if start.exception() is None:
                stack.push(side)
        for start in starts:
            start.result()
        yield sides


def run_client(client, sides, report):
    begun = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(len(sides)) as pool:
        outcomes = list(pool.map(lambda side: side.run(client), sides))
    lines = [compare.normalised(outcome.output, side.ensemble) for outcome, side in zip(outcomes, sides)]
    for number, side in enumerate(sides):
        report.keep(client.name, side.kind, number, lines[number])
    failure = verdict(client, sides, outcomes, lines)
    skipped = lines[0][-1] if lines[0] and all(outcome.status == suite.SKIPPED for outcome in outcomes) else None
    report.add(client.name, time.monotonic() - begun, failure, skipped)


def verdict(client, sides, outcomes, lines):
    """What went wrong, or None."""
    problems = []
    for side, outcome, seen in zip(sides, outcomes, lines):
        if outcome.status not in (0, suite.SKIPPED):
            end = "\n".join(outcome.errors.splitlines()[-25:])
            problems.append(f"  {side.kind}: exit code {outcome.status} after {len(seen)} lines\n{end}")
    if not any(lines):
        problems.append("  it printed nothing")
    if len(sides) > 1:
        try:
            diff = compare.trace_difference(sides[0].kind, *lines) if client.name == DIFFERENTIAL \
                else compare.difference(client.name, sides[0].kind, *lines)
        except RuntimeError as stale:
            diff = f"  {stale}"
        if diff:
            problems.append(diff)
    return "\n".join(problems) or None


def main():
    parser = argparse.ArgumentParser(description="ZooKeeper's clients against Zab and Apache ZooKeeper")
    parser.add_argument("--server", choices=("zab", "apache"), default="zab", help="what is tested")
    parser.add_argument("--only", action="append", metavar="NAME", help="only this script; may be repeated")
    parser.add_argument("--no-apache", action="store_true", help="compare with nothing: exit codes alone count")
    parser.add_argument("--keep", metavar="DIRECTORY", help="write what each script printed there")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31))
    parser.add_argument("--operations", type=int, default=10_000)
    options = parser.parse_args()
    # Ended from outside, it still ends its servers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    begun = time.monotonic()
    report = Report(options.keep)
    kinds = [options.server] if options.no_apache else [options.server, "apache"]

    clients = suite.clients()
    unknown = set(options.only or ()) - {client.name for client in clients} - {DIFFERENTIAL}
    if unknown:
        parser.error(f"no script {', '.join(sorted(unknown))}")
    chosen = [client for client in clients if not options.only or client.name in options.only]
    for build in dict.fromkeys(client.build for client in chosen if client.build):
        build()
    if chosen:
        with started(kinds, CONTAINER_CHECK_MS) as sides:
            for client in chosen:
                run_client(client, sides, report)
    if not options.only or DIFFERENTIAL in options.only:
        print(f"differential: --seed {options.seed} --operations {options.operations}", flush=True)
        with started(kinds, NEVER_MS) as sides:
            run_client(suite.differential(options.seed, options.operations), sides, report)
    skipped = f", {report.skipped} skipped" if report.skipped else ""
    print(f"interop: {report.passed} passed, {report.failed} failed{skipped} ({time.monotonic() - begun:.0f} s)")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
