# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""fork(2) beside a function that vfio-pci gave to the parent (host side: test_fork.py)."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "system"))

# pylint: disable=wrong-import-position
from guest import HANG_S, Device, run
from harness import DRIVER, PROBE

DEVICES = {"fork": "zip,queues=4"}
# Of its own memory, so that what stays open is the device only.
EAL = ["-d", f"librte_{DRIVER}.so", "--in-memory", "-m", "64", "--no-telemetry", "-l", "0"]


def probe(*command):
    address = Device(__name__, "fork").address
    return [PROBE, *EAL, "-a", address, "--", *map(str, command)]


def json_lines(text):
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_ops_in_flight():
    """All results right, while both sides write all they have."""
    [report] = json_lines(run(probe("fork", DRIVER, 10)).stdout)
    assert report["rounds"] == 10 and report["at_fork"] > 0 and report["good"] > report["at_fork"]
    assert not any(report[key] for key in
                   ("failed", "wrong", "missing", "private_wrong", "children_wrong"))


@pytest.mark.full
def test_private_memory():
    """Private memory that rte_dev_dma_map() pinned stays the parent's, whenever it was mapped: what
    the guide's table says of this kernel."""
    report = json_lines(run(probe("fork-private", DRIVER)).stdout)
    assert [line["ret"] for line in report if line["when"] == "map"] == [0, 0]
    results = {line["when"]: line["result"] for line in report if "result" in line}
    print(results)
    assert set(results.values()) == {"right"} and len(results) == 6


def orphan(*program):
    """The child of a parent that was killed."""
    argv = [str(word) for word in probe("fork-orphan", DRIVER, 600, *program)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True) as parent:
        child = next(json.loads(line)["child"] for line in parent.stdout if line[0] == "{")
        end = time.monotonic() + HANG_S
        while program and program[0] not in Path(f"/proc/{child}/comm").read_text():
            assert time.monotonic() < end
            time.sleep(0.1)
        parent.kill()
        # Not the end of the pipe, which the child has too.
        parent.stdout.close()
    return child


def open_files(pid):
    return {os.readlink(entry) for entry in Path(f"/proc/{pid}/fd").iterdir()}


def again():
    return run(probe("idle", DRIVER, 1, 0), check=False)


@pytest.mark.full
@pytest.mark.parametrize("program", [(), ("sleep",)], ids=["child", "child that executed"])
def test_parent_killed(program):
    """What the child holds, and what a new start says until it ends."""
    child = orphan(*program)
    try:
        held = open_files(child)
        assert "/dev/vfio/vfio" in held
        # Ours is closed by exec, EAL's are not.
        assert ("anon_inode:[vfio-device]" in held) == (not program)
        refused = again()
        assert refused.returncode != 0
        assert "Device or resource busy" in refused.stderr or "group" in refused.stderr
    finally:
        os.kill(child, signal.SIGKILL)
    end = time.monotonic() + HANG_S
    while again().returncode != 0:
        assert time.monotonic() < end, "the function stays taken"
