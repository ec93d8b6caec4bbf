# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Keys do not outlive their sessions: what cores of the program and of the emulator hold, and what
their logs say."""

import os
import secrets
import shutil
import subprocess
from pathlib import Path

import pytest

import key_traces
from harness import BUILD, HANG_S, Program, full, run, sanitizers, scope
from test_processes import check, eal, end, primary, secondary

KEYS = BUILD / "app/test/diff/hisi_crypt_keys"
MEMORY = ["--no-huge", "--no-shconf", "--no-telemetry", "-m", "128"]
CHUNK = 1 << 20
needs_gcore = pytest.mark.skipif(shutil.which("gcore") is None, reason="needs gcore (gdb)")


def test_traces_by_the_standards():
    """The schedules that are looked for are those of FIPS 197 A.1 and GB/T 32907 A.1."""
    keys = key_traces.aes_round_keys(bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c"))
    assert keys[1].hex() == "a0fafe1788542cb123a339392a6c7605"
    assert keys[10].hex() == "d014f9a8c9ee2589e13f0cc8b6630ca6"
    keys = key_traces.aes_round_keys(bytes.fromhex(
        "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"))
    assert keys[14].hex() == "fe4890d1e6188d0b046df344706c631e"
    keys = key_traces.sm4_round_keys(bytes.fromhex("0123456789abcdeffedcba9876543210"))
    assert keys[0].hex() == "f12186f9" and keys[31].hex() == "9124a012"


# Private, shared and huge, without what is a file: rings and keys lie in shared memory.
ALL_MEMORY = "0x73"
# Without the huge pages that processes share.
OWN_MEMORY = "0x33"


class Core:
    """The memory of a process as gcore writes it."""

    def __init__(self, pid, folder, memory):
        Path(f"/proc/{pid}/coredump_filter").write_text(memory, encoding="ascii")
        done = subprocess.run(["gcore", "-o", folder / "core", str(pid)], timeout=HANG_S,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        self.path = folder / f"core.{pid}"
        assert self.path.exists(), done.stdout + done.stderr

    def find(self, pieces):
        """Those of the pieces that begin anywhere in it."""
        heads = {int.from_bytes(piece[:8], "little"): piece for piece in pieces}
        wanted, found = set(heads), set()
        with open(self.path, "rb") as file:
            while chunk := file.read(CHUNK):
                if len(chunk) == CHUNK:
                    # A piece over the border is in the next one.
                    file.seek(-8, os.SEEK_CUR)
                if not chunk.strip(b"\0"):
                    continue
                for i in range(8):
                    words = memoryview(chunk)[i:i + (len(chunk) - i) // 8 * 8].cast("Q")
                    found |= wanted.intersection(words)
        self.path.unlink()
        return [heads[word] for word in found]


class Keys:
    """The program with its keys, and the process that may keep something of them."""

    def __init__(self, eal, driver):
        self.program = Program([KEYS, *eal, "--", driver], stdin=subprocess.PIPE)
        self.program.wait_output('"wanted"')
        wanted = [line for line in self.program.result().json_lines() if "key_len" in line]
        self.names = {}
        for line in wanted:
            key = secrets.token_bytes(line["key_len"])
            self.program.process.stdin.write(key)
            for piece, what in key_traces.traces(line["algorithm"], key).items():
                self.names[piece] = f"{line['algorithm']}: {what}"
        self.program.process.stdin.flush()

    def reach(self, point):
        self.program.wait_output(f'"point": "{point}"')

    def go_on(self):
        self.program.process.stdin.write(b".")
        self.program.process.stdin.flush()

    def found(self, pid, folder, memory=ALL_MEMORY):
        return sorted({self.names[piece] for piece in Core(pid, folder, memory).find(self.names)})

    def in_text(self, text):
        """In bytes, or in hex of either case."""
        lower = text.lower()
        return sorted({name for piece, name in self.names.items()
                       if piece[:8].hex() in lower or piece in text.encode(errors="replace")})


def finish(keys):
    keys.go_on()
    keys.program.process.stdin.close()
    result = keys.program.wait()
    assert result.rc == 0 and '"failed"' not in result.out, str(result)
    return result


@needs_gcore
@pytest.mark.skipif(bool(sanitizers()), reason="cores of a sanitizer's shadow memory are too large")
@pytest.mark.parametrize("version", scope(["v3"], ["v2", "v3"]))
def test_no_key_stays(emulator, tmp_path, version):
    emu = emulator(version=version, engine="sec", options=["--trace"])
    keys = Keys(emu.eal(lcores="0", memory=MEMORY), emu.driver)
    try:
        keys.reach("used")
        # The test of the test: while there are sessions, the keys are in the driver's memory.
        used = keys.found(keys.program.pid, tmp_path)
        assert any(name.endswith(": key") for name in used), used
        keys.go_on()
        keys.reach("freed")
        keys.go_on()
        keys.reach("closed")
        assert keys.found(keys.program.pid, tmp_path) == []
        assert keys.found(emu.pid, tmp_path) == []
        result = finish(keys)
    finally:
        keys.program.kill()
    assert keys.in_text(result.err) == []
    assert keys.in_text(emu.log()) == []


@needs_gcore
@pytest.mark.skipif(not full(), reason="long: only with --all")
@pytest.mark.skipif(bool(sanitizers()), reason="cores of a sanitizer's shadow memory are too large")
def test_killed_secondary(emulator, prefix, program, tmp_path):
    """One that is killed frees nothing: its sessions stay in shared memory, where others may use
    them. Neither the primary, which goes on, nor the emulator has any key in its own."""
    emu = emulator(engine="sec", options=["--trace"])
    first = primary(program, emu, prefix)
    keys = Keys(eal(emu, prefix, True), emu.driver)
    try:
        keys.reach("used")
    finally:
        keys.program.kill()
    assert '"failed"' not in keys.program.stdout(), str(keys.program.result())
    assert keys.found(first.pid, tmp_path, OWN_MEMORY) == []
    assert keys.found(emu.pid, tmp_path, OWN_MEMORY) == []
    check(run(secondary(emu, prefix, 1, 100)), "secondary")
    result = end(first)
    check(result, "primary")
    assert keys.in_text(keys.program.stderr() + result.err + emu.log()) == []
