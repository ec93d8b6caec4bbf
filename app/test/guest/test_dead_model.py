# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""The device vanishes from the bus under a program that drives it."""

import os
import signal
import time

import pytest

import guest
from guest import HANG_S
from test_pmd import DRIVER, LONG_S, finish, probe
from test_pmd import program_fixture  # noqa: F401 pylint: disable=unused-import

# Nothing revives a function whose model is gone.
ALONE = True
DEVICES = {"pf": "zip,queues=4", "vf": "zip,version=v2,function=vf"}
# The kernel waits a minute for the reset of a function that is gone, when its process ends.
RESET_S = 60
SLOW_S = 300


@pytest.mark.full
def test_vanishes(program):
    """Every register reads all ones: operations in flight and all later ones end with an error,
    the program goes on and ends in its own time."""
    ones = [guest.Device(__name__, name) for name in DEVICES]
    loops = [program(probe("loop", DRIVER, LONG_S, functions=[one.address + ",timeout_ms=500"]))
             for one in ones]
    for loop in loops:
        loop.wait_output('"running": true')
        # With posted writes under way QEMU 11.1 aborts when a socket closes: let them end.
        os.kill(loop.pid, signal.SIGSTOP)
    time.sleep(0.5)
    for one in ones:
        one.host("kill")
    for loop in loops:
        os.kill(loop.pid, signal.SIGCONT)
    for loop in loops:
        loop.wait_output("the device is gone", where="stderr")
    time.sleep(1)
    for loop in loops:
        result, report = finish(loop, RESET_S + HANG_S)
        assert report["failed"] > 0 and report["ok"] > 0, str(result)
