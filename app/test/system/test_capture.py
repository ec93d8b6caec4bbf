# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Captures of the message channel, as tshark reads them with the dissector of this tree."""

import random
import re
import shutil
import stat
import struct

import pytest

from harness import TOP, run
from testacc import ask, complaint, zlib_eal

DISSECTOR = TOP / "devtools/wireshark/hisi_accel.lua"
SQE, CQE, DOORBELL = "1", "2", "3"


def tshark(path, *options):
    if shutil.which("tshark") is None:
        pytest.skip("needs tshark")
    result = run(["tshark", "-n", "-X", f"lua_script:{DISSECTOR}", "-r", path, *options])
    assert result.rc == 0, str(result)
    assert "Lua Error" not in result.out + result.err, str(result)
    return result.out


def fields(path, *names):
    options = [word for name in names for word in ("-e", name)]
    return [line.split("\t") for line in tshark(path, "-T", "fields", *options).splitlines()]


def test_packets(emulator, tmp_path):
    """Each operation once in each direction, with its lengths; nothing of the data."""
    path = tmp_path / "cap"
    result = ask(emulator().eal(), "set depth 16", "set burst 4", f"capture start {path}",
                 "start 1", "capture stop", "show device 0 xstats", options=["--json"])
    assert result.rc == 0, str(result)
    (capture,) = next(line["capture"] for line in result.json_lines() if "capture" in line)
    packets, lost = capture["packets"], capture["lost"]
    xstats = next(line["xstats"] for line in result.json_lines() if "xstats" in line)
    count = {row["counter"]: row["value"] for row in xstats}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    rows = fields(path, "frame.time_epoch", "hisi_accel.kind", "hisi_accel.index",
                  "hisi_accel.engine", "hisi_accel.type", "hisi_accel.zip.input_data_length",
                  "hisi_accel.zip.status", "hisi_accel.doorbell.command")
    assert len(rows) == packets
    kinds = {kind: [row for row in rows if row[1] == kind] for kind in (SQE, CQE, DOORBELL)}
    if lost == 0:
        assert len(kinds[SQE]) == len(kinds[CQE]) == count["dequeued"], result.out
        assert len(kinds[DOORBELL]) == count["queue_doorbells"] + count["queue_cq_doorbells"]
    for kind in (SQE, CQE):
        indices = [int(row[2]) for row in kinds[kind]]
        assert indices == sorted(set(indices)), kind
        assert {tuple(row[3:5]) for row in kinds[kind]} == {("ZIP", "compress")}
        # 0: a completion whose descriptor was overwritten before, which counts as lost.
        assert {int(row[5], 16) for row in kinds[kind]} - ({0} if lost else set()) == {4096}
    assert {int(row[6], 16) for row in kinds[CQE]} == {0}
    assert {int(row[7], 16) for row in kinds[DOORBELL]} == {0, 1}
    # Nanoseconds: some of so many times have digits behind the microsecond.
    assert any(not row[0].endswith("000") for row in rows)
    times = {kind: [float(row[0]) for row in kinds[kind]] for kind in kinds}
    assert all(times[kind] == sorted(times[kind]) for kind in (SQE, CQE))


def test_status_by_name(emulator, tmp_path):
    """An error of the device is named where one looks first; one queue of two. Of many: the capture
    may lose some."""
    path = tmp_path / "cap"
    emu = emulator(options=["--control={dir}/control"])
    result = ask(emu.eal(), f"capture start {path} 0", "inject status every=50 value=14",
                 "start 1",
                 options=[f"--control={emu.dir}/control"])
    assert result.rc == 1 and "failed" in complaint(result), str(result)
    out = tshark(path, "-Y", "hisi_accel.zip.status == 14")
    assert re.search(r"queue 0: CQE, slot \d+, dstlen_out", out), out
    text = tshark(path, "-V", "-Y", "hisi_accel.zip.status == 14")
    assert "status: dstlen_out (0x0e)" in text and "descriptor as written back" in text, text


def test_refused(emulator, tmp_path):
    emu, path = emulator(), tmp_path / "cap"
    for commands, words in [
            (["capture stop"], "none is running"),
            ([f"capture start {path}", f"capture start {path}2"], "one is running"),
            ([f"capture start {path}"], "File exists"),
            ([f"capture start {path}2 7777"], "no queue 7777"),
            ([f"capture start {tmp_path}/no/cap"], "No such file")]:
        result = ask(emu.eal(), *commands)
        assert result.rc == 1 and words in complaint(result), str(result)
    result = ask(emu.eal("recorder=0"), f"capture start {path}3")
    assert result.rc == 1 and "recorder=0" in complaint(result), str(result)
    result = ask(zlib_eal(), f"capture start {path}4")
    assert result.rc == 1 and "hisi drivers" in complaint(result), str(result)


def test_hostile_packets(tmp_path):
    """Any bytes: the dissector shows what there is of them, and does not fail."""
    rng = random.Random(1)
    path = tmp_path / "cap"
    data = struct.pack("<IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, 65535, 147)
    for number in range(400):
        body = bytearray(rng.randbytes(rng.choice([0, 1, 15, 16, 17, 24, 33, 100, 144, 160, 300])))
        if len(body) > 3 and number % 4:
            body[0:3] = bytes([1, rng.randrange(6), rng.randrange(3)])
        data += struct.pack("<IIII", number, 0, len(body), len(body)) + body
    path.write_bytes(data)
    assert len(tshark(path).splitlines()) == 400
    tshark(path, "-V")
