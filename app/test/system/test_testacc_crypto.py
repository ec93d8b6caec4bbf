# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""dpdk-testacc on any cryptodev: cipher, hash, aead and a mix of them, each result compared with
OpenSSL's."""

import re

import pytest

from harness import scope
from testacc import MEMORY, ask, complaint, layout

RELEASE_ONLY = True

EAL = [*MEMORY, "--no-pci", "-l", "0,1", "--log-level=4"]
OPENSSL, NULL, MB = "crypto_openssl", "crypto_null", "crypto_aesni_mb"


def crypto(*devices):
    return [*EAL, *(f"--vdev={device}" for device in devices)]


CASES = [
    (OPENSSL, "cipher", "aes-cbc"), (MB, "cipher", "aes-ctr"), (OPENSSL, "hash", "sha2-256"),
    (MB, "hash", "sha1-hmac"), (OPENSSL, "aead", "aes-ccm"), (MB, "aead", "aes-gcm"),
    (OPENSSL, "mixed", "sha2-256-hmac"),
]
MORE = [
    (OPENSSL, "cipher", "3des-cbc"), (MB, "hash", "sha2-384"), (MB, "aead", "chacha20-poly1305"),
    (MB, "mixed", "aes-ccm"),
]


@pytest.mark.parametrize("device, op, algo", CASES + scope([], MORE))
def test_engines(device, op, algo):
    """Both ways, a latency for each size, nothing wrong."""
    result = ask(crypto(device), f"set op {op}", f"set algo {algo}", "set size 64,1k",
                 "set depth 32", "set verify on", "set queues 2", "start 1",
                 "set direction decrypt", "start 1", options=["--json"])
    assert result.rc == 0, str(result)
    summaries = [line["summary"][0] for line in result.json_lines() if "summary" in line]
    assert len(summaries) == 2, str(result)
    for row in summaries:
        assert row["op"] == op and row["ops"] > 0 and row["ratio"] == 1, str(result)
        assert row["failed"] == row["wrong"] == 0 and row["queue_pairs"] == 2, str(result)
    latencies = [line["latency"] for line in result.json_lines() if "latency" in line]
    assert [[row["size_bytes"] for row in rows] for rows in latencies] == [[64, 1024]] * 2


def test_spellings():
    """What the capabilities are called is what is set and shown; other habits are understood."""
    names = ["aes-cbc", "aes_cbc", "sha2-256-hmac", "sha256_hmac", "deflate-fixed"]
    result = ask(crypto(NULL), *(line for name in names for line in (f"set algo {name}",
                                                                     "show config")))
    assert result.rc == 0, str(result)
    assert re.findall(r"^algo +(\S+)", result.out, re.M) == \
        ["aes-cbc"] * 2 + ["sha2-256-hmac"] * 2 + ["deflate_fixed"], str(result)


def test_in_place():
    """A device that has no other way, with several mbufs."""
    result = ask(crypto(NULL), "set op cipher", "set algo null", "set sgl 3", "set size 1000",
                 "set verify on", "start 1", "set sgl 1", "start 1")
    assert result.rc == 0 and result.out.count("\ncipher ") == 2, str(result)


def test_key_and_iv():
    """Of any length that the device has; never on the screen."""
    key = "2b7e151628aed2a6abf7158809cf4f3c" + "00112233445566aa"
    result = ask(crypto(OPENSSL), "set op cipher", f"set key {key.upper()}",
                 "set iv 000102030405060708090a0b0c0d0e0f", "set verify on", "start 1",
                 "show config", "set op aead", "set iv none", "set key none", "set aad 20",
                 "start 1")
    assert result.rc == 0, str(result)
    assert re.search(r"^key +24 bytes", result.out, re.M), str(result)
    assert re.search(r"^iv +16 bytes", result.out, re.M), str(result)
    assert key[:8] not in result.out.lower(), str(result)


@pytest.mark.parametrize("commands, words", [
    (["set op cipher", "set device 0", "start 1"], ["needs a cryptodev", "crypto_", "device 0"]),
    (["set op hash", "set algo aes_cbc", "start 1"], ["op hash has no algorithm aes-cbc"]),
    (["set op cipher", "set algo sm4-cbc", "start 1"], ["does not have sm4-cbc", "caps"]),
    (["set op cipher", "set size 1000", "start 1"], ["size 1000", "multiples of 16"]),
    (["set op cipher", "set algo aes-xts", "set size 15", "start 1"],
     ["size 15: aes-xts takes 16 bytes at least"]),
    (["set op cipher", "set key 00", "start 1"], ["with a key of 1 byte,"]),
    (["set op cipher", "set queues 99", "start 1"],
     ["8 queue pairs, 99 are asked for; set queues to 8 at most"]),
    (["set op aead", "set sgl 2", "set algo chacha20-poly1305", "start 1"],
     ["does not have chacha20-poly1305"]),
    (["set op aead", "set sgl 4", "start 1"], ["device 0 took no op", "sgl"]),
    (["set op aead", "set sgl 4", "sweep burst"], ["device 0 took no op", "sgl"]),
    (["set op mixed", "set iv 0011", "start 1"], ["an IV of 2"]),
    (["set op mixed", "set algo lzs", "start 1"], ["op mixed has no algorithm lzs"]),
    (["start 1"], ["op compress needs a compressdev", OPENSSL]),
])
def test_what_cannot_be(commands, words):
    devices = ["compress_zlib", OPENSSL] if "set device 0" in commands else [OPENSSL]
    result = ask(crypto(*devices), *commands)
    assert result.rc == 1, str(result)
    for word in words:
        assert word.replace("crypto_,", "") in complaint(result) or word == "crypto_", str(result)


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_xts_of_any_length(emulator, version):
    """From one block on; the last block is not a whole one (IEEE 1619, ciphertext stealing)."""
    result = ask(emulator(engine="sec", version=version).eal(memory=MEMORY), "set op cipher",
                 "set algo aes-xts", "set size 16,17,31,1000", "set depth 8", "set verify on",
                 "start 1", "set direction decrypt", "start 1", options=["--json"])
    rows = [line["summary"][0] for line in result.json_lines() if "summary" in line]
    assert result.rc == 0 and len(rows) == 2, str(result)
    for row in rows:
        assert row["ops"] > 0 and row["failed"] == row["wrong"] == 0, str(result)


def test_nothing_to_mix():
    result = ask(crypto(NULL), "set op mixed", "set algo null", "start 1")
    assert result.rc == 1, str(result)
    assert "crypto_null has fewer than two of cipher, hash and aead" in complaint(result)


def test_mixed_of_both_libraries():
    """One op, of each kind of device; the algorithm follows."""
    result = ask(crypto("compress_zlib", OPENSSL), "set op mixed", "set verify on", "set size 1000",
                 "set depth 8", "start 1", "set device 1", "show config", "set algo aes-ctr",
                 "start 1", "set device 0", "show config", "start 1")
    assert result.rc == 0 and len(re.findall(r"^mixed +\d", result.out, re.M)) == 3, str(result)
    assert re.findall(r"^algo +(\S+)", result.out, re.M) == ["aes-cbc", "deflate"], str(result)


@pytest.mark.parametrize("command, words", [
    ("set key 0", ["1 to 128 bytes as hexadecimal digits"]),
    ("set key 0g", ["hexadecimal"]),
    ("set iv " + "00" * 17, ["1 to 16 bytes"]),
    ("set algo rot13", ["aes-cbc", "sha2-256-hmac", "deflate"]),
    ("set direction back", ["encrypt, decrypt"]),
])
def test_wrong_values(command, words):
    result = ask(crypto(NULL), command)
    assert result.rc == 2, str(result)
    for word in words:
        assert word in complaint(result), str(result)


def test_both_libraries():
    """Compressdevs first; each op on its own kind, one after the other."""
    result = ask(crypto("compress_zlib", OPENSSL, NULL), "show device all", "show device all caps",
                 "set op round_trip", "start 1", "set op hash", "set device 1", "start 1",
                 "show device all stats", "clear stats", "show device 1 stats", "set device 0",
                 "run file /bin/sh /dev/null")
    lines = layout(result.out)
    assert lines[:4] == [
        "device name driver node queue pairs most features",
        "N compress_zlib compress_zlib N N any software",
        "N crypto_openssl crypto_openssl N N N software",
        "N crypto_null crypto_null N N N software"], str(result)
    assert "device kind algorithm keys (bytes) IVs (bytes) digests (bytes) AAD (bytes)" in lines
    assert "device algorithm window from (bytes) to (bytes) feature" in lines
    assert re.search(r"^ +1 +cipher +aes-cbc +16 to 32 by 8 +16 ", result.out, re.M), str(result)
    assert re.search(r"^round_trip ", result.out, re.M), str(result)
    assert re.search(r"^hash ", result.out, re.M), str(result)
    stats = re.findall(r"^ +1 +(\d+) +0 +(\d+) +0$", result.out, re.M)
    assert stats[0][0] == stats[0][1] != "0" and stats[1] == ("0", "0"), str(result)


def test_our_device_mixed(emulator, tmp_path):
    """Three sessions on one queue pair, each in each size, as the flight recorder saw them."""
    emu = emulator(engine="sec")
    result = ask(emu.eal(memory=MEMORY), "set op mixed", "set algo sha2-256-hmac", "set depth 32",
                 "set size 64,1k", "set verify on", "set sgl 2", "start 1",
                 f"recorder dump {tmp_path}/dump", f"decode {tmp_path}/dump",
                 "set direction decrypt", "start 1")
    assert result.rc == 0 and not result.complaints(), str(result)
    for kind in (r"\(cbc\) .* c_len", r"\(hmac_sha256\) .* a_len", r"\(gcm\) .* c_len"):
        sizes = set(re.findall(rf"sqe .*{kind}=(\w+)", result.out))
        assert sizes == {"0x40", "0x400"}, str(result)


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_our_device(emulator, version):
    """Every class, both ways, cut into mbufs, next to what only the hisi drivers tell."""
    emu = emulator(engine="sec", version=version)
    runs = ["set op cipher", "start 1", "set op hash", "set algo sha2-256-hmac", "start 1",
            "set op mixed", "start 1"]
    if version != "v2":
        # sec.md 8: that generation leaves some of these to software.
        runs += ["set op aead", "set algo aes-ccm", "start 1", "set direction decrypt", "start 1"]
    result = ask(emu.eal(memory=MEMORY), "set depth 32", "set size 64,1k", "set verify on",
                 "set sgl 2", *runs, "show device 0 queues", "show device 0 xstats",
                 "queue 0 reset", "device 0 reset", options=["--json"])
    assert result.rc == 0, str(result)
    lines = result.json_lines()
    summaries = [line["summary"][0] for line in lines if "summary" in line]
    assert len(summaries) == runs.count("start 1"), str(result)
    for row in summaries:
        assert row["ops"] > 0 and row["failed"] == row["wrong"] == 0, str(result)
    queues = next(line["queues"] for line in lines if "queues" in line)
    assert {row["type"] for row in queues} == {"crypto"}, str(result)
    counters = next(line["xstats"] for line in lines if "xstats" in line)
    counters = {row["counter"]: row["value"] for row in counters}
    assert counters["dequeued"] >= summaries[-1]["ops"], str(result)


def test_sweep():
    """Sessions of this driver grow with its queue pairs."""
    result = ask(crypto(OPENSSL), "set op cipher", "sweep queues")
    assert result.rc == 0 and "limit: " in result.out, str(result)
