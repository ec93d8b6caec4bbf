# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""dpdk-hisi-replay: recorded descriptors once more, on a model of their own."""

import re

import pytest

from harness import BUILD, crypto_perf, run
from testacc import ask

REPLAY = BUILD / "app/hisi_replay/dpdk-hisi-replay"


def counts(result):
    """(same, others, without a completion, left out)"""
    return tuple(map(int, re.search(r"^(\d+) with the same status, (\d+) with another one, (\d+) "
                                    r"that had no completion, (\d+) left out$", result.out,
                                    re.M).groups()))


@pytest.mark.parametrize("version, op, sgl", [("v3", "round_trip", 1), ("v3", "round_trip", 4),
                                              ("v2", "compress", 1)])
def test_all_the_same(emulator, tmp_path, version, op, sgl):
    """Both directions, flat and chained, of both generations."""
    path = tmp_path / "dump"
    result = ask(emulator(version=version).eal(), f"set op {op}", f"set sgl {sgl}",
                 "set size 500,4k,30000", "start 1", f"recorder dump {path}")
    assert result.rc == 0, str(result)
    result = run([REPLAY, "-v", path])
    same, others, without, left = counts(result)
    assert result.rc == 0 and same > 20 and (others, without, left) == (0, 0, 0), str(result)
    assert len(re.findall("^queue 0, sqe .*recorded ok, model ok: the same$", result.out,
                          re.M)) > 20, str(result)
    assert ("queue 1, sqe" in result.out) == (op == "round_trip"), str(result)


@pytest.mark.parametrize("version, op, sgl", [("v3", "mixed", 4), ("v2", "mixed", 1),
                                              ("v3", "aead; set algo aes-ccm", 1)])
def test_all_the_same_of_sec(emulator, tmp_path, version, op, sgl):
    """Ciphers, hashes and AEAD, of both types of descriptors. Those of V3 are not for a V2."""
    path = tmp_path / "dump"
    result = ask(emulator(engine="sec", version=version).eal(), f"set op {op}", f"set sgl {sgl}",
                 "set size 64,1k,16000", "set direction decrypt", "start 1",
                 f"recorder dump {path}")
    assert result.rc == 0, str(result)
    result = run([REPLAY, "-v", path])
    same, others, without, left = counts(result)
    assert result.rc == 0 and same > 20 and (others, without, left) == (0, 0, 0), str(result)
    assert result.out.count("recorded ok, model ok: the same\n") == same, str(result)
    result = run([REPLAY, "--version", "v2", path])
    assert counts(result)[:2] == ((0, same) if version == "v3" else (same, 0)), str(result)
    assert result.out.count("recorded ok, model model_bad_type: another one") == counts(result)[1]


@pytest.mark.parametrize("engine, op", [("zip", "compress"), ("sec", "cipher"), ("sec", "hash")])
def test_refused_addresses(emulator, tmp_path, engine, op):
    """Only a model says so of one operation; the chip stops. The dump is that of a third one."""
    emu = emulator(engine=engine, options=["--control={dir}/control", "--dma-fault=op"])
    result = ask(emu.eal(f"timeout_ms=1500,recorder_dir={tmp_path}"), f"set op {op}",
                 "set depth 1", "set burst 1", "inject dma_read op=3", "inject dma_write op=6",
                 "inject drop op=9", "start 1", options=[f"--control={emu.dir}/control"])
    assert result.rc == 1, str(result)
    (path,) = tmp_path.glob("*.hisirec")
    result = run([REPLAY, "-v", path])
    assert result.rc == 0 and counts(result)[1:] == (0, 1, 0), str(result)
    for fault in ("model_read_fault", "model_write_fault"):
        assert f"recorded {fault}, model {fault}: the same" in result.out, str(result)


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_refused_in_place(emulator, tmp_path, version):
    """What verifies reads the MAC, and writes data only: in place no address of them differs."""
    emu = emulator(engine="sec", version=version, options=[
        "--fault=dma_write op=3", "--fault=drop op=6", "--dma-fault=op"])
    emu.devargs = f"{emu.devargs},timeout_ms=1500,recorder_dir={tmp_path}".strip(",")
    run(crypto_perf(emu, "throughput", ["--optype", "aead", "--aead-algo", "aes-gcm", "--aead-op",
                                        "decrypt", "--aead-key-sz", "16", "--aead-iv-sz", "12",
                                        "--digest-sz", "16"], [64], 8))
    (path,) = tmp_path.glob("*.hisirec")
    result = run([REPLAY, "-v", path])
    same, others, _, left = counts(result)
    assert result.rc == 0 and same > 0 and (others, left) == (0, 1), str(result)
    assert "sqe 2: recorded model_write_fault, model none: left out" in result.out, str(result)


def test_another_status(emulator, tmp_path):
    """A status that the descriptor does not explain, and one that never came."""
    path = tmp_path / "dump"
    emu = emulator(options=["--control={dir}/control"])
    result = ask(emu.eal(f"timeout_ms=1500,recorder_dir={tmp_path}"), "set depth 1", "set burst 1",
                 "inject status op=3 value=14", "inject drop op=6", "start 1",
                 options=[f"--control={emu.dir}/control"])
    assert result.rc == 1, str(result)
    (path,) = tmp_path.glob("*.hisirec")
    result = run([REPLAY, path])
    assert result.rc == 1 and counts(result)[1:] == (1, 1, 0), str(result)
    line = "queue 0, sqe 2: recorded dstlen_out, model negacompress: another one"
    assert line in result.out.splitlines(), str(result)


def test_refused(emulator, tmp_path):
    path = tmp_path / "dump"
    assert ask(emulator().eal(), "start 1", f"recorder dump {path}").rc == 0
    good = path.read_bytes()
    (tmp_path / "cut").write_bytes(good[:-1])
    (tmp_path / "sec").write_bytes(good.replace(b"ZIP\0", b"SEC\0", 1))
    (tmp_path / "hpre").write_bytes(good.replace(b"ZIP\0\0", b"HPRE\0", 1))
    told = run([REPLAY, "--help"])
    assert told.rc == 0 and told.out.startswith("usage:") and not told.err, str(told)
    for argv, words in [(["cut"], "it ends"), (["hpre"], "only those of ZIP, SEC"),
                        (["sec"], "no descriptors are in it"),
                        (["none"], "No such file"), (["."], "as a file"),
                        (["--version", "v9", "dump"], "known: v2, v3"), ([], "usage:"),
                        (["dump", "dump"], "usage:"), (["-x", "dump"], "usage:")]:
        files = {"cut", "sec", "hpre", "none", ".", "dump"}
        result = run([REPLAY, *(tmp_path / word if word in files else word for word in argv)])
        assert result.rc == 2 and words in result.err and not result.out, str(result)
