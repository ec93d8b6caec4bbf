# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""dpdk-testacc: sweeps, and what they say binds."""

import re

import pytest

from testacc import ask, complaint, layout, zlib_eal

RELEASE_ONLY = True

LIMITS = {"engine", "descriptors", "CPU", "too few in flight"}


def test_sweep_of_queues(emulator):
    """A table, a plot and a verdict with evidence; as many queue pairs as the device has. The
    settings are those from before."""
    result = ask(emulator(queues=4).eal(), "set queues 7", "sweep queues", "show config")
    assert result.rc == 0, str(result)
    lines = layout(result.out)
    assert lines[:3] == [
        "queues ops/s Gb/s pN (us) pN (us) in flight cycles/op empty (%) full (%)",
        "N N N N N N N N N", "N N N N N N N N N"], str(result)
    bars = dict(re.findall(r"^ +(\d+) \|(#*) \d+$", result.out, re.M))
    assert set(bars) == {"1", "2"} and max(map(len, bars.values())) == 50, str(result)
    said = dict(re.findall(r"^(best|limit|evidence|next): +(\S.*)$", result.out, re.M))
    assert set(said) == {"best", "limit", "evidence", "next"}, str(result)
    assert said["limit"] in LIMITS and re.search(r"\d", said["evidence"]), str(result)
    assert re.search(r"^queues +7 ", result.out, re.M), str(result)


def test_software_is_bound_by_the_lcore():
    """compress_zlib works inside of the burst calls."""
    result = ask(zlib_eal(), "set depth 4", "sweep burst", options=["--json"])
    assert result.rc == 0, str(result)
    sweep, verdict = (next(iter(line.values())) for line in result.json_lines())
    assert [row["burst"] for row in sweep] == [1 << i for i in range(9)], str(result)
    assert verdict[0]["limit"] == "CPU" and "lcores" in verdict[0]["evidence"], str(result)


@pytest.mark.parametrize("command, words", [
    ("sweep level", ["'level'", "depth", "burst", "size", "queues"]),
    ("sweep depth 0", ["'0'", "seconds"]),
])
def test_mistakes(command, words):
    result = ask(zlib_eal(), command)
    assert result.rc == 2, str(result)
    for word in words:
        assert word in complaint(result), str(result)


def test_not_beside_a_run():
    result = ask(zlib_eal(), "start", "sweep size")
    assert result.rc == 1 and "'stop' ends it" in complaint(result), str(result)
