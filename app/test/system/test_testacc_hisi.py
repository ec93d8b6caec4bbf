# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""dpdk-testacc on our devices, and rte_pmd_hisi_accel.h under it."""

import json
import re

import pytest

from testacc import ask, complaint, layout, zlib_eal


def rows(result, title):
    return next(line[title] for line in result.json_lines() if title in line)


@pytest.mark.parametrize("function", ["pf", "vf"])
def test_show(emulator, function):
    """Counters, queues, registers, mailbox commands: they agree with what was done."""
    emu = emulator(function)
    result = ask(emu.eal(), "start 1", "show device 0 xstats", "show device 0 queues",
                 "show device 0 regs", "show device 0 errors", "mailbox history",
                 options=["--json"])
    assert result.rc == 0 and not result.complaints(), str(result)
    xstats = {row["counter"]: row["value"] for row in rows(result, "xstats")}
    queues = rows(result, "queues")
    assert [row["type"] for row in queues] == ["compress", "decompress"], str(result)
    assert {row["state"] for row in queues} == {"running"}, str(result)
    assert queues[0]["tail"] == queues[0]["head"] > 0 and queues[1]["tail"] == 0, str(result)
    assert xstats["queue_doorbells"] == queues[0]["doorbells"] > 0, str(result)
    assert xstats["enqueued"] == xstats["dequeued"] == queues[0]["tail"], str(result)
    assert xstats["bytes_in"] == 4096 * xstats["dequeued"], str(result)
    assert xstats["errors"] == xstats["invalid"] == xstats["status_error"] == 0, str(result)
    assert xstats["mailbox_commands"] == len(rows(result, "mailbox")), str(result)
    assert {row["result"] for row in rows(result, "mailbox")} == {"ok"}, str(result)
    assert rows(result, "errors") == [], str(result)
    registers = {row["register"]: row["value"] for row in rows(result, "registers")}
    assert re.fullmatch("0x[0-9a-f]{32}", registers["qm_mailbox"]), registers
    assert ("qm_capability" in registers) == (function == "pf"), registers
    assert not [name for name in registers if "doorbell" in name], registers


def test_json_of_all(emulator, tmp_path):
    """No line of stdout is anything else."""
    emu = emulator(options=["--control={dir}/control"])
    result = ask(emu.eal(), "start", "show rates", "set burst 8", "stop", "queue 0 dump",
                 "queue 0 drain", "queue 0 reset", "device 0 reset", "inject list",
                 "inject drop op=1000000", "inject list", f"capture start {tmp_path}/pcap",
                 "capture stop", f"recorder dump {tmp_path}/dump", f"decode {tmp_path}/dump",
                 options=["--json", f"--control={emu.dir}/control"])
    assert result.rc == 0, str(result)
    tables = [next(iter(json.loads(line).items())) for line in result.out.splitlines()]
    assert [title for title, _ in tables] == [
        "rates", "summary", "latency", "queue_dump", "queue_drain", "queue_reset", "device_reset",
        "inject", "inject", "capture", "recorder_dump", "decode"], str(result)
    (rates,), none, (fault,) = tables[0][1], tables[7][1], tables[8][1]
    assert rates["failed"] == rates["wrong"] == 0 and none == [], str(result)
    assert fault["line"].startswith("1: drop op=1000000"), str(result)
    for title, table in tables[3], tables[11]:
        assert any("queue 0" in row["line"] or "sqc" in row["line"] for row in table), title


def test_by_hand(emulator):
    """Drain and resets, idle and in the middle of start: all of it runs on. What the device had at
    a reset returns with an error, or is done again."""
    emu = emulator()
    by_hand = ["queue 0 dump", "queue 0 drain", "queue 0 reset", "device 0 reset"]
    result = ask(emu.eal(), "set op round_trip", "start 1", *by_hand, "start", "wait 1", *by_hand,
                 "wait 1", "show device 0 xstats", "stop")
    assert "wrong results" not in result.err, str(result)
    assert result.rc == 0 or re.search(r"\d ops? failed", complaint(result)), str(result)
    lines = layout(result.out.replace("op was", "ops were"))
    for line in ["queue N: N ops were under way, empty after N ms",
                 "compress_hisi_zipN: reset, all queues run again after N ms"]:
        assert lines.count(line) == 2, str(result)
    assert len(re.findall(r"queue 0: runs again after", result.out)) == 2, str(result)
    assert "cqc: " in result.out and re.search(r"^sqe \d+: .*request=0x\d+\(", result.out, re.M)
    assert re.search(r"resets +3$", result.out, re.M), str(result)


def test_no_word_from_others():
    for command in ["show device 0 xstats", "show device 0 regs", "queue 0 dump", "queue 0 drain",
                    "queue 0 reset", "device 0 reset", "mailbox history"]:
        result = ask(zlib_eal(), command)
        assert result.rc == 1 and "hisi drivers" in complaint(result), str(result)
    result = ask([*zlib_eal(), "--vdev=compress_zlib1"], "show device all xstats")
    assert result.rc == 1 and "xstats: none of the drivers tells" in complaint(result), str(result)


def test_reset_of_another():
    """What is said is about the device of the command, not about the one that is set."""
    result = ask([*zlib_eal(), "--vdev=compress_zlib1"], "device 1 reset")
    assert result.rc == 1 and "device 1 does not tell" in complaint(result), str(result)


@pytest.mark.parametrize("engine, op", [("zip", "compress"), ("sec", "cipher")])
def test_one_queue_pair(emulator, engine, op):
    result = ask(emulator(engine=engine, queues=2).eal(), f"set op {op}", "set queues 2", "start 1")
    assert result.rc == 1, str(result)
    assert "has 1 queue pair, 2 are asked for; set queues to 1 at most" in complaint(result)


def test_no_such_queue(emulator):
    for action in ["dump", "drain", "reset"]:
        result = ask(emulator().eal(), f"queue 9 {action}")
        assert result.rc == 1 and "no such queue" in complaint(result), str(result)


def test_error_is_explained(emulator):
    """A fault of the model's, and what the driver and the tables say about it."""
    emu = emulator(options=["--control={dir}/control"])
    result = ask(emu.eal(), "inject ras block=qm bit=2", "start", "wait 1", "stop",
                 "show device 0 errors", options=[f"--control={emu.dir}/control"])
    errors = [line for line in result.out.splitlines() if "queue manager" in line]
    assert len(errors) == 1 and re.search(r"queue manager +2 +\S+ +1 +\S.* \S", errors[0]), \
        str(result)
