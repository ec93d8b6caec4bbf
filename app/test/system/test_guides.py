# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""The commands of the guides do what the guides say (contributing/documentation.rst)."""

import contextlib
import fnmatch
import os
import re
import shutil
import signal
import tempfile
import warnings
from pathlib import Path

import pytest

from guide_blocks import block_with, blocks
from harness import BUILD, TOP, Program, full, run, sanitizers

ALL = list(blocks())
RUN = [b for b in ALL if b.mark == "run"]
# As getting_started.rst has it.
PROGRAMS = ("testacc", "hisi_emu", "hisi_replay")
TRIES = 3


def test_every_block_is_marked():
    assert len(RUN) >= 10
    assert [b.name for b in ALL if b.mark is None] == []
    assert [b.name for b in ALL if b.mark == "not run" and not b.reason] == []
    assert [b.name for b in ALL if b.mark != "not run" and not b.script.strip()] == []


def is_ignored(name):
    """Of the source tree's folder; a reader's clone shows no file of a guide as a change."""
    lines = (TOP / ".gitignore").read_text().splitlines()
    return any(fnmatch.fnmatch(name, line.strip("/")) for line in lines if line.startswith("/"))


@contextlib.contextmanager
def new_folder():
    """Looks like the source tree with its build folder; what is written there goes."""
    path = Path(tempfile.mkdtemp(prefix="hisi-test."))
    for entry in TOP.iterdir():
        if not entry.name.startswith((".", "build")):
            (path / entry.name).symlink_to(entry)
    (path / "build").symlink_to(BUILD)
    try:
        yield path
    finally:
        shutil.rmtree(path)


@pytest.fixture
def folder():
    with new_folder() as path:
        yield path


def run_block(block, folder):
    """What is wrong with its result."""
    env = dict(os.environ, HISI_BUILD=str(BUILD), LD_LIBRARY_PATH=str(BUILD / "drivers"),
               PATH=":".join([*(f"{BUILD}/app/{name}" for name in PROGRAMS),
                             "/usr/sbin:/usr/bin:/sbin:/bin"]))
    script = f"set -e -o pipefail\ncd {folder}\n{block.script}"
    if "compressdev_autotest" in script:
        # On a busy machine it has too little patience (test_dpdk_test.py).
        env["LD_PRELOAD"] = str(BUILD / "app/test/system/patient.so")
    shell = Program(["bash", "-c", script], env=env)
    result = shell.wait()
    # What it left in the background where it did not come to its end.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(shell.pid, signal.SIGKILL)
    # timeout -s INT: what the guides end like that has ended by a signal, as it should.
    if result.rc != (124 if "timeout -s INT" in block.script else 0):
        return f"{script}{result}"
    missing = [word for word in block.words if word not in result.out + result.err]
    if missing:
        return f"no {missing} from\n{script}{result}"
    left = [entry.name for entry in folder.iterdir() if not entry.is_symlink()]
    shown = [name for name in left if not is_ignored(name)]
    return f"git status would show {shown} after\n{script}" if shown else ""


def is_impatient(script):
    """Does it give something so long and no longer? A loop until it is there does not."""
    rest = re.sub(r"\buntil [^\n]*?; do sleep [\d.]+; done", "", script)
    return re.search(r"\b(sleep|timeout -s INT) [\d.]+", rest) is not None


@pytest.mark.skipif(bool(sanitizers()), reason="guides are about a release build")
@pytest.mark.parametrize("block", RUN, ids=lambda b: b.name)
def test_commands(block):
    """Where a command waits for so long, a person whose machine took longer types it again."""
    for left in reversed(range(TRIES if is_impatient(block.script) else 1)):
        with new_folder() as folder:
            wrong = run_block(block, folder)
        if not wrong:
            break
        if left:
            warnings.warn(f"{block.name} is tried again, at most {left} times: {wrong}")
    if wrong:
        pytest.fail(wrong)


@pytest.mark.skipif(bool(sanitizers()), reason="guides are about a release build")
def test_two_terminals(folder, program):
    """The model in one, an application in the other; with a socket of the test's own."""
    def typed(word):
        script = block_with("howto/getting_started", word).script
        return ["bash", "-c", f"cd {folder}\n" + script.replace("/run/hisi/", f"{folder}/own/")]
    model = program(typed("hisi_emu/dpdk-hisi-emu --device"))
    model.wait_output("ready")
    result = run(typed("dpdk-test-compress-perf -d"))
    assert result.rc == 0 and "Comp ratio" in result.out, str(result)
