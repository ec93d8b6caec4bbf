# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""A primary and its secondaries, each on its own queue pair of one device."""

import os
import signal
import time

import pytest

from faults import Control, all_fired
from harness import DRIVER, PROBE, run, scope

BESIDE = True

# Longer than any test: a primary works until it is told to end.
LONG_MS = "3600000"


def eal(emu, prefix, secondary=False, devargs=""):
    arguments = emu.eal(devargs, lcores="0", memory=prefix)
    return [*arguments, "--proc-type=secondary"] if secondary else arguments


def primary(program, emu, prefix, nb_pairs=3, devargs=""):
    process = program([emu.probe, *eal(emu, prefix, devargs=devargs), "--", "primary", emu.driver,
                       str(nb_pairs), LONG_MS])
    process.wait_output('"running": true')
    return process


def secondary(emu, prefix, queue_pair, ms):
    return [emu.probe, *eal(emu, prefix, True), "--", "secondary", emu.driver, str(queue_pair),
            str(ms)]


def end(process):
    """As a person ends a primary, after its secondaries."""
    assert process.process.poll() is None, str(process.result())
    process.process.terminate()
    return process.wait()


def check(result, what):
    """Nothing lost, nothing wrong."""
    assert result.rc == 0, str(result)
    [report] = [r for r in result.json_lines() if r.get("what") == what]
    assert report["good"] > 0, str(result)
    assert not any(report[k] for k in ("failed", "wrong", "missing")), str(result)
    return report


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_secondaries_come_work_and_go(emulator, prefix, program, version):
    emu = emulator(version=version)
    first = primary(program, emu, prefix)
    for _ in range(scope(3, 10)):
        pair = [program(secondary(emu, prefix, i, 500)) for i in (1, 2)]
        for process in pair:
            assert check(process.wait(), "secondary")["stale"] == 0
    check(end(first), "primary")


def test_secondaries_of_crypto(emulator, prefix, program):
    """Sessions are made by the process that uses them, queue pairs by the primary."""
    emu = emulator("vf", engine="sec")
    first = primary(program, emu, prefix)
    for _ in range(scope(1, 4)):
        pair = [program(secondary(emu, prefix, i, 300)) for i in (1, 2)]
        for process in pair:
            assert check(process.wait(), "secondary")["stale"] == 0
    check(end(first), "primary")


def test_operations_done_again(emulator, prefix, program):
    """With on_error=replay: those of a secondary by itself, whose descriptors the primary rings
    for. In the first queue of each process one completion never comes; later all are reset."""
    emu = emulator(options=["--control={dir}/control"])
    control = Control(emu.dir / "control")
    first = primary(program, emu, prefix, devargs="on_error=replay,timeout_ms=300")
    second = program(secondary(emu, prefix, 1, 4000))
    second.wait_output('"running": true')
    for queue in (0, 2):
        control(f"fault drop queue={queue} op=20")
    control("fault flr after_ms=1500")
    check(second.wait(), "secondary")
    fires = control("faults")
    assert all_fired(fires), fires
    result = end(first)
    check(result, "primary")
    for queue in (0, 2):
        assert f"queue {queue} runs, and gives the device" in result.err, str(result)


@pytest.mark.parametrize("engine", ["zip", "sec"])
def test_killed_secondary(emulator, prefix, program, engine):
    """In the middle of bursts, again and again. The primary goes on, and so does the next
    secondary on the same queue pair, which finds what the killed one had in flight."""
    emu = emulator(engine=engine)
    first = primary(program, emu, prefix)
    for pause in scope([0.05, 0.15], [0.02, 0.05, 0.1, 0.2, 0.3]):
        second = program(secondary(emu, prefix, 1, 20000))
        second.wait_output('"running": true')
        time.sleep(pause)
        os.kill(second.pid, signal.SIGKILL)
        # Its parent has not asked for it yet.
        check(run(secondary(emu, prefix, 2, 200)), "secondary")
        second.process.wait()
        check(run(secondary(emu, prefix, 1, 200)), "secondary")
    check(end(first), "primary")


def test_emulator_dies_under_several_processes(emulator, prefix, program):
    """Every process gets its ops back, with an error."""
    emu = emulator()
    first = primary(program, emu, prefix)
    second = program(secondary(emu, prefix, 1, 3000))
    second.wait_output('"running": true')
    emu.signal(signal.SIGKILL)
    results = [(second.wait(), "secondary"), (end(first), "primary")]
    for result, what in results:
        assert result.rc == 0, str(result)
        [report] = [r for r in result.json_lines() if r.get("what") == what]
        assert report["failed"] > 0 and report["missing"] == 0 and report["wrong"] == 0, \
            str(result)


def test_proc_info_beside_a_running_primary(emulator, prefix, program):
    emu = emulator()
    first = primary(program, emu, prefix)
    for arguments in [["--", "--help"], ["--", "--stats"], ["--", "-m"]]:
        result = run(["dpdk-proc-info", "-d", f"librte_{DRIVER}.so", *prefix, "--no-pci",
                      *arguments])
        assert result.rc >= 0, f"died of a signal: {result}"
        assert first.process.poll() is None, str(first.result())
    # It is still started, and a secondary still works.
    check(run(secondary(emu, prefix, 1, 200)), "secondary")
    check(end(first), "primary")


def test_devices_in_another_order(emulator, prefix, program):
    """The ids are the primary's in any order; a device that it does not have is told once."""
    devices = [emulator().vdev(instance=i) for i in range(2)]
    base = ["-d", f"librte_{DRIVER}.so", *prefix, "--no-pci", "-l", "0"]
    first = program([PROBE, *base, *devices, "--", "primary", DRIVER, "2", LONG_MS])
    first.wait_output('"running": true')
    for order in [devices, devices[::-1], []]:
        result = run([PROBE, *base, *order, "--proc-type=secondary", "--", "secondary", DRIVER,
                      "1", "200"])
        check(result, "secondary")
        assert result.driver_lines() == [], str(result)
    result = run([PROBE, *base, f"--vdev={DRIVER}7", "--proc-type=secondary", "--", "idle",
                  DRIVER, "0", "0"])
    assert result.rc >= 0, f"died of a signal: {result}"
    assert len(result.driver_lines()) == 1, str(result)
    assert "the primary process has no such device" in result.driver_lines()[0], str(result)
    check(end(first), "primary")


def test_secondary_without_a_primary(emulator, prefix):
    result = run([PROBE, *eal(emulator(), prefix, True), "--", "idle", DRIVER, "0", "0"])
    assert result.rc > 0, str(result)
