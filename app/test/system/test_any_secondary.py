# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""A secondary is killed at any instant: nothing of it stays that is the driver's.

HISI_SEED repeats the random instants, HISI_ANY_TIME_N sets their number."""

import os
import signal
import subprocess
import time

import pytest

from any_time import members, no_trace, rounds
from faults import Control
from harness import HANG_S, PROBE, come_to, holds, run
from test_processes import check, end, primary, secondary

BESIDE = True

# One that has not ended by then is looked at more closely.
HANGS_S = 5


def eal_works(program, prefix):
    """Does EAL's heap, for a secondary that has no device and no driver of ours?"""
    process = program([PROBE, *prefix, "--no-pci", "-l", "0", "--proc-type=secondary", "--",
                       "heap"])
    try:
        return process.process.wait(HANGS_S) == 0
    except subprocess.TimeoutExpired:
        process.kill()
        return False


def next_one_works(program, emu, prefix):
    """The next secondary, on another queue pair; False where EAL itself lets none work."""
    process = program(secondary(emu, prefix, 2, 20))
    try:
        process.process.wait(HANGS_S)
    except subprocess.TimeoutExpired:
        if not eal_works(program, prefix):
            process.kill()
            return False
    check(process.wait(), "secondary")
    return True


def end_stuck(first, control):
    """It works on, but EAL would not let it end."""
    before, late = control("stats"), time.monotonic() + HANG_S
    while control("stats") == before:
        assert time.monotonic() < late, "the primary does not go on"
        time.sleep(0.1)
    first.process.terminate()
    first.wait_output('"what": "primary"')
    first.process.kill()
    first.wait()
    report = first.result().json_lines()[-1]
    assert report["good"] > 0, report
    assert not any(report[k] for k in ("failed", "wrong", "missing")), report


def kill_secondaries(emu, prefix, program, dice, count):
    """@return how many were killed, and whether the last one took a lock of EAL's with it"""
    first = primary(program, emu, prefix)
    folder = prefix[1].split("=")[1]
    begun = time.monotonic()
    check(run(secondary(emu, prefix, 1, 50)), "secondary")
    whole = time.monotonic() - begun
    before = holds(first.pid, folder), holds(emu.pid, folder)
    for done in range(1, count + 1):
        second = program(secondary(emu, prefix, 1, 20000))
        if dice.random() < 0.5:
            time.sleep(dice.uniform(0, whole))
        else:
            second.wait_output('"running": true')
            time.sleep(dice.uniform(0, 0.1))
        os.kill(second.pid, signal.SIGKILL)
        second.process.wait()
        assert members(second.pid) == []
        if not next_one_works(program, emu, prefix):
            end_stuck(first, Control(emu.dir / "control"))
            return done, True
        come_to(before, lambda: (holds(first.pid, folder), holds(emu.pid, folder)))
    check(end(first), "primary")
    return count, False


@pytest.mark.parametrize("engine", ["zip", "sec"])
def test_kill_a_secondary(emulator, prefix, program, dice, engine):
    """From before it attaches to the middle of its work: the primary does not notice. Two things
    are EAL's: what the killed one had of the common heap stays taken until the primary ends, and
    so does the lock of the memory map, which a start takes for a moment and rte_malloc() too. Then
    no process of that application starts or allocates any more; the primary works on."""
    emu = emulator(engine=engine, options=["--control={dir}/control"])
    left, stuck = rounds(2, 8), 0
    with no_trace(emu):
        while left > 0:
            killed, is_stuck = kill_secondaries(emu, prefix, program, dice, min(20, left))
            stuck += is_stuck
            left -= killed
    print(f"secondaries killed, {stuck} of them with a lock of EAL's")
