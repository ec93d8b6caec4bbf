# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""on_error=replay and an op that stops the device whenever it is tried. Faults that happen once are
rows of the matrix (test_faults.py).

The probe of the matrix tells for each op whether it came back once, with its data right.
"""

import pytest

from faults import NONE, SOME, Broken, Fault
from harness import scope
from test_faults import Rig

BESIDE = True

COLUMNS = scope([("pf", "v3", "compress")],
                [("pf", "v3", "compress"), ("pf", "v3", "sgl"), ("vf", "v3", "compress"),
                 ("vf", "v2", "compress")])
# HISI_QM_REPLAYS_MAX (hisi_qm_replay.h) and the first time.
ATTEMPTS = 4


def run_rule(rig, kind, rule, failed):
    report, wrong = rig.run_rule(kind, Fault("replay", (rule,), failed), rule)
    if wrong:
        raise Broken(f"{rule!r}: {wrong}\n{report}")
    return report


@pytest.mark.parametrize("function,version,kind", COLUMNS)
def test_op_that_stops_the_device(function, version, kind):
    """The oldest op of a queue stops it, or all of the device, each time: it fails, alone."""
    rig = Rig(function, version, ",on_error=replay")
    try:
        for fault in ("stall", "dma_read"):
            rule = f"{fault} queue=0 every=1"
            assert run_rule(rig, kind, f"{rule} times={ATTEMPTS}", SOME)["failed"] == 1
            # One time less, and it is done as well.
            run_rule(rig, kind, f"{rule} times={ATTEMPTS - 1}", NONE)
        rig.close()
    finally:
        rig.abandon()
