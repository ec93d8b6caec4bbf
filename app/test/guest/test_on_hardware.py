# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""The guide "On hardware", as a person would type it: one shell, block after block."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "system"))

# pylint: disable=wrong-import-position
from guest import BUILD
from guide_blocks import blocks
from harness import TOP

UDEVD = Path("/lib/systemd/systemd-udevd")
# The guide's machine has one accelerator.
ALONE = True
DEVICES = {"zip": "zip,bind=none"}
SLOW_S = 300
BLOCKS = [b for b in blocks() if b.mark == "guest"]
END = "### end of block"


@pytest.fixture(name="udev", scope="module")
def udev_fixture():
    """Every machine has it running, the guest has not."""
    if not UDEVD.exists():
        pytest.skip("no udev on this machine (package udev)")
    subprocess.run([UDEVD, "--daemon"], check=True, timeout=60)


@pytest.fixture(name="outputs", scope="module")
def outputs_fixture(udev, tmp_path_factory):
    """What each block printed."""
    folder = tmp_path_factory.mktemp("tree")
    for entry in TOP.iterdir():
        if not entry.name.startswith((".", "build")):
            (folder / entry.name).symlink_to(entry)
    (folder / "build").symlink_to(BUILD)
    script = "".join(f"{b.script}\necho '{END}' $?\n" for b in BLOCKS)
    env = {name: value for name, value in os.environ.items()
           if name in ("PATH", "HOME", "TERM", "LANG")}
    done = subprocess.run(["bash"], input=script, text=True, cwd=folder, env=env, timeout=600,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    print(done.stdout)
    return done.stdout.split(END)


@pytest.mark.full
@pytest.mark.parametrize("number", range(len(BLOCKS)), ids=[b.name for b in BLOCKS])
def test_block(outputs, number):
    """It succeeds and prints the words of its mark."""
    assert len(outputs) == len(BLOCKS) + 1, "the shell ended early"
    text = outputs[number]
    print(BLOCKS[number].script, text)
    assert outputs[number + 1].split()[0] == "0"
    for word in BLOCKS[number].words:
        assert word in text, f"no {word!r}"
