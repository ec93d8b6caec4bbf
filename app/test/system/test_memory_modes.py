# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""EAL's ways to keep its memory, each with random operations and with memory that comes and goes
meanwhile."""

import os
import time
from pathlib import Path

import pytest

from harness import BUILD, DRIVER, HANG_S, come_to, full, run, scope

RELEASE_ONLY = True

DIFF = BUILD / "app/test/diff/hisi_diff"
# The program's exit status when EAL does not start.
NO_EAL = 3
PAGES_2M = Path("/sys/kernel/mm/hugepages/hugepages-2048kB")
PAGES_1G = Path("/sys/kernel/mm/hugepages/hugepages-1048576kB")
STATIC = ["--no-huge --no-shconf -m 1024", "--legacy-mem -m 1024"]
DYNAMIC = ["", "--single-file-segments", "--in-memory", "--in-memory --single-file-segments",
           "--huge-unlink=always", "--match-allocations"]


def number(folder, name):
    try:
        return int((folder / name).read_text())
    except OSError:
        return 0


@pytest.fixture
def pages_of():
    """So many more pages of a size, for a while."""
    before = {}

    def make(folder, count):
        if os.getuid() != 0 or not folder.exists():
            pytest.skip(f"needs root and {folder.name}")
        before[folder] = number(folder, "nr_hugepages")
        (folder / "nr_hugepages").write_text(str(before[folder] + count))
        if number(folder, "free_hugepages") < count:
            pytest.skip(f"no {count} free pages: {folder.name}")

    yield make
    for folder, count in before.items():
        (folder / "nr_hugepages").write_text(str(count))


def run_diff(emu, memory, ops, *args):
    eal = emu.eal(lcores="0", memory=[*memory, "--no-telemetry"])
    return run([DIFF, *eal, "--", f"--driver={DRIVER}", "--seed=9", f"--ops={ops}",
                "--depth=100", "--churn", *args], timeout=300)


def check_summary(result, ops):
    assert result.rc == 0, str(result)
    summary = result.json_lines()[-1]
    assert summary["ops"] == ops, str(result)
    assert result.complaints() == [], str(result)
    return summary


def diff(emu, memory, ops, *args):
    return check_summary(run_diff(emu, memory, ops, *args), ops)


def needs_pages(count):
    if os.getuid() != 0 or number(PAGES_2M, "free_hugepages") < count:
        pytest.skip(f"needs root and {count} free hugepages of 2 MB")


@pytest.mark.parametrize("mode", DYNAMIC, ids=lambda mode: mode or "default")
def test_dynamic_memory(emulator, prefix, mode):
    needs_pages(500)
    more = [] if "--in-memory" in mode else prefix
    summary = diff(emulator(), [*mode.split(), *more], scope(200, 1000))
    assert summary["page"] == 2 << 20
    assert summary["grown"] > 5 and summary["shrunk"] > 5, summary


@pytest.mark.parametrize("mode", STATIC)
def test_static_memory(emulator, request, mode):
    more = []
    if "--legacy-mem" in mode:
        needs_pages(520)
        more = request.getfixturevalue("prefix")
    assert diff(emulator(), [*mode.split(), *more], scope(200, 1000))["grown"] == 0


def test_legacy_memory_in_single_files_is_refused(emulator, prefix):
    """EAL has no descriptors of it then; it says so once, and so does the driver."""
    needs_pages(500)
    emu = emulator()
    memory = ["--legacy-mem", "--single-file-segments", "-m", "512", *prefix]
    result = run([DIFF, *emu.eal(lcores="0", memory=memory), "--", "--seed=1", "--ops=1"])
    assert result.rc == 3, str(result)
    lines = [line for line in result.driver_lines() if line.startswith("HISI_")]
    assert len(lines) == 1 and "--legacy-mem" in lines[0], str(result)


def test_pages_of_1_gib(emulator, pages_of, request):
    """Who starts with --in-memory meanwhile takes the one page there is and gives it back when he
    ends: this one waits for it."""
    pages_of(PAGES_1G, 1)
    memory = request.getfixturevalue("pages_1g")
    end = time.monotonic() + HANG_S
    while True:
        come_to(True, lambda: number(PAGES_1G, "free_hugepages") > 0)
        result = run_diff(emulator(), memory, scope(200, 1000))
        if result.rc != NO_EAL or time.monotonic() > end:
            break
    assert check_summary(result, scope(200, 1000))["page"] == 1 << 30


@pytest.mark.skipif(not full(), reason="long: only with --all")
def test_8_gb_in_pages_of_2_mb(emulator, pages_of):
    """4096 pages; each a descriptor and a mapping of its own in the first mode. Both in one test:
    finding the pages costs more than using them."""
    available = next(line for line in Path("/proc/meminfo").read_text().splitlines()
                     if line.startswith("MemAvailable")).split()[1]
    if int(available) < 11 << 20:
        pytest.skip("needs 11 GB of free memory")
    pages_of(PAGES_2M, 4096 + 256)
    for mode in [["--in-memory"], ["--in-memory", "--single-file-segments"]]:
        assert diff(emulator(), [*mode, "-m", "8192"], 500)["page"] == 2 << 20
