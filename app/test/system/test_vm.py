# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""devtools/vm.sh as a person calls it; what runs inside is for app/test/guest."""

import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from harness import BUILD, HANG_S, TOP, Program, full, program_env, run

BESIDE = True

RELEASE_ONLY = True

BOOT_S = 600
LOGS = ["serial.log", "dmesg", "stdout", "stderr", "qemu.log", "emu-0.log"]


def vm_env(env=None):
    return program_env({"HISI_BUILD": str(BUILD), **(env or {})})


def vm(*words, env=None, timeout=HANG_S):
    return run([TOP / "devtools/vm.sh", *words], env=vm_env(env), timeout=timeout)


@pytest.mark.parametrize("words, why", [
    (["--device", "zip"], "no COMMAND"),
    (["--device", "warp", "--", "true"], "unknown engine 'warp', known: zip"),
    (["--device", "zip,vfs=x", "--", "true"], "vfs=x: a number is needed"),
    (["--device", "zip,vfs=1,vfs=2", "--", "true"], "key 'vfs' is given twice"),
    (["--device", "zip,vfs=15", "--", "true"], "16 functions, a guest takes 15"),
    (["--device", "zip,function=qf", "--", "true"], "function=qf: pf or vf"),
    (["--memory", "much", "--", "true"], "--memory much: a number above 0 is needed"),
    (["--warp", "1", "--", "true"], "unknown option '--warp'"),
    (["--device=zip", "true"], "put -- before COMMAND"),
    (["--device", "zip,bind=", "--", "true"], "the name of a driver or none is needed"),
    (["--device", "zip,socket=/x", "--", "true"], "leave it out"),
    (["--device", "zip,trace=1", "--", "true"], "trace takes no value"),
    (["--device", "zip", "--fault", "1:drop", "--", "true"], "--fault 1:drop: the number of a"),
    (["--hugepages", "5000", "--", "true"], "--memory 10512 at least, it is 2048"),
])
def test_vm_refuses(words, why):
    result = vm(*words)
    assert result.rc == 2 and why in result.err, str(result)
    assert len(result.err.splitlines()) == 1, str(result)


def test_vm_without_ingredients(tmp_path):
    """Nothing kept and no way to Debian's mirror: a status of its own and the reason."""
    if shutil.which("qemu-system-x86_64"):
        pytest.skip("this machine has a QEMU of its own")
    nowhere = "http://127.0.0.1:9"
    result = vm("--device", "zip", "--", "true",
                env={"XDG_CACHE_HOME": str(tmp_path), "http_proxy": nowhere,
                     "https_proxy": nowhere})
    assert result.rc == 77, str(result)
    assert "no guest machine here: " in result.err, str(result)
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["lock"]


def processes_with(text):
    """Command lines with that in them, of any process but this one."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if text in line and entry.parent.name != str(os.getpid()):
            found.append(line)
    return found


@pytest.fixture(name="guest_machine")
def guest_machine_fixture():
    if not full():
        pytest.skip("a boot: in the run of all tests only")
    if os.environ.get("HISI_NO_GUEST"):
        pytest.skip(os.environ["HISI_NO_GUEST"])


def skip_without_ingredients(result):
    if result.rc == 77:
        pytest.skip(result.err.strip())


def test_vm_runs_and_leaves_nothing(guest_machine, tmp_path):
    """The command's output and status, logs, the folder that stays; nothing of it runs on."""
    out = tmp_path / "out"
    result = vm("--device", "zip,queues=4", "--results", str(out), "--", "sh", "-c",
                "echo on $HISI_BDF; echo to stderr >&2; echo kept > $HISI_OUT/mine; "
                f"echo gone > {tmp_path}/mine; test -d $HISI_BUILD/drivers; exit 7",
                timeout=BOOT_S)
    skip_without_ingredients(result)
    assert result.rc == 7, str(result)
    assert result.out == "on 0000:00:10.0\n" and "to stderr\n" in result.err, str(result)
    assert (out / "mine").read_text() == "kept\n" and not (tmp_path / "mine").exists()
    assert [name for name in LOGS if not (out / name).exists()] == []
    assert "DMAR: Intel(R) Virtualization Technology" in (out / "dmesg").read_text()
    assert processes_with(str(out)) == []


def test_vm_ended_by_a_signal(guest_machine, tmp_path):
    """In the middle of the command: emulator and guest are gone before it is."""
    out = tmp_path / "out"
    one = Program([TOP / "devtools/vm.sh", "--device", "zip", "--results", out, "--", "sh", "-c",
                   "echo at work; exec sleep 1000"], env=vm_env())
    try:
        while one.process.poll() is None and "at work" not in one.stdout():
            assert one.result().seconds < BOOT_S, str(one.result())
            time.sleep(0.1)
        skip_without_ingredients(one.result())
        assert len(processes_with(str(out))) >= 2
        os.kill(one.pid, signal.SIGTERM)
        assert one.wait().rc == 128 + signal.SIGTERM, str(one.result())
    finally:
        one.kill()
    assert processes_with(str(out)) == []
    assert "at work" in (out / "stdout").read_text()
