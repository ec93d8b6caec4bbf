# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""A PF and its VFs, each driven by a process of ours; doorbell isolation."""

import signal

import pytest

from harness import BUILD, DRIVER, NO_HUGE, PROBE, run, scope
from test_load import check_reports

# The quick set is about one generation.
SOME = scope(["v3"], ["v3", "v4", "v5"])
LONG = 60000
MEMORY = [*NO_HUGE[:-1], "256"]


def function(emu, index, devargs="", ms=200, pairs=1):
    """A process that works with one function for so long."""
    return [PROBE, *emu.eal(devargs, lcores="0", index=index, memory=MEMORY), "--", "primary",
            DRIVER, str(pairs), str(ms)]


def start(program, arguments):
    process = program(arguments)
    process.wait_output('"running": true')
    return process


def end(process):
    """Of a process that works until it is told."""
    process.process.terminate()
    result = process.wait()
    check_reports(result, "primary", 1)
    return result


@pytest.mark.parametrize("version", ["v2", *SOME])
def test_pf_gives_its_vfs_queues(emulator, program, version):
    """Three processes: the PF's is the first, the VFs work beside it."""
    emu = emulator("all", queues=64, vfs=2, version=version)
    emu.devargs = ""
    early = run(function(emu, 1))
    assert early.rc > 0, str(early)
    assert "this VF has no queues" in early.err and "its PF must give it some" in early.err, \
        str(early)
    pf = start(program, function(emu, 0, "queues=8,vfs=2,vf_queues=16", LONG))
    assert "PF, 8 hardware queues" in pf.stderr(), pf.stderr()
    vfs = [program(function(emu, i, ms=scope(500, 2500))) for i in (1, 2)]
    for process in vfs:
        result = process.wait()
        check_reports(result, "primary", 1)
        assert result.complaints() == [], str(result)
        assert "VF, 16 hardware queues" in result.err, str(result)
    assert end(pf).complaints() == [], pf.stderr()


def test_queues_go_with_the_pf(emulator):
    emu = emulator("all", vfs=1)
    check_reports(run(function(emu, 0, "vfs=1,vf_queues=16")), "primary", 1)
    late = run(function(emu, 1))
    assert late.rc > 0 and "this VF has no queues" in late.err, str(late)


def test_what_is_refused(emulator):
    emu = emulator("all", queues=8, vfs=1, vf_queues=8)
    for index, devargs, words in [
            (0, "vfs=2,vf_queues=8", "2 VFs of 8 queues and 1 for the PF are more than the 16"),
            (0, "vfs=1,vf_queues=17", "vf_queues=17, but the device has 16 in all"),
            (0, "vfs=64,vf_queues=2", "vfs=64 is not a number from 0 to 63"),
            (0, "vfs=1", "vfs without vf_queues"),
            (1, "vfs=1,vf_queues=2", "vfs=1 is for a PF, and this is a VF")]:
        result = run(function(emu, index, devargs))
        assert result.rc > 0, str(result)
        assert len([line for line in result.driver_lines() if words in line]) == 1, str(result)


def test_vfs_that_the_device_lacks(emulator):
    """The PF works, and says in one line what it could not tell whom, and what to do."""
    result = run(function(emulator(queues=16), 0, "vfs=1,vf_queues=8"))
    lines = [line for line in result.driver_lines() if "not sent" in line or "mailbox" in line]
    assert result.rc == 0 and len(lines) == 1, str(result)
    assert "vfs=1" in lines[0] and "leave vfs out" in lines[0], str(result)


@pytest.mark.parametrize("version", SOME)
def test_isolation(emulator, program, version):
    """Each function has as many queues as the chip allows one, and all of them work."""
    emu = emulator("all", queues=8, vfs=1, vf_queues=16, keys=",isolation=on", version=version)
    pf = start(program, function(emu, 0, "vfs=1,vf_queues=8", LONG))
    # 24 in all, less the VF's, and never more than 16.
    assert "PF, 16 hardware queues" in pf.stderr(), pf.stderr()
    result = run([PROBE, *emu.eal(lcores="0", index=1, memory=MEMORY), "--", "pairs", DRIVER, "0",
                  "64", "2"])
    check_reports(result, "pairs", 1)
    end(pf)
    assert "dropped" not in emu.log(), emu.log()


def test_isolation_limits_a_function(emulator):
    emu = emulator("all", queues=8, vfs=1, vf_queues=16, keys=",isolation=on")
    result = run(function(emu, 0, "queues=17"))
    assert result.rc > 0, str(result)
    assert "queues=17, but the device has 16 for one function" in result.err, str(result)


def test_isolation_of_vfs_alone(emulator):
    emu = emulator("vf", queues=4, vfs=2, keys=",isolation=on")
    check_reports(run(function(emu, 1)), "primary", 1)
    assert "dropped" not in emu.log(), emu.log()


def loop(emu, index, devargs=""):
    """A process that goes on whatever happens to its function, until it is told to end."""
    return [PROBE, *emu.eal(devargs, lcores="0", index=index, memory=MEMORY), "--", "loop",
            DRIVER, "3600"]


def end_loop(process):
    """Each op came back once, none with a wrong result, and at the end they were good again."""
    process.process.terminate()
    result = process.wait()
    assert result.rc == 0, str(result)
    report = result.json_lines()[-1]
    assert report["wrong"] == report["strange"] == report["missing"] == 0, str(result)
    assert report["ok_since_error"] > 0, str(result)
    assert report["enqueued"] == report["ok"] + report["failed"], str(result)


def check_order(text, *lines):
    """These lines, in this order."""
    at = 0
    for line in lines:
        at = text.find(line, at)
        assert at >= 0, f"no {line!r} there in:\n{text}"


@pytest.mark.parametrize("version", SOME)
def test_reset_of_the_pf_under_load(emulator, program, version):
    """A DMA error of one VF stops the device. The PF tells all VFs, resets it, tells them again."""
    emu = emulator("all", vfs=2, version=version, options=["--dma-fault=device"])
    pf = start(program, loop(emu, 0, "vfs=2,vf_queues=16"))
    vf = start(program, loop(emu, 1))
    bad = run([BUILD / "app/test/diff/comp_extmem",
               *emu.eal("timeout_ms=500", lcores="0", index=2, memory=MEMORY), "--", "gone",
               DRIVER])
    assert bad.rc == 0, str(bad)
    first, second = bad.json_lines()
    assert first["use"] == 0 and second == {"map": 0, "use": 1}, str(bad)
    for process in (vf, pf):
        process.wait_output("queue 0 runs again", where="stderr")
    for process in (vf, pf):
        end_loop(process)
    check_order(pf.stderr(), "hardware error", "telling its 2 VFs to stop",
                "resetting the function", "queue 0 runs again")
    # In time, all of them. At the end of the PF nobody is there any more.
    assert "in time" not in pf.stderr() and "could not" not in pf.stderr(), pf.stderr()
    for text in (vf.stderr(), bad.err):
        check_order(text, "its PF is about to be reset", "resetting the function",
                    "queue 0 runs again")


@pytest.mark.parametrize("version", SOME)
@pytest.mark.parametrize("number", [None, signal.SIGKILL])
def test_pf_process_goes_and_comes_again(emulator, program, version, number):
    """The VFs wait for the next one, whether it says goodbye or not."""
    emu = emulator("all", vfs=2, version=version)
    pf = start(program, function(emu, 0, "vfs=2,vf_queues=16", LONG))
    vfs = [start(program, loop(emu, i, "timeout_ms=200")) for i in (1, 2)]
    if number is None:
        end(pf)
    else:
        pf.kill()
    for vf in vfs:
        vf.wait_output("its PF is about to be reset" if number is None else "waiting for its PF",
                       where="stderr")
    pf = start(program, function(emu, 0, "vfs=2,vf_queues=16", LONG))
    for vf in vfs:
        vf.wait_output("queue 0 runs again", where="stderr")
        end_loop(vf)
    end(pf)


def test_pf_and_vf_in_one_process(emulator):
    """Both are served by one control thread: neither waits for the other."""
    emu = emulator("all", vfs=1)
    result = run([PROBE, "-d", f"librte_{DRIVER}.so", *MEMORY, "--no-pci", "-l", "0",
                  emu.vdev("vfs=1,vf_queues=16"), emu.vdev(index=1, instance=1), "--", "devices",
                  DRIVER, "5"])
    check_reports(result, "device", 2)
    assert "in time" not in result.err, str(result)
