# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""The rows of the fault matrix: what is done to the device, and what that may lead to."""

import os

from faults import ANY, DEAD, NONE, SOME, Fault

WANTED_ROWS = os.environ.get("HISI_FAULT_ROWS", "")
NO_RAS = {"vf": "the PF's: a VF sees no error bits (qm.md 2.5)"}
# zip.md 8.6; 0x0d says that the result is valid, and here there is none.
STATUSES = (0x0d, 0x0e, 0x0f, 0x10, 0x12, 0x13, 0xfe)
QM_BITS, ENGINE_BITS = range(15), range(13)
# Reported, corrected or not (zip.md 1.2); the chip masks the others.
QM_REPORTS = {"v2": 0x1c57 | 0x8, "v3": 0x7c77 | 0x8}
ENGINE_REPORTS = {"v2": 0x7fe | 0x1, "v3": 0x1ffe | 0x1}


def _one(name, rule, failed=ANY, **more):
    return Fault(name, (rule,), failed, **more)


def _ras(block, bits, halt=""):
    return tuple(f"ras block={block} bit={bit}{halt}" for bit in bits)


def _masked(block, bits, reports):
    return {version: _ras(block, [bit for bit in bits if not mask >> bit & 1])
            for version, mask in reports.items()}


# A bit in a few hundred thousand operations.
RAS_AT_RANDOM = [f"{rule} p=0.000002" for rule in (*_ras("qm", QM_BITS),
                                                   *_ras("engine", ENGINE_BITS))]

# What the driver counted, so that a row is not empty where no operation failed.
STOPPED = ("queue_timeouts", "queue_stops")
LIE = ("queue_bad_cqes", "queue_stops")
RESET = ("queue_timeouts", "resets")
MAILBOX = ("queue_timeouts", "mailbox_errors", "resets")

# The op that it happens to is not the first of a burst.
OPS = [
    _one("drop", "drop op=5", SOME, counts=STOPPED),
    _one("delay, short", "delay op=5 ms=60", NONE),
    _one("delay, longer than timeout_ms", "delay op=5 ms=1500", counts=STOPPED),
    _one("duplicate", "duplicate op=5"),
    _one("reorder", "reorder op=5", NONE, counts=("queue_unordered",)),
    _one("phase", "phase op=5"),
    _one("sq_head beyond the ring", "sq_head op=5 value=60000", SOME, counts=LIE),
    _one("sq_head of another op", "sq_head op=5 value=1"),
    _one("sq_num of another queue", "sq_num op=5 value=9", counts=LIE),
    Fault("status of each error", tuple(f"status op=5 value={n}" for n in STATUSES), SOME),
    _one("stall", "stall op=5", SOME, counts=RESET),
    _one("slow core", "slow us=300 every=1 times=200", NONE),
    _one("dma_read", "dma_read op=5", SOME),
    _one("dma_write", "dma_write op=5", SOME),
    _one("doorbell with a wrong tag", "doorbell op=2"),
]

DEVICE = [
    _one("flr in mid-burst", "flr op=5"),
    _one("flr at once", "flr", linger_s=0.1),
    Fault("ras, each bit of the queue manager", _ras("qm", QM_BITS), only=NO_RAS, linger_s=0.1,
          counts=("hardware_errors",), unheard=_masked("qm", QM_BITS, QM_REPORTS)),
    Fault("ras, each bit of the engine", _ras("engine", ENGINE_BITS), only=NO_RAS, linger_s=0.1,
          counts=("hardware_errors",),
          unheard=_masked("engine", ENGINE_BITS, ENGINE_REPORTS)),
    # Whether anything is in flight at that moment is chance.
    Fault("ras that stops all DMA", _ras("qm", [2], " halt=on"), only=NO_RAS, linger_s=0.1,
          counts=("hardware_errors", "resets")),
    _one("ras that stops all DMA under load", "stall op=5\nras block=qm bit=2 halt=on after_ms=20",
         SOME, only=NO_RAS, linger_s=0.1, counts=("hardware_errors", "resets")),
    Fault("aeqe of each type", tuple(f"aeqe type={n}" for n in (0, 1, 2)), linger_s=0.1,
          counts=("async_events",)),
    # One op is lost, so that its queue is stopped: commands go through the mailbox then.
    _one("mailbox busy", "drop op=5\nmailbox kind=busy ms=30", SOME, counts=STOPPED),
    _one("mailbox with an error", "drop op=5\nmailbox kind=status value=1", SOME,
         counts=MAILBOX),
    _one("mailbox that never answers", "drop op=5\nmailbox kind=never", SOME, counts=MAILBOX),
    _one("STOP_QP with an error", "drop op=5\nmailbox kind=status value=1 command=stop_qp", SOME,
         counts=MAILBOX, only={"v2": "no STOP_QP: the driver compares tails (qm.md 6.5)"}),
    _one("SQC with an error", "drop op=5\nmailbox kind=status value=1 command=sqc", SOME,
         counts=MAILBOX),
    _one("CQC with an error", "drop op=5\nmailbox kind=status value=1 command=cqc", SOME,
         counts=MAILBOX),
    _one("pf_reset", "pf_reset", linger_s=0.3, counts=("resets",), only={
        "pf": "resets itself", "v2": "no messages between functions before V3 (qm.md 6.12)"}),
    _one("freeze, short", "freeze ms=60", NONE),
    _one("freeze, longer than timeout_ms", "freeze ms=800"),
]

# The last of a program: nothing revives a function that no reset helps, or whose emulator is gone.
CURE = "remove the device and add it again"
ENDS = [
    _one("a reset that does not help", "stall op=5\nno_reset every=1", SOME, state=DEAD,
         says=CURE),
    # It stops, it is reset, and goes on as before: nothing but errors, and no end of it.
    _one("drop, each one", "drop every=1", SOME, state=DEAD, says=CURE, counts=RESET),
    # The socket listens on. What was under way is completed before the connection is closed.
    _one("disconnect", "disconnect", fires=False, linger_s=0.3, counts=("resets",)),
    _one("die", "die", SOME, state=DEAD, fires=False, says=CURE),
]
ROWS = [*OPS, *DEVICE, *ENDS]

# Those that end in a stop of the queue or a reset: with on_error=replay no operation fails.
REPLAYED = [fault for fault in ROWS if fault.name in (
    "drop", "delay, longer than timeout_ms", "duplicate", "phase", "sq_head beyond the ring",
    "sq_head of another op", "sq_num of another queue", "stall", "dma_read", "dma_write",
    "doorbell with a wrong tag", "flr in mid-burst", "ras that stops all DMA",
    "ras that stops all DMA under load",
    "mailbox with an error", "STOP_QP with an error", "SQC with an error")]
