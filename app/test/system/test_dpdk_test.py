# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""The stock dpdk-test: compressdev_autotest takes whatever compressdev is device 0."""

import re

import pytest

from harness import BUILD, program_env, run

# Cases that a flat, stateless deflate device has to run; the rest may be "unsupported".
EXPECTED = [
    "test_compressdev_invalid_configuration",
    "test_compressdev_deflate_stateless_fixed",
    "test_compressdev_deflate_stateless_dynamic",
    "test_compressdev_deflate_stateless_multi_op",
    "test_compressdev_deflate_stateless_multi_level",
    "test_compressdev_deflate_stateless_multi_xform",
    "test_compressdev_out_of_space_buffer",
]


# It gives a burst 90 ms in all, operations of 8 MB included: little for a model that shares its
# CPUs with other jobs.
TOO_SLOW = "Not all operations could be dequeued"
PATIENT = BUILD / "app/test/system/patient.so"


def run_suite(emu, env):
    """None where naps were too short. There dpdk-test reads address 0, and a sanitizer tells."""
    try:
        result = run(["dpdk-test", *emu.eal()], timeout=240,
                     env=program_env({"DPDK_TEST": "compressdev_autotest", **env}))
    except AssertionError as error:
        if TOO_SLOW not in str(error):
            raise
        print(error)
        return None
    if TOO_SLOW in result.err:
        print(result)
        return None
    return result


@pytest.mark.parametrize("function", ["pf", "vf"])
def test_compressdev_autotest(emulator, function):
    result = run_suite(emulator(function), {})
    # Again with longer naps: what is really lost does not come then either.
    for patience in ("12", "60"):
        if result is None:
            result = run_suite(emulator(function), {"LD_PRELOAD": str(PATIENT),
                                                    "HISI_PATIENCE": patience})
    assert result is not None, TOO_SLOW
    text = result.out + result.err
    counts = {name: int(count)
              for name, count in re.findall(r"Tests (\w+)\s*:\s*(\d+)", text)}
    assert result.rc == 0 and counts.get("Failed") == 0, str(result)
    assert "failed" not in re.findall(r"TestCase .* (\w+)\s*$", text, re.M), str(result)
    missing = [case for case in EXPECTED if f"{case} succeeded" not in text]
    assert not missing, f"did not run: {missing}\n{result}"
