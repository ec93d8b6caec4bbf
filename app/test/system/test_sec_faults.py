# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""The rows of the fault matrix under crypto operations: the function's life is the same code for
every class, and what a class does with its operations is not. test_faults.py has the rest."""

from dataclasses import replace

import pytest

from fault_rows import ENDS, REPLAYED, ROWS, WANTED_ROWS
from faults import NONE, SEC_KINDS
from harness import BUILD, SEC_DRIVER, scope
from test_faults import Rig

BESIDE = True

# Private codes of the model (sec.md 6.2), a code that nobody has, and "not done".
STATUSES = (1, 2, 3, 4, 5, 6, 7, 0xfe)
# Bits of sec.md 6.3.
ENGINE_BITS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 14, 15, 16, 17, 18)
# In place of ZIP's numbers.
OF_ZIP = {"status of each error": tuple(f"status op=5 value={n}" for n in STATUSES),
          "ras, each bit of the engine": tuple(f"ras block=engine bit={n}" for n in ENGINE_BITS)}
COLUMNS = scope([("pf", "v3")], [("pf", "v3"), ("vf", "v3"), ("pf", "v2"), ("vf", "v2")])
KINDS = {"pf": ["mixed"], "vf": scope(["mixed"], SEC_KINDS)}

pytestmark = pytest.mark.skipif(not (BUILD / f"drivers/librte_{SEC_DRIVER}.so").exists(),
                                reason=f"{SEC_DRIVER} is not built")


def row(fault):
    """As SEC has it. Which single bits it lets report is its driver's table, no promise here."""
    if fault.name in OF_ZIP or fault.name.startswith("ras, each"):
        return replace(fault, rules=OF_ZIP.get(fault.name, fault.rules), counts=(), unheard={})
    return fault


def rows(faults):
    return [row(fault) for fault in faults]


def run(function, version, devargs, faults, kinds):
    rig, failures = Rig(function, version, devargs, engine="sec"), []
    try:
        for fault in faults:
            for kind in kinds:
                # A reason is ZIP's where it is about the kind of an operation, and none of these.
                if WANTED_ROWS not in fault.name or fault.reason(function, version, ""):
                    continue
                _, wrong = rig.run_cell(kind, fault)
                if wrong:
                    failures.append(f"{fault.name}, {kind}: {wrong}")
                if fault in ENDS:
                    rig.close()
        rig.close()
    finally:
        rig.abandon()
    return failures


@pytest.mark.parametrize("function,version", COLUMNS)
def test_matrix(function, version):
    failures = run(function, version, "", rows(ROWS), KINDS[function])
    assert not failures, "\n".join(failures)


@pytest.mark.parametrize("function,version", COLUMNS)
def test_replay(function, version):
    """Out of place: no operation is to fail."""
    faults = [replace(fault, failed=NONE) for fault in rows(REPLAYED)]
    failures = run(function, version, ",on_error=replay", faults, ["mixed"])
    assert not failures, "\n".join(failures)
