# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Host side of the guest tests: which modules share a boot, and what a boot said."""

import hashlib
import json
import os
import re
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[3]
BUILD = Path(os.environ.get("HISI_BUILD", TOP / "build")).resolve()
ALL = os.environ.get("HISI_TEST_ALL") == "1"
REPORTS = "reports"
# vm.sh's, there from the moment QEMU runs.
SERIAL = "serial.log"
# PCI slots of one boot that are the models'.
MAX_FUNCTIONS = 14
SKIP = 77
# Guests at a time: each is busy on one CPU, or waits.
JOBS = 2
# A boot takes half a minute; three and more where other tests have the CPUs. One that hangs is
# given up after that, so that the others come to their end within the time of all guests.
BOOT_S = 600
PER_TEST_S = 60
# One that does not come to its command says nothing about any test.
BOOTS = 2


class Boot:
    """Modules that share a guest, and their tests."""

    def __init__(self, name):
        self.name = name
        self.items = []
        self.modules = []
        self.devices = []
        self.indices = {}
        self.nb_functions = 0
        self.running = None
        self.skipped = None
        self.end = ""
        self.ends = []

    def add_module(self, module):
        self.modules.append(module)
        names = self.indices.setdefault(Path(module.__file__).stem, {})
        for name, text in devices_of(module).items():
            names[name] = len(self.devices)
            self.devices.append(text)
            self.nb_functions += count_functions(text)

    def most(self, attribute, default):
        return max(getattr(module, attribute, default) for module in self.modules)

    def report(self, nodeid):
        """What the guest said about that test; waits for its end."""
        reports = self.running.result()
        if self.skipped:
            pytest.skip(self.skipped)
        return reports.get(key(nodeid), {
            "outcome": "failed", "text": f"the guest ended before this test did\n{self.end}"})

    def limit_s(self):
        return BOOT_S + PER_TEST_S * len(self.items) + self.most("SLOW_S", 0)

    def _command(self, out):
        command = [TOP / "devtools/vm.sh", "--results", out, "--timeout", self.limit_s(),
                   "--memory", self.most("MEMORY_MIB", 2048),
                   "--hugepages", self.most("HUGEPAGES", 256)]
        for device in self.devices:
            command += ["--device", device]
        command += ["--", "env", "HISI_IN_GUEST=1", "PYTHONDONTWRITEBYTECODE=1",
                    f"HISI_GUEST_DEVICES={json.dumps(self.indices)}",
                    *(f"HISI_SHA256_{name}={value}" for name, value in driver_hashes()),
                    "python3", "-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider",
                    *(f"{item.path}::{key(item.nodeid).partition('::')[2]}"
                      for item in self.items)]
        return [str(word) for word in command]

    def _boot(self, out):
        """vm.sh's status and output. It is ended if the guest's pytest does not begin in time."""
        (out / REPORTS).write_text("")
        (out / SERIAL).unlink(missing_ok=True)
        with tempfile.TemporaryFile("w+", errors="replace") as said:
            vm = subprocess.Popen(self._command(out), stdin=subprocess.DEVNULL, stdout=said,
                                  stderr=subprocess.STDOUT)
            given_up = "" if has_begun(vm, out) else f"no test began within {BOOT_S} s, "
            if given_up:
                vm.terminate()
            status = vm.wait()
            said.seek(0)
            text = said.read()
        self.end = f"{given_up}vm.sh ended with {status}\n{text[-4000:]}"
        self.ends.append(self.end)
        return status, text

    def run(self):
        """Boots, and returns what was said about each test."""
        out = BUILD / "vm-results" / self.name
        out.mkdir(parents=True, exist_ok=True)
        for _ in range(BOOTS):
            status, text = self._boot(out)
            # The guest's pytest has begun to report.
            if status == SKIP or (out / REPORTS).stat().st_size != 0:
                break
        if status == SKIP:
            reason = re.search(r"no guest machine here: (.*)", text)
            self.skipped = reason.group(0) if reason else self.end
        lines = [json.loads(line) for line in (out / REPORTS).read_text().splitlines()]
        reports = {}
        for line in lines:
            # A failure of setup or teardown comes beside the call's own line.
            name = key(line["id"])
            if line["outcome"] == "failed" or name not in reports:
                reports[name] = line
        return reports


def has_begun(vm, out):
    """Waits until the guest's pytest reports, or vm.sh ends; False: neither, for too long. What
    vm.sh gets and makes before it starts QEMU takes the time it takes."""
    end = None
    while vm.poll() is None and (out / REPORTS).stat().st_size == 0:
        if end is None and (out / SERIAL).exists():
            end = time.monotonic() + BOOT_S
        if end is not None and time.monotonic() > end:
            return False
        time.sleep(0.5)
    return True


def driver_hashes():
    """(name, sha256) of the drivers' files as this side has them."""
    for path in sorted((BUILD / "drivers").glob("librte_*.so")):
        yield path.stem.removeprefix("librte_"), hashlib.sha256(path.read_bytes()).hexdigest()


def key(nodeid):
    """The same test here and in the guest, whatever folder its pytest takes for the root."""
    path, _, rest = nodeid.partition("::")
    return f"{Path(path).name}::{rest}"


def devices_of(module):
    devices = getattr(module, "DEVICES", {})
    wanted = devices if ALL else getattr(module, "QUICK_DEVICES", devices)
    return {name: devices[name] for name in wanted}


def count_functions(text):
    """Functions of a --device."""
    keys = dict(word.partition("=")[::2] for word in text.split(",")[1:])
    is_vf = keys.get("function") == "vf"
    return int(keys.get("vfs", 1 if is_vf else 0)) + (0 if is_vf else 1)


def plan(items):
    """Boots for the tests, in the order of the tests."""
    boots, of_module = [], {}
    for item in items:
        module = item.module
        if module not in of_module:
            of_module[module] = _boot_for(module, boots)
            of_module[module].add_module(module)
        of_module[module].items.append(item)
    return boots


def start(boots):
    """All of them, a few at a time, and those with the most to do first."""
    pool = ThreadPoolExecutor(JOBS)
    for one in sorted(boots, key=Boot.limit_s, reverse=True):
        one.running = pool.submit(one.run)
    pool.shutdown(wait=False)


def _boot_for(module, boots):
    stem = Path(module.__file__).stem
    alone = getattr(module, "ALONE", False)
    wanted = sum(map(count_functions, devices_of(module).values()))
    for one in boots:
        if not alone and not one.alone and one.nb_functions + wanted <= MAX_FUNCTIONS:
            return one
    boots.append(Boot(f"guest-{stem}"))
    boots[-1].alone = alone
    return boots[-1]
