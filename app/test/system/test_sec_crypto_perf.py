# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Debian's own dpdk-test-crypto-perf, unmodified, on a PF and on a VF."""

import re

import pytest

from harness import crypto_perf, perf_rows, run, scope
from sec_vectors import bytes_of, read

RELEASE_ONLY = True

SIZES = scope([64, 4096], [64, 100, 1024, 8192, 65536])
OPS = scope(500, 2000)
CBC = ["--cipher-algo", "aes-cbc", "--cipher-key-sz", "16", "--cipher-iv-sz", "16"]
SHA256 = ["--auth-algo", "sha2-256-hmac", "--auth-key-sz", "32", "--digest-sz", "32"]
GCM = ["--aead-algo", "aes-gcm", "--aead-key-sz", "16", "--aead-iv-sz", "12",
       "--aead-aad-sz", "16", "--digest-sz", "16"]
SHAPES = {
    "cipher-only": [*CBC, "--cipher-op", "encrypt"],
    "auth-only": [*SHA256, "--auth-op", "generate"],
    "cipher-then-auth": [*CBC, "--cipher-op", "encrypt", *SHA256, "--auth-op", "generate"],
    "aead": [*GCM, "--aead-op", "encrypt"],
}
TESTS = ["throughput", "latency", "pmd-cyclecount"]
# A VF differs from a PF before the first op only.
FUNCTIONS = [("pf", "v3", TESTS), ("vf", "v3", ["throughput"]), ("pf", "v2", ["throughput"])]
RUNS = [(function, version, test, shape) for function, version, tests in FUNCTIONS
        for test in tests for shape in SHAPES]


# Of 22.11 the program crashes on any driver where it takes latencies of longer ones.
LATENCY_MOST = 16384


def whole_blocks(shape, sizes):
    """Lengths that a block cipher can have."""
    return [size // 16 * 16 if "cipher" in shape else size for size in sizes]


@pytest.mark.parametrize("function,version,test,shape", RUNS)
def test_figures(emulator, function, version, test, shape):
    """What it prints: all that was enqueued came back, none failed, and figures that are some."""
    emu = emulator(function, version=version, engine="sec")
    sizes = whole_blocks(shape, SIZES)
    if test == "latency":
        sizes = [min(size, LATENCY_MOST) for size in sizes]
    result = run(crypto_perf(emu, test, ["--optype", shape, *SHAPES[shape]], sizes, OPS))
    assert result.rc == 0 and result.complaints() == [], str(result)
    if test == "latency":
        assert re.findall(r"Buffer size: (\d+)", result.out) == list(map(str, sizes)), str(result)
        for times in re.findall(r"time \[us\](.*)", result.out):
            assert float(times.split()[1]) > 0, str(result)
        done = re.findall(r"dequeued\s+(\d+)", result.out)
        assert done == [str(OPS)] * len(sizes), str(result)
        return
    rows = perf_rows(result)
    assert [row[1] for row in rows] == sizes, str(result)
    for row in rows:
        assert row[3] == row[4] == OPS, str(result)
        # Gbit/s; what it calls failed dequeues are those that found nothing yet.
        assert test != "throughput" or row[8] > 0, str(result)


def test_segments(emulator):
    """Its own chains: --segment-sz."""
    emu = emulator(engine="sec")
    result = run(crypto_perf(emu, "throughput",
                             ["--optype", "cipher-only", *SHAPES["cipher-only"],
                              "--segment-sz", "1024"], [4096], OPS))
    assert result.rc == 0 and perf_rows(result)[0][4] == OPS, str(result)


def test_sessionless(emulator):
    emu = emulator(engine="sec")
    result = run(crypto_perf(emu, "throughput",
                             ["--optype", "aead", *SHAPES["aead"], "--sessionless"], [1024], OPS))
    assert result.rc == 0 and perf_rows(result)[0][4] == OPS, str(result)


# ---- verify: against a file of vectors ----

def write_vectors(path, fields):
    """The program's format: a name, and its bytes by commas; a digest belongs to a test."""
    lines = []
    for name, value in fields.items():
        if name == "digest":
            lines.append("[one]")
        lines.append(f"{name} =\n" + ", ".join(f"0x{byte:02x}" for byte in value) + "\n")
    path.write_text("\n".join(lines))


VERIFIED = {
    "encrypt": ("SP 800-38A F.2.1", "cipher-only",
                [*CBC, "--cipher-op", "encrypt"]),
    "aead": ("GCM test case 4", "aead",
             ["--aead-algo", "aes-gcm", "--aead-op", "encrypt", "--aead-key-sz", "16",
              "--aead-iv-sz", "12", "--aead-aad-sz", "20", "--digest-sz", "16",
              "--test-name", "one"]),
}


@pytest.mark.parametrize("broken", [False, True], ids=["right", "broken"])
@pytest.mark.parametrize("what", VERIFIED)
def test_verify(emulator, tmp_path, what, broken):
    """Published vectors through its verify mode; one that was changed is found."""
    name, shape, args = VERIFIED[what]
    one = read()[name]
    names = {"key": "aead_key", "iv": "aead_iv"} if shape == "aead" else \
        {"key": "cipher_key", "iv": "cipher_iv"}
    fields = {"plaintext": bytes_of(one, "plain"), "ciphertext": bytes_of(one, "cipher"),
              names["key"]: bytes_of(one, "key"), names["iv"]: bytes_of(one, "iv")}
    if shape == "aead":
        fields["aad"] = bytes_of(one, "aad")
        fields["digest"] = bytes_of(one, "tag")
    if broken:
        fields["ciphertext"] = bytes([fields["ciphertext"][0] ^ 1]) + fields["ciphertext"][1:]
    write_vectors(tmp_path / "vectors", fields)
    emu = emulator(engine="sec")
    size = len(fields["plaintext"])
    result = run(crypto_perf(emu, "verify", ["--optype", shape, *args,
                                             "--test-file", tmp_path / "vectors"], [size], 64))
    rows = perf_rows(result)
    assert [row[4] for row in rows] == [64], str(result)
    # Failed operations are the last column.
    assert (rows[0][-1] > 0) == broken, str(result)
