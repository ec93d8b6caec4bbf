# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Requests that no device can fulfil: one clear answer each, and the device works on."""

from harness import DRIVER, PROBE, run

# rte_comp_op_status: invalid arguments, invalid state
REFUSED = (2, 4)


def test_refusals(emulator):
    emu = emulator()
    result = run([PROBE, *emu.eal(lcores="0"), "--", "refuse", DRIVER])
    assert result.rc == 0, str(result)
    cases = {case.pop("case"): case for case in result.json_lines()}
    assert len(cases) == 13, str(result)

    pairs = cases.pop("too many queue pairs")
    assert pairs["ret"] < 0 and pairs["max"] > 0, str(result)
    for name, case in cases.items():
        assert case["good_op_after"], f"{name}: {result}"
        if name.startswith("xform"):
            assert case["ret"] < 0, f"{name}: {result}"
        else:
            assert case["returned"], f"{name}: {result}"
            assert case["status"] in REFUSED, f"{name}: {result}"
