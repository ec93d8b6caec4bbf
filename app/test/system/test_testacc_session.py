# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""The session of howto/first_session.rst as a new user has it: typed into a real terminal, and the
screen compared with the page, numbers masked."""

import re
import shutil
import tempfile
import time
from pathlib import Path

import pytest

from guide_blocks import DIRECTIVE, GUIDES
from harness import BUILD, HANG_S, TOP, sanitizers
from tmux import MESSAGE, PROMPTS, Tmux, play

PAGE = GUIDES / "howto/first_session.rst"
MARK = ".. not run: typed into a terminal (test_testacc_session.py)"
TYPED = re.compile(r"(\$|testacc>) (\S.*)")
# Of a verdict the first word: what limits depends on the machine.
VERDICT = re.compile(r"(best|limit|evidence|next): .*")
FINDING = re.compile(r"(ok   |note |cure ) .{10} .{13} \S.*|      # \S.*|all is well"
                     r"|\d+ to cure; a line that begins with # is a command for root")


def page_lines():
    """All lines of the page's blocks, one session."""
    lines = PAGE.read_text().splitlines()
    out = []
    for at, line in enumerate(lines):
        if line != DIRECTIVE:
            continue
        assert lines[at - 2] == MARK, f"{PAGE}:{at}"
        for inner in lines[at + 1:]:
            if inner.strip() and not inner.startswith("   "):
                break
            out.append(inner[3:])
    return out


def said(lines):
    """[(line that was typed, its output)]: messages may come behind a prompt, and Enter be pressed;
    empty lines are for the eye."""
    out = []
    for line in lines:
        match = TYPED.fullmatch(line)
        if match and not MESSAGE.match(line):
            out.append((line, []))
        elif line and line not in PROMPTS:
            out[-1][1].append(line.removeprefix("testacc> "))
    return out


def masked(line):
    line = VERDICT.sub(r"\1:", line)
    line = re.sub(r"#+", "#", line)
    line = re.sub(r"\b[0-9a-f]{8}\b", "X", line)
    line = re.sub(r"-?\d+(\.\d+)?", "N", line)
    return re.sub(r"[ +]+", " ", line).strip()


@pytest.fixture
def folder():
    path = Path(tempfile.mkdtemp(prefix="hisi-test."))
    for entry in TOP.iterdir():
        if not entry.name.startswith((".", "build")):
            (path / entry.name).symlink_to(entry)
    (path / "build").symlink_to(BUILD)
    yield path
    shutil.rmtree(path)


def environment():
    """As a new user has it, who finds programs of the build folder only by with-emu.sh."""
    return {"HISI_BUILD": str(BUILD), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}


@pytest.mark.skipif(not Tmux.is_there(), reason="no tmux")
@pytest.mark.skipif(bool(sanitizers()), reason="the page is about a release build")
def test_first_session(folder):
    page = said(page_lines())
    typed, messages = [], 0
    for line, rows in page:
        messages += sum(bool(MESSAGE.match(row)) for row in rows)
        typed.append((TYPED.fullmatch(line)[2], messages))
    screen = said(play(folder, environment(), typed))
    assert [line for line, _ in screen] == [line for line, _ in page]
    for (line, expected), (_, found) in zip(page, screen):
        if line.endswith("doctor"):
            assert found and all(FINDING.fullmatch(row) for row in expected + found), found
            continue
        # Two programs write to the terminal: their lines come in either order.
        assert sorted(map(masked, found)) == sorted(map(masked, expected)), line


@pytest.mark.skipif(not Tmux.is_there(), reason="no tmux")
def test_window_is_small(folder):
    """A narrow one: what runs off the edge goes on in the next line, and the keys still work."""
    window = Tmux(folder, environment(), columns=40)
    try:
        window.type(f"{BUILD}/app/testacc/dpdk-testacc --no-huge --no-shconf -m 64 --no-pci -l 0 "
                    "--no-telemetry --log-level=4 --vdev=compress_zlib")
        window.wait_prompt(1)
        window.run("send-keys", "-l", "sho")
        window.run("send-keys", "Tab")
        window.run("send-keys", "-l", "dev")
        window.run("send-keys", "Tab")
        window.type("all")
        lines = window.wait_prompt(2)
        assert "testacc> show device all" in lines, lines
        window.run("send-keys", "Up")
        window.run("send-keys", "Enter")
        lines = window.wait_prompt(3)
        assert lines.count("testacc> show device all") == 2, lines
        window.run("send-keys", "C-d")
        end = time.monotonic() + HANG_S
        while window.lines()[-1] != "$":
            assert time.monotonic() < end, window.lines()
            time.sleep(0.1)
    finally:
        window.end()
