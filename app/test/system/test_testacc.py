# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""dpdk-testacc: commands, mistakes, scripts, engines."""

import json
import re
import signal
import time

import pytest

from faults import Control
from harness import HANG_S, run
from testacc import TESTACC, Terminal, argv, ask, complaint, layout, zlib_eal


def test_help_without_eal():
    result = run([TESTACC, "--help"])
    assert result.rc == 0 and result.out.startswith("usage: dpdk-testacc"), str(result)
    for way in ("doctor", "decode"):
        assert f"dpdk-testacc {way} " in result.out, str(result)
        alone = run([TESTACC, way, "--help"])
        assert alone.rc == 0 and alone.out.startswith(f"usage: dpdk-testacc {way} "), str(alone)


def test_full_disk():
    """What could not be written is told, by each way; that nobody reads it to the end is not."""
    with_eal = " ".join(map(str, argv(zlib_eal())[1:])) + " -e 'show lcores; show mem'"
    for command in ("doctor --json", "--help", with_eal):
        result = run(["sh", "-c", f"exec {TESTACC} {command} > /dev/full"])
        assert result.rc == 1 and "stdout: No space left on device" in complaint(result), \
            str(result)
    result = run(["bash", "-c", f"{TESTACC} {with_eal} | true; exit ${{PIPESTATUS[0]}}"])
    assert result.rc == 0 and "stdout: " not in result.err, str(result)


def test_help_lists_every_command():
    """And each first word has a help of its own."""
    result = ask(zlib_eal(), "help")
    assert result.rc == 0, str(result)
    rows = result.out.splitlines()[1:]
    assert len(rows) >= 10 and all(re.search(r"\S  +\S", row) for row in rows), str(result)
    words = sorted({row.split()[0] for row in rows})
    result = ask(zlib_eal(), *(f"help {word}" for word in words))
    assert result.rc == 0 and len(result.out.splitlines()) == len(rows) + len(words), str(result)


MISTAKES = [
    ("shew", ["'shew'", "show", "'help'"]),
    ("show", ["after 'show'", "device", "mem", "lcores", "config"]),
    ("show devise", ["'devise'", "device"]),
    ("show device 7", ["'7'", "all", "the number of a device"]),
    ("show device 0 colour", ["'colour'", "info", "caps", "stats"]),
    ("show mem now", ["'now'", "nothing more"]),
    ("show settings now", ["nothing more"]),
    ("set colour red", ["'colour'", "burst", "depth"]),
    ("set burst", ["after 'burst'", "1 to 256 ops"]),
    ("set burst 0", ["'0'", "1 to 256 ops"]),
    ("queue x dump", ["'x'", "number of a queue"]),
    ("queue 0 burn", ["'burn'", "dump, drain, reset"]),
    ("run file /bin/sh", ["a file to write"]),
    ("run file /bin/sh x tar", ["'tar'", "gzip, zlib, deflate"]),
    ("inject", ["a fault of the model's"]),
    ("mailbox", ["history"]),
    ("device 0 melt", ["'melt'", "reset"]),
    ("wait long", ["'long'", "seconds"]),
    ("set burst 1x", ["'1x'", "1 to 256 ops"]),
    ("set size 4096,", ["'4096,'", "bytes"]),
    ("set size 17m", ["'17m'", "16777216"]),
    ("set window 1000", ["'1000'", "power of two"]),
    ("set op sing", ["'sing'", "compress, decompress, round_trip"]),
    ("set checksum md5", ["'md5'", "crc32"]),
    ("set device 5", ["'5'", "number of a device"]),
    ("set file /none", ["'/none'", "can be read"]),
    ("set file /", ["'/'", "can be read"]),
    ("start -1", ["'-1'", "seconds"]),
    ("help me", ["'me'", "help, show"]),
    ('help "', ["quotation mark"]),
]


def test_mistakes():
    """What was wrong, and what was expected; the prompt goes on."""
    terminal = Terminal(zlib_eal())
    try:
        terminal.expect("testacc> ")
        for command, words in MISTAKES:
            said = terminal.ask(command)
            lines = [line for line in said.splitlines() if line.startswith("dpdk-testacc: ")]
            assert len(lines) == 1, (command, said)
            for word in words:
                assert word in lines[0], (command, said)
        terminal.send("quit\n")
        assert terminal.end() == 0
    finally:
        terminal.kill()


def test_exit_codes():
    result = ask(zlib_eal(), "shew", "show mem")
    assert result.rc == 2 and "page" not in result.out, str(result)
    result = ask(zlib_eal(), "x" * 2000)
    assert result.rc == 2 and "1022" in complaint(result), str(result)


@pytest.mark.parametrize("command, words", [
    ("stop", ["nothing is running"]),
    ("show rates", ["nothing is running"]),
    ("set checksum crc32; start 1", ["compress_zlib", "CRC32"]),
    ("set sgl 2; start 1", ["SGL"]),
    ("set algo lzs; start 1", ["does not have lzs; "]),
    ("set algo aes_cbc; start 1", ["op compress has no algorithm aes-cbc"]),
    ("set op mixed; set algo aes_cbc; start 1", ["op mixed has no algorithm aes-cbc"]),
    ("set size 60000; start 1", ["60000", "sgl to 2"]),
    ("set depth 16384; set size 40k; start 1", ["no memory", "depth"]),
    ("set size 16m; start 1", ["than 64 mbufs", "set size lower"]),
    ("start; start", ["running already"]),
])
def test_what_cannot_be(command, words):
    result = ask(zlib_eal(), command)
    assert result.rc == 1, str(result)
    for word in words:
        assert word in complaint(result), str(result)


def test_bad_options():
    for options in [["word"], ["--colour"], ["-e"]]:
        result = run(argv(zlib_eal(), *options))
        assert result.rc == 2, str(result)
    result = run(argv(zlib_eal(), "-e", "show mem", "-e", "show lcores"))
    assert result.rc == 2 and "-e is there twice; give it once" in complaint(result), str(result)
    # In front of -- they are EAL's to refuse.
    result = run([TESTACC, "-e", "show mem"])
    assert result.rc == 2 and "stand behind --" in complaint(result), str(result)
    assert "--cmdline-file" in result.out, str(result)


def test_no_device(tmp_path):
    eal = ["--no-huge", "--no-shconf", "-m", "64", "--no-pci", "-l", "0,1"]
    result = ask(eal, "show mem", "show lcores", "show device all")
    assert result.rc == 1 and "--vdev" in complaint(result), str(result)
    terminal = Terminal(eal)
    try:
        terminal.expect("testacc> ")
        for command in ["start 1", "queue 0 dump", "mailbox history", "recorder dump",
                        f"capture start {tmp_path}/x", f"run file /etc/passwd {tmp_path}/x"]:
            assert "device 0 is not there" in terminal.ask(command), command
    finally:
        terminal.kill()


def test_scripts(tmp_path):
    """A file, with comments; the first failure is the last command, and its line is told."""
    script = tmp_path / "script"
    script.write_text("# two\nset burst 16 # ops\n\nshow config\nshow colour\nshow mem\n")
    result = run(argv(zlib_eal(), f"--cmdline-file={script}"))
    assert result.rc == 2, str(result)
    assert re.search(r"^burst +16 ", result.out, re.M) and "page" not in result.out, str(result)
    assert "line 5" in result.err, str(result)
    result = run(argv(zlib_eal(), f"--cmdline-file={tmp_path}/none"))
    assert result.rc == 1 and "none cannot be opened" in complaint(result), str(result)
    result = ask(zlib_eal(), "set burst 8", "show config; quit; shew")
    assert result.rc == 0 and re.search(r"^burst +8 ", result.out, re.M), str(result)


def test_script_of_another_system(tmp_path):
    """Lines that end as on Windows, a mark in front; what is no text is told."""
    script = tmp_path / "script"
    script.write_bytes(b"\xef\xbb\xbfset burst 16\r\n\r\nshow config\r\n")
    result = run(argv(zlib_eal(), f"--cmdline-file={script}"))
    assert result.rc == 0 and re.search(r"^burst +16 ", result.out, re.M), str(result)
    script.write_bytes(b"show mem\nshow mem\0\n")
    result = run(argv(zlib_eal(), f"--cmdline-file={script}"))
    assert result.rc == 2 and "a byte 0 is in the line" in result.err, str(result)
    script.write_bytes(b"\x1b[2Jshow\n")
    result = run(argv(zlib_eal(), f"--cmdline-file={script}"))
    assert result.rc == 2 and "'?[2Jshow'" in result.err, str(result)


def test_set_beside_a_run():
    result = ask(zlib_eal(), "start", "set burst 9", "show config", "stop", "set burst 8")
    assert result.rc == 0 and re.search(r"^burst +9 ", result.out, re.M), str(result)
    assert result.out.count("the next start has the new burst") == 1, str(result)
    assert "next start" not in result.out.split("p99")[1], str(result)
    # Over before it began: no mistake of anybody's.
    result = ask(zlib_eal(), *["start", "stop"] * 20)
    assert result.rc == 0 and not result.complaints(), str(result)


def test_layout():
    result = ask(zlib_eal(), "show device all", "show device 0 stats", "show mem", "show lcores")
    assert result.rc == 0, str(result)
    assert layout(result.out) == [
        "device name driver node queue pairs most features",
        "N compress_zlib compress_zlib N N any software",
        "device enqueued (ops) enqueue errors dequeued (ops) dequeue errors",
        "N N N N N",
        "node page (KiB) segments total (MiB) heap (MiB) used (MiB) largest free (MiB)",
        "N N N N N N N",
        "lcore role CPUs node state",
        "N main N N runs",
        "N worker N N waits",
    ], str(result)


def test_columns_are_aligned():
    result = ask(zlib_eal(), "show settings")
    lines = result.out.splitlines()
    at = [lines[0].index(word) for word in ("what it is", "takes", "at first")]
    for line in lines:
        assert all(line[column - 2:column] == "  " for column in at), str(result)


@pytest.mark.parametrize("op", ["compress", "decompress", "round_trip", "mixed"])
def test_engines(op):
    """Any compressdev: results looked at by zlib, a latency for each size."""
    result = ask(zlib_eal(), f"set op {op}", "set size 1k,4k", "set depth 32", "set verify on",
                 "set queues 2", "start 1", options=["--json"])
    assert result.rc == 0, str(result)
    summary, latency = (next(iter(line.values())) for line in result.json_lines())
    assert summary[0]["op"] == op and summary[0]["queue_pairs"] == 2, str(result)
    assert summary[0]["ops"] > 0 and summary[0]["failed"] == summary[0]["wrong"] == 0, str(result)
    assert summary[0]["ratio"] > 1.5, str(result)
    assert [row["size_bytes"] for row in latency] == [1024, 4096], str(result)
    for row in latency:
        assert 0 < row["p50_us"] <= row["p99_us"] <= row["p99_9_us"], str(result)


def test_our_device(emulator, corpus):
    emu = emulator()
    result = ask(emu.eal(), f"set file {corpus}/text", "set op round_trip", "set sgl 3",
                 "set size 9000", "start", "wait 1", "show rates", "stop", "show device 0 stats",
                 "clear stats", "show device 0 stats")
    assert result.rc == 0 and not result.complaints(), str(result)
    lines = layout(result.out)
    assert "N s N ops/s N Gb/s ratio N failed N wrong N" in lines, str(result)
    assert "round_trip N N N N N N N N N" in lines, str(result)
    stats = re.findall(r"^ +0 +(\d+) +(\d+) +(\d+) +(\d+)$", result.out, re.M)
    assert len(stats) == 2 and int(stats[0][0]) == int(stats[0][2]) > 0, str(result)
    assert stats[1] == ("0", "0", "0", "0"), str(result)


def test_mixed(emulator, tmp_path):
    """Both directions of one queue pair, each in each size, as the flight recorder saw them."""
    result = ask(emulator().eal(), "set op mixed", "set size 1k,4k", "set depth 32",
                 "set verify on", "start 1", f"recorder dump {tmp_path}/dump",
                 f"decode {tmp_path}/dump")
    assert result.rc == 0 and not result.complaints(), str(result)
    compress, decompress = re.split(r"^queue 1: decompress", result.out, flags=re.M)
    assert {"0x400", "0x1000"} == set(
        re.findall(r"sqe .*input_data_length=(\w+)", compress)), str(result)
    assert {"0x400", "0x1000"} == set(
        re.findall(r"sqe .*dest_avail_out=(\w+)", decompress)), str(result)


def test_device_that_dies(emulator, program):
    """In the middle of start: the engines end by themselves, and the reason is told."""
    emu = emulator(options=["--control={dir}/control"])
    one = program(argv(emu.eal(), "-e", "start 600; show mem"))
    end = time.monotonic() + HANG_S
    while not re.search(r": sqes [1-9]", "\n".join(Control(emu.dir / "control")("stats"))):
        assert time.monotonic() < end, str(one.result())
        time.sleep(0.1)
    emu.signal(signal.SIGKILL)
    result = one.wait()
    assert result.rc == 1 and "page" not in result.out, str(result)
    assert re.search(r"^compress +\d", result.out, re.M), str(result)
    assert "returned nothing but errors (error)" in complaint(result), str(result)


def test_interrupt(program):
    """^C ends start early, with its summary; that the commands behind it are not run is told."""
    one = program(argv(zlib_eal(), "-e", "set burst 9; show config; start 1000; show mem"))
    one.wait_output("burst")
    time.sleep(1)
    one.process.send_signal(signal.SIGINT)
    result = one.wait()
    assert "op " in result.out and "page" not in result.out, str(result)
    assert result.rc == 1 and "were not run" in complaint(result), str(result)


def test_json():
    result = ask(zlib_eal(), "help", "show config", "show device all caps", options=["--json"])
    assert [next(iter(json.loads(line))) for line in result.out.splitlines()] == [
        "commands", "config", "capabilities"], str(result)
