# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""A device-scope error as the kernel's PF driver sees it: a process that holds a VF lets the device
reach for memory that is not its own."""

import subprocess
from pathlib import Path

import pytest

from guest import BUILD, Device, bind, run, unbind, wait_until
from kernel import Kernel
from test_pmd import DRIVER, eal, works

pytestmark = pytest.mark.full
DEVICES = {"zip-v3": "zip,vfs=1,vf_queues=8,vf_assign=model,bind=none"}
STRAY = BUILD / "app/test/guest/comp_stray"


@pytest.fixture
def pf():
    one = Kernel(Device(__name__, "zip-v3"))
    one.bind()
    yield one
    for address in one.device.addresses:
        unbind(address)


@pytest.fixture
def stray(pf, tmp_path):
    """A process whose first operation has its output at an address that was never mapped."""
    vf = pf.device.addresses[1]
    run(["modprobe", "vfio-pci"])
    bind(vf, "vfio-pci")
    with open(tmp_path / "out", "w", encoding="utf-8") as out:
        one = subprocess.Popen(
            [STRAY, *eal(vf + ",timeout_ms=500", lcores="0"), "--", DRIVER, "never"],
            stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
        yield one
        one.kill()
        one.wait()


def messages(pf):
    return "\n".join(text for _, text in pf.log.read())


def test_error_of_a_vf(pf, stray):
    """The kernel reads the error registers, names the error, and wants a reset by ACPI, which this
    machine does not have (qm.md 6.9). A function reset between two drivers brings all back."""
    address = pf.address
    wait_until(lambda: "Controller reset failed" in messages(pf))
    assert f"{address}: zip_axi_bresp_err [error status=0x8] found" in messages(pf)
    assert f"{address}: NO controller reset method!" in messages(pf)
    assert (pf.debugfs / "qm/status").read_text().strip() == "stop"
    assert stray.poll() is None
    stray.kill()
    stray.wait()
    unbind(address)
    Path(f"/sys/bus/pci/devices/{address}/reset").write_text("1")
    bind(address, pf.module)
    assert set(pf.algorithms().values()) == {"passed"}
    assert pf.counter("err_bd_cnt") == 0
    works(pf.device.addresses[1])
