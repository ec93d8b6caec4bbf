# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""The server of a vdev goes, and another one comes at its socket, under a program that polls."""

import os
import signal
import socket

import pytest

from any_time import come_to
from harness import DRIVER, HANG_S, PROBE, scope
from test_dead_emulator import finish, start_loop

BESIDE = True


def counts(result):
    """How often the driver said that it lost its connection, and that it has one again."""
    return (result.err.count("the connection is lost"), result.err.count("connected again"))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "ended"])
@pytest.mark.parametrize("function", ["pf", "vf"])
def test_restarted(emulator, program, function, number):
    """What was in flight returns with an error; after that the function works as before."""
    emu, loop = start_loop(emulator, program, function=function)
    emu.restart(number)
    loop.wait_output("connected again", where="stderr")
    loop.wait_output("runs again", where="stderr")
    result, report = finish(loop)
    assert report["failed"] <= 64, f"more failed than were in flight: {result}"
    assert report["ok_since_error"] > 64, str(result)
    assert counts(result) == (1, 1), str(result)


def test_restarted_often(emulator, program):
    """No descriptor and no mapping more than before, on either side."""
    emu, loop = start_loop(emulator, program)

    def taken():
        maps = open(f"/proc/{loop.pid}/maps", encoding="ascii").read()
        return len(os.listdir(f"/proc/{loop.pid}/fd")), maps.count("memfd:")

    before, theirs = taken(), emu.descriptors()
    for i in range(scope(3, 8)):
        emu.restart()
        loop.wait_output("connected again", where="stderr", times=i + 1)
        loop.wait_output("runs again", where="stderr", times=i + 1)
    come_to(before, taken)
    come_to(theirs, emu.descriptors)
    result, report = finish(loop)
    assert report["ok_since_error"] > 64, str(result)
    lost, again = counts(result)
    assert lost == again == scope(3, 8), str(result)


def test_nobody_comes(emulator, program):
    """When the time is over: one line with what to do, and all operations fail at once."""
    emu, loop = start_loop(emulator, program, "reconnect=1")
    emu.signal(signal.SIGKILL)
    loop.wait_output("the device is gone", where="stderr")
    result, report = finish(loop)
    assert report["failed"] > 64 and report["ok_since_error"] == 0, str(result)
    dead = [line for line in result.driver_lines() if "the device is gone" in line]
    assert len(dead) == 1, str(result)
    assert str(emu.sockets[0]) in dead[0] and "within 1 s" in dead[0], dead
    assert "remove the device and add it again" in dead[0], dead


def test_not_wanted(emulator, program):
    emu, loop = start_loop(emulator, program, "reconnect=0")
    emu.restart()
    result, report = finish(loop)
    assert report["failed"] > 64 and report["ok_since_error"] == 0, str(result)
    assert counts(result) == (0, 0), str(result)


def test_another_device_comes(emulator, program):
    """It is refused with one line that says what it is, and what it should be."""
    emu, loop = start_loop(emulator, program)
    emu.argv = [str(word).replace("version=v3", "version=v2").replace(",queues=64", "")
                for word in emu.argv]
    emu.restart()
    loop.wait_output("another one has its socket", where="stderr")
    result, report = finish(loop)
    assert report["failed"] > 64 and report["ok_since_error"] == 0, str(result)
    assert result.err.count("what the socket leads to now") == 1, str(result)
    assert result.err.count("another one has its socket") == 1, str(result)


def test_frozen_one_is_no_server(emulator, program):
    """One that lets it connect and then stands still takes the time, and nothing else."""
    emu, loop = start_loop(emulator, program, "reconnect=1")
    emu.signal(signal.SIGKILL)
    emu.process.wait(HANG_S)
    emu.sockets[0].unlink()
    with socket.socket(socket.AF_UNIX) as frozen:
        frozen.bind(str(emu.sockets[0]))
        frozen.listen(8)
        loop.wait_output("the device is gone", where="stderr")
        result, report = finish(loop)
    assert report["failed"] > 64 and report["ok_since_error"] == 0, str(result)


def doorbells(process):
    """The memory that is mapped where all processes have the doorbells."""
    text = open(f"/proc/{process.pid}/maps", encoding="ascii").read()
    return {line.split()[4] for line in text.splitlines() if "200000000000-" in line}


def test_stopped_secondary(emulator, program, prefix):
    """It answers nobody, and keeps no other secondary from the new doorbells."""
    emu = emulator()
    eal = emu.eal(lcores="0", memory=prefix)
    first = program([PROBE, *eal, "--", "loop", DRIVER, "3600"])
    first.wait_output('"running": true')
    pair = []
    for _ in range(2):
        pair.append(program([PROBE, *eal, "--proc-type=secondary", "--", "idle", DRIVER, "0",
                             "3600"]))
        pair[-1].wait_output('"ret": 0')
    # EAL has an order of its own for them.
    for i, stopped in enumerate(pair):
        stopped.process.send_signal(signal.SIGSTOP)
        emu.restart()
        first.wait_output("connected again", where="stderr", times=i + 1)
        # It is told, and not waited for.
        come_to(doorbells(first), lambda other=pair[1 - i]: doorbells(other))
        stopped.process.send_signal(signal.SIGCONT)
    assert first.stderr().count("a secondary process did not take") == 2, first.stderr()
    for second in pair:
        second.process.terminate()
        assert second.wait().rc == 0
    finish(first)


def test_secondary_works_on(emulator, program, prefix):
    """Its queues get the doorbells of the new connection, without its doing."""
    emu = emulator()
    eal = emu.eal(lcores="0", memory=prefix)
    first = program([PROBE, *eal, "--", "loop", DRIVER, "3600"])
    first.wait_output('"running": true')
    second = program([PROBE, *eal, "--proc-type=secondary", "--", "idle", DRIVER, "0", "3600"])
    second.wait_output('"ret": 0')
    emu.restart()
    first.wait_output("connected again", where="stderr")
    assert "secondary process" not in first.stderr(), first.stderr()
    assert doorbells(second) == doorbells(first)
    assert len(doorbells(first)) == 1
    second.process.terminate()
    assert second.wait().rc == 0
    finish(first)
