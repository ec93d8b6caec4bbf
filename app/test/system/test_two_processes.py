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
    for number, why in [(3, "has 3 queue pairs, none of the number 3"),
                        ("one", "QUEUE_PAIR one: expected: 0 to 65535"),
                        (65537, "QUEUE_PAIR 65537: expected: 0 to 65535")]:
        result = run(secondary(binaries, prefix, number, tmp_path / "out"), env=program_env())
        assert result.rc == 1 and why in result.err, str(result)
    assert primary.process.poll() is None


def compress(binaries, *args, eal=("--no-huge", "--no-shconf", "-m", "64", "--no-pci", "-l", "0")):
    """Without a device: what is wrong with the arguments is said before one is looked for."""
    return run([binaries[1], *eal, "--", *args], env=program_env())


@pytest.mark.parametrize("link", [os.symlink, os.link, None])
def test_compress_file_does_not_eat_its_input(binaries, tmp_path, link):
    plain, other = tmp_path / "plain", tmp_path / ("other" if link else "plain")
    plain.write_bytes(b"precious" * 1000)
    if link:
        link(plain, other)
    result = compress(binaries, plain, other)
    assert result.rc == 1 and f"{plain} and {other} are the same file" in result.err, str(result)
    assert plain.read_bytes() == b"precious" * 1000


def test_compress_file_refusals(binaries, tmp_path):
    result = compress(binaries, FILE, tmp_path / "out", DRIVER, 0)
    assert result.rc == 1 and "QUEUE_PAIR 0: only a secondary" in result.err, str(result)
    for words in [(FILE,), (FILE, tmp_path / "out", DRIVER, 0, "more")]:
        result = compress(binaries, *words)
        assert result.rc == 1 and "usage: compress_file" in result.err, str(result)
    result = compress(binaries, FILE, tmp_path / "out", eal=["--no-such-option"])
    assert result.rc == 1 and "EAL does not start" in result.err, str(result)
    assert "usage: compress_file" not in result.err, str(result)
    assert not (tmp_path / "out").exists()
