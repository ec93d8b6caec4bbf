# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Random crypto operations through the driver and the model, judged by OpenSSL on the same data."""

import re
import secrets

import pytest

import sec_suite
from harness import BUILD, NO_HUGE, run, sanitizers, scope

DIFF = BUILD / "app/test/diff/hisi_crypt_diff"
VERSIONS = ["v2", "v3"]
# In the whole set 2 x 6500 + 2 x 4000 operations: more than 20,000.


def diff(eal, driver, *args, timeout=600):
    return run([DIFF, *eal, "--", f"--driver={driver}", *args], timeout)


def sec(emu, *args):
    return diff(emu.eal(lcores="0"), emu.driver, *args)


def named(version):
    """Algorithms of the reference that DPDK 22.11 has names for."""
    header = open("/usr/include/dpdk/rte_crypto_sym.h", encoding="ascii").read()
    return {name for kind, found in sec_suite.algorithms(version).items() for name in found
            if f"RTE_CRYPTO_{kind.upper()}_{name}" in re.findall(r"\w+", header)}


def check_all_right(result, ops):
    """Nothing failed."""
    assert result.rc == 0, str(result)
    summary = result.json_lines()[-1]
    print(summary)
    assert summary["ops"] == ops
    assert summary["success"] > 0 and summary["error"] == 0
    return summary


def check_all_kinds(summary):
    """It was what it should have been: for a seed that is known to do it."""
    ops = summary["ops"]
    assert summary["sgl_over_64"] >= ops / 20 and summary["out_of_place"] >= ops / 10
    assert summary["sessionless"] >= ops / 20
    assert summary["auth_failed"] > 0
    return summary


@pytest.mark.parametrize("version", VERSIONS)
def test_random_ops_of_a_fixed_seed(emulator, version):
    ops = scope(500, 6500)
    emu = emulator(version=version, engine="sec")
    summary = check_all_kinds(check_all_right(sec(emu, "--seed=20260401", f"--ops={ops}"), ops))
    if ops >= 6500:
        # Each algorithm that the chip has by sec.md 3, and no other.
        assert set(summary["algorithms"]) == named(version), summary["algorithms"]
        assert summary["chains"]["AES_CBC SHA256_HMAC"][0] > 0, summary["chains"]


@pytest.mark.parametrize("version", VERSIONS)
def test_random_ops_of_a_fresh_seed(emulator, version):
    """Over short rings, which are full now and then. The seed is in the failure's text."""
    ops = scope(250 if sanitizers() else 400, 4000)
    seed = secrets.randbits(63)
    print("seed", seed)
    emu = emulator(version=version, engine="sec")
    summary = check_all_right(sec(emu, f"--seed={seed}", f"--ops={ops}", "--depth=32"), ops)
    assert summary["full_rings"] > 0, summary


# ---- the test of the test, on a driver of DPDK's own ----

# crypto_openssl refuses at enqueue what it does not like, and ciphers again in place what it could
# not keep: lengths that it takes, and room for all.
OPENSSL = [*NO_HUGE, "--no-pci", "-l", "0", "--vdev=crypto_openssl", "--log-level=4"]
FOR_OPENSSL = "misuse=0,head=0,trailer=0,src_segs=1,dst_segs=1,sessionless=0,iv_wrap=0,len=1000"


def openssl(*args):
    return diff(OPENSSL, "crypto_openssl", "--depth=8192", f"--set={FOR_OPENSSL}", *args)


def test_the_judge_agrees_with_another_driver():
    ops = scope(500, 2000)
    result = openssl("--seed=3", f"--ops={ops}")
    assert result.rc == 0, str(result)
    summary = result.json_lines()[-1]
    assert summary["success"] > ops / 2 and summary["auth_failed"] > 0, summary
    assert {"AES_CBC", "AES_GCM", "AES_CCM", "SHA256_HMAC"} <= set(summary["algorithms"]), summary


@pytest.mark.parametrize("what,why", [
    ("output", "is not what it should be"), ("canary", "wrote beside segment"),
    ("status", "status 5, allowed are"),
])
def test_a_wrong_result_is_found_and_reduced(what, why):
    """Results are broken before they are judged."""
    result = openssl("--seed=5", "--ops=100", f"--spoil={what}")
    assert result.rc == 1, str(result)
    found = result.json_lines()[-1]
    assert why in found["why"], found
    # What is spoilt has 100 bytes or more; a multiple of the cipher's block.
    assert re.search(r"\blen=10[0-9]\b|\blen=112\b", found["reproducer"]), found
    again = diff(OPENSSL, "crypto_openssl", *found["reproducer"].split())
    assert again.rc == 1 and why in again.json_lines()[-1]["why"], str(again)
