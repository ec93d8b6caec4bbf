# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""dpdk-testacc on functions bound to the real vfio-pci."""

import re
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "system"))

# pylint: disable=wrong-import-position
from guest import Device, run
from harness import BUILD, DRIVER

DEVICES = {"v3-pf": "zip,queues=16", "v2-vf": "zip,version=v2,function=vf"}
QUICK_DEVICES = ["v3-pf"]
TESTACC = BUILD / "app/testacc/dpdk-testacc"


@pytest.mark.parametrize("name", ["v3-pf", pytest.param("v2-vf", marks=pytest.mark.full)])
def test_session(name, tmp_path):
    """What it is, a file that gunzip takes, engines, and a reset by hand in between."""
    address = Device(__name__, name).address
    out = tmp_path / "out.gz"
    done = run([TESTACC, "-d", f"librte_{DRIVER}.so", "--in-memory", "--single-file-segments",
                "--no-telemetry", "-l", "0,1", "-a", address, "--", "-e",
                f"show device all; run file /bin/bash {out}; check file {out}; "
                "set op round_trip; set depth 32; start 1; queue 0 dump; queue 0 reset; "
                "device 0 reset; start 1; show device 0 regs; mailbox history"])
    assert re.search(rf"^ +0 +{address} +{DRIVER} .* hardware$", done.stdout, re.M), done.stdout
    assert done.stdout.count("\nround_trip ") == 2, done.stdout
    assert "runs again" in done.stdout and "reset, all queues" in done.stdout, done.stdout
    assert "wrong results" not in done.stderr
    run(["gunzip", "-t", out])
    plain = run(["sh", "-c", f"gunzip -c {out} | cmp - /bin/bash && echo same"]).stdout
    assert plain == "same\n"
