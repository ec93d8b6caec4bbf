# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""dpdk-testacc: files through a device, and looked at again; faults by the model's socket."""

import os
import subprocess
import time
import zlib

import pytest

from harness import HANG_S
from testacc import Terminal, ask, complaint, layout, zlib_eal

HEAD = "in (bytes) out (bytes) ratio seconds Gb/s crcN file"


def test_gzip_for_people(emulator, corpus, tmp_path):
    """gunzip takes it, says its size, and gives back what went in."""
    out = tmp_path / "out.gz"
    result = ask(emulator().eal(), f"run file {corpus}/text {out}", f"check file {out}")
    assert result.rc == 0 and not result.complaints(), str(result)
    assert HEAD in layout(result.out), str(result)
    subprocess.run(["gunzip", "-t", out], check=True)
    plain = (corpus / "text").read_bytes()
    assert subprocess.check_output(["gunzip", "-c", out]) == plain
    listed = subprocess.check_output(["gunzip", "-l", out], text=True).split()
    assert str(len(plain)) in listed, listed


@pytest.mark.parametrize("name, bits", [("gzip", 31), ("zlib", 15), ("deflate", -15)])
def test_formats(corpus, tmp_path, name, bits):
    """Each kind of data in each format; sizes around that of a piece; nothing at all."""
    commands, cases = [], []
    for kind in ("text", "random", "zeros"):
        cases.append((corpus / kind, tmp_path / f"{kind}.{name}"))
    for size in (0, 1, 32767, 32768, 32769, 65536):
        path = tmp_path / f"in{size}"
        path.write_bytes((corpus / "binary").read_bytes()[:size])
        cases.append((path, tmp_path / f"out{size}.{name}"))
    for source, out in cases:
        commands += [f"run file {source} {out} {name}", f"check file {out}"]
    result = ask(zlib_eal(), *commands)
    assert result.rc == 0, str(result)
    for source, out in cases:
        inflater = zlib.decompressobj(bits)
        assert inflater.decompress(out.read_bytes()) == source.read_bytes(), source
        assert inflater.eof and not inflater.unused_data, source


def test_what_is_left_in_zlib(tmp_path):
    """Plain data that ends just behind a full buffer: zlib has all of the file by then, and owes
    the rest. What is cut off is told, as ever."""
    for more in range(1, 40):
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        data = packer.compress(bytes(65536 + more)) + packer.flush()
        (tmp_path / f"{more}").write_bytes(data)
    (tmp_path / "cut").write_bytes(data[:-1])
    checks = [f"check file {tmp_path}/{more}" for more in range(1, 40)]
    result = ask(zlib_eal(), *checks, f"check file {tmp_path}/cut")
    assert result.rc == 1 and "/cut is wrong: it is cut off" in complaint(result), str(result)


def test_wrong_files(corpus, tmp_path):
    """What is wrong is told, and half a file is not left behind."""
    good = tmp_path / "good.gz"
    assert ask(zlib_eal(), f"run file {corpus}/text {good}").rc == 0
    data = good.read_bytes()
    (tmp_path / "cut.gz").write_bytes(data[:-9])
    (tmp_path / "crc.gz").write_bytes(data[:-6] + b"x" + data[-5:])
    (tmp_path / "more.gz").write_bytes(data + b"more")
    (tmp_path / "zeros.gz").write_bytes(data + bytes(9) + b"more")
    (tmp_path / "empty.gz").write_bytes(b"")
    # As gunzip has it: members in a row, and zeros behind the last.
    (tmp_path / "twice.gz").write_bytes(data + data + bytes(70000))
    for command, words in [
            (f"check file {tmp_path}/cut.gz", ["cut off"]),
            (f"check file {tmp_path}/crc.gz", ["check"]),
            (f"check file {tmp_path}/more.gz", ["header"]),
            (f"check file {tmp_path}/zeros.gz", ["header"]),
            (f"check file {tmp_path}/empty.gz", ["empty"]),
            (f"check file {tmp_path}/none", ["No such file"]),
            (f"run file {tmp_path}/none {tmp_path}/x", ["No such file"]),
            (f"run file {tmp_path} {tmp_path}/x", ["folder"]),
            (f"run file {good} {good}", ["another one"]),
            (f"run file {good} {tmp_path}/no/x", ["No such file"])]:
        result = ask(zlib_eal(), command)
        assert result.rc == 1, str(result)
        for word in words:
            assert word in complaint(result), str(result)
    assert not (tmp_path / "x").exists()
    result = ask(zlib_eal(), f"check file {tmp_path}/twice.gz")
    assert result.rc == 0 and "gzip N N N N" in " ".join(layout(result.out)), str(result)


def test_progress_bar(corpus, tmp_path):
    terminal = Terminal(zlib_eal())
    try:
        terminal.expect("testacc> ")
        said = terminal.ask(f"run file {corpus}/text {tmp_path}/x")
        assert "[##############################] 100 %" in said, said
        terminal.send("quit\n")
        assert terminal.end() == 0
    finally:
        terminal.kill()


def test_length_is_not_known(corpus, tmp_path):
    """Of a pipe, /proc and what never ends: bytes and rate, and no share of what nobody knows. ^C
    says what became of the file."""
    pipe, out = tmp_path / "pipe", tmp_path / "x"
    os.mkfifo(pipe)
    terminal = Terminal(zlib_eal())
    writer = subprocess.Popen(["sh", "-c", f"cat {corpus}/text {corpus}/random > {pipe}"])
    try:
        terminal.expect("testacc> ")
        said = terminal.ask(f"run file {pipe} {out}")
        assert "393.2 kB" in said and "%" not in said, said
        plain = (corpus / "text").read_bytes() + (corpus / "random").read_bytes()
        assert zlib.decompress(out.read_bytes(), 31) == plain
        said = terminal.ask(f"run file /proc/self/status {out}")
        assert " kB" in said and "%" not in said, said
        terminal.send(f"run file /dev/zero {out}\n")
        assert "%" not in terminal.expect("B/s")
        terminal.send("\x03")
        terminal.expect("dpdk-testacc: /dev/zero: interrupted after ")
        assert f"{out} is not whole and was removed" in terminal.expect("testacc> ")
        assert not out.exists()
    finally:
        writer.kill()
        writer.wait()
        terminal.kill()


@pytest.mark.parametrize("is_input", [True, False])
def test_interrupt_of_waiting(corpus, tmp_path, is_input):
    """^C ends the wait for somebody at the other end of a pipe."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    files = f"{pipe} {tmp_path}/x" if is_input else f"{corpus}/random {pipe}"
    terminal = Terminal(zlib_eal())
    # Of an output somebody reads nothing.
    other = None if is_input else os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        terminal.expect("testacc> ")
        terminal.send(f"run file {files}\n")
        # A signal may come before it waits: a person would press again.
        for _ in range(HANG_S):
            terminal.send("\x03")
            end = time.monotonic() + 1
            while "is not whole" not in terminal.text and time.monotonic() < end:
                terminal.read(0.1)
            if "is not whole" in terminal.text:
                break
        said = terminal.expect("testacc> ")
        assert "interrupted after" in said and "is not whole" in said, said
        terminal.send("quit\n")
        assert terminal.end() == 0
    finally:
        if other is not None:
            os.close(other)
        terminal.kill()


def test_inject(emulator, corpus, tmp_path):
    """A fault on the way of a file: what the device said is told, and no file is left."""
    emu = emulator(options=["--control={dir}/control"])
    control = [f"--control={emu.dir}/control"]
    result = ask(emu.eal(), "inject status value=9 op=2", "inject list",
                 f"run file {corpus}/text {tmp_path}/x", options=control)
    assert result.rc == 1 and "1: status value=9 op=2" in result.out, str(result)
    assert "the device says 'error'" in complaint(result), str(result)
    assert not (tmp_path / "x").exists()
    result = ask(emu.eal(), "inject clear", "inject list", options=control)
    assert result.rc == 0 and result.out.endswith("no fault is injected\n"), str(result)
    result = ask(emu.eal(), "inject clear", "inject list", "inject help",
                 f"run file {corpus}/text {tmp_path}/x", f"check file {tmp_path}/x",
                 options=control)
    assert result.rc == 0 and "fault drop\t" in result.out, str(result)


def test_inject_mistakes(emulator):
    emu = emulator(options=["--control={dir}/control"])
    result = ask(emu.eal(), "inject drop op=x", options=[f"--control={emu.dir}/control"])
    assert result.rc == 2 and "a number" in complaint(result), str(result)
    result = ask(emu.eal(), "inject drop", options=[f"--control={emu.dir}/none"])
    assert result.rc == 1 and "does not answer" in complaint(result), str(result)
    result = ask(emu.eal(), "inject drop")
    assert result.rc == 1 and "--control" in complaint(result), str(result)


def test_inject_completion(emulator):
    emu = emulator(options=["--control={dir}/control"])
    terminal = Terminal(emu.eal(), f"--control={emu.dir}/control")
    try:
        terminal.expect("testacc> ")
        terminal.send("inject dup\t")
        terminal.expect("inject duplicate ")
        terminal.send("\x03")
        terminal.expect("testacc> ")
        terminal.send("quit\n")
        assert terminal.end() == 0
    finally:
        terminal.kill()
