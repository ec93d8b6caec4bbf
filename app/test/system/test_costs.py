# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""What the emulator costs while nothing is asked of it."""

import time

import pytest

from harness import DRIVER, PROBE, sanitizers

TRIES = 10

# What it costs is a claim about the release build; the workers' sleep has unit tests of its own.
not_for_measuring = pytest.mark.skipif(
    bool(sanitizers()), reason="an instrumented build is not for measuring")


def cpu_share(emu, limit, seconds=3):
    """Part of one CPU. More than the limit is measured again: on a busy machine it may still have
    been about something else, and a wake-up costs more there."""
    for _ in range(TRIES):
        before, start = emu.cpu_seconds(), time.monotonic()
        time.sleep(seconds)
        share = (emu.cpu_seconds() - before) / (time.monotonic() - start)
        if share <= limit:
            break
    return share


@not_for_measuring
def test_nobody_connected_costs_nothing(emulator):
    emu = emulator()
    time.sleep(0.5)
    assert cpu_share(emu, 0) == 0


@not_for_measuring
@pytest.mark.parametrize("pairs, limit", [(0, 0.0), (1, 0.02)])
def test_idle_queue(emulator, program, pairs, limit):
    emu = emulator()
    probe = program([PROBE, *emu.eal(lcores="0"), "--", "idle", DRIVER, str(pairs), "3600"])
    probe.wait_output('"ret": 0')
    time.sleep(1)
    share = cpu_share(emu, limit)
    assert share <= limit, f"{share:.1%} of a CPU with {pairs} idle queue pairs"
    probe.process.terminate()
    assert probe.wait().rc == 0


@pytest.mark.skipif(bool(sanitizers()), reason="shadow memory of a sanitizer is private and dirty")
def test_memory_of_64_queues(emulator, program):
    """A queue pair of compressdev holds two hardware queues."""
    emu = emulator(queues=64)
    probe = program([PROBE, *emu.eal(lcores="0"), "--", "idle", DRIVER, "32", "3600"])
    probe.wait_output('"ret": 0')
    time.sleep(0.5)
    assert emu.private_dirty() < 64 << 20
    probe.process.terminate()
    assert probe.wait().rc == 0
