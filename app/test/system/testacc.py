# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Runs dpdk-testacc: with commands and with a terminal."""

import fcntl
import os
import pty
import re
import select
import signal
import subprocess
import termios
import time

from harness import BUILD, HANG_S, NO_HUGE, program_env, run

TESTACC = BUILD / "app/testacc/dpdk-testacc"
MEMORY = [*NO_HUGE[:-1], "256"]


def argv(eal, *options):
    return [TESTACC, *eal, "--no-telemetry", "--", *options]


def zlib_eal():
    """A software device, for what is not about ours."""
    return [*MEMORY, "--no-pci", "-l", "0,1", "--vdev=compress_zlib"]


def ask(eal, *commands, options=(), timeout=HANG_S):
    return run(argv(eal, *options, "-e", "; ".join(commands)), timeout=timeout)


def layout(text):
    """Numbers as N and runs of spaces as one, so that what differs from run to run is gone."""
    text = re.sub(r"\d+(\.\d+)?", "N", text)
    return [re.sub(r" +", " ", line).strip() for line in text.splitlines()]


def complaint(result):
    """What it said was wrong, without its name; one line only."""
    lines = [line for line in result.err.splitlines() if line.startswith("dpdk-testacc: ")]
    assert len(lines) == 1, str(result)
    return lines[0].removeprefix("dpdk-testacc: ")


class Terminal:
    """dpdk-testacc at a terminal of its own."""

    def __init__(self, eal, *options):
        self.master, slave = pty.openpty()
        self.text = ""
        self.process = subprocess.Popen(
            [str(a) for a in argv([*eal, "--log-level=4"], *options)], stdin=slave, stdout=slave,
            stderr=slave, env=program_env({"TERM": "xterm"}), start_new_session=True,
            preexec_fn=self._own_terminal)
        os.close(slave)

    @staticmethod
    def _own_terminal():
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def read(self, seconds):
        if select.select([self.master], [], [], seconds)[0]:
            try:
                self.text += os.read(self.master, 65536).decode(errors="replace")
                self.text = re.sub(r"\x1b\[[\d;]*[A-Za-z]", "", self.text)
            except OSError:
                return False
        return True

    def expect(self, what, timeout=HANG_S):
        """Everything up to what; raises where it does not come."""
        end = time.monotonic() + timeout
        while what not in self.text:
            assert self.read(0.1), f"ended before {what!r}: {self.text!r}"
            assert time.monotonic() < end, f"no {what!r}: {self.text!r}"
        before, _, self.text = self.text.partition(what)
        return before

    def send(self, text):
        os.write(self.master, text.encode())

    def ask(self, command):
        """What a command says."""
        self.send(command + "\n")
        self.expect("\n")
        return self.expect("testacc> ")

    def end(self, timeout=HANG_S):
        end = time.monotonic() + timeout
        while self.process.poll() is None and time.monotonic() < end:
            self.read(0.1)
        os.close(self.master)
        return self.process.wait(HANG_S)

    def kill(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
