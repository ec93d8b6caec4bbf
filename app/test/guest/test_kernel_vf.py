# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""VFs beside the kernel's PF driver. QEMU shows no SR-IOV, so the model gives them their queues."""

from pathlib import Path

import pytest

from guest import Device, bind, driver_of, run, unbind, wait_until
from kernel import Kernel
from test_pmd import DRIVER, LONG_S, finish, probe
from test_pmd import program_fixture  # noqa: F401 pylint: disable=unused-import

DEVICES = {f"zip-{version}": f"zip,version={version},vfs=2,vf_queues=8,vf_assign=model,bind=none"
           for version in ("v3", "v2")}
# What the PF's module registers on which generation.
ALGORITHMS = {"zip-v3": ["deflate"], "zip-v2": []}
PMD = "compress_hisi_zip"
pytestmark = pytest.mark.full


@pytest.fixture(params=list(DEVICES))
def pf(request):
    one = Kernel(Device(__name__, request.param))
    one.bind()
    yield one
    for address in one.device.addresses:
        unbind(address)


def verify(address):
    """Debian's own test program compresses and decompresses through the PMD."""
    run(["dpdk-test-compress-perf", "-d", f"librte_{PMD}.so", "-a", address, "-l", "0,1", "--",
         "--driver-name", PMD, "--ptest", "verify", "--operation", "comp_and_decomp",
         "--input-file", "/bin/bash", "--extended-input-sz", "65536", "--seg-sz", "16384",
         "--max-num-sgl-segs", "1", "--num-iter", "2", "--huffman-enc", "fixed",
         "--compress-level", "1:1:1"])


def test_pmd_beside_kernel(pf):
    """The PF stays with its kernel driver, VFs belong to processes."""
    before = pf.device.stats()
    vf = pf.device.addresses[1]
    run(["modprobe", "vfio-pci"])
    bind(vf, "vfio-pci")
    verify(vf)
    assert pf.device.stats()["sqes"] > before["sqes"]
    assert driver_of(pf.address) == pf.module
    # The PF's driver works on: its self tests run again.
    unbind(pf.address)
    bind(pf.address, pf.module)
    assert pf.algorithms() == dict.fromkeys(ALGORITHMS[pf.device.name], "passed")
    # That took the VF's queues away and gave them again.
    verify(vf)
    assert pf.complaints() == []


def test_pf_reset_under_a_vf(pf, program):
    """The kernel resets the PF in the middle of a VF's operations, and knows of no VF that it could
    tell: those in flight are lost, and the VF's process goes on by itself."""
    vf = pf.device.addresses[1]
    run(["modprobe", "vfio-pci"])
    bind(vf, "vfio-pci")
    loop = program(probe("loop", DRIVER, LONG_S, functions=[vf + ",timeout_ms=500"]))
    loop.wait_output('"running": true')
    Path(f"/sys/bus/pci/devices/{pf.address}/reset").write_text("1")
    wait_until(lambda: any("FLR reset complete" in text for _, text in pf.log.read()))
    wait_until(lambda: "runs again" in loop.stderr())
    before = pf.device.stats()["sqes"]
    wait_until(lambda: pf.device.stats()["sqes"] > before + 500)
    result, report = finish(loop)
    assert report["failed"] > 0 and report["ok_since_error"] > 0, str(result)
    assert dict.fromkeys(pf.algorithms(), "passed") == pf.algorithms()
    assert pf.complaints() == []


def test_kernel_vf(pf):
    """The kernel's driver takes VFs too."""
    vf = Kernel(pf.device, 2)
    vf.bind()
    assert vf.debugfs.is_dir()
    assert (vf.debugfs / "qm/status").read_text().strip() == "start"
    unbind(vf.address)
    assert vf.complaints() == []
    assert pf.complaints() == []
