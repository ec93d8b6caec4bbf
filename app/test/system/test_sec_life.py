# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""The model ends, stands still or is replaced under a program that ciphers."""

import signal
import time

import pytest

from harness import HANG_S
from test_dead_emulator import finish, start_loop
from test_reconnect import counts

BESIDE = True


@pytest.mark.parametrize("function", ["pf", "vf"])
def test_killed(emulator, program, function):
    """Ops in flight come back with an error, and so does every later one, as no other server is
    looked for."""
    emu, loop = start_loop(emulator, program, "reconnect=0", function, "sec")
    emu.signal(signal.SIGKILL)
    emu.process.wait(HANG_S)
    result, report = finish(loop)
    assert report["failed"] > 0, str(result)
    assert 1 <= len(result.driver_lines()) <= 5, str(result)


def test_stopped_and_continued(emulator, program):
    """While it stands still nothing is handed back: it still has our memory mapped."""
    emu, loop = start_loop(emulator, program, "timeout_ms=500", engine="sec")
    emu.signal(signal.SIGSTOP)
    loop.wait_output("waiting for", where="stderr")
    time.sleep(1)
    emu.signal(signal.SIGCONT)
    result, report = finish(loop)
    assert report["longest_op_ms"] >= 1400, f"handed back too early: {result}"
    assert report["ok"] > 0, str(result)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "ended"])
def test_restarted(emulator, program, number):
    """Another one comes at its socket: what was in flight fails, then it works as before, with the
    sessions of before."""
    emu, loop = start_loop(emulator, program, engine="sec")
    emu.restart(number)
    loop.wait_output("connected again", where="stderr")
    loop.wait_output("runs again", where="stderr")
    result, report = finish(loop)
    assert report["failed"] <= 64, f"more failed than were in flight: {result}"
    assert report["ok_since_error"] > 64, str(result)
    assert counts(result) == (1, 1), str(result)
