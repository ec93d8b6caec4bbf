# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""devtools/bench.sh in its smallest form: that it measures, not what comes out."""

import json
import os
import shutil

import pytest

from harness import BUILD, HANG_S, TOP, full, run, sanitizers

DRIVERS = {"compress_hisi_zip", "compress_isal", "compress_zlib"}

pytestmark = [
    pytest.mark.skipif(bool(sanitizers()), reason="an instrumented build is not for measuring"),
    pytest.mark.skipif(os.cpu_count() < 2, reason="needs two CPUs"),
]


def bench(out, *parts):
    only = [word for part in parts for word in ("--only", part)]
    result = run([TOP / "devtools/bench.sh", "--quick", "--out", out, *only], timeout=2 * HANG_S,
                 env=dict(os.environ, HISI_BUILD=str(BUILD)))
    assert result.rc == 0, str(result)
    assert (out / "table.txt").read_text() in result.out
    return json.loads((out / "results.json").read_text())


def test_throughput(tmp_path):
    found = bench(tmp_path, "throughput")["throughput"]
    assert {(e["seg_size"], e["segments"]) for e in found} == {(4096, 1), (16384, 4)}
    for entry in found:
        for direction in ["compress", "decompress"]:
            assert set(entry["gbps"][direction]) == DRIVERS
            assert all(gbps > 0 for gbps in entry["gbps"][direction].values()), entry
            assert set(entry["ratio"][direction]) == DRIVERS - {"compress_hisi_zip"}
        # The model compresses by ISA-L: a flat op comes out as long as compress_isal makes it.
        packed = entry["packed_percent"]
        assert abs(packed["compress_hisi_zip"] - packed["compress_isal"]) < 0.5, entry
    if shutil.which("gnuplot"):
        for name in ["throughput-compress.png", "throughput-decompress.png"]:
            assert (tmp_path / name).read_bytes()[1:4] == b"PNG"


def test_latency_and_scaling(tmp_path):
    found = bench(tmp_path, "latency", "scaling")
    for entry in found["latency"]:
        assert set(entry["us"]) == DRIVERS
        for us in entry["us"].values():
            assert 0 < us["min_us"] <= us["median_us"] <= us["p99_us"], entry
    points = {(e["driver"], e["queue_pairs"], e["depth"]) for e in found["scaling"]}
    assert len(points) == 8 and all(e["gbps"] > 0 for e in found["scaling"])


@pytest.mark.skipif(not full(), reason="long")
@pytest.mark.skipif(shutil.which("valgrind") is None, reason="needs valgrind")
def test_instructions_and_cycles(tmp_path):
    found = bench(tmp_path, "instructions", "cycles")
    for entry in found["instructions"]:
        assert entry["per_extra_segment"] > 0, entry
        assert entry["segments"]["4"]["sum"] > entry["segments"]["1"]["sum"], entry
    assert {driver for e in found["cycles"] for driver in e["cycles"]} == \
        DRIVERS - {"compress_zlib"}


@pytest.mark.skipif(not full(), reason="long")
@pytest.mark.skipif(shutil.which("valgrind") is None, reason="needs valgrind")
def test_crypto(tmp_path):
    found = bench(tmp_path, "crypto")["crypto"]
    for entry in found["throughput"]:
        assert set(entry["gbps"]) == {"crypto_hisi_sec", "crypto_openssl", "crypto_aesni_mb"}
        assert all(gbps > 0 for gbps in entry["gbps"].values()), entry
    counts = found["instructions"]
    least, ours = counts["crypto_null"]["null"], counts["crypto_hisi_sec"]["aes-cbc"]
    assert 0 < least["sum"] < ours["sum"], counts
