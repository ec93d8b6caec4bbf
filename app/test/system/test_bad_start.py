# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Devices that cannot be had: the driver says so once, clearly, and the program goes on without."""

import re
import shutil
import tempfile
from pathlib import Path

import pytest

from harness import BUILD, DRIVER, DRIVERS, HUGE, NO_HUGE, PROBE, PROBES, program_env, run
from stranger import Stranger

NO_DEVICE = 3  # what the probe ends with when there is no such device


@pytest.fixture
def folder():
    """Sockets want short paths and a folder of their own."""
    path = Path(tempfile.mkdtemp(prefix="hisi-test."))
    yield path
    shutil.rmtree(path)


@pytest.fixture(params=["zip", "sec"])
def engine(request):
    if not PROBES[request.param].exists():
        pytest.skip(f"{PROBES[request.param].name} is not built")
    return request.param


def start(vdev, memory=None, env=None, more=(), engine="zip"):
    driver = DRIVERS[engine]
    return run([PROBES[engine], "-d", f"librte_{driver}.so", *(memory or NO_HUGE), "--no-pci",
                "-l", "0", f"--vdev={driver}0{vdev}", *more, "--", "loop", driver, "1"],
               env=env)


def check_one_line(result, *patterns):
    """The device is refused with one line that has the words in it."""
    assert result.rc == NO_DEVICE, str(result)
    lines = result.driver_lines()
    assert len(lines) == 1, f"{len(lines)} lines: {lines}\n{result}"
    for pattern in patterns:
        assert re.search(pattern, lines[0], re.I), f"no {pattern!r} in {lines[0]!r}"


def test_no_emulator(folder, engine):
    socket = folder / "nobody.sock"
    check_one_line(start(f",socket={socket}", engine=engine), re.escape(str(socket)))


def test_left_over_socket(folder):
    """The file is there, but nobody listens any more."""
    socket = folder / "dead.sock"
    stranger = Stranger(socket, "silent")
    stranger.close()
    check_one_line(start(f",socket={socket}"), re.escape(str(socket)))


def test_no_socket_given(engine):
    check_one_line(start("", engine=engine), "socket")


def test_socket_path_too_long():
    check_one_line(start(",socket=/tmp/" + "x" * 120), "path|socket", "long|108|107")


STRANGERS = {
    "hangup": "hung up|closed|connection",
    "garbage": "socket|protocol|vfio-user|message|header",
    "silent": "socket|answer|repl|time",
    "dies": "socket|server|gone|connection|hung up",
    "sec": "19e5:a255|sec",
    "other": "8086:100e",
}


@pytest.mark.parametrize("kind", STRANGERS)
def test_stranger(folder, kind):
    words = STRANGERS[kind]
    socket = folder / "stranger.sock"
    stranger = Stranger(socket, kind)
    try:
        check_one_line(start(f",socket={socket}"), words)
    finally:
        stranger.close()


def test_another_engine(emulator, engine):
    """A model that serves the other engine; the line says what it is."""
    other = "zip" if engine == "sec" else "sec"
    emu = emulator(engine=other)
    check_one_line(start(f",socket={emu.sockets[0]}", engine=engine),
                   f"is not a {engine.upper()} engine")


def test_unknown_devarg(emulator, engine):
    """The line names the key and those that there are."""
    emu = emulator(engine=engine)
    result = start(f",socket={emu.sockets[0]},colour=blue", engine=engine)
    check_one_line(result, "colour", "timeout_ms")


def test_devarg_given_twice(emulator):
    emu = emulator()
    check_one_line(start(f",socket={emu.sockets[0]},timeout_ms=100,timeout_ms=200"),
                   "timeout_ms", "twice", "100", "200")


def test_more_queues_than_there_are(emulator, engine):
    emu = emulator(queues=64, engine=engine)
    check_one_line(start(f",socket={emu.sockets[0]},queues=100", engine=engine), "queues=100",
                   "64")


@pytest.mark.parametrize("devarg", ["timeout_ms=soon", "timeout_ms=-1"])
def test_bad_devarg_value(emulator, devarg):
    emu = emulator()
    check_one_line(start(f",socket={emu.sockets[0]},{devarg}"), "timeout_ms",
                   re.escape(devarg.split("=")[1]))


def test_physical_addresses(emulator, hugepages):
    emu = emulator()
    result = start(f",socket={emu.sockets[0]}", memory=hugepages, more=["--iova-mode=pa"])
    assert result.rc == NO_DEVICE, str(result)
    assert re.search(r"iova|\bVA\b", result.err, re.I), str(result)


def test_other_dpdk_release(emulator):
    """One sentence with both releases in it."""
    emu = emulator()
    shim = BUILD / "app/test/system/other_release.so"
    result = start(f",socket={emu.sockets[0]}", env=program_env({"LD_PRELOAD": str(shim)}))
    check_one_line(result, r"19\.02", r"\d\d\.\d\d")


def test_function_in_use(emulator, program):
    """One client per socket: the second one is told, the first one does not notice."""
    emu = emulator()
    first = program([PROBE, *emu.eal(lcores="0"), "--", "loop", DRIVER, "3600"])
    first.wait_output('"running": true')
    second = start(f",socket={emu.sockets[0]}")
    check_one_line(second, "socket|client|use|connection")
    first.process.terminate()
    report = first.wait().json_lines()[-1]
    assert report["failed"] == 0 and report["missing"] == 0, report
