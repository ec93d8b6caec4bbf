# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""What tests use inside the guest."""

import json
import os
import re
import subprocess
import time
from pathlib import Path

OUT = Path(os.environ.get("HISI_OUT", "/run/out"))
BUILD = Path(os.environ.get("HISI_BUILD", "build"))
PCI = Path("/sys/bus/pci")
WARNING = 4
# What takes longer than this hangs: the machine below is busy with more than this one.
HANG_S = 180


class Device:
    """One of a module's DEVICES, whose names begin with the engine's: zip-v3."""

    def __init__(self, module, name):
        self.name = name
        self.engine = name.partition("-")[0]
        indices = json.loads(os.environ["HISI_GUEST_DEVICES"])
        self.index = indices[module.rpartition(".")[2]][name]
        self.addresses = os.environ[f"HISI_DEVICE_{self.index}"].split()
        self.address = self.addresses[0]

    def log(self):
        """What its model has said so far."""
        return (OUT / f"emu-{self.index}.log").read_text(errors="replace")

    def host(self, verb):
        """Send its model a signal: kill, stop, cont or stats."""
        subprocess.run([OUT / "host", verb, str(self.index)], check=True, timeout=HANG_S)

    def send(self, command):
        """A command for its model: the lines of the answer, without the last one."""
        # What the script "host" does, without the programs that it starts: they take long here.
        ask = OUT / "ask" / f"{os.getpid()}.ask"
        answer = ask.with_suffix(".answer")
        ask.with_suffix(".tmp").write_text(f"send {self.index} {command}\n")
        ask.with_suffix(".tmp").rename(ask)
        wait_until(lambda: not ask.exists())
        *lines, status = answer.read_text().splitlines()
        answer.unlink()
        assert status == "0", f"{command!r} was answered by {lines}"
        return [line for line in lines if line != "ok"]

    def stats(self):
        """Its model's counters by name."""
        seen = len(self.log())
        self.host("stats")
        wait_until(lambda: re.search(r": active_queues \d+\n", self.log()[seen:]))
        return {name: int(value)
                for name, value in re.findall(r": (\w+) (\d+)$", self.log()[seen:], re.M)}


def wait_until(condition, timeout=HANG_S):
    end = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < end, f"not so after {timeout} s"
        time.sleep(0.05)


def run(argv, timeout=HANG_S, check=True, env=None):
    """A program to its end; its output is in the test's report when the test fails."""
    done = subprocess.run([str(word) for word in argv], stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout,
                          check=False, env={**os.environ, **(env or {})}, errors="replace")
    print(f"$ {' '.join(map(str, argv))}\n{done.stdout}{done.stderr}[{done.returncode}]")
    assert not check or done.returncode == 0, f"{argv[0]} ended with {done.returncode}"
    return done


def driver_of(address):
    link = PCI / "devices" / address / "driver"
    return link.resolve().name if link.exists() else None


def unbind(address):
    if driver_of(address):
        (PCI / "devices" / address / "driver/unbind").write_text(address)
    assert driver_of(address) is None


def bind(address, driver):
    """As driver_override has it. The driver's module must be there."""
    unbind(address)
    (PCI / "devices" / address / "driver_override").write_text(driver)
    (PCI / "drivers_probe").write_text(address)
    assert driver_of(address) == driver, f"{address} is bound to {driver_of(address)}"


class KernelLog:
    """The kernel's messages from here on."""

    def __init__(self):
        self.fd = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)
        os.lseek(self.fd, 0, os.SEEK_END)
        self.lines = []

    def read(self):
        """(level, text) of each line so far."""
        while True:
            try:
                record = os.read(self.fd, 8192).decode(errors="replace")
            except BlockingIOError:
                return self.lines
            except BrokenPipeError:
                # Messages were overwritten before they were read: the next read goes on.
                raise AssertionError("the kernel's log overflowed") from None
            head, _, text = record.partition(";")
            self.lines.append((int(head.split(",")[0]) & 7, text.splitlines()[0]))

    def complaints(self, *words):
        """Lines of level warning or above with one of the words."""
        return [text for level, text in self.read()
                if level <= WARNING and any(word in text for word in words)]
