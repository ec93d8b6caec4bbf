# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""DPDK's source, as Debian built its packages from it."""

import hashlib

import pytest

from harness import TOP, run


def unpack(folder, *parts):
    """A tree of one's own, or these folders of it."""
    result = run([TOP / "devtools/get-dpdk-source.sh", folder, *parts])
    if result.rc != 0:
        pytest.skip(f"no DPDK source here: {result.err.strip().splitlines()[-1]}")
    return folder / "dpdk"


def digest(tree):
    value = hashlib.sha256()
    for path in sorted(tree.rglob("*")):
        value.update(str(path.relative_to(tree)).encode())
        if path.is_file():
            value.update(path.read_bytes())
    return value.hexdigest()
