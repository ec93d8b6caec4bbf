# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""A PF and its VFs, each driven by a process of ours; doorbell isolation."""

import pytest

from harness import DRIVER, PROBE, run, scope
from test_load import check_reports

MEMORY = ["--no-huge", "--no-shconf", "-m", "256"]


def function(emu, index, devargs="", ms=200, pairs=1):
    """A process that works with one function for so long."""
    return [PROBE, *emu.eal(devargs, lcores="0", index=index, memory=MEMORY), "--", "primary",
            DRIVER, str(pairs), str(ms)]


@pytest.mark.parametrize("version", ["v2", "v3", "v4", "v5"])
def test_pf_gives_its_vfs_queues(emulator, program, version):
    """Three processes: the PF's is the first, the VFs work beside it."""
    emu = emulator("all", queues=64, vfs=2, version=version)
    emu.devargs = ""
    early = run(function(emu, 1))
    assert early.rc > 0, str(early)
    assert "this VF has no queues" in early.err and "its PF must give it some" in early.err, \
        str(early)
    ms = scope(1500, 5000)
    pf = program(function(emu, 0, "queues=8,vfs=2,vf_queues=16", ms))
    pf.wait_output('"running": true')
    assert "PF, 8 hardware queues" in pf.stderr(), pf.stderr()
    vfs = [program(function(emu, i, ms=ms // 2)) for i in (1, 2)]
    for process in [*vfs, pf]:
        result = process.wait(30)
        check_reports(result, "primary", 1)
        assert result.complaints() == [], str(result)
        assert process is pf or "VF, 16 hardware queues" in result.err, str(result)


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


@pytest.mark.parametrize("version", ["v3", "v4", "v5"])
def test_isolation(emulator, program, version):
    """Each function has as many queues as the chip allows one, and all of them work."""
    emu = emulator("all", queues=8, vfs=1, vf_queues=16, keys=",isolation=on", version=version)
    pf = program(function(emu, 0, "vfs=1,vf_queues=8", ms=scope(1500, 3000)))
    pf.wait_output('"running": true')
    # 24 in all, less the VF's, and never more than 16.
    assert "PF, 16 hardware queues" in pf.stderr(), pf.stderr()
    result = run([PROBE, *emu.eal(lcores="0", index=1, memory=MEMORY), "--", "pairs", DRIVER, "0",
                  "64", "2"])
    check_reports(result, "pairs", 1)
    check_reports(pf.wait(30), "primary", 1)
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
