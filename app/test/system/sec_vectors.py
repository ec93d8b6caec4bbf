# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Published test vectors: sec_vectors.ini."""

import configparser
from pathlib import Path


def read():
    """By name, the fields of each."""
    ini = configparser.ConfigParser(interpolation=None)
    ini.read(Path(__file__).with_suffix(".ini"))
    return {name: ini[name] for name in ini.sections()}


def bytes_of(vector, field):
    """Hex over several lines, or "BYTE*COUNT"; the plain bytes may be text."""
    if field == "plain" and "text" in vector:
        return vector["text"].encode()
    byte, _, count = vector.get(field, "").partition("*")
    return bytes.fromhex(byte) * int(count or 1)
