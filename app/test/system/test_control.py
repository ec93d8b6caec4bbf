# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""The control socket of dpdk-hisi-emu, its client, and --fault at the prompt."""

import contextlib
import os
import random
import re
import resource
import signal
import socket
import stat
import time

import pytest

from harness import EMULATOR, HANG_S, come_to, compress_perf, holds, run

COMMANDS = [b"fault drop op=5", b"faults", b"clear", b"stats", b"help", b"fault seed 3"]


@pytest.fixture
def emu(emulator):
    return emulator(options=["--control={dir}/control"])


@pytest.fixture
def path(emu):
    return str(emu.dir / "control")


def send(path, *words):
    return run([EMULATOR, f"--send={path}", *words])


def ask(path, command):
    """The lines of an answer."""
    with socket.socket(socket.AF_UNIX) as peer:
        peer.settimeout(HANG_S)
        peer.connect(path)
        # It may have answered and gone already.
        with contextlib.suppress(BrokenPipeError):
            peer.sendall(command)
        lines = []
        for line in peer.makefile("rb"):
            lines.append(line.rstrip(b"\n").decode("ascii"))
            if lines[-1] == "ok" or lines[-1].startswith("error: "):
                break
        return lines


def test_mode(path):
    mode = os.stat(path).st_mode
    assert stat.S_ISSOCK(mode) and stat.S_IMODE(mode) == 0o600, oct(mode)


def test_commands(path):
    assert send(path, "fault", "drop", "op=5").rc == 0
    result = send(path, "fault delay ms=1 # late; and so on\nphase every=3")
    assert result.rc == 0, str(result)
    result = send(path, "faults")
    assert (result.rc, result.out) == (0, "1: drop op=5: seen 0, fired 0\n"
                                          "2: delay ms=1: seen 0, fired 0\n"
                                          "3: phase every=3: seen 0, fired 0\n"), str(result)
    assert send(path, "clear").rc == 0
    assert send(path, "faults").out == ""
    assert "zip: sqes 0\n" in send(path, "stats").out
    text = send(path, "help").out
    for word in ["command clear", "fault drop", "key op=K"]:
        assert word in text, text


def test_drawn_seed_is_told(path):
    assert re.fullmatch(r"seed \d+\n", send(path, "fault", "random", "p=0.5").out)
    assert send(path, "fault", "seed", "4").out == ""
    assert send(path, "fault", "random", "p=0.5").out == ""


@pytest.mark.parametrize("command, words", [
    ("fault drops", ["'drops'", "no fault"]),
    ("fault drop now", ["'now'", "key=value"]),
    ("fault drop; drop op=x", ["rule 2", "op=x", "a number"]),
    ("fault drop device=3", ["device=3", "there are 1"]),
    ("fault pf_reset", ["--pf=self"]),
    ("fault", ["needs a rule"]),
    ("faults now", ["'now'"]),
    ("reboot", ["'reboot'", "known: fault RULE, faults, clear, stats, help"]),
    ("x" * 2000, ["1023 bytes"]),
])
def test_mistakes(path, command, words):
    """One message with the word in it; nothing was installed."""
    lines = ask(path, command.encode() + b"\n")
    assert len(lines) == 1 and lines[0].startswith("error: "), lines
    for word in words:
        assert word in lines[0], lines
    assert ask(path, b"faults\n") == ["ok"]


def is_one_error(result):
    lines = result.err.splitlines()
    return len(lines) == 1 and lines[0].startswith("dpdk-hisi-emu: error: ")


def test_client_says_what_is_wrong(path, tmp_path):
    for words, argv in [(["drop", "no key"], [path, "fault drop bit=5"]),
                        (["No such file", "--control="], [str(tmp_path / "none"), "faults"]),
                        (["1 to 107 bytes"], ["x" * 108, "faults"])]:
        result = send(*argv)
        assert result.rc == 1 and is_one_error(result), str(result)
        for word in words:
            assert word in result.err, str(result)
    for argv in ["--device=zip"], []:
        result = run([EMULATOR, f"--send={path}", *argv])
        assert result.rc == 2 and is_one_error(result), str(result)


@pytest.mark.parametrize("command", ["help", "fault drop op=5 times=1000"])
def test_send_to_a_device(emu, command):
    """Shorter and longer than the header of a vfio-user message."""
    result = send(emu.sockets[0], command)
    assert result.rc == 1 and is_one_error(result), str(result)
    assert f"is {emu.sockets[0]} not its --control socket?" in result.err, str(result)


def test_hostile_bytes(emu, path, corpus):
    """Whatever comes, the socket answers the next one and the device works."""
    dice = random.Random(11)
    for _ in range(300):
        noise = b"".join(dice.choice([*COMMANDS, b"\n", b" ", b";", b"\0", b"\xff", b"\r\n",
                                      bytes([dice.randrange(256)]) * dice.randrange(600)])
                         for _ in range(dice.randrange(8)))
        with socket.socket(socket.AF_UNIX) as peer:
            peer.connect(path)
            try:
                peer.sendall(noise)
            except OSError:
                pass
    # All were accepted before this one, and when they are gone what they sent has been read.
    assert_served_again(path)
    come_to(emu.at_start, lambda: holds(emu.pid))
    assert ask(path, b"clear\n") == ["ok"]
    # Lines in pieces, and several in one.
    with socket.socket(socket.AF_UNIX) as peer:
        peer.settimeout(HANG_S)
        peer.connect(path)
        for byte in b"faults\n":
            peer.send(bytes([byte]))
        assert peer.recv(100) == b"ok\n"
        peer.sendall(b"clear\nclear\r\nnone\n")
        answer = b""
        while answer.count(b"\n") < 3:
            piece = peer.recv(1000)
            assert piece, answer
            answer += piece
        assert answer.startswith(b"ok\nok\nerror: 'none'"), answer
    assert emu.process.poll() is None
    assert run(compress_perf(emu.eal(), corpus / "text", "verify")).rc == 0


def test_who_does_not_read(path):
    """An answer that nobody takes holds nothing up."""
    with socket.socket(socket.AF_UNIX) as peer:
        peer.connect(path)
        peer.settimeout(HANG_S)
        with pytest.raises(OSError):
            for _ in range(5000):
                peer.sendall(b"help\n")
        assert ask(path, b"faults\n") == ["ok"]


def assert_served_again(path):
    """As soon as it has seen that the others left; until then it may close before it was asked."""
    end = time.monotonic() + HANG_S
    answer = None
    while answer != ["ok"]:
        assert time.monotonic() < end, answer
        try:
            answer = ask(path, b"clear\n")
        except ConnectionResetError as error:
            answer = error


def test_too_many(path):
    peers = [socket.socket(socket.AF_UNIX) for _ in range(4)]
    for peer in peers:
        peer.connect(path)
    assert ask(path, b"") == ["error: too many are connected"]
    for peer in peers:
        peer.close()
    assert_served_again(path)


def test_no_descriptor(emu, path):
    """Whoever cannot be accepted is waited for asleep, told of once, and served in the end."""
    limit = resource.prlimit(emu.pid, resource.RLIMIT_NOFILE)
    used = {int(name) for name in os.listdir(f"/proc/{emu.pid}/fd")}
    free = min(set(range(len(used) + 1)) - used)
    resource.prlimit(emu.pid, resource.RLIMIT_NOFILE, (free, limit[1]))
    with socket.socket(socket.AF_UNIX) as peer:
        peer.settimeout(HANG_S)
        peer.connect(path)
        peer.sendall(b"faults\n")
        come_to(True, lambda: "cannot accept a client" in emu.log())
        start = emu.cpu_seconds()
        # Two more attempts of its own.
        time.sleep(0.6)
        assert emu.cpu_seconds() - start < 0.3
        resource.prlimit(emu.pid, resource.RLIMIT_NOFILE, limit)
        assert peer.recv(100) == b"ok\n"
    assert emu.log().count(f"control socket {path}: cannot accept a client") == 1, emu.log()


def test_ends(emu, path):
    """A left-over socket is replaced, somebody else's place is not taken; it goes in the end."""
    device = f"zip,socket={emu.dir}/other.sock"
    result = run([EMULATOR, "--device", device, f"--control={path}"])
    assert result.rc == 1 and "somebody listens there" in result.err, str(result)
    assert ask(path, b"fault die\n") == ["ok"]
    assert emu.process.wait(HANG_S) == -signal.SIGKILL
    assert os.path.exists(path)
    foreign = emu.dir / "file"
    foreign.write_text("mine")
    result = run([EMULATOR, "--device", device, f"--control={foreign}"])
    assert result.rc == 1 and "something else is there" in result.err, str(result)
    assert foreign.read_text() == "mine"


def test_socket_is_removed(emu, path):
    emu.signal(signal.SIGTERM)
    assert emu.process.wait(HANG_S) == 0
    assert not os.path.exists(path)


def test_fault_option(tmp_path):
    """Mistakes end it before it serves; --fault=help does without a device."""
    plan = tmp_path / "plan"
    plan.write_text("# two\ndrop op=3\nslow every=2\n")
    device = f"zip,socket={tmp_path}/d/s"
    for option, words in [("--fault=drop x", ["'x'"]), (f"--fault=@{plan}", ["rule 2", "us="]),
                          (f"--fault=@{tmp_path}/none", ["No such file"]),
                          (f"--fault=@{tmp_path}", ["cannot be read"])]:
        result = run([EMULATOR, "--device", device, option])
        assert result.rc == 2 and is_one_error(result), str(result)
        for word in words:
            assert word in result.err, str(result)
    result = run([EMULATOR, "--fault=help"])
    assert result.rc == 0 and "fault drop\t" in result.out, str(result)


def test_plan_from_a_file(emulator, tmp_path, corpus):
    """It fires, and SIGUSR1 tells. (The program joins its data in the order of dequeueing: no
    reorder.)"""
    plan = tmp_path / "plan"
    plan.write_text("# slow\nslow us=10 every=2; delay ms=5 op=3\n")
    emu = emulator(options=[f"--fault=@{plan}", "--fault=seed 3; slow us=1 p=0.01"])
    result = run(compress_perf(emu.eal(), corpus / "text", "verify"))
    assert result.rc == 0, str(result)
    emu.signal(signal.SIGUSR1)
    end = time.monotonic() + HANG_S
    while "3: slow us=1 p=0.01: seen" not in emu.log():
        assert time.monotonic() < end, emu.log()
        time.sleep(0.02)
    assert re.search(r"1: slow us=10 every=2: seen \d+, fired [1-9]", emu.log()), emu.log()
    assert re.search(r"2: delay ms=5 op=3: seen \d+, fired 1", emu.log()), emu.log()
