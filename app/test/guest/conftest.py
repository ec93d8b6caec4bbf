# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Tests that run in the guest machine of devtools/vm.sh: pytest app/test/guest.

On the host no test function is called. The modules' devices are put into as few boots as possible,
this very pytest is started in each guest with the tests that were selected, and what it says about
each of them is reported here under the same name.

A module says which devices it wants, each as devtools/vm.sh --device has it:
    DEVICES = {"pf": "zip", "vfs": "zip,version=v2,function=vf,vfs=2"}
    QUICK_DEVICES = ["pf"]    # optional: those of them that the quick set uses
    ALONE = True    # optional: a boot of its own, for tests that may take the guest down
    SLOW_S = 120    # optional: seconds beside those that each test has
    MEMORY_MIB = 4096, HUGEPAGES = 512    # optional, the largest of a boot counts
Tests marked "full" are left out of the quick set. The module guest has what tests need inside.
"""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

import boot

BOOTS = pytest.StashKey()
IN_GUEST = os.environ.get("HISI_IN_GUEST") == "1"
# Of DPDK's, those that tests use or that the programs of its packages are linked with.
USED_DRIVERS = ["bus_pci", "bus_vdev", "compress_isal", "compress_zlib", "crypto_null",
                "crypto_openssl", "crypto_scheduler", "event_skeleton", "mempool_ring",
                "mempool_stack", "net_bond", "net_null", "net_ring"]


def write_report(name, outcome, text="", seconds=0.0):
    line = {"id": name, "outcome": outcome, "text": text, "seconds": seconds}
    with open(os.path.join(os.environ["HISI_OUT"], boot.REPORTS), "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def hide_drivers():
    """EAL loads every driver that is installed, 190 files, which takes an emulated CPU longer than
    many of the tests: leave those that are used here."""
    for everything in Path("/usr/lib").glob("*/dpdk/pmds-*"):
        some = Path(tempfile.mkdtemp())
        some.chmod(0o755)
        for name in USED_DRIVERS:
            for file in everything.glob(f"librte_{name}.so*"):
                shutil.copy(file, some, follow_symlinks=False)
        subprocess.run(["mount", "--bind", some, everything], check=True)


def pytest_configure(config):
    config.addinivalue_line("markers", "full: not in the quick set")
    if IN_GUEST:
        hide_drivers()
        write_report("", "begun")


@pytest.hookimpl(trylast=True)  # after -k and its like
def pytest_collection_modifyitems(config, items):
    if IN_GUEST:
        return
    left_out = [item for item in items if not boot.ALL and item.get_closest_marker("full")]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)
    if config.option.collectonly:
        return
    config.stash[BOOTS] = boot.plan(items)
    for one in config.stash[BOOTS]:
        for item in one.items:
            _hand_over(item, one)


def pytest_runtestloop(session):
    """Before the first test: boots."""
    if not IN_GUEST and not session.config.option.collectonly and not session.testsfailed:
        boot.start(session.config.stash[BOOTS])


def _hand_over(item, one):
    """The item's fixtures and function are the guest's: here it only asks what came of it."""
    item.setup = lambda: None
    item.runtest = lambda: _tell(item, one.report(item.nodeid))


def _tell(item, report):
    item.add_report_section("call", "guest", report["text"])
    if report["outcome"] == "skipped":
        pytest.skip(report["text"])
    if report["outcome"] == "failed":
        pytest.fail(report["text"], pytrace=False)


def _text(report):
    if report.skipped and isinstance(report.longrepr, tuple):
        return report.longrepr[2].removeprefix("Skipped: ")
    return "\n".join([report.longreprtext, *(f"--- {name}\n{text}"
                                             for name, text in report.sections)])


def pytest_runtest_logreport(report):
    """In the guest: one line for what is worth telling, at once, since the next test may be the
    one that takes the guest down."""
    if not IN_GUEST or (report.when != "call" and report.passed):
        return
    write_report(report.nodeid, report.outcome, _text(report), round(report.duration, 1))


def pytest_terminal_summary(terminalreporter):
    """On both sides: which drivers these were. And what did not come to its command at first."""
    for name, value in boot.driver_hashes():
        terminalreporter.write_line(f"{value}  librte_{name}.so")
    for one in terminalreporter.config.stash.get(BOOTS, []):
        for end in one.ends[:-1]:
            terminalreporter.write_line(f"{one.name} was booted again: {end}")
