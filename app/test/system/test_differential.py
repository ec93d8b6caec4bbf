# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Random operations through the driver and the model, judged by zlib on the same data."""

import re
import secrets

import pytest

from harness import BUILD, DRIVER, run, sanitizers, scope

DIFF = BUILD / "app/test/diff/hisi_diff"
VERSIONS = ["v2", "v3"]
# In the whole set 2 x 6500 + 2 x 4000 operations: more than 20,000.


def diff(emu, *args, timeout=600):
    return run([DIFF, *emu.eal(lcores="0"), "--", f"--driver={DRIVER}", *args], timeout)


def check_all_right(result, ops):
    """Nothing failed."""
    assert result.rc == 0, str(result)
    summary = result.json_lines()[-1]
    print(summary)
    assert summary["ops"] == ops
    assert summary["bytes_in"] < 2 ** 28, "four runs are to stay below 1 GiB"
    return summary


def check_all_kinds(summary):
    """Each outcome was met. For a seed that is known to do it: of 250 operations of any other,
    the rarest kind is missing once in 30 times."""
    assert summary["sgl_over_64"] >= summary["ops"] / 10
    for direction in ["compress", "decompress"]:
        assert all(summary[direction][s] > 0 for s in ["success", "out_of_space", "refused"])
    assert summary["decompress"]["error"] > 0


@pytest.mark.parametrize("version", VERSIONS)
def test_random_ops_of_a_fixed_seed(emulator, version):
    ops = scope(500, 6500)
    check_all_kinds(check_all_right(
        diff(emulator(version=version), "--seed=20260401", f"--ops={ops}"), ops))


@pytest.mark.parametrize("version", VERSIONS)
def test_random_ops_of_a_fresh_seed(emulator, version):
    """Over short rings, which are full now and then. The seed is in the failure's text."""
    ops = scope(250 if sanitizers() else 500, 4000)
    seed = secrets.randbits(63)
    print("seed", seed)
    summary = check_all_right(
        diff(emulator(version=version), f"--seed={seed}", f"--ops={ops}", "--depth=30"), ops)
    assert summary["full_rings"] > 0, summary


@pytest.mark.parametrize("depth", [1, 32, 96])
def test_long_chains_over_short_rings(emulator, depth):
    """An operation that the pool of lists could never hold would wait for ever."""
    result = diff(emulator(), "--seed=1", "--op=1", f"--depth={depth}",
                  "--set=decompress=0,len=60000,misuse=0,room=0,room_len=0,"
                  "src_segs=4096,dst_segs=4096,src_cut=0,dst_cut=0")
    assert result.rc == 0, str(result)
    assert result.json_lines()[-1]["status"] == 0, str(result)


@pytest.mark.parametrize("what,why", [
    ("output", "zlib"), ("canary", "wrote beside segment"), ("status", "status 3, allowed"),
])
def test_a_wrong_result_is_found_and_reduced(emulator, what, why):
    """The test of the test: results are broken before they are judged."""
    emu = emulator()
    result = diff(emu, "--seed=5", "--ops=300", f"--spoil={what}")
    assert result.rc == 1, str(result)
    found = result.json_lines()[-1]
    assert why in found["why"], found
    # What is spoilt has 100 bytes or more; all the rest can be as simple as it gets.
    assert re.search(r"\blen=100\b", found["reproducer"]), found
    again = diff(emu, *found["reproducer"].split())
    assert again.rc == 1 and why in again.json_lines()[-1]["why"], str(again)
