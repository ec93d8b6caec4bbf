# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""fork(2) in a process whose device is at work. The same program runs in the guest on vfio-pci."""

import errno
import json
import os
import signal
import time

import pytest

from harness import DRIVER, HANG_S, PROBE, run, scope


def forks(result):
    assert result.rc == 0, str(result)
    [report] = result.json_lines()
    return report


@pytest.mark.parametrize("engine", ["zip", "sec"])
@pytest.mark.parametrize("memory", ["no huge", "hugepages"])
def test_fork_with_ops_in_flight(emulator, memory, engine, request):
    """Both sides write while both live: EAL's memory is shared, the rest is copied on write, and
    the device has the parent's."""
    emu = emulator(engine=engine)
    huge = request.getfixturevalue("hugepages") if memory == "hugepages" else None
    rounds = scope(5, 40)
    report = forks(run([emu.probe, *emu.eal(lcores="0", memory=huge), "--", "fork", emu.driver,
                        str(rounds)]))
    assert report["rounds"] == rounds
    assert report["at_fork"] > 0, "nothing was in flight when the process forked"
    assert report["good"] > report["at_fork"], report
    wrong = ("failed", "wrong", "missing", "private_wrong", "children_wrong")
    assert not any(report[key] for key in wrong), report


def test_private_memory_is_refused(emulator):
    """Another process cannot be shown private memory: said so, before and after a fork alike."""
    result = run([PROBE, *emulator().eal(lcores="0"), "--", "fork-private", DRIVER])
    assert result.rc == 0, str(result)
    assert result.json_lines() == [{"when": "map", "ret": -errno.ENOTSUP}], str(result)
    assert result.err.count("it is private; map a file or a memfd with MAP_SHARED") == 1


def orphan(program, emu, *arguments):
    """The child of a parent that was killed. It has the parent's descriptors: EAL's telemetry
    socket is not to be among them, for nobody accepts there, and others wait in connect()."""
    parent = program([PROBE, *emu.eal(lcores="0"), "--no-telemetry", "--", "fork-orphan", DRIVER,
                      *arguments])
    parent.wait_output('"running": true')
    child = json.loads(parent.stdout().splitlines()[-1])["child"]
    if len(arguments) > 1:
        wait_for(lambda: "sleep" in open(f"/proc/{child}/comm", encoding="ascii").read())
    parent.process.kill()
    parent.process.wait()
    return child


def wait_for(condition, seconds=HANG_S):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


def again(emu):
    """Does the device take a new process?"""
    return run([PROBE, *emu.eal(lcores="0"), "--", "idle", DRIVER, "1", "0"])


def test_parent_killed_while_the_child_lives(emulator, program):
    """The child holds the connection: the device stays taken until it ends, which a new start
    says. Then it is free."""
    emu = emulator()
    child = orphan(program, emu, "60")
    result = again(emu)
    assert result.rc != 0, str(result)
    assert "serves another client" in result.err, str(result)
    os.kill(child, signal.SIGKILL)
    wait_for(lambda: again(emu).rc == 0)


def test_parent_killed_after_the_child_executed(emulator, program):
    """exec(2) lets go of all that is the driver's: the device is free at once."""
    emu = emulator()
    child = orphan(program, emu, "60", "sleep")
    wait_for(lambda: again(emu).rc == 0)
    os.kill(child, signal.SIGKILL)
