# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""dpdk-hisi-emu at the prompt."""

import os
import shutil
import signal
import socket
import stat
import tempfile
from pathlib import Path

import pytest

from harness import DRIVER, EMULATOR, HANG_S, PROBE, compress_perf, run


@pytest.fixture
def folder():
    path = Path(tempfile.mkdtemp(prefix="hisi-test."))
    yield path
    shutil.rmtree(path)


def refused(*words, device=None, options=(), rc=2):
    """It ends at once with one line that has the words in it, and as --help says."""
    device = ["--device", device] if device is not None else []
    result = run([EMULATOR, *device, *options])
    assert result.rc == rc, str(result)
    assert len(result.err.strip().splitlines()) == 1, str(result)
    assert result.err.startswith("dpdk-hisi-emu: error: "), str(result)
    for word in words:
        assert word.lower() in result.err.lower(), f"no {word!r}: {result}"


def test_help():
    result = run([EMULATOR, "--help"])
    assert result.rc == 0 and result.err == "", str(result)
    for word in ["--device", "socket", "queues", "--workers", "--cpus", "--trace", "--dma-fault"]:
        assert word in result.out, f"no {word} in the help"


def test_nothing_to_serve():
    refused("--device", "--help")


def test_bad_options(folder):
    refused("--colour", "--help", options=["--colour"])
    refused("--quiet=3", "--help", options=["--quiet=3"])
    refused("--workers", "value", options=["--workers"])
    device = f"zip,socket={folder}/s"
    refused("--workers", "twice", device=device, options=["--workers", "2", "--workers", "3"])
    refused("--ready-fd=77", "descriptor", device=device, options=["--ready-fd=77"])
    refused("stray", device=device, options=["stray"])
    assert list(folder.iterdir()) == []


def test_bad_devices(folder):
    path = folder / "s"
    refused("colour", device=f"zip,colour=blue,socket={path}")
    refused("engine", device=f"warp,socket={path}")
    refused("version", "v9", device=f"zip,version=v9,socket={path}")
    refused("v1", device=f"zip,version=v1,socket={path}")
    refused("queues", device=f"zip,queues=0,socket={path}")
    refused("queues", device=f"zip,queues=100000,socket={path}")
    refused("queues", device=f"zip,queues=many,socket={path}")
    refused("socket", device="zip")
    refused("isolation", "maybe", device=f"zip,isolation=maybe,socket={path}")
    refused("v2", "isolation", device=f"zip,version=v2,isolation=on,socket={path}")
    refused("socket=", "empty", device="zip,socket=")
    refused("value", device="zip,socket")
    refused("socket", "twice", device=f"zip,socket={path},socket={path}2")
    refused("queues", "twice", device=f"zip,queues=4,socket={path},queues=4")
    refused("107", device=f"zip,socket={folder}/{'x' * 120}", rc=1)
    refused("engine", "before", device=f",socket={path}")
    refused("engine", "before", device="")
    refused("--pf=foo", "self", device=f"zip,socket={path}", options=["--pf=foo"])
    refused("--pf=client", "self", device=f"zip,socket={path}", options=["--pf=client"])
    for key in ["vf_queues=4", f"vf_socket={path}%d", "vf_assign=model"]:
        refused(key.split("=")[0], "vfs=N", device=f"zip,socket={path},{key}")
    # Made one after the other: what was there already is taken away again.
    refused(str(path), "each its own", device=f"zip,socket={path}",
            options=["--device", f"zip,socket={path}"])
    refused(str(path) + "0", "each its own",
            device=f"zip,socket={path}0,vfs=1,vf_socket={path}%d")
    # The last is 0 in 32 bits.
    for cpus in ["5-1", "many", ",", "1000", "100000", "-1", "+0", "0-", "0-1x", "4294967296"]:
        refused("--cpus", cpus.strip(","), device=f"zip,socket={path}", options=["--cpus", cpus])
    assert list(folder.iterdir()) == []


def test_socket_in_use(emulator):
    """The second one is refused and the first one keeps its socket."""
    emu = emulator()
    refused("in use", device=f"zip,socket={emu.sockets[0]}", rc=1)
    assert emu.sockets[0].exists()
    result = run([PROBE, *emu.eal(lcores="0"), "--", "idle", DRIVER, "1", "0"])
    assert result.rc == 0, str(result)


def test_left_over_socket_is_replaced(folder, program):
    """An emulator that was killed leaves its socket; the next one takes the path over."""
    path = folder / "left.sock"
    for number in [signal.SIGKILL, signal.SIGTERM]:
        process = program([EMULATOR, "--device", f"zip,socket={path}"])
        process.wait_output("ready")
        process.process.send_signal(number)
        process.process.wait(HANG_S)
        assert path.exists() == (number == signal.SIGKILL), process.stderr()


def test_more_functions_than_descriptors_at_first(folder, program):
    """As many as the system lets it have, whatever the shell gave it to begin with."""
    process = program(["prlimit", "--nofile=48:4096", EMULATOR, "--device",
                       f"zip,socket={folder}/pf,queues=16,vfs=63,vf_queues=1,"
                       f"vf_socket={folder}/vf%d"])
    process.wait_output("ready")
    process.process.terminate()
    assert process.wait().rc == 0


def test_foreign_file_is_kept(folder):
    path = folder / "precious"
    path.write_text("data")
    refused("precious", device=f"zip,socket={path}", rc=1)
    assert path.read_text() == "data"


def test_open_folder_is_refused(folder):
    """Who may write the folder could put a socket of his own there."""
    folder.chmod(0o777)
    refused(str(folder), "name a new one", device=f"zip,socket={folder}/s", rc=1)


def test_socket_mode(emulator):
    emu = emulator("vf", queues=4, vfs=2)
    for path in emu.sockets:
        mode = os.stat(path).st_mode
        assert stat.S_ISSOCK(mode) and stat.S_IMODE(mode) == 0o600, oct(mode)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_clean_end(emulator, number):
    emu = emulator()
    emu.signal(number)
    assert emu.process.wait(HANG_S) == 0, emu.log()
    assert not emu.sockets[0].exists()


def test_garbage_at_the_socket(emulator, corpus):
    """A client that talks nonsense is dropped; the next one is served."""
    emu = emulator()
    for noise in [b"", b"GET / HTTP/1.0\r\n\r\n", bytes(16), b"\xff" * 4096]:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.connect(str(emu.sockets[0]))
            client.sendall(noise)
            client.settimeout(2)
            try:
                client.recv(4096)
            except OSError:
                pass
    result = run(compress_perf(emu.eal(), corpus / "text", "verify"))
    assert result.rc == 0, str(result)


def test_trace_names_things(emulator, corpus):
    """Registers and mailbox commands by name, not by number."""
    emu = emulator(options=["--trace"])
    assert run(compress_perf(emu.eal(), corpus / "text", "verify")).rc == 0
    log = emu.log()
    for word in ["SQC", "CQC", "EQC", "AEQC", "mailbox"]:
        assert word.lower() in log.lower(), f"no {word} in the trace:\n{log[:3000]}"
