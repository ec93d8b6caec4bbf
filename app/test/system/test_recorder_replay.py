# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""dpdk-hisi-replay: recorded descriptors once more, on a model of their own."""

import re

import pytest

from harness import BUILD, run
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


def test_another_status(emulator, tmp_path):
    """A status that the descriptor does not explain, and one that never came."""
    path = tmp_path / "dump"
    emu = emulator(options=["--control={dir}/control"])
    result = ask(emu.eal(f"timeout_ms=300,recorder_dir={tmp_path}"), "set depth 1", "set burst 1",
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
    told = run([REPLAY, "--help"])
    assert told.rc == 0 and told.out.startswith("usage:") and not told.err, str(told)
    for argv, words in [(["cut"], "it ends"), (["sec"], "only those of ZIP"),
                        (["none"], "No such file"), (["."], "as a file"),
                        (["--version", "v9", "dump"], "known: v2, v3"), ([], "usage:"),
                        (["dump", "dump"], "usage:"), (["-x", "dump"], "usage:")]:
        files = {"cut", "sec", "none", ".", "dump"}
        result = run([REPLAY, *(tmp_path / word if word in files else word for word in argv)])
        assert result.rc == 2 and words in result.err and not result.out, str(result)
