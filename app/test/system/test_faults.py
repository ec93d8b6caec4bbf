# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""The matrix: each fault alone, on PF and VF, V2 and V3, under each kind of operation; and many of
them at random.

HISI_FAULT_ROWS=TEXT takes only the rows with that in their names. HISI_FAULT_SECONDS is how long
the random ones take, HISI_SEED what they begin from.
"""

import os
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

import fault_matrix
from fault_rows import ENDS, RAS_AT_RANDOM, REPLAYED, ROWS, WANTED_ROWS
from faults import (KINDS, NONE, SOME_STOLEN, TIMEOUT_MS, Broken, Control, Fault, Session,
                    broken_calls, broken_promises, busy_calls, fired_counts, starter, surprises)
from harness import NO_HUGE, PROBES, Emulator, Program, scope

BESIDE = True

COLUMNS = scope([("pf", "v3"), ("vf", "v2")],
                [("pf", "v3"), ("vf", "v2"), ("vf", "v3"), ("pf", "v2")])
# The quick set: another kind on each.
COLUMN_KINDS = scope({"pf": ["compress"], "vf": ["sgl"]}, {"pf": KINDS, "vf": KINDS})
SECONDS = float(os.environ.get("HISI_FAULT_SECONDS") or 60)
SEED = int(os.environ.get("HISI_SEED") or random.SystemRandom().randrange(1, 1 << 31))
# sq_head: one that names an operation in flight now and then. What disturbs a recovery is rare: it
# must not be so often that some attempts in a row fail for it, after which a function is dead.
STORM = [
    "random p=0.001", "sq_head value=3 p=0.0001", "doorbell p=0.0005", "flr p=0.00002",
    *(f"aeqe type={n} p=0.00001" for n in (0, 1, 2)),
    "mailbox kind=busy ms=5 p=0.005", "mailbox kind=status value=1 p=0.0005",
    "mailbox kind=never p=0.0001", "no_reset p=0.0005",
    "freeze ms=60 p=0.00001", "disconnect p=0.000005",
]
STORM_OF = {
    ("pf", "v2"): RAS_AT_RANDOM, ("pf", "v3"): RAS_AT_RANDOM,
    ("vf", "v3"): ["pf_reset p=0.00001"],
}
MEMORY = [*NO_HUGE[:-1], "128"]
PAIRS = 2
# On a busy machine an operation may wait for timeout_ms where none should fail.
TRIES = 3
# Columns beside each other: most of their time they wait.
JOBS = 2


class Rig:
    """An emulator with one function of ours, and a probe on it; made anew when they are gone."""

    def __init__(self, function, version, devargs="", engine="zip"):
        self.function, self.version, self.engine = function, version, engine
        self.devargs = f"timeout_ms={TIMEOUT_MS},reconnect=2{devargs}"
        self.emu, self.session = None, None

    def open(self):
        if self.emu is not None:
            return
        self.emu = Emulator(self.function, queues=16, version=self.version, engine=self.engine,
                            options=["--control={dir}/control"])
        argv = [PROBES[self.engine], *self.emu.eal(self.devargs, lcores="0", memory=MEMORY), "--",
                "fault", self.emu.driver, PAIRS]
        self.session = Session(self.version, starter(Program, argv),
                               Control(self.emu.dir / "control"), engine=self.engine)

    def close(self):
        """Both end as they should, or not at all."""
        if self.emu is not None:
            self.session.close()
            emu, self.emu = self.emu, None
            emu.stop()

    def abandon(self):
        if self.emu is not None:
            emu, self.emu = self.emu, None
            self.session.abandon()
            emu.process.kill()
            emu.process.wait()
            emu.stop()

    def run_rule(self, kind, fault, rule):
        """The report, and what is wrong with it."""
        fault = fault.by_rule(self.version, rule)
        for _ in range(TRIES):
            self.open()
            report = self.session.cell(kind, rule, fault)
            wrong, surprise = broken_promises(report), surprises(report, fault)
            busy = busy_calls(report)
            if wrong or not busy and (not surprise or fault.failed != NONE):
                break
        return report, wrong or surprise or busy

    def run_cell(self, kind, fault):
        """One after the other the rules of a row."""
        reports = []
        for rule in fault.rules:
            try:
                report, wrong = self.run_rule(kind, fault, rule)
            except (Broken, AssertionError, OSError) as error:
                report, wrong = None, str(error)
            if report:
                reports.append(report)
            if wrong:
                self.abandon()
                return reports, f"{rule!r}: {wrong}\n{report}"
        if fault in ENDS:
            self.close()
        return reports, ""


def run_column(function, version):
    """The cells of one function, in the order of the rows: the failures."""
    rig, failures = Rig(function, version), []
    try:
        for fault in ROWS:
            for kind in COLUMN_KINDS[function]:
                if WANTED_ROWS not in fault.name or fault.reason(function, version, kind):
                    continue
                reports, wrong = rig.run_cell(kind, fault)
                fault_matrix.note(function, version, kind, fault, reports, wrong)
                if wrong:
                    failures.append(f"{fault.name}, {kind}: {wrong}")
        rig.close()
    finally:
        rig.abandon()
    return failures


def run_replay(function, version):
    """What ends in a stop or a reset, with on_error=replay: no operation is to fail."""
    rig, failures = Rig(function, version, ",on_error=replay"), []
    try:
        for fault in REPLAYED:
            if WANTED_ROWS not in fault.name or fault.reason(function, version, "mixed"):
                continue
            fault = replace(fault, failed=NONE)
            reports, wrong = rig.run_cell("mixed", fault)
            fault_matrix.note(function, version, fault_matrix.REPLAY, fault, reports, wrong)
            if wrong:
                failures.append(f"{fault.name}: {wrong}")
        rig.close()
    finally:
        rig.abandon()
    return failures


RUNS = {"test_matrix": run_column, "test_replay": run_replay}


@pytest.fixture(name="columns", scope="module")
def columns_fixture(request):
    """Those that were asked for, some at a time."""
    wanted = [(item.originalname, item.callspec.params["function"], item.callspec.params["version"])
              for item in request.session.items
              if getattr(item, "originalname", None) in RUNS and "columns" in item.fixturenames]
    with ThreadPoolExecutor(JOBS) as pool:
        yield {key: pool.submit(RUNS[key[0]], *key[1:]) for key in wanted}


@pytest.mark.parametrize("function,version", COLUMNS)
def test_matrix(columns, function, version):
    """Each op comes back once, right or with an error; the function is usable again, or dead and
    says so."""
    failures = columns["test_matrix", function, version].result()
    assert not failures, "\n".join(failures)
    if not WANTED_ROWS:
        empty = fault_matrix.empty_cells(function, version, COLUMN_KINDS[function])
        assert not empty, f"neither run nor with a reason: {empty}"


@pytest.mark.parametrize("function,version", COLUMNS)
def test_replay(columns, function, version):
    failures = columns["test_replay", function, version].result()
    assert not failures, "\n".join(failures)


def run_storm(function, version):
    """With on_error=replay on VFs."""
    rig = Rig(function, version, ",on_error=replay" if function == "vf" else "")
    try:
        rig.open()
        rules = [f"seed {SEED}", *STORM, *STORM_OF.get((function, version), [])]
        report, after = rig.session.storm("mixed", [f"fault {rule}" for rule in rules], SECONDS)
        rig.close()
    finally:
        rig.abandon()
    fired = fired_counts(report["fires"])
    fault_matrix.note_report(
        f"random faults, HISI_SEED={SEED}, {SECONDS:g} s, {function} {version}: "
        f"{report['returned']} operations, {report['failed']} with an error; "
        f"{sum(fired)} faults by {sum(map(bool, fired))} of {len(fired)} rules; "
        f"{report['state']} afterwards", report)
    return report, after


def test_random_faults():
    """All functions at the same time, each with an emulator of its own."""
    print(f"HISI_SEED={SEED}")
    with ThreadPoolExecutor(len(COLUMNS)) as pool:
        reports = list(pool.map(lambda column: run_storm(*column), COLUMNS))
    for column, (report, after) in zip(COLUMNS, reports):
        wrong = broken_promises(report) or busy_calls(report, SOME_STOLEN) or \
            surprises(report, Fault("random", ())) or \
            broken_promises(after) or surprises(after, Fault("none", (), NONE))
        assert not wrong, f"{column}, HISI_SEED={SEED}: {wrong}\n{report}\n{after}"
    wrong = broken_calls([report for report, _ in reports])
    assert not wrong, wrong
