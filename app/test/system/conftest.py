# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Fixtures of the system tests: pytest app/test/system, with HISI_BUILD naming the build folder."""

import gzip
import hashlib
import os
import random
import signal
from pathlib import Path

import pytest

import fault_matrix
import harness


def pytest_configure(config):
    """Ended from outside, fixtures still end what they started."""
    def end(_number, _frame):
        pytest.exit("terminated", 143)
    signal.signal(signal.SIGTERM, end)


@pytest.fixture
def emulator():
    """A maker of emulators that ends what it made."""
    made = []

    def make(*args, **kwargs):
        made.append(harness.Emulator(*args, **kwargs))
        return made[-1]

    yield make
    for one in made:
        one.stop()


@pytest.fixture
def program():
    """A maker of running programs that ends what still runs."""
    made = []

    def make(*args, **kwargs):
        made.append(harness.Program(*args, **kwargs))
        return made[-1]

    yield make
    for one in made:
        one.kill()


@pytest.fixture
def hugepages():
    """Memory arguments for hugepages, where this machine has some."""
    if os.getuid() != 0 or harness.free_hugepages() < 256:
        pytest.skip("needs root and 256 free hugepages of 2 MB")
    return harness.HUGE


def _text(length):
    data = b""
    for path in sorted(Path("/usr/include/dpdk").glob("*.h")):
        data += path.read_bytes()
        if len(data) >= length:
            break
    return data[:length]


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    """Files of each kind of data, by name."""
    folder = tmp_path_factory.mktemp("corpus")
    length = 192 * 1024
    text = _text(length)
    contents = {
        "text": text,
        "binary": Path("/bin/bash").read_bytes()[:length],
        "random": random.Random(1).randbytes(length),
        "compressed": gzip.compress(_text(8 * length), mtime=0)[:length],
        "zeros": bytes(length),
    }
    for name, data in contents.items():
        assert len(data) >= 59460, f"too little data for {name}"
        (folder / name).write_bytes(data)
    return folder


def pytest_terminal_summary(terminalreporter):
    """Which drivers these were; the guest tests say the same of theirs."""
    for path in sorted((harness.BUILD / "drivers").glob("librte_*.so")):
        value = hashlib.sha256(path.read_bytes()).hexdigest()
        terminalreporter.write_line(f"{value}  {path.name}")
    for line in fault_matrix.write():
        terminalreporter.write_line(line)
