# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""dpdk-testacc at a terminal: completion, help, history, ^C, end of input."""

import fcntl
import struct
import termios

import pytest

from harness import run
from testacc import Terminal, argv, layout, zlib_eal

TAB, UP, CTRL_C, CTRL_D = "\t", "\x1b[A", "\x03", "\x04"


@pytest.fixture
def terminal():
    one = Terminal(zlib_eal())
    one.expect("testacc> ")
    yield one
    one.kill()


def test_completion(terminal):
    terminal.send("sh" + TAB + "lc" + TAB + "\n")
    terminal.expect("show lcores")
    assert "lcore role CPUs node state" in layout(terminal.expect("testacc> "))
    terminal.send("set ch" + TAB + "cr" + TAB)
    terminal.expect("set checksum crc32")
    # Both go on from here: the next TAB lists them.
    terminal.send(TAB)
    listed = terminal.expect("testacc> ")
    assert "crc32" in listed and "crc32_adler32" in listed and "adler32\r" in listed, listed
    terminal.send(CTRL_C)
    terminal.expect("testacc> ")
    terminal.send("set file /etc/host" + TAB)
    terminal.expect("/etc/host")
    terminal.send(CTRL_C)
    terminal.expect("testacc> ")


def test_completion_in_a_large_folder(terminal, tmp_path):
    """It is read once for all of its entries: this would take minutes otherwise."""
    for number in range(1500):
        (tmp_path / f"file{number:04}").touch()
    terminal.send(f"check file {tmp_path}/" + TAB)
    terminal.expect(f"{tmp_path}/file")
    terminal.send(CTRL_C)
    terminal.expect("testacc> ")
    # What is new is there at the next press.
    (tmp_path / "other").touch()
    terminal.send(f"check file {tmp_path}/oth" + TAB)
    terminal.expect(f"{tmp_path}/other ")
    terminal.send(CTRL_C)
    terminal.expect("testacc> ")


def test_help_key(terminal):
    terminal.send("set ?")
    assert "set <setting> <value>" in terminal.expect("testacc> set ")
    terminal.send(CTRL_C)
    terminal.expect("testacc> ")


def test_history(terminal):
    terminal.ask("set burst 7")
    terminal.send(UP + "\n")
    terminal.expect("set burst 7")
    terminal.expect("testacc> ")
    assert "7" in [line.split()[1] for line in terminal.ask("show config").splitlines()
                   if line.startswith("burst")]


def test_mistake_and_on(terminal):
    assert "expected" in terminal.ask("shew")
    assert "main" in terminal.ask("show lcores")


def test_line_that_is_too_long(terminal):
    """The editor drops what does not fit: half a command is not run."""
    terminal.send("show lcores #" + "x" * 600 + "\n")
    said = terminal.expect("testacc> ")
    assert "has 512 bytes or more" in said and "worker" not in said, said
    terminal.send("show lcores #" + "x" * 490 + "\n")
    assert "worker" in terminal.expect("testacc> ")


def test_file_that_went_away(terminal, tmp_path):
    data = tmp_path / "data"
    data.write_bytes(bytes(100))
    assert "expected" not in terminal.ask(f"set file {data}")
    data.unlink()
    assert f"{data}: No such file or directory" in terminal.ask("start 1")


def test_interrupt_of_start(terminal):
    """The live line, ^C, the summary, and the prompt again."""
    terminal.send("start 1000\n")
    terminal.expect("ops/s")
    terminal.expect("Gb/s")
    terminal.send(CTRL_C)
    assert "p99" in terminal.expect("testacc> ")
    assert "main" in terminal.ask("show lcores")


def test_window_of_80_columns(terminal):
    """What is shown of a run fits."""
    fcntl.ioctl(terminal.master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    said = terminal.ask("start 1")
    assert "failed wrong\r\n" in said and "ops/s" in said.split("queue pairs")[0], said
    assert not [line for line in said.replace("\r", "\n").splitlines() if len(line) > 80], said


def test_leaving(terminal):
    terminal.send("quit\n")
    assert terminal.end() == 0


def test_end_of_input(terminal):
    terminal.ask("start")
    terminal.send(CTRL_D)
    assert terminal.end() == 0


def test_pipe(tmp_path):
    """Without a terminal, lines are commands, and the end of input is the end."""
    (tmp_path / "in").write_text("show lcores\nset burst 5")
    result = run(["sh", "-c", 'exec "$@" < ' + str(tmp_path / "in"), "sh",
                  *map(str, argv(zlib_eal()))])
    assert result.rc == 0 and "worker" in result.out, str(result)
