# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Every command and setting that dpdk-testacc itself lists: help, completion, use, mistakes, ^C, a
device that dies. One that is missing here fails."""

import re
import time

import pytest

from harness import run
from testacc import Terminal, argv, ask, zlib_eal

RELEASE_ONLY = True

TAB, CTRL_C, CTRL_D = "\t", "\x03", "\x04"

# Syntax, and lines that are right on a device of ours. {dir} is a folder.
COMMANDS = {
    "help [<command>]": ["help", "help set"],
    "show device <device|all> [info|caps|stats|xstats|queues|errors|regs]":
        ["show device all", *(f"show device 0 {part}" for part in
                              ("info", "caps", "stats", "xstats", "queues", "errors", "regs"))],
    "show mem": ["show mem"],
    "show lcores": ["show lcores"],
    "show config": ["show config"],
    "show settings": ["show settings"],
    "show rates": ["start", "show rates", "stop"],
    "clear stats": ["clear stats"],
    "set <setting> <value>": ["set depth 64"],
    "start [<seconds>]": ["start 1"],
    "stop": ["start", "stop"],
    "sweep depth|burst|size|queues [<seconds>]": ["sweep queues"],
    "run file <in> <out> [gzip|zlib|deflate]": ["run file /bin/sh {dir}/out gzip"],
    "check file <in>": ["check file {dir}/out"],
    "inject <fault...>": ["inject list", "inject clear", "inject drop queue=0 times=1",
                          "inject clear"],
    "queue <queue> dump|drain|reset": ["queue 0 dump", "queue 0 drain", "queue 0 reset"],
    "device <device> reset": ["device 0 reset"],
    "mailbox history": ["mailbox history"],
    "doctor": ["doctor"],
    "recorder dump [<out>]": ["recorder dump", "recorder dump {dir}/dump"],
    "capture start <out> [<queue>]": ["capture start {dir}/all", "capture stop",
                                      "capture start {dir}/one 0", "start 1"],
    "capture stop": ["capture stop"],
    "decode <in>": ["decode {dir}/dump"],
    "wait <seconds>": ["wait 1"],
    "quit": [],
}
# Its result is about the machine.
MAY_FAIL = ("doctor",)

# Setting: a value that it takes, and one that it does not.
SETTINGS = {
    "device": ("0", "9"),
    "queues": ("2", "1025"),
    "burst": ("16", "257"),
    "depth": ("64", "0"),
    "size": ("1k,4k", "4k,,1k"),
    "algo": ("deflate_fixed", "lzma"),
    "level": ("9", "10"),
    "window": ("16k", "1000"),
    "checksum": ("adler32", "sha1"),
    "op": ("decompress", "sing"),
    "sgl": ("2", "65"),
    "file": ("/bin/sh", "/none"),
    "verify": ("on", "maybe"),
    "direction": ("decrypt", "both"),
    "key": ("00ff", "00f"),
    "iv": ("0102", "xy"),
    "aad": ("12", "257"),
    "digest": ("12", "65"),
}


@pytest.fixture(scope="module")
def told():
    """Rows of help and of show settings, by the program."""
    result = ask(zlib_eal(), "help", "show settings", options=["--json"])
    commands, settings = (next(iter(line.values())) for line in result.json_lines())
    return commands, settings


def test_nothing_is_missing_here(told):
    commands, settings = told
    assert {row["command"] for row in commands} == set(COMMANDS)
    assert {row["setting"] for row in settings} == set(SETTINGS)
    for row in commands + settings:
        assert len(row.get("what_it_does", row.get("what_it_is"))) > 5, row


def words(syntax):
    """The words of a syntax that stand for themselves, up to the first that does not."""
    return re.match(r"[a-z ]*(?= |$)", syntax)[0].split()


def test_completion(told):
    """Each first word by TAB from its beginning, and what may follow by ?."""
    commands, settings = told
    terminal = Terminal(zlib_eal())
    try:
        terminal.expect("testacc> ")
        for row in commands:
            fixed = words(row["command"])
            for number, word in enumerate(fixed):
                others = {words(other["command"])[number] for other in commands
                          if words(other["command"])[:number] == fixed[:number]
                          and len(words(other["command"])) > number} - {word}
                size = next((n for n in range(1, len(word))
                             if not any(o.startswith(word[:n]) for o in others)), len(word))
                terminal.send(word[:size] + TAB)
                terminal.expect(word + " ")
            terminal.send(CTRL_C)
            terminal.expect("testacc> ")
            terminal.send(fixed[0] + "?")
            assert fixed[0] in terminal.expect("testacc> "), row
            terminal.send(CTRL_C)
            terminal.expect("testacc> ")
        for row in settings:
            terminal.send(f"set {row['setting']}" + TAB)
            terminal.expect(f"set {row['setting']} ")
            terminal.send(CTRL_C)
            terminal.expect("testacc> ")
    finally:
        terminal.kill()


def complaints(said):
    return [line for line in said.splitlines() if line.startswith("dpdk-testacc: ")]


def test_mistakes(told):
    """Of each command the beginning alone, and one word too many; of each setting a wrong value."""
    terminal = Terminal(zlib_eal())
    try:
        terminal.expect("testacc> ")
        for syntax, lines in COMMANDS.items():
            fixed = words(syntax)
            if fixed and len(fixed) < len(re.sub(r" \[.*", "", syntax).split()):
                said, = complaints(terminal.ask(" ".join(fixed)))
                assert "is missing" in said and "expected: " in said, (syntax, said)
            if "..." in syntax:
                continue
            line = next((line for line in lines if words(line)[:1] == fixed[:1]), syntax)
            line = line.replace("{dir}", "/tmp") + " xyz" * (2 if "[" in syntax else 1)
            said, = complaints(terminal.ask(line))
            assert re.search("nothing more was expected|'xyz': expected: ", said), (line, said)
        for name, (_, bad) in SETTINGS.items():
            said, = complaints(terminal.ask(f"set {name} {bad}"))
            assert f"set {name} '{bad}': expected: " in said, said
        terminal.send("quit\n")
        assert terminal.end() == 0
    finally:
        terminal.kill()


def test_settings_hold(told):
    _, settings = told
    result = ask(zlib_eal(), *(f"set {name} {good}" for name, (good, _) in SETTINGS.items()),
                 "show config", options=["--json"])
    assert result.rc == 0, str(result)
    (line,) = result.json_lines()
    now = {row["setting"]: row["value"] for row in line["config"]}
    assert now == {**{name: good for name, (good, _) in SETTINGS.items()}, "size": "1024,4096",
                   "window": "16384", "key": "2 bytes", "iv": "2 bytes"}, str(result)
    assert {row["setting"]: row["at_first"] for row in settings}.keys() == now.keys()


@pytest.mark.parametrize("syntax", [syntax for syntax, lines in COMMANDS.items() if not lines])
def test_leaving(syntax):
    assert syntax == "quit"
    assert ask(zlib_eal(), syntax, "shew").rc == 0


class Session:
    """A terminal on a device of ours; each command with what it said."""

    def __init__(self, emu, folder):
        self.folder = folder
        self.terminal = Terminal(emu.eal(), f"--control={emu.dir}/control")
        self.terminal.expect("testacc> ")

    def lines(self):
        for syntax, lines in COMMANDS.items():
            for line in lines:
                yield syntax, line.replace("{dir}", str(self.folder))

    def ask(self, line):
        self.terminal.send(line + "\n")
        self.terminal.expect("\n")
        return self.terminal.expect("testacc> ")


def test_each_command(emulator, tmp_path):
    """All of them, one after the other; the same with ^C behind each; the same once the device is
    gone. The program says what it cannot do, and goes on."""
    emu = emulator(options=["--control={dir}/control"])
    session = Session(emu, tmp_path)
    try:
        for syntax, line in session.lines():
            said = session.ask(line)
            assert not complaints(said) or syntax in MAY_FAIL, (line, said)
        for syntax, line in session.lines():
            session.terminal.send(line + "\n" + CTRL_C)
            session.terminal.expect("testacc> ")
            # The key may have been one of the prompt that came behind the command.
            session.terminal.send("show lcores\n")
            session.terminal.expect("worker")
            session.terminal.expect("testacc> ")
        emu.process.kill()
        emu.process.wait()
        time.sleep(0.5)
        for syntax, line in session.lines():
            said = session.ask(line)
            assert "Segmentation" not in said, (line, said)
        assert "worker" in session.ask("show lcores")
        session.terminal.send(CTRL_D)
        assert session.terminal.end() in (0, 1)
    finally:
        session.terminal.kill()


@pytest.mark.parametrize("ends", ["", "\n", " ", '"', "#", ";"])
def test_end_of_input(tmp_path, ends):
    """In the middle of each command, with and without the end of its line."""
    text = "\n".join(line for lines in COMMANDS.values() for line in lines[:1]
                     if not line.startswith(("start", "sweep", "show rates", "stop", "wait")))
    for cut in (1, len(text) // 3, len(text)):
        (tmp_path / "in").write_text(text[:cut].replace("{dir}", str(tmp_path)) + ends)
        result = run(["sh", "-c", f'exec "$@" < {tmp_path}/in', "sh",
                      *map(str, argv(zlib_eal()))])
        assert result.rc in (0, 1, 2), str(result)
