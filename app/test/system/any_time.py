# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""What one side holds of the other, and what is left of a program that ended."""

import contextlib
import os
import random
import re
from pathlib import Path

from harness import BUILD, DRIVER, PROBE, come_to, holds, program_env, run, scope

SEED = int(os.environ.get("HISI_SEED") or random.SystemRandom().randrange(1, 1 << 31))
STORM = str(BUILD / "app/test/system/storm.so")


def rounds(quick, everything):
    """How often something ends at a random instant."""
    return int(os.environ.get("HISI_ANY_TIME_N") or scope(quick, everything))


def in_storm(argv):
    """That program with a signal every millisecond in each of its threads. Not what starts it: a
    signal that waits kills whoever executes another program."""
    return ["env", "LD_PRELOAD=" + program_env({"LD_PRELOAD": STORM})["LD_PRELOAD"], *argv]


def signals_taken(text):
    """How many that program says it took, in how many threads."""
    return tuple(map(int, re.search(r"storm: (\d+) signals in (\d+) threads", text).groups()))


def members(session):
    """Processes of a session; zombies are not counted."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _parent, _group, number = stat.read_text().rsplit(")", 1)[1].split()[:4]
            if int(number) == session and state != "Z":
                found.append(int(stat.parent.name))
    return found


@contextlib.contextmanager
def no_trace(emu):
    """The emulator holds nothing more than at its start, once what is inside has ended."""
    names = sorted(os.listdir(emu.dir))
    yield
    come_to(emu.at_start, lambda: holds(emu.pid))
    assert sorted(os.listdir(emu.dir)) == names


def check_served(emu, memory=None):
    """The next client is served at once, and gets right results."""
    result = run([PROBE, *emu.eal(lcores="0", memory=memory), "--", "bursts", DRIVER, "2"])
    assert result.rc == 0, str(result)
    assert result.json_lines()[-1]["good"] == 64, str(result)
    assert result.complaints() == [], str(result)
