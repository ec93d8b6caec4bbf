# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Faults to order: which there are, what each may lead to, and one cell of the matrix at a time.

A cell is one fault alone while a probe keeps operations of one kind in flight. The same cells are
run with the emulator beside (test_faults.py) and from inside the guest (app/test/guest).
"""

import contextlib
import json
import re
import socket
import subprocess
import time
from dataclasses import dataclass, field, replace

from harness import HANG_S

KINDS = ["compress", "decompress", "sgl"]
# Of crypto operations.
SEC_KINDS = ["encrypt", "decrypt", "sgl"]
# V2 does not inflate raw streams, the driver does that in software (zip.md 8.2).
OF_V2 = {"sgl": "sgl-compress", "mixed": "mixed-compress"}
# Long enough for an emulator that shares its CPU with others.
TIMEOUT_MS = 300
# What is kept of what the driver said in a long run.
LOG_LEN = 4000
# No burst call may wait for anything. Its CPU time is asserted, the time itself is printed; of many
# calls, how many took longer than loops of the same length beside them. A virtual CPU that its host
# takes away for a while seems to have computed: of many calls some may be such.
LONGEST_CPU_US = 10_000
SOME_STOLEN = 4
OFTEN_LONG = 30

NONE, ANY, SOME = "none", "any", "some"
USABLE, DEAD, STUCK = "usable", "dead", "stuck"


@dataclass(frozen=True)
class Fault:
    """One row of the matrix."""

    name: str
    rules: tuple                # one after the other; a rule may have several lines
    failed: str = ANY           # operations that may fail: NONE, SOME must, ANY number
    state: str = USABLE         # what becomes of the function
    says: str = ""              # the driver, where the function ends dead
    only: dict = field(default_factory=dict)  # function or version: the reason why not there
    counts: tuple = ()          # of the driver's counters, that of each must have gone up
    unheard: dict = field(default_factory=dict)  # version: rules that the driver is not to notice
    idle: tuple = ()            # counters that must not go up
    fires: bool = True          # the emulator can still tell
    linger_s: float = 0         # until the driver has heard of it, and at least until it counted

    def reason(self, function, version, kind):
        """Why this fault cannot be there, or nothing."""
        if (version, kind) == ("v2", "decompress"):
            return "V2 does not inflate, the driver does it in software (zip.md 8.2)"
        return self.only.get(function) or self.only.get(version) or ""

    def by_rule(self, version, rule):
        """What is expected of one of the rules."""
        if rule not in self.unheard.get(version, ()):
            return self
        return replace(self, failed=NONE, counts=(), idle=(*self.counts, "resets", "queue_stops"))


class Control:
    """The control socket of an emulator."""

    def __init__(self, path):
        self.path = str(path)

    def __call__(self, command):
        with socket.socket(socket.AF_UNIX) as peer:
            peer.settimeout(HANG_S)
            peer.connect(self.path)
            peer.sendall(command.encode() + b"\n")
            lines = []
            for line in peer.makefile(errors="replace"):
                lines.append(line.rstrip("\n"))
                if line == "ok\n" or line.startswith("error:"):
                    break
        assert lines and lines[-1] == "ok", f"{command!r} was answered by {lines}"
        return lines[:-1]


class Broken(AssertionError):
    """A cell that did not keep what the driver promises."""


def broken_promises(report):
    """What holds under every fault and did not, in words."""
    words = [f"{name}={report[name]}" for name in
             ("wrong", "untold", "touched", "twice", "late", "missing", "slept") if report[name]]
    if report["enqueued"] != report["returned"]:
        words.append(f"{report['enqueued']} enqueued, {report['returned']} returned")
    if report["state"] == STUCK:
        words.append("neither usable nor dead")
    return ", ".join(words)


def busy_calls(report, allowed=0):
    """Burst calls that computed for long, in words, if they were more than that."""
    count = report["calls_cpu_over_10ms"]
    if count <= allowed or report["call_cpu_us"] <= LONGEST_CPU_US + 20 * report["noise_cpu_us"]:
        return ""
    return f"{count} burst calls took more than 10 ms of CPU time, one {report['call_cpu_us']} us"


def broken_calls(reports):
    """Of many calls no more take a millisecond than of loops without a call: what the machine does
    to both is the same."""
    calls = sum(report["calls_over_1ms"] for report in reports)
    noise = sum(report["noise_over_1ms"] for report in reports)
    return f"{calls} burst calls took more than 1 ms, {noise} loops without a call in them" \
        if calls > OFTEN_LONG + 3 * noise else ""


def surprises(report, fault):
    """What is not as this fault should have it, in words."""
    words = []
    if report["state"] != fault.state:
        words.append(f"{report['state']}, not {fault.state}")
    if fault.failed == NONE and report["failed"]:
        words.append(f"{report['failed']} failed")
    if fault.failed == SOME and not report["failed"]:
        words.append("none failed")
    words += [f"{name} not counted" for name in fault.counts if not report["counted"][name]]
    words += [f"{name} counted" for name in fault.idle if report["counted"][name]]
    if fault.state == DEAD and report["log"].count(fault.says) != 1:
        words.append(f"not one line with {fault.says!r}")
    return ", ".join(words)


class Session:
    """A probe on one function, its emulator's control socket, and cells one after the other."""

    def __init__(self, version, start, control, patience=1, engine="zip"):
        """start(): a Program of the probe with its stdin a pipe. patience: of a slower machine."""
        self.start, self.control, self.patience = start, control, patience
        self.kinds = OF_V2 if (engine, version) == ("zip", "v2") else {}
        self.plainest = (KINDS if engine == "zip" else SEC_KINDS)[0]
        self.probe = None
        self.seen = 0
        self.said = 0

    def open(self):
        if self.probe is None:
            self.probe = self.start()
            self.seen = 0
            self.said = 0

    def close(self):
        """Ends the probe as a person would; its report of what is missing at the end."""
        probe, self.probe = self.probe, None
        if probe is None:
            return None
        probe.process.stdin.close()
        result = probe.wait()
        assert result.rc == 0, str(result)
        return result

    def abandon(self):
        probe, self.probe = self.probe, None
        if probe is not None:
            probe.kill()
            with contextlib.suppress(BrokenPipeError):
                probe.process.stdin.close()

    def say(self, line):
        self.probe.process.stdin.write(line.encode() + b"\n")
        self.probe.process.stdin.flush()

    def hear(self, what):
        """The next report of that name."""
        timeout = HANG_S * self.patience
        end = time.monotonic() + timeout
        while True:
            text = self.probe.stdout()
            at = text.find("\n", self.seen)
            if at >= 0:
                line, self.seen = text[self.seen:at], at + 1
                if line.startswith("{") and json.loads(line).get("what") == what:
                    return json.loads(line)
                continue
            if self.probe.process.poll() is not None:
                raise Broken(f"the probe ended: {self.probe.result()}")
            if time.monotonic() > end:
                raise Broken(f"no {what!r} within {timeout} s: {self.probe.result()}")
            time.sleep(0.01)

    def _wait_fired(self, rule):
        end = time.monotonic() + HANG_S * self.patience
        while not all_fired(self.control("faults")):
            if time.monotonic() > end:
                raise Broken(f"{rule!r} did not fire: {self.control('faults')}")
            time.sleep(0.01)

    def _wait_counted(self, names):
        """The driver hears of some faults by an interrupt, whenever its thread gets the CPU. What
        it has not counted by then the report tells."""
        end = time.monotonic() + HANG_S
        while time.monotonic() < end:
            self.say("count")
            counted = self.hear("counted")["counted"]
            if all(counted[name] for name in names):
                return
            time.sleep(0.02)

    def cell(self, kind, rule, fault):
        """One rule of a fault under operations of that kind: the probe's report, with the lines
        that the driver logged meanwhile as "log"."""
        self.open()
        self.control("clear")
        self.say(f"kind {self.kinds.get(kind, kind)}")
        self.hear("warm")
        before = len(self.probe.stderr())
        for line in rule.splitlines():
            self.control(f"fault {line}")
        if fault.fires:
            self._wait_fired(rule)
        time.sleep(fault.linger_s)
        if fault.linger_s:
            self._wait_counted(fault.counts)
        self.say("settle")
        report = self.hear("cell")
        report["log"] = self.probe.stderr()[before:]
        return report

    def storm(self, kind, rules, seconds):
        """Rules that fire for so long; then they end, and the function is to be usable. Its
        report, and one of what was handed over after that."""
        self.open()
        self.say(f"kind {kind}")
        self.hear("warm")
        for rule in rules:
            self.control(rule)
        time.sleep(seconds)
        fires = self.control("faults")
        self.control("clear")
        self.say("settle")
        report = self.hear("cell")
        report["fires"] = fires
        report["log"] = self.probe.stderr()[-LOG_LEN:]
        self.say(f"kind {self.plainest}")
        self.hear("warm")
        self.say("settle")
        return report, self.hear("cell")


def fired_counts(lines):
    """How often each rule in the answer to "faults" has fired."""
    counts = [re.search(r"\bfired (\d+)", line) for line in lines]
    return [int(count.group(1)) for count in counts if count]


def all_fired(lines):
    return all(fired_counts(lines))


def starter(make, argv):
    """For Session: make(argv, stdin=...) is the tests' maker of programs."""
    return lambda: make(argv, stdin=subprocess.PIPE)
