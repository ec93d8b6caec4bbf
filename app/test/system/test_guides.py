# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""The commands of the guides do what the guides say (contributing/documentation.rst)."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from guide_blocks import block_with, blocks
from harness import BUILD, TOP, run, sanitizers

ALL = list(blocks())
RUN = [b for b in ALL if b.mark == "run"]
# As getting_started.rst has it.
PROGRAMS = ("testacc", "hisi_emu", "hisi_replay")


def test_every_block_is_marked():
    assert len(RUN) >= 10
    assert [b.name for b in ALL if b.mark is None] == []
    assert [b.name for b in ALL if b.mark == "not run" and not b.reason] == []
    assert [b.name for b in ALL if b.mark != "not run" and not b.script.strip()] == []


@pytest.fixture
def folder():
    """Looks like the source tree with its build folder; what is written there goes."""
    path = Path(tempfile.mkdtemp(prefix="hisi-test."))
    for entry in TOP.iterdir():
        if not entry.name.startswith((".", "build")):
            (path / entry.name).symlink_to(entry)
    (path / "build").symlink_to(BUILD)
    yield path
    shutil.rmtree(path)


@pytest.mark.skipif(bool(sanitizers()), reason="guides are about a release build")
@pytest.mark.parametrize("block", RUN, ids=lambda b: b.name)
def test_commands(block, folder):
    env = dict(os.environ, HISI_BUILD=str(BUILD), LD_LIBRARY_PATH=str(BUILD / "drivers"),
               PATH=":".join([*(f"{BUILD}/app/{name}" for name in PROGRAMS),
                             "/usr/sbin:/usr/bin:/sbin:/bin"]))
    script = f"set -e -o pipefail\ncd {folder}\n{block.script}"
    if "compressdev_autotest" in script:
        # On a busy machine it has too little patience (test_dpdk_test.py).
        env["LD_PRELOAD"] = str(BUILD / "app/test/system/patient.so")
    result = run(["bash", "-c", script], env=env)
    # timeout -s INT: what the guides end like that has ended by a signal, as it should.
    assert result.rc == (124 if "timeout -s INT" in block.script else 0), f"{script}{result}"
    for word in block.words:
        assert word in result.out + result.err, f"no {word!r} from\n{script}{result}"


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
