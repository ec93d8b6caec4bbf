# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""The commands of the guides do what the guides say (contributing/documentation.rst)."""

import os
import re
import shutil
import tempfile
from pathlib import Path

import pytest

from harness import BUILD, TOP, run, sanitizers

GUIDES = TOP / "doc/guides"
DIRECTIVE = ".. code-block:: console"
MARK = re.compile(r"\.\. (run|not run):(.*)")


class Block:
    """A console block and the mark in front of it."""

    def __init__(self, path, number, mark, rest, lines):
        self.name = f"{path.relative_to(GUIDES)}:{number}"
        self.mark = mark
        self.reason = rest.strip()
        self.words = re.findall(r'"([^"]*)"', rest) or rest.split()
        self.script = self.commands(lines)

    @staticmethod
    def commands(lines):
        """The lines after a prompt, with those that a backslash continues."""
        script, goes_on = [], False
        for line in lines:
            if line.startswith("$ ") or goes_on:
                line = line[2:] if line.startswith("$ ") else line
                script.append(line)
                goes_on = line.endswith("\\")
        return "\n".join(script) + "\n"


def blocks():
    for path in sorted(GUIDES.rglob("*.rst")):
        lines = path.read_text().splitlines()
        for at, line in enumerate(lines):
            if line.strip() != DIRECTIVE:
                continue
            mark = MARK.match(lines[at - 2].strip()) if at >= 2 else None
            indent = len(line) - len(line.lstrip())
            body = []
            for inner in lines[at + 1:]:
                if inner.strip() and len(inner) - len(inner.lstrip()) <= indent:
                    break
                body.append(inner[indent + 3:])
            yield Block(path, at + 1, mark and mark[1], mark[2] if mark else "", body)


ALL = list(blocks())
RUN = [b for b in ALL if b.mark == "run"]


def test_every_block_is_marked():
    assert len(RUN) >= 10
    assert [b.name for b in ALL if b.mark is None] == []
    assert [b.name for b in ALL if b.mark == "not run" and not b.reason] == []
    assert [b.name for b in ALL if not b.script.strip()] == []


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
               PATH=f"{BUILD}/app/hisi_emu:/usr/sbin:/usr/bin:/sbin:/bin")
    script = f"set -e -o pipefail\ncd {folder}\n{block.script}"
    if "compressdev_autotest" in script:
        # On a busy machine it has too little patience (test_dpdk_test.py).
        env["LD_PRELOAD"] = str(BUILD / "app/test/system/patient.so")
    result = run(["bash", "-c", script], timeout=60, env=env)
    # timeout -s INT: what the guides end like that has ended by a signal, as it should.
    assert result.rc == (124 if "timeout -s INT" in block.script else 0), f"{script}{result}"
    for word in block.words:
        assert word in result.out + result.err, f"no {word!r} from\n{script}{result}"
