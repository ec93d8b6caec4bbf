# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Devices come and go while operations are under way."""

import pytest

from harness import NO_HUGE, PROBES, come_to, holds, run, scope

BESIDE = True

EBUSY = 16


def unplug(engine, emulators, rounds):
    sockets = [f"socket={emu.sockets[0]}" for emu in emulators]
    driver = emulators[0].driver
    return run([PROBES[engine], "-d", f"librte_{driver}.so", *NO_HUGE, "--no-pci", "-l", "0,1",
                "--", "unplug", driver, *sockets, str(rounds)])


@pytest.mark.parametrize("function, engine", [("pf", "zip"), ("vf", "zip"), ("vf", "sec")])
def test_under_traffic(emulator, function, engine):
    """A second device comes and goes, closed or with all in flight, and the first does not notice.
    The first is not removed while a lcore bursts on it, goes once that has ended, and comes
    again."""
    rounds = scope(4, 12)
    emulators = [emulator(function, engine=engine) for _ in range(2)]
    result = unplug(engine, emulators, rounds)
    assert result.rc == 0, str(result)
    steps = result.json_lines()
    removed = [step for step in steps if step["step"] == "removed"]
    assert len(removed) == 2 * rounds, str(result)
    for step in removed:
        assert step["ret"] == 0 and step["devices"] == 1 and step["enqueued"] == 16, str(result)
        assert step["back"] == (16 if step["tidy"] else 0), str(result)
    # The first of all starts what the process keeps.
    assert len({step["descriptors"] for step in removed[1:]}) == 1, str(result)
    traffic = [step for step in steps if step["step"] == "traffic"]
    assert len(traffic) == 2, str(result)
    for step in traffic:
        assert step["good"] > 0, str(result)
        assert step["failed"] == step["wrong"] == step["missing"] == 0, str(result)
    busy = [step["ret"] for step in steps if step["step"] == "busy"]
    assert busy == [-EBUSY] * 6, str(result)
    ended = [step for step in steps if step["step"] == "ended"]
    assert all(step["ret"] == 0 and step["devices"] == 0 for step in ended), str(result)
    lines = result.driver_lines()
    assert sum("not removed, bursts on 1 of its queue pairs" in line for line in lines) == 6
    assert sum("goes with 16 operations not dequeued" in line for line in lines) == rounds, lines
    for emu in emulators:
        come_to(emu.at_start, lambda emu=emu: holds(emu.pid))
