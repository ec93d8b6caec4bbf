# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Memory that a process has not shown to its device stays as it is, whatever a descriptor says;
and the errors of a device, which come as interrupts."""

import re
from pathlib import Path

import pytest

from guest import BUILD, KernelLog, run, wait_until
from test_pmd import DRIVER, LONG_S, eal, finish, json_lines, probe, works
from test_pmd import program_fixture  # noqa: F401 pylint: disable=unused-import

import guest

DEVICES = {
    "device": "zip,queues=4",
    "op": "zip,queues=4,dma_fault=op",
    "device-v2": "zip,version=v2,function=vf",
    "op-v2": "zip,version=v2,function=vf,dma_fault=op",
}
QUICK_DEVICES = ["device"]
STRAY = BUILD / "app/test/guest/comp_stray"
CASES = ("never", "unmapped", "readonly", "freed")
OP_ERROR = 3
# A VF hears of no error: it misses the operation. Elsewhere nobody's time is to run out first.
TIMEOUT_MS = {"device-v2": 500, "v2-vf": 500}
LONG_MS = 100_000
full = pytest.mark.full


def device(name):
    return guest.Device(__name__, name)


def timeout(name):
    return f",timeout_ms={TIMEOUT_MS.get(name, LONG_MS)}"


def stray(name, *words, memory=("--in-memory", "--single-file-segments")):
    return [STRAY, *eal(device(name).address + timeout(name), memory=memory, lcores="0"), "--",
            DRIVER, *words]


def check_refused(case, status=OP_ERROR):
    """An error for the operation, nothing written anywhere, and a device that works."""
    assert case["status"] == status and case["produced"] == 0, case
    assert case["changed"] == case["good_changed"] == 0, case
    assert case["works"] == 1, case


def check_cases(lines, status=OP_ERROR):
    """What was said of each case of CASES; how many operations were refused."""
    cases = {(c["memory"], c["as"]): c for c in lines}
    for memory in ("mapped", "allocated"):
        case = cases.pop((memory, "output"))
        # V2 writes a little more than it says (zip.md 9).
        assert case["status"] == 0 and 0 < case["changed"] <= case["produced"] + 16
        assert case["works"] == 1
    # Reading is what a read-only map is for.
    readable = cases.pop(("readonly", "input"))
    assert readable["status"] == 0 and readable["produced"] > 0 and readable["changed"] == 0
    assert set(cases) == {("never", "output"), ("never", "input"), ("unmapped", "output"),
                          ("unmapped", "input"), ("readonly", "output"), ("freed", "output"),
                          ("freed", "input")}
    for case in cases.values():
        check_refused(case, status)
    return len(cases)


def check_scope(scope, one, log, cases):
    """Whose error it was: the operation's alone ("op"), or the whole device's, of which a PF hears
    by an interrupt and a VF by what does not come."""
    named = len(re.findall(rf"{one.address}: hardware error of the \w+: axi_[rb]resp \(bit", log))
    lost = log.count("no progress within timeout_ms")
    if scope == "op":
        assert "resetting" not in log and "hardware error" not in log and lost == 0
    elif scope == "pf":
        assert named >= cases and log.count("resetting the function") >= cases and lost == 0
    else:
        # An op that comes while its function is being reset is missed before its time is up.
        assert named == 0 and lost > 0 and log.count("resetting the function") >= cases


@pytest.mark.parametrize("name", ["device", *(pytest.param(name, marks=full)
                                              for name in ("op", "device-v2", "op-v2"))])
def test_stray_addresses(name):
    """Never mapped, mapped once, mapped for reading only, freed: as output and as input."""
    one, log = device(name), KernelLog()
    before = one.stats()["dma_faults"]
    done = run(stray(name, *CASES))
    refused = check_cases(json_lines(done))
    assert one.stats()["dma_faults"] - before >= refused
    check_scope({"device": "pf", "device-v2": "vf"}.get(name, "op"), one, done.stderr, refused)
    # The vIOMMU never saw them: the model refuses by the maps that it was given.
    assert log.complaints("DMAR", "vfio") == []


@full
@pytest.mark.parametrize("name", ["device", "op"])
def test_memory_of_a_dead_process(program, name):
    """Killed with its memory mapped: the next process's descriptors do not reach it."""
    holder = program(stray(name, "hold", memory=("--in-memory", "--single-file-segments",
                                                 "--base-virtaddr=0x500000000000")))
    holder.wait_output('"works": 1')
    iova = holder.result().json_lines()[0]["address"]
    assert iova >= 0x500000000000
    holder.kill()
    done = run(stray(name, f"at={iova:#x}"))
    cases = json_lines(done)
    assert [case["as"] for case in cases] == ["output", "input"]
    for case in cases:
        check_refused(case)


def msi_counts(address):
    """Interrupts of each vector, over all CPUs."""
    counts = {}
    for line in Path("/proc/interrupts").read_text().splitlines():
        found = re.search(rf"vfio-msi\[(\d+)\]\({address}\)", line)
        if found:
            counts[int(found.group(1))] = sum(map(int, re.findall(r"\s(\d+)(?=\s)", line)))
    return counts


@full
def test_error_comes_as_an_interrupt(program):
    """A hardware error of the PF: its MSI vector 3, the error by name, a reset, and on it goes.
    Long before anybody's timeout."""
    address = device("device").address
    one = program([STRAY, *eal(address + ",timeout_ms=600000", lcores="0"), "--", DRIVER, "never",
                   "hold"])
    one.wait_output('"address"')
    counts = msi_counts(address)
    assert sorted(counts) == [0, 1, 2, 3] and counts[3] > 0, counts
    result = one.result()
    for case in result.json_lines()[:2]:
        check_refused(case)
    named = [line for line in result.err.splitlines() if "hardware error of the" in line]
    assert named and all(address in line and "(bit " in line for line in named), str(result)
    assert "resetting the function" in result.err
    one.kill()
    works(address)


@full
@pytest.mark.parametrize("name", ["device", "device-v2"])
def test_event_comes_as_an_interrupt(program, name):
    """An asynchronous event of a queue, which a VF has too: MSI vector 1, the event by name, and
    the queue is stopped and runs again. Long before anybody's timeout."""
    one = device(name)
    loop = program(probe("loop", DRIVER, LONG_S, functions=[one.address + ",timeout_ms=600000"]))
    loop.wait_output('"running": true')
    before = msi_counts(one.address)
    for kind in (0, 2):
        one.send(f"fault aeqe type={kind}")
        loop.wait_output(f"(type {kind}) on queue 0", where="stderr")
        wait_until(lambda: loop.stderr().count("queue 0 runs again") > kind // 2)
    # One interrupt each, beside those of a busy machine's own.
    assert msi_counts(one.address)[1] - before[1] >= 2
    result, report = finish(loop)
    assert report["ok_since_error"] > 0, str(result)
    events = [line for line in result.err.splitlines() if "asynchronous event" in line]
    assert [re.search(r"event (\w+)", line).group(1) for line in events] == [
        "cq_overflow", "cqe_error"], str(result)
    assert result.err.count("queue 0: the device reported an error; stopping it") == 2, str(result)
