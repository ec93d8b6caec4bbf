# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""A primary forwards packets while secondaries compress files on queue pairs of their own
(doc/guides/prog_guide/processes.rst)."""

import os
import signal
import subprocess

import pytest

import gateway
from gateway import Gateway, counters
from harness import DRIVER, TOP, program_env, run, sanitizers
from packets import Maker, write_pcap

pytestmark = pytest.mark.skipif(bool(sanitizers()), reason="the examples are not instrumented")
FILE = "/bin/bash"


@pytest.fixture(scope="module")
def binaries(tmp_path_factory):
    folder = tmp_path_factory.mktemp("examples")
    subprocess.check_call(["make", "-s", "-C", TOP / "examples/compress_file", f"BUILD={folder}"],
                          env=dict(os.environ, CFLAGS="-Werror",
                                   PATH="/usr/sbin:/usr/bin:/sbin:/bin"))
    return gateway.build(folder), folder / "compress_file"


@pytest.fixture
def primary(prefix, emulator, binaries, tmp_path):
    """A gateway that forwards without an end, with two queue pairs to spare."""
    write_pcap(tmp_path / "in", [p.data for p in Maker("two").mix(200, malformed=0)])
    eal = emulator().eal(memory=prefix)
    one = Gateway(binaries[0], eal, [f"--vdev=net_pcap0,rx_pcap={tmp_path}/in,infinite_rx=1"],
                  ["--compress", "0:0", "--spare-queue-pairs", "2", "--stats", "1"])
    one.wait_output("compressed")
    yield one
    one.kill()


def secondary(binaries, prefix, queue_pair, out):
    return [binaries[1], "-d", f"librte_{DRIVER}.so", "--proc-type=secondary", *prefix[:1],
            *prefix[2:], "--no-pci", "-l", "0", "--", FILE, out, DRIVER, queue_pair]


def test_each_on_its_own_queue_pair(primary, binaries, prefix, tmp_path, program):
    others = [program(secondary(binaries, prefix, n, tmp_path / f"{n}.gz")) for n in (1, 2)]
    for number, other in enumerate(others, 1):
        result = other.wait()
        assert result.rc == 0, str(result)
        packed = tmp_path / f"{number}.gz"
        assert subprocess.check_output(["gunzip", "-c", packed]) == open(FILE, "rb").read()
    primary.process.send_signal(signal.SIGINT)
    result = primary.wait()
    count = counters(result)
    assert result.rc == 0 and count("received") == count("sent") > 0, str(result)
    assert count("passed_failed", "passed_no_device") == 0, str(result)


def test_queue_pair_that_is_not_there(primary, binaries, prefix, tmp_path):
    result = run(secondary(binaries, prefix, 3, tmp_path / "out"), env=program_env())
    assert result.rc == 1 and "has 3 queue pairs, none of the number 3" in result.err, str(result)
    assert primary.process.poll() is None
