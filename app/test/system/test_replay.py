# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""on_error=replay under faults of the device: what is stopped or reset is no error of an op, but of
one that stops the device whenever it is tried.

The probe of the fault matrix tells for each op whether it came back once, with its data right.
"""

import random

import pytest

from faults import NONE, SOME, TIMEOUT_MS, USABLE, Control, Fault, Session, broken_promises
from faults import starter, surprises
from harness import DRIVER, PROBE, Emulator, Program, scope
from test_faults import MEMORY, PAIRS, TRIES, pytestmark  # noqa: F401

# The reset of a PF, of a VF, and V2's, which cannot stop a queue.
COLUMNS = scope([("pf", "v3", "compress"), ("pf", "v3", "sgl"), ("vf", "v2", "compress")],
                [("pf", "v3", "compress"), ("pf", "v3", "sgl"), ("pf", "v3", "decompress"),
                 ("vf", "v3", "mixed"), ("pf", "v2", "compress"), ("vf", "v2", "compress")])
# Each happens once: whatever the device had is done again, and right.
ONCE = ["drop op=5", "stall op=5", "flr op=5", "dma_read op=5", "dma_write op=5", "phase op=5",
        "sq_head op=5 value=60000", "drop op=5\nflr after_ms=400"]
# HISI_QM_REPLAYS_MAX (hisi_qm_replay.h) and the first time.
ATTEMPTS = 4
SECONDS = scope(5, 15)


class Replayer:
    """An emulator with one function of ours, and a probe that has its ops done again."""

    def __init__(self, function, version):
        self.emu = Emulator(function, queues=16, version=version,
                            options=["--control={dir}/control"])
        devargs = f"timeout_ms={TIMEOUT_MS},on_error=replay"
        argv = [PROBE, *self.emu.eal(devargs, lcores="0", memory=MEMORY), "--", "fault", DRIVER,
                PAIRS]
        self.session = Session(version, starter(Program, argv), Control(self.emu.dir / "control"))
        self.session.open()

    def run(self, kind, rule, failed):
        """A few times: on a busy machine an op may wait for timeout_ms where none should fail."""
        fault = Fault("replay", (rule,), failed, USABLE)
        for _ in range(TRIES):
            report = self.session.cell(kind, rule)
            wrong = broken_promises(report)
            if wrong or not surprises(report, fault):
                break
        assert not wrong, f"{rule!r}: {wrong}\n{report}"
        assert not surprises(report, fault), f"{rule!r}: {surprises(report, fault)}\n{report}"
        return report

    def close(self):
        self.session.close()
        self.emu.stop()

    def abandon(self):
        self.session.abandon()
        self.emu.process.kill()
        self.emu.process.wait()
        self.emu.stop()


@pytest.fixture(name="replayer")
def replayer_fixture(request):
    function, version, kind = request.param
    replayer = Replayer(function, version)
    yield replayer, kind
    if replayer.session.probe is None:
        return
    if getattr(request.node, "passed", False):
        replayer.close()
    else:
        replayer.abandon()


@pytest.mark.parametrize("replayer", COLUMNS, ids="-".join, indirect=True)
def test_faults_that_happen_once(replayer, request):
    """No op fails, and each is right."""
    replayer, kind = replayer
    for rule in ONCE:
        replayer.run(kind, rule, NONE)
    request.node.passed = True


@pytest.mark.parametrize("replayer", COLUMNS[:1], ids="-".join, indirect=True)
def test_op_that_stops_the_device(replayer, request):
    """The oldest op of a queue stops the whole device each time: it fails, alone."""
    replayer, kind = replayer
    report = replayer.run(kind, f"dma_read queue=0 every=1 times={ATTEMPTS}", SOME)
    assert report["failed"] == 1, report
    # One time less, and it is done as well.
    replayer.run(kind, f"dma_write queue=0 every=1 times={ATTEMPTS - 1}", NONE)
    request.node.passed = True


@pytest.mark.parametrize("replayer", COLUMNS[:1], ids="-".join, indirect=True)
def test_random_faults(replayer, request):
    """Each op once, right or with an error; afterwards it works."""
    replayer, _ = replayer
    seed = random.SystemRandom().randrange(1, 1 << 31)
    print(f"seed {seed}")
    rules = [f"fault seed {seed}", "fault random p=0.001", "fault flr p=0.00002"]
    report, after = replayer.session.storm("mixed", rules, SECONDS)
    for cell in (report, after):
        assert not broken_promises(cell), f"seed {seed}: {broken_promises(cell)}\n{cell}"
    assert after["state"] == USABLE and after["failed"] == 0, f"seed {seed}: {after}"
    print(report)
    request.node.passed = True
