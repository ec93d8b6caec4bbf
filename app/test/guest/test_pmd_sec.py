# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""The crypto PMD on functions bound to the real vfio-pci: stock programs, published vectors, random
operations, memory that is not the device's, and a program that is killed."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "system"))

# pylint: disable=wrong-import-position
import harness
import sec_suite
from guest import BUILD, PCI, Device, KernelLog, run
from harness import PROBES, SEC_DRIVER, crypto_perf, perf_rows
from test_iommu import CASES, check_cases, check_scope, timeout
from test_pmd import LONG_S, eal, finish, json_lines
from test_pmd import program_fixture  # noqa: F401 pylint: disable=unused-import
from test_sec_crypto_perf import SHAPES
from test_sec_differential import check_all_kinds, check_all_right, diff
from test_sec_dpdk_test import CASES as SUITE_CASES
from test_sec_dpdk_test import PASSED, run_suite
from test_sec_vectors import run_vectors, vectors

DEVICES = {
    # The generic suite sets up all queue pairs for each of its cases.
    "v3-pf": "sec,queues=4",
    "v2-vf": "sec,version=v2,function=vf",
    "v3-vf": "sec,function=vf",
    "v3-op": "sec,queues=4,dma_fault=op",
}
QUICK_DEVICES = ["v3-pf"]
SUITE_S = 600
SLOW_S = SUITE_S
STRAY = BUILD / "app/test/guest/crypt_stray"
OP_ERROR = 5
# A device that is stopped by an error forgets an op in this time.
TIMEOUT_MS = 500
RANDOM_OPS = 300
SIZES, PERF_OPS = [64, 4096], 500
full = pytest.mark.full


class Function:
    """One of DEVICES, as the system tests' programs want an emulator."""

    driver = SEC_DRIVER

    def __init__(self, name):
        self.device = Device(__name__, name)
        self.address = self.device.address
        self.version = name.partition("-")[0]

    def eal(self, keys="", lcores="0,1"):
        return eal(self.address + keys, lcores=lcores, driver=SEC_DRIVER)


def functions(*names):
    return pytest.mark.parametrize("name", [
        name if name in QUICK_DEVICES else pytest.param(name, marks=full) for name in names])


@functions("v3-pf", "v2-vf", "v3-vf")
def test_published_vectors(name):
    """One of each algorithm, in both directions and with a wrong tag, and nothing that anybody
    complains about."""
    function, log = Function(name), KernelLog()
    last = {line[0]: (title, line) for title, line in vectors().items()}
    found = run_vectors(function.eal(lcores="0"), SEC_DRIVER, dict(last.values()))
    known = {one for kind in sec_suite.algorithms(function.version).values() for one in kind}
    wrong = {title: what for title, what in found.items()
             if what != ("" if vectors()[title][0] in known else "unsupported")}
    assert not wrong and "" in found.values(), wrong
    assert log.complaints("DMAR", "vfio", function.address) == []
    assert function.device.stats()["dma_faults"] == 0


@full
@functions("v3-pf", "v2-vf")
def test_random_ops(name):
    """Of every kind that the device says it has, judged by OpenSSL."""
    function = Function(name)
    result = diff(function.eal(lcores="0"), SEC_DRIVER, "--seed=20261130", f"--ops={RANDOM_OPS}")
    check_all_kinds(check_all_right(result, RANDOM_OPS))
    kind, version = reversed(name.upper().split("-"))
    assert f"SEC {version} {kind}" in result.err and "over vfio-pci" in result.err


@full
@pytest.mark.parametrize("name,shape", [*(("v3-pf", shape) for shape in SHAPES),
                                        ("v2-vf", "cipher-then-auth")])
def test_crypto_perf(name, shape):
    """Stock dpdk-test-crypto-perf by address: all that was enqueued came back, none failed."""
    result = harness.run(crypto_perf(Function(name), "throughput",
                                     ["--optype", shape, *SHAPES[shape]], SIZES, PERF_OPS))
    rows = perf_rows(result)
    assert result.rc == 0 and [row[1] for row in rows] == SIZES, str(result)
    assert all(row[3] == row[4] == PERF_OPS and row[8] > 0 for row in rows), str(result)


@full
def test_generic_suite():
    """Stock dpdk-test, each of its cases as sec.md has it."""
    function = Function("v3-pf")
    result = run_suite("op", SEC_DRIVER, function.eal(), SUITE_S)
    table = sec_suite.Suite(function.version)
    differ = [f"{suite}: {case}: {verdict}" for suite, case, verdict
              in sec_suite.cases_of(result.out) if verdict != table.verdict(suite, case)]
    assert not differ and result.rc == 0, "\n".join(differ) + f"\n{result}"
    totals = sec_suite.totals_of(result.out)
    assert totals["Total"] == SUITE_CASES and totals["Failed"] == 0, totals
    assert totals["Passed"] == PASSED["op", function.version], totals


@full
@functions("v3-pf", "v2-vf", "v3-op")
def test_stray_addresses(name):
    """Never mapped, mapped once, mapped for reading only, freed: as output and as input."""
    function, log = Function(name), KernelLog()
    before = function.device.stats()["dma_faults"]
    done = run([STRAY, *function.eal(timeout(name), lcores="0"), "--", SEC_DRIVER, *CASES])
    refused = check_cases(json_lines(done), OP_ERROR)
    assert function.device.stats()["dma_faults"] - before >= refused
    check_scope(name.partition("-")[2], function, done.stderr, refused)
    if name == "v3-pf":
        assert "; see sec.md 6.3" in done.stderr and "zip.md" not in done.stderr
    # The vIOMMU never saw them: the model refuses by the maps that it was given.
    assert log.complaints("DMAR", "vfio") == []


def start_loop(program, function, keys=""):
    loop = program([PROBES["sec"], *function.eal(keys, lcores="0"), "--", "loop", SEC_DRIVER,
                    str(LONG_S)])
    loop.wait_output('"running": true')
    return loop


@full
@functions("v3-pf", "v2-vf")
def test_killed_and_started_again(program, name):
    """A process that dies with ops in flight leaves a function that works, and no mapping."""
    function = Function(name)
    before = function.device.stats()["dma_faults"]
    start_loop(program, function).kill()
    assert function.device.stats()["active_queues"] == 0
    result, report = finish(start_loop(program, function))
    assert report["ok"] > 0 and report["failed"] == 0, str(result)
    assert function.device.stats()["dma_faults"] == before


@full
@functions("v3-pf", "v2-vf", "v3-vf")
def test_reset_from_outside(program, name):
    """FLR by sysfs while a process ciphers, which goes on with the sessions of before."""
    function = Function(name)
    loop = start_loop(program, function, f",timeout_ms={TIMEOUT_MS}")
    (PCI / "devices" / function.address / "reset").write_text("1")
    loop.wait_output("runs again", where="stderr")
    result, report = finish(loop)
    assert report["failed"] > 0, f"nothing was in flight when the function was reset: {result}"
    assert report["ok_since_error"] > 0, str(result)
