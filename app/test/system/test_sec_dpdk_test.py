# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""The stock dpdk-test's generic symmetric suites on crypto_hisi_sec, against the table of what
sec.md lets the chip do (sec_suite.py)."""

import pytest

import sec_suite
from harness import BUILD, NO_HUGE, program_env, run, sanitizers

RELEASE_ONLY = True

SHIMS = [BUILD / f"app/test/system/{name}.so" for name in ("cryptodev_alias", "patient_raw")]
# All cases that the suite has in DPDK 22.11, those of suites that are skipped as a whole included.
CASES = 697
# By the way of ops and the generation: what executed and passed. Frozen: fewer is a loss.
PASSED = {("op", "v3"): 270, ("op", "v2"): 240, ("raw", "v3"): 230, ("raw", "v2"): 199}
# Suites of a known driver that Debian has none of, and that no case asks for by name.
SUITES = {"op": ("cryptodev_uadk_autotest", "crypto_uadk"),
          "raw": ("cryptodev_dpaa_sec_raw_api_autotest", "crypto_dpaa_sec")}


def run_suite(api, driver, eal, timeout=240):
    suite, known = SUITES[api]
    env = {"DPDK_TEST": suite, "CRYPTODEV_ALIAS": f"{known}={driver}",
           "LD_PRELOAD": ":".join(map(str, SHIMS))}
    return run(["dpdk-test", *eal], 2 * timeout if sanitizers() else timeout, program_env(env))


@pytest.mark.parametrize("version", ["v2", "v3"])
@pytest.mark.parametrize("api", ["op", "raw"])
def test_generic_suite(emulator, api, version):
    # Each of the 700 cases sets up all queue pairs anew: two are enough.
    emu = emulator(queues=4, version=version, engine="sec")
    result = run_suite(api, emu.driver, emu.eal())
    table = sec_suite.Suite(version, api == "raw")
    cases = sec_suite.cases_of(result.out)
    totals = sec_suite.totals_of(result.out)
    differ = [f"{suite}: {case}: {verdict}, by sec.md it {table.verdict(suite, case)}"
              for suite, case, verdict in cases if verdict != table.verdict(suite, case)]
    assert not differ, "\n".join(differ) + f"\n{result}"
    # Six cases of the raw suite on V2; else there is none.
    refused = sum(verdict == sec_suite.REFUSED for _, _, verdict in cases)
    assert totals["Failed"] == refused == (6 if (api, version) == ("raw", "v2") else 0), totals
    assert result.rc == (255 if refused else 0), str(result)
    assert totals["Total"] == CASES, totals
    assert totals["Passed"] == totals["Executed"] - refused == PASSED[api, version], totals


def test_the_table_by_another_driver():
    """The test of the test: crypto_openssl is no SEC, and the comparison sees it."""
    result = run_suite("op", "crypto_openssl",
                       [*NO_HUGE, "--no-pci", "-l", "0,1", "--vdev=crypto_openssl"])
    table = sec_suite.Suite("v3")
    verdicts = {(suite, case): verdict for suite, case, verdict in sec_suite.cases_of(result.out)}
    assert result.rc == 0 and sec_suite.totals_of(result.out)["Total"] == CASES, str(result)
    differ = {case for (suite, case), verdict in verdicts.items()
              if verdict != table.verdict(suite, case)}
    assert "AES-128-XTS Encryption (16-byte plaintext)" in differ, differ
    assert "3DES-128-CTR Encryption" in differ, differ
    assert "AES-128-CBC Encryption" not in differ, differ
