# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""The flight recorder: dumps by hand, by trouble and by signals, and what decode says of them."""

import os
import re
import signal
import stat
import time

import pytest

from harness import HANG_S, SANITIZER_EXIT, Program, program_env, run, sanitizers
from testacc import TESTACC, argv, ask, complaint, zlib_eal

END = ".hisirec"


def decode(path):
    result = run([TESTACC, "decode", path])
    assert result.rc == 0 and result.err == "", str(result)
    return result.out


def dumps(folder):
    return sorted(path for path in folder.iterdir() if path.name.endswith(END))


def ask_in(folder, eal, *commands, options=()):
    env = {"HISI_RECORDER_DIR": str(folder)}
    return run(argv(eal, *options, "-e", "; ".join(commands)), env=program_env(env))


def test_by_hand(emulator, tmp_path):
    """Names and values of what was done; nothing of the data; another dump replaces none."""
    marker = "THE-SECRET-IN-THE-DATA "
    (tmp_path / "in").write_text(marker * 20000)
    path = tmp_path / "dump"
    result = ask(emulator().eal(), f"run file {tmp_path}/in {tmp_path}/out",
                 f"recorder dump {path}", f"decode {path}")
    assert result.rc == 0, str(result)
    text = decode(path)
    assert text in result.out
    assert "compress_hisi_zip0: ZIP V3 PF" in text and "somebody asked for it" in text, text
    assert re.search(r"^queue 0: compress, running, alarm: none, tag 0x", text, re.M), text
    assert re.search(r"handed to the device\n +doorbell: command=0x0\(sq\) tag=0x\w+ index=", text)
    assert re.search(r"sqe \d+: input_data_length=0x\w+ .*request=0x1\(deflate\)", text), text
    assert re.search(r"cqe \d+: .*\n +result: consumed=0x\w+ produced=0x\w+ status=0x0\(ok\); "
                     r"after [\d.]+ [mu]?s", text), text
    # From the oldest to the newest.
    scale = {"us": 1, "ms": 1e3, "s": 1e6}
    times = [float(value) * scale[unit] for value, unit in
             re.findall(r"^ *(-?[\d.]+) (us|ms|s)  ", text, re.M)]
    assert len(times) > 9 and times == sorted(times) and times[-1] < 0, times
    data = path.read_bytes()
    assert marker.encode() not in data and marker[:8].encode() not in data
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    result = ask(emulator().eal(), f"recorder dump {path}")
    assert result.rc == 1 and "File exists" in complaint(result), str(result)


@pytest.mark.parametrize("op", ["cipher", "aead"])
def test_crypto(emulator, tmp_path, op):
    """Of the SEC engine too, in a dump and in a capture: fields and results, no key and no IV."""
    key, salt = bytes(range(0x51, 0x61)), bytes(range(0xa1, 0xad))
    dump, capture = tmp_path / "dump", tmp_path / "cap"
    result = ask(emulator(engine="sec").eal(), f"set op {op}", f"set key {key.hex()}",
                 f"set iv {salt.hex()}" if op == "aead" else f"set iv {salt.hex()}b1b2b3b4",
                 f"capture start {capture}", "start 1", "capture stop", f"recorder dump {dump}")
    assert result.rc == 0, str(result)
    text = decode(dump)
    assert "crypto_hisi_sec0: SEC V3 PF" in text and "alarm: none" in text, text
    assert re.search(r"sqe \d+: type=0x3\S* .*data_src_addr=0x", text), text
    assert re.search(r"result: done=0x1 .*error_type=0x0\(ok\); after", text), text
    for path in (dump, capture):
        data = path.read_bytes()
        for secret in (key, salt, key[:8], salt[:8]):
            assert secret not in data and secret[::-1] not in data, path


def test_trouble(emulator, tmp_path):
    """A completion that does not come: the file is there before the queue is stopped, and the
    operation in it as one that never came back."""
    emu = emulator(options=["--control={dir}/control"])
    # Nothing is handed over behind the second of start, so there is one trouble.
    result = ask_in(tmp_path, emu.eal("timeout_ms=1500"), "inject drop op=5", "set burst 1",
                    "set depth 1", "start 1", options=[f"--control={emu.dir}/control"])
    assert result.err.count("'dpdk-testacc decode' explains it") == 1, str(result)
    (path,) = dumps(tmp_path)
    assert f"is in {path};" in result.err, str(result)
    text = decode(path)
    assert "UTC: no progress within timeout_ms\n" in text and "alarm: timeout" in text, text
    assert re.search(r"^software: .*, 1 in flight$", text, re.M), text
    assert re.search(r"^in flight: sqe (\d+) to \1$", text, re.M), text
    last = text[text.rindex("handed to the device"):]
    assert "completed" not in last.split("queue 1:")[0], text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_off(emulator, tmp_path):
    """recorder=0: no file by itself; by hand one with times only."""
    emu = emulator(options=["--control={dir}/control"])
    assert ask(emu.eal("recorder=0"), "start 1", f"recorder dump {tmp_path}/dump").rc == 0
    result = ask_in(tmp_path, emu.eal("timeout_ms=300,recorder=0"), "inject drop op=5", "start 1",
                    options=[f"--control={emu.dir}/control"])
    assert "stopping it" in result.err and "explains it" not in result.err, str(result)
    assert not dumps(tmp_path)
    text = decode(tmp_path / "dump")
    assert "handed to the device" in text and "sqe " not in text, text


def test_no_folder_by_hand(emulator, tmp_path):
    path = tmp_path / "no/where"
    result = ask(emulator().eal(), "start 1", f"recorder dump {path}")
    assert result.rc == 1, str(result)
    assert complaint(result) == f"recorder dump: {path}: No such file or directory", str(result)


def test_no_folder(emulator, tmp_path):
    emu = emulator(options=["--control={dir}/control"])
    result = ask_in(tmp_path / "no/where", emu.eal("timeout_ms=300"), "inject drop op=5", "start 1",
                    options=[f"--control={emu.dir}/control"])
    assert result.err.count("cannot be written to") == 1, str(result)
    assert "No such file or directory; give a folder with recorder_dir=" in result.err, str(result)


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGABRT"])
def test_signal(emulator, tmp_path, name):
    """A process that ends by a signal leaves a dump, and ends by that signal."""
    number = getattr(signal, name)
    eal = emulator().eal(f"recorder_dir={tmp_path}")
    begun = tmp_path / "begun"
    program = Program(argv(eal, "-e", f"start; wait 1; recorder dump {begun}; wait 30"))
    try:
        deadline = time.monotonic() + HANG_S
        while not begun.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        os.kill(program.pid, number)
        # AddressSanitizer has a handler of its own for this one, which gets its turn after ours.
        is_caught = "address" in sanitizers() and name == "SIGSEGV"
        assert program.process.wait(HANG_S) == (SANITIZER_EXIT if is_caught else -number)
    finally:
        program.kill()
    (path,) = dumps(tmp_path)
    text = decode(path)
    assert f"signal {number:d} ended the process" in text, text
    assert "handed to the device" in text, text


def test_files_kept(emulator, tmp_path):
    """Not more than eight, the last one among them."""
    emu = emulator()
    result = ask_in(tmp_path, emu.eal(), "start 1", *["recorder dump"] * 11)
    assert result.rc == 0, str(result)
    names = re.findall(rf"written to (\S+{END});", result.out)
    assert len(names) == 11 and len(set(names)) == 8, str(result)
    assert {str(path) for path in dumps(tmp_path)} == set(names)


def test_hostile_files(emulator, tmp_path):
    """One line, whatever it is."""
    path = tmp_path / "dump"
    assert ask(emulator().eal(), "start 1", f"recorder dump {path}").rc == 0
    good = path.read_bytes()
    files = {"empty": b"", "text": b"hello\n", "cut": good[:-1], "long": good + b"\0",
             "zero": bytes(len(good)), "version": good[:8] + b"\x09" + good[9:],
             "many": good[:12] + b"\xff\xff\xff\xff" + good[16:]}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    for name in [*files, "not-there", "."]:
        result = run([TESTACC, "decode", tmp_path / name])
        assert result.rc == 1 and result.out == "", str(result)
        assert complaint(result).startswith(str(tmp_path)), str(result)
    result = run([TESTACC, "decode"])
    assert result.rc == 2 and "decode FILE" in complaint(result), str(result)


def test_others_have_none():
    result = ask(zlib_eal(), "recorder dump")
    assert result.rc == 1 and "hisi drivers" in complaint(result), str(result)
