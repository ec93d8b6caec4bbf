# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Rows of the fault matrix on functions that vfio-pci gave to our PMD: doorbells are writes to a
BAR there, errors come as MSI, and a reset goes through VFIO."""

import time

import pytest

import guest
from test_pmd import DRIVER, probe
from test_pmd import program_fixture  # noqa: F401 pylint: disable=unused-import

# The path to the system tests is test_pmd's doing.
# pylint: disable=wrong-import-order
from fault_rows import ROWS
from faults import NONE, Session, broken_promises, busy_calls, starter, surprises

DEVICES = {"zip-pf-v3": "zip,queues=8", "zip-vf-v2": "zip,version=v2,function=vf,vf_queues=8"}
QUICK_DEVICES = []
pytestmark = pytest.mark.full
# Everything is slower here by far.
TIMEOUT_MS = 1000
PATIENCE = 4
CHOSEN = ["drop", "phase", "sq_head beyond the ring", "reorder", "status of each error", "stall",
          "dma_write", "flr in mid-burst", "ras that stops all DMA under load", "aeqe of each type",
          "STOP_QP with an error", "mailbox with an error"]
TRIES = 3


def run_cell(session, fault):
    """Mixed operations; the first rule of a row stands for the others here."""
    start = time.monotonic()
    for _ in range(TRIES):
        report = session.cell("mixed", fault.rules[0], fault)
        wrong, surprise = broken_promises(report), surprises(report, fault)
        busy = busy_calls(report)
        if wrong or not busy and (not surprise or fault.failed != NONE):
            break
    print(f"{fault.name}: {report['state']} after {report['back_ms']} ms, {report['failed']} "
          f"failed, longest burst call {report['call_us']} us beside {report['noise_us']} us of "
          f"noise; {time.monotonic() - start:.1f} s")
    return wrong or surprise or busy


@pytest.mark.parametrize("name", DEVICES)
def test_faults(program, name):
    """Each op comes back once, right or with an error, and the function is usable again."""
    device = guest.Device(__name__, name)
    _, function, version = name.split("-")
    argv = probe("fault", DRIVER, 1, functions=[f"{device.address},timeout_ms={TIMEOUT_MS}"])
    session = Session(version, starter(program, argv), device.send, PATIENCE)
    rows = [fault for fault in ROWS if fault.name in CHOSEN]
    assert len(rows) == len(CHOSEN)
    failures = []
    for fault in rows:
        if not fault.reason(function, version, "mixed"):
            wrong = run_cell(session, fault)
            failures += [f"{fault.name}: {wrong}"] if wrong else []
    result = session.close()
    assert not failures, f"{failures}\n{result}"
