# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""A PF that vfio-pci gave to our PMD, and its VFs, ours and the kernel's; doorbell isolation as the
kernel's driver and ours find it in BAR4."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "system"))

# pylint: disable=wrong-import-position
from guest import HANG_S, Device, bind, run, unbind, wait_until
from harness import DRIVER, PROBE
from kernel import Kernel
from test_pmd import LONG_S, finish, probe
from test_pmd import program_fixture  # noqa: F401 pylint: disable=unused-import

DEVICES = {"zip-isolated": "zip,queues=16,isolation=on,bind=none",
           "zip-functions": "zip,queues=8,vfs=2,vf_queues=8,isolation=on,bind=none"}
pytestmark = pytest.mark.full
EAL = ["-d", f"librte_{DRIVER}.so", "--in-memory", "-m", "64", "--no-telemetry", "-l", "0"]


def primary(address, devargs="", ms=600000):
    return [str(word) for word in [PROBE, *EAL, "-a", address + devargs, "--", "primary", DRIVER,
                                   1, ms]]


def check(text):
    """What a primary says at its end."""
    [report] = [json.loads(line) for line in text.splitlines() if '"good"' in line]
    assert report["good"] > 0, text
    assert not any(report[key] for key in ("failed", "wrong", "missing")), text


class Running:
    """A process of the PMD that works until it is told."""

    def __init__(self, address, devargs=""):
        # pylint: disable=consider-using-with
        self.out = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(primary(address, devargs), stdin=subprocess.DEVNULL,
                                        stdout=self.out, stderr=subprocess.STDOUT)
        wait_until(lambda: '"running": true' in self.text())

    def text(self):
        self.out.seek(0)
        return self.out.read()

    def end(self):
        self.process.terminate()
        assert self.process.wait(HANG_S) == 0, self.text()
        print(self.text())
        check(self.text())
        return self.text()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def functions():
    """PF and first VF under vfio-pci; a maker of processes that ends what still runs."""
    device = Device(__name__, "zip-functions")
    made = []

    def start(index, devargs=""):
        made.append(Running(device.addresses[index], devargs))
        return made[-1]

    device.start = start
    run(["modprobe", "vfio-pci"])
    for address in device.addresses[:2]:
        bind(address, "vfio-pci")
    yield device
    for one in made:
        one.kill()
    for address in device.addresses:
        unbind(address)


def check_doorbells(device):
    """In their pages, all of them."""
    log = device.log()
    assert "dropped" not in log and "no register is known" not in log, log[-4000:]
    assert device.stats()["sqes"] > 0


def test_isolation_under_the_kernel_driver():
    """Its self tests go through BAR4: the model takes no doorbell of a queue anywhere else."""
    pf = Kernel(Device(__name__, "zip-isolated"))
    pf.bind()
    assert pf.algorithms() and set(pf.algorithms().values()) <= {"passed"}
    unbind(pf.address)
    assert pf.complaints() == []
    check_doorbells(pf.device)


def test_pf_and_vf_of_two_processes(functions):
    pf = functions.start(0, ",queues=8,vfs=2,vf_queues=8")
    check(run(primary(functions.addresses[1], ms=500)).stdout)
    assert "PF, 8 hardware queues" in pf.end()
    check_doorbells(functions)


def test_pf_reset_takes_its_vf_along(functions, program):
    """A PF that is reset under two processes: its driver tells that of the VF, which stops, waits,
    and is reset after it. Both go on."""
    pf, vf = functions.addresses[:2]
    loops = []
    # The reset takes the queues of both. It is the PF's driver that is to find out first.
    for function in (f"{pf},queues=8,vfs=2,vf_queues=8,timeout_ms=500", f"{vf},timeout_ms=50000"):
        loops.append(program(probe("loop", DRIVER, LONG_S, functions=[function])))
        loops[-1].wait_output('"running": true')
    Path(f"/sys/bus/pci/devices/{pf}/reset").write_text("1")
    for loop in loops:
        loop.wait_output("runs again", where="stderr")
    before = functions.stats()["sqes"]
    wait_until(lambda: functions.stats()["sqes"] > before + 1000)
    # The VF first: with its PF its queues go.
    results = [finish(loop) for loop in reversed(loops)]
    for result, report in results:
        assert report["failed"] > 0 and report["ok_since_error"] > 0, str(result)
    assert "telling its 2 VFs to stop before the reset" in results[1][0].err, str(results[1][0])
    assert "its PF" in results[0][0].err, str(results[0][0])


def test_kernel_vf_follows_our_pf(functions):
    """The VF's kernel driver stops, answers, waits and starts again as our PF says."""
    devargs = ",queues=8,vfs=2,vf_queues=8"
    pf = functions.start(0, devargs)
    vf = Kernel(functions, 2)
    vf.bind()
    status = vf.debugfs / "qm/status"
    assert status.read_text().strip() == "start"
    text = pf.end()
    assert "telling its 2 VFs to stop" in text and "in time" not in text, text
    # VF 1 is nobody's.
    assert "VFs 0x2 (a bit per VF) take no message" in text, text
    wait_until(lambda: any("device reset start" in line for _, line in vf.log.read()))
    assert status.read_text().strip() != "start"
    time.sleep(0.5)
    pf = functions.start(0, devargs)
    wait_until(lambda: any("device reset done" in line for _, line in vf.log.read()))
    assert status.read_text().strip() == "start"
    unbind(vf.address)
    assert "VF 2 could not" not in pf.end()
    assert vf.complaints() == []
