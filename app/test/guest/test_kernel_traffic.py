# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Compressed swap (zswap) through the kernel's driver on the model: traffic that the kernel makes,
with scattered pages, from more than one CPU."""

import subprocess
import sys
from pathlib import Path

import pytest

from guest import Device, run, wait_until
from kernel import Kernel

pytestmark = pytest.mark.full
DEVICES = {"zip-v3": "zip,bind=none"}
# Nothing gives the queues back that zswap holds.
ALONE = True

ZSWAP = Path("/sys/module/zswap/parameters")
GROUP = Path("/sys/fs/cgroup/hold")
HOLD = Path(__file__).parent / "tools/hold_pages.py"
RECLAIM = "16M"
MANY = 200


@pytest.fixture(scope="module")
def zip_v3():
    one = Kernel(Device(__name__, "zip-v3"))
    one.bind()
    run(["modprobe", "-a", "zbud"])
    run(["modprobe", "brd", "rd_nr=1", "rd_size=65536"])
    run(["mkswap", "/dev/ram0"])
    run(["swapon", "/dev/ram0"])
    (ZSWAP / "zpool").write_text("zbud")
    (ZSWAP / "compressor").write_text("deflate")
    (ZSWAP / "enabled").write_text("1")
    run(["mount", "-t", "cgroup2", "cgroup2", "/sys/fs/cgroup"])
    (GROUP.parent / "cgroup.subtree_control").write_text("+memory")
    GROUP.mkdir()
    return one


@pytest.fixture
def holder():
    process = subprocess.Popen([sys.executable, HOLD], stdin=subprocess.PIPE, text=True,
                               stdout=subprocess.PIPE)
    yield process
    process.kill()
    process.wait()


def swap_out(process):
    try:
        (GROUP / "memory.reclaim").write_text(RECLAIM)
    except BlockingIOError:
        pass  # less than that could be had
    stored = int(Path("/sys/kernel/debug/zswap/stored_pages").read_text())
    assert stored > MANY, f"{stored} pages of process {process.pid} are in compressed swap"


def compare(process):
    process.stdin.write("\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


def enter_group(process):
    (GROUP / "cgroup.procs").write_text(str(process.pid))


def test_zswap(zip_v3, holder):
    """Pages go out and come back, also when the function was reset while they were out."""
    # Pages count for the group that their process was in when it touched them.
    enter_group(holder)
    assert holder.stdout.readline().strip() == "filled"
    for what in ("nothing", "reset"):
        swap_out(holder)
        if what == "reset":
            Path(f"/sys/bus/pci/devices/{zip_v3.address}/reset").write_text("1")
        sent = zip_v3.counter("send_cnt")
        assert compare(holder) == "wrong 0"
        assert zip_v3.counter("send_cnt") - sent > MANY
        # A page more may be on its way.
        wait_until(lambda: zip_v3.counter("send_cnt") == zip_v3.counter("recv_cnt"))
        assert zip_v3.counter("err_bd_cnt") == 0
    assert zip_v3.complaints() == []
