# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""The device goes away, or stands still, under a program that polls it."""

import re
import signal
import time

import pytest

from harness import HANG_S, PROBES, compress_perf

BESIDE = True

# No burst call may wait for anything. Time that the kernel gave to others is not counted.
LONGEST_CALL_US = 100_000


# How long operations may take to come back from a device that is no more, on a busy machine.
LATE_MS = 8000


def start_loop(emulator, program, devargs="", function="pf", engine="zip"):
    emu = emulator(function, engine=engine)
    loop = program([PROBES[engine], *emu.eal(devargs, lcores="0"), "--", "loop", emu.driver,
                    "3600"])
    loop.wait_output('"running": true')
    return emu, loop


def finish(loop):
    """It ends when the device works, or has returned nothing but errors for long."""
    loop.process.terminate()
    result = loop.wait()
    report = result.json_lines()[-1]
    assert result.rc == 0, str(result)
    assert report["missing"] == 0, f"ops never came back: {result}"
    assert report["strange"] == 0, f"ops came back twice: {result}"
    assert report["wrong"] == 0, f"ops came back with wrong data: {result}"
    assert report["longest_call_us"] < LONGEST_CALL_US, str(result)
    assert report["enqueued"] == report["ok"] + report["failed"], str(result)
    return result, report


@pytest.mark.parametrize("function", ["pf", "vf"])
def test_killed(emulator, program, function):
    """Ops in flight come back with an error soon, and so does every later one, as no other server
    is looked for. Whether any are in flight at that moment is chance."""
    emu, loop = start_loop(emulator, program, "reconnect=0", function)
    emu.signal(signal.SIGKILL)
    emu.process.wait(HANG_S)
    result, report = finish(loop)
    assert report["failed"] > 0, str(result)
    assert report["longest_op_ms"] < LATE_MS, str(result)
    assert 1 <= len(result.driver_lines()) <= 5, str(result)


def test_ended_politely(emulator, program):
    emu, loop = start_loop(emulator, program, "reconnect=0")
    emu.signal(signal.SIGTERM)
    emu.process.wait(HANG_S)
    result, report = finish(loop)
    assert report["failed"] > 0 and report["longest_op_ms"] < LATE_MS, str(result)


def test_stopped_and_continued(emulator, program):
    """While it stands still nothing is handed back: it still has our memory mapped. The driver
    says once what it waits for."""
    emu, loop = start_loop(emulator, program, "timeout_ms=500")
    emu.signal(signal.SIGSTOP)
    loop.wait_output("waiting for", where="stderr")
    time.sleep(1)
    waiting = loop.result().driver_lines()
    emu.signal(signal.SIGCONT)
    result, report = finish(loop)
    assert len(waiting) == 1, f"{len(waiting)} lines while stopped: {waiting}\n{result}"
    assert re.search(rf"wait.*\b{emu.pid}\b", waiting[0]), waiting
    assert report["longest_op_ms"] >= 1400, f"handed back too early: {result}"
    assert report["ok"] > 0, str(result)


def test_stopped_for_a_moment(emulator, program):
    """Shorter than the timeout: nobody notices but the clock."""
    emu, loop = start_loop(emulator, program, "timeout_ms=60000")
    emu.signal(signal.SIGSTOP)
    time.sleep(0.7)
    emu.signal(signal.SIGCONT)
    result, report = finish(loop)
    assert report["failed"] == 0 and report["longest_op_ms"] >= 600, str(result)
    assert result.driver_lines() == [], str(result)


def test_stopped_and_killed(emulator, program):
    emu, loop = start_loop(emulator, program, "timeout_ms=500,reconnect=0")
    emu.signal(signal.SIGSTOP)
    loop.wait_output("waiting for", where="stderr")
    emu.signal(signal.SIGKILL)
    loop.wait_output("the device is gone", where="stderr")
    result, report = finish(loop)
    assert report["failed"] > 0, str(result)
    assert report["longest_op_ms"] < LATE_MS, str(result)


def test_stock_program_ends(emulator, program, corpus):
    """dpdk-test-compress-perf knows nothing of dead devices: it polls until its ops are back, and
    those that it gives meanwhile wait for a new connection."""
    emu = emulator()
    perf = program(compress_perf(emu.eal("reconnect=1"), corpus / "text", "throughput", 4096,
                                 100_000))
    perf.wait_output("bytes read from file", where="stderr")
    time.sleep(1)
    emu.signal(signal.SIGKILL)
    result = perf.wait()
    # Its status is 0 all the same.
    assert "Some operations were not successful" in result.err, str(result)
