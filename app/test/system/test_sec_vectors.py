# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Published test vectors (sec_vectors.ini) through the driver and the model, in both directions and
with a wrong tag. OpenSSL checks each vector first."""

import subprocess

import pytest

import sec_suite
from harness import BUILD, NO_HUGE, Program
from sec_vectors import bytes_of, read

VECTORS = BUILD / "app/test/diff/hisi_crypt_vectors"


FIELDS = ["key", "iv", "aad", "plain", "cipher", "tag"]


def vectors():
    """By name: (algorithm, the line for the program)."""
    return {name: (one["algorithm"], " ".join([one["algorithm"], *(
        bytes_of(one, field).hex() or "-" for field in FIELDS)])) for name, one in read().items()}


def run_vectors(eal, driver, wanted):
    """Of those wanted, by name: what is wrong with it."""
    program = Program([VECTORS, *eal, "--", driver], stdin=subprocess.PIPE)
    program.process.stdin.write("".join(line + "\n" for _, line in wanted.values()).encode())
    program.process.stdin.close()
    result = program.wait()
    assert result.rc == 0, str(result)
    lines = result.json_lines()
    assert [line["algorithm"] for line in lines] == [name for name, _ in wanted.values()]
    return {name: line["wrong"] for name, line in zip(wanted, lines)}


@pytest.mark.parametrize("version", ["v2", "v3"])
@pytest.mark.parametrize("function", ["pf", "vf"])
def test_published_vectors(emulator, function, version):
    emu = emulator(function, version=version, engine="sec")
    found = run_vectors(emu.eal(lcores="0"), emu.driver, vectors())
    known = {name for kind in sec_suite.algorithms(version).values() for name in kind}
    wrong = {name: what for name, what in found.items()
             if what != ("" if vectors()[name][0] in known else "unsupported")}
    assert not wrong, wrong


def test_vectors_by_another_driver():
    """What crypto_openssl has of them, and none that OpenSSL itself does not have."""
    found = run_vectors([*NO_HUGE, "--no-pci", "-l", "0", "--vdev=crypto_openssl"],
                        "crypto_openssl", vectors())
    wrong = {name: what for name, what in found.items() if "OpenSSL" in what}
    assert not wrong, wrong
    assert sum(what == "" for what in found.values()) >= 40, found
