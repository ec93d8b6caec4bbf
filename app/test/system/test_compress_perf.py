# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Debian's own dpdk-test-compress-perf, unmodified, on a PF and on a VF."""

import pytest

from harness import compress_perf, perf_row, run, scope

RELEASE_ONLY = True

FUNCTIONS = ["pf", "vf"]
SIZES = scope([512, 4096, 59460], [512, 1000, 4096, 16384, 32768, 59460])
# A VF differs from a PF before the first op only.
SIZES_OF_A_VF = [512, 4096, 59460]
SIZES_TIMED = [("pf", size) for size in scope([4096], SIZES)] + \
    [("vf", size) for size in scope([4096], [4096, 59460])]
# Cycles of its own figures matter to nobody here, it is that this mode's way with ops works.
SIZES_CYCLED = [("pf", size) for size in scope([4096], [512, 4096, 59460])] + [("vf", 4096)]
KINDS = ["text", "binary", "random", "compressed", "zeros"]

# Compressed size in percent that each kind of data may come to, whatever the op size.
RATIOS = {"text": (5, 65), "binary": (20, 85), "random": (99, 115), "compressed": (95, 115),
          "zeros": (0, 15)}


# All kinds in one size, then what shrinks and what does not.
TIMED = {size: scope(["text"], KINDS if size == 4096 else ["text", "random"]) for size in SIZES}


def check(result, kind):
    assert result.rc == 0, str(result)
    assert result.complaints() == [], str(result)
    row = perf_row(result)
    low, high = RATIOS[kind]
    assert low <= row[3] <= high, str(result)
    return row


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_verify(emulator, corpus, function, kind):
    """What was compressed and decompressed is what was there before, for every op size."""
    emu = emulator(function)
    for size in SIZES if function == "pf" else SIZES_OF_A_VF:
        check(run(compress_perf(emu.eal(), corpus / kind, "verify", size)), kind)


@pytest.mark.parametrize("function, size", SIZES_TIMED)
def test_throughput(emulator, corpus, function, size):
    emu = emulator(function)
    for kind in TIMED[size]:
        row = check(run(compress_perf(emu.eal(), corpus / kind, "throughput", size, 5)), kind)
        assert row[4] > 0 and row[5] > 0, row


@pytest.mark.parametrize("function, size", SIZES_CYCLED)
def test_cyclecount(emulator, corpus, function, size):
    """The mode that takes ops without a reset: results have to be assigned, never added to."""
    emu = emulator(function)
    for kind in TIMED[size]:
        row = check(run(compress_perf(emu.eal(), corpus / kind, "pmd-cyclecount", size, 5,
                                      ["--cc-delay-us", "1000"])), kind)
        assert len(row) == 13, row


def test_hugepages(emulator, corpus, hugepages):
    """Memory that grows and shrinks while the device runs, one descriptor per page or per list."""
    emu = emulator()
    for memory in [hugepages, ["--in-memory", "--no-telemetry"]]:
        check(run(compress_perf(emu.eal(memory=memory), corpus / "text", "verify")), "text")


def test_two_vfs_at_once(emulator, program, corpus):
    emu = emulator("vf", queues=8, vfs=2)
    both = [program(compress_perf(emu.eal(index=i), corpus / kind, "throughput", 4096, 50))
            for i, kind in enumerate(["text", "binary"])]
    for one, kind in zip(both, ["text", "binary"]):
        check(one.wait(), kind)


def test_one_client_after_another(emulator, corpus):
    """A function that was left is as good as new."""
    emu = emulator()
    for _ in range(scope(3, 10)):
        check(run(compress_perf(emu.eal(), corpus / "text", "verify")), "text")
