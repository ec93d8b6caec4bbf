# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""A function of a model under the mainline kernel driver of its engine."""

import re
from pathlib import Path

from guest import KernelLog, bind, run

MODULES = {"zip": "hisi_zip", "sec": "hisi_sec2"}
# Templates that the modules want and do not load by themselves.
HELPERS = ["authenc", "ecdh_generic", "curve25519-generic", "dh_generic"]
# What an engine's algorithms fall back to; without it their self tests are not run.
SOFTWARE = {"zip": [], "sec": ["sm4_generic", "des_generic", "ccm", "gcm", "xts", "ofb", "cfb"]}


class Kernel:
    """A function under its kernel driver: the device's first one, or another."""

    def __init__(self, device, function=0):
        self.device = device
        self.module = MODULES[device.engine]
        self.address = device.addresses[function]
        self.log = KernelLog()
        self.debugfs = Path("/sys/kernel/debug") / self.module / self.address

    def bind(self):
        run(["modprobe", "-a", *HELPERS, *SOFTWARE[self.device.engine]])
        run(["modprobe", self.module])
        bind(self.address, self.module)

    def counter(self, name):
        return int(next(self.debugfs.glob(f"*_dfx/{name}")).read_text())

    def algorithms(self):
        """Names that the module registered, with the verdict of the self test."""
        blocks = Path("/proc/crypto").read_text().split("\n\n")
        fields = [dict(re.findall(r"^(\w+)\s*: (.*)$", block, re.M)) for block in blocks]
        return {f["name"]: f["selftest"] for f in fields if f.get("module") == self.module}

    def complaints(self):
        return self.log.complaints("hisi_", self.address, "DMAR", "alg:")
