# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""The kernel wants a function back while a process drives it: unbound through sysfs."""

import subprocess
import threading
import time

import pytest

import guest
from guest import HANG_S, PCI, bind, driver_of, run
from test_pmd import DRIVER, LONG_S, finish, json_lines, probe
from test_pmd import program_fixture  # noqa: F401 pylint: disable=unused-import

DEVICES = {"zip-v3": "zip,queues=8"}
QUICK_DEVICES = []
pytestmark = pytest.mark.full


class Unbind:
    """A write to sysfs, which the kernel holds up until the function is let go."""

    def __init__(self, address):
        node = PCI / "devices" / address / "driver/unbind"
        self.thread = threading.Thread(target=lambda: node.write_text(address), daemon=True)
        self.thread.start()

    def wait(self):
        self.thread.join(HANG_S)
        assert not self.thread.is_alive(), "the kernel still waits"


def test_removed_when_asked(program):
    """The application hears of it, gets all operations back, removes the device, and has it again
    once it is bound again."""
    address = guest.Device(__name__, "zip-v3").address
    one = program(probe("unbind", DRIVER, address, functions=[]), stdin=subprocess.PIPE)
    one.wait_output('"running": true')
    unbind = Unbind(address)
    one.wait_output('"removed"')
    unbind.wait()
    assert driver_of(address) is None
    bind(address, "vfio-pci")
    one.process.stdin.close()
    result = one.wait()
    assert result.rc == 0, str(result)
    steps = result.json_lines()
    worked = [step for step in steps if step.get("step") == "worked"]
    assert [step["asked"] for step in worked] == [1, 0], str(result)
    assert all(step["missing"] == 0 and step["good"] > 32 for step in worked), str(result)
    assert worked[1]["failed"] == 0, str(result)
    assert result.err.count("the kernel wants it back") == 1, str(result)
    assert "did not confirm" not in result.err and "not removed" not in result.err, str(result)


def test_held_until_the_end(program):
    """One that does not listen has its operations back with an error, and the function until it
    ends."""
    address = guest.Device(__name__, "zip-v3").address
    loop = program(probe("loop", DRIVER, LONG_S, functions=[address]))
    loop.wait_output('"running": true')
    unbind = Unbind(address)
    loop.wait_output("the kernel wants it back", where="stderr")
    assert unbind.thread.is_alive()
    time.sleep(1)
    result, report = finish(loop)
    unbind.wait()
    assert report["failed"] > 64, str(result)
    bind(address, "vfio-pci")
    steps = json_lines(run(probe("hotplug-pci", DRIVER, address, 1, functions=[])))
    assert [s["good"] for s in steps if s["step"] == "added"] == [16]
