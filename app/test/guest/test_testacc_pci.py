# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""dpdk-testacc on functions bound to the real vfio-pci."""

import re
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "system"))

# pylint: disable=wrong-import-position
from guest import Device, run, wait_until
from harness import BUILD, DRIVER
from test_testacc_session import TYPED, environment, masked, page_lines, said
from tmux import Tmux

DEVICES = {"v3-pf": "zip,queues=32", "v2-vf": "zip,version=v2,function=vf"}
QUICK_DEVICES = ["v3-pf"]
SLOW_S = 200
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


def compare(seen, page):
    """Beside what is this machine's own, and the model's, which writes to the host's terminal."""
    seen = [(line, [row for row in rows if "HISI_QM: " not in row]) for line, rows in seen
            if "set depth" not in line]
    assert len(seen) == len(page)
    for (line, found), (typed, wanted) in list(zip(seen, page.items()))[2:]:
        if line == typed and not line.endswith("doctor"):
            assert sorted(map(masked, found)) == sorted(map(masked, wanted)), line


@pytest.mark.full
@pytest.mark.skipif(not Tmux.is_there(), reason="no tmux")
def test_typed_session(tmp_path):
    """That of howto/first_session.rst, in a terminal; the fault comes from the host."""
    device = Device(__name__, "v3-pf")
    page = dict(said(page_lines()))
    lines = list(page)
    lines[0] = (f"$ dpdk-testacc -d librte_{DRIVER}.so --in-memory --single-file-segments "
                f"--no-telemetry -l 0,1 --log-level=4 -a {device.address}")
    # Buffers of fewer ops are made in less time, of which there is little here.
    lines.insert(1, "testacc> set depth 16")
    # Here nothing like with-emu.sh puts them there.
    env = environment()
    env["PATH"] = f"{TESTACC.parent}:{env['PATH']}"
    env["LD_LIBRARY_PATH"] = str(BUILD / "drivers")
    window = Tmux(tmp_path, env)
    screen = []
    try:
        for count, line in enumerate(lines, 1):
            if "inject" in line:
                device.send("fault ras block=qm bit=2")
                wait_until(lambda: any("ecc_mbit (bit 2)" in row for row in window.lines()))
                # The message stands behind the prompt: Enter gives another one.
                window.run("send-keys", "Enter")
                line = "testacc> wait 1"
            window.type(TYPED.fullmatch(line)[2])
            screen = window.wait_prompt(count)[:-1]
    finally:
        print("\n".join(screen))
        window.end()
    compare(said(screen), page)
    rows = dict(said(screen))["testacc> doctor"]
    for row in [f"ok    binding    {device.address}  bound to vfio-pci",
                f"ok    device     {device.address}  zip, a PF"]:
        assert row in rows, rows
    assert any(row.startswith("ok    iommu") for row in rows), rows
    assert any(row.startswith("ok    vfio ") for row in rows), rows
    # Its group is this process's just now.
    assert any(re.match(rf"note  group      {device.address}  group \d+ is in use by process "
                        r"\d+ \(dpdk-testacc\)", row) for row in rows), rows
