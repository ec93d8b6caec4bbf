# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""The mainline kernel drivers, which nobody here wrote, on the model."""

from pathlib import Path

import pytest

from guest import Device, bind, driver_of, unbind
from kernel import Kernel

DEVICES = {"zip-v3": "zip,bind=none", "zip-v2": "zip,version=v2,bind=none",
           "zip-v3-isolated": "zip,isolation=on,bind=none", "zip-v5": "zip,version=v5,bind=none"}
QUICK_DEVICES = ["zip-v3", "zip-v2"]

# What the engine's module registers on which generation. The kernel takes V5 for V3.
ALGORITHMS = {"zip-v3": {"deflate"}, "zip-v2": set(), "zip-v3-isolated": {"deflate"},
              "zip-v5": {"deflate"}}


def devices(names):
    return [name if name in QUICK_DEVICES else pytest.param(name, marks=pytest.mark.full)
            for name in names]


@pytest.fixture(params=devices(DEVICES))
def kernel(request):
    """Its driver alone: algorithms belong to a module, not to a device."""
    one = Kernel(Device(__name__, request.param))
    one.bind()
    yield one
    unbind(one.address)


def only(names):
    return pytest.mark.parametrize("kernel", devices(names), indirect=True)


def test_probe(kernel):
    """Probe without a complaint; debugfs; the algorithms of that generation and no others."""
    assert kernel.debugfs.is_dir()
    assert (kernel.debugfs / "qm/regs").read_text().count("QM_") > 10
    assert (kernel.debugfs / "qm/status").read_text().strip() == "start"
    assert set(kernel.algorithms()) == ALGORITHMS[kernel.device.name]
    assert kernel.complaints() == []


@only([name for name, algorithms in ALGORITHMS.items() if algorithms])
def test_self_tests(kernel):
    """The crypto manager's known answers, by descriptors that really went to the device."""
    before = kernel.device.stats()
    unbind(kernel.address)
    bind(kernel.address, kernel.module)
    assert set(kernel.algorithms().values()) == {"passed"}
    sent, received = kernel.counter("send_cnt"), kernel.counter("recv_cnt")
    assert sent > 0 and sent == received
    assert kernel.counter("err_bd_cnt") == 0
    after = kernel.device.stats()
    assert after["sqes"] - before["sqes"] == sent
    assert after["sqe_errors"] == before["sqe_errors"]
    assert kernel.complaints() == []


def test_unbind_rebind(kernel):
    for _ in range(3):
        unbind(kernel.address)
        assert kernel.algorithms() == {}
        assert not kernel.debugfs.exists()
        bind(kernel.address, kernel.module)
        assert set(kernel.algorithms()) == ALGORITHMS[kernel.device.name]
    assert kernel.complaints() == []


def test_reset(kernel):
    """The function's reset, asked for by sysfs while its driver holds it."""
    mailboxes = kernel.device.stats()["mailboxes"]
    Path(f"/sys/bus/pci/devices/{kernel.address}/reset").write_text("1")
    assert driver_of(kernel.address) == kernel.module
    assert (kernel.debugfs / "qm/status").read_text().strip() == "start"
    assert kernel.device.stats()["mailboxes"] > mailboxes
    assert any("FLR reset complete" in text for _, text in kernel.log.read())
    assert set(kernel.algorithms()) == ALGORITHMS[kernel.device.name]
    assert kernel.complaints() == []
