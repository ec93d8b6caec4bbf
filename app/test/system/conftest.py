# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Fixtures of the system tests: pytest app/test/system, with HISI_BUILD naming the build folder.

A module that says RELEASE_ONLY = True is left out of an instrumented build: what it runs of ours is
run there by others, and it is long. With HISI_TEST_FIRST=module only the first test of each module
runs, which shows that everything it needs is there; with HISI_TEST_FIRST=function each function
with the first of its parameters.

Runs that go beside each other share the modules when HISI_TEST_CLAIMS names a folder that is theirs
alone: whoever comes to a module first runs it, and says so there by a file of its name. With
HISI_TEST_BEGIN=beside a run begins with those that say BESIDE = True, which spend much of their
time on time-outs and restarts, with HISI_TEST_BEGIN=others at the other end.
"""

import contextlib
import functools
import gzip
import hashlib
import os
import random
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

import any_time
import fault_matrix
import harness

CPU_START = pytest.StashKey()


def pytest_configure(config):
    """Ended from outside, fixtures still end what they started."""
    def end(_number, _frame):
        pytest.exit("terminated", 143)
    signal.signal(signal.SIGTERM, end)
    # A shell ignores it for what it starts in the background, and programs of tests would, too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # What the drivers leave behind when they get into trouble.
    config.recorder_dir = tempfile.mkdtemp(prefix="hisi-recorder.")
    os.environ.setdefault("HISI_RECORDER_DIR", config.recorder_dir)
    # Two primary processes of EAL's common file prefix exclude each other, and many commands of the
    # guides have that one: who runs beside these tests is not to be in their way.
    config.runtime_dir = tempfile.mkdtemp(prefix="hisi-run.")
    os.environ["RUNTIME_DIRECTORY"] = config.runtime_dir


def pytest_unconfigure(config):
    shutil.rmtree(config.recorder_dir, ignore_errors=True)
    shutil.rmtree(config.runtime_dir, ignore_errors=True)


def says(module, name):
    """A name that means something here is not to be used for something else."""
    value = getattr(module, name, False)
    assert isinstance(value, bool), f"{module.__name__}: {name} is taken, conftest.py reads it"
    return value


def is_of_this_build(item):
    return not (says(item.module, "RELEASE_ONLY") and harness.sanitizers())


def pytest_collection_modifyitems(config, items):
    first_of = {"module": lambda item: item.path,
                "function": lambda item: (item.path, item.originalname)}
    group = first_of.get(os.environ.get("HISI_TEST_FIRST", ""), lambda item: item)
    kept = {}
    for item in filter(is_of_this_build, items):
        kept.setdefault(group(item), item)
    gone = set(items) - set(kept.values())
    items[:] = in_order(os.environ.get("HISI_TEST_BEGIN"), kept.values())
    config.hook.pytest_deselected(items=list(gone))


def in_order(begin, items):
    """Of two runs that share the modules, one goes through them backwards."""
    modules = {}
    for item in items:
        modules.setdefault(item.module, []).append(item)
    order = list(modules)
    if begin:
        order.sort(key=lambda module: not says(module, "BESIDE"))
    if begin == "others":
        order.reverse()
    return [item for module in order for item in modules[module]]


@functools.cache
def claimed(module):
    """Is the module left to this run?"""
    folder = os.environ.get("HISI_TEST_CLAIMS")
    if not folder:
        return True
    try:
        (Path(folder) / module.__name__).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item):
    """Of a module that another run claimed nothing is run, nor reported."""
    return None if claimed(item.module) else True


def _cpu_s():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_setup(item):
    item.stash[CPU_START] = _cpu_s()
    yield


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_teardown(item):
    """To the JUnit file: the CPU time of what the test started, beside its wall time."""
    yield
    item.user_properties.append(("cpu_s", round(_cpu_s() - item.stash[CPU_START], 1)))


@pytest.fixture
def emulator():
    """A maker of emulators that ends what it made."""
    made = []

    def make(*args, engine="zip", **kwargs):
        driver = harness.DRIVERS[engine]
        if not (harness.BUILD / f"drivers/librte_{driver}.so").exists():
            pytest.skip(f"{driver} is not built")
        made.append(harness.Emulator(*args, engine=engine, **kwargs))
        return made[-1]

    yield make
    for one in made:
        one.stop()


@pytest.fixture
def program():
    """A maker of running programs that ends what still runs."""
    made = []

    def make(*args, **kwargs):
        made.append(harness.Program(*args, **kwargs))
        return made[-1]

    yield make
    for one in made:
        one.kill()


@pytest.fixture
def hugepages():
    """Memory arguments for hugepages, where this machine has some."""
    if os.getuid() != 0 or harness.free_hugepages() < 256:
        pytest.skip("needs root and 256 free hugepages of 2 MB")
    return harness.HUGE


@contextlib.contextmanager
def mounted_pages(size):
    """EAL arguments of a file prefix and of a mount of its own: a machine need not have one. What
    EAL leaves of both is removed."""
    name = f"hisi-test-{os.getpid()}-{time.monotonic_ns()}"
    folder = tempfile.mkdtemp(prefix="hisi-test.")
    mount = subprocess.run(["mount", "-t", "hugetlbfs", "-o", f"pagesize={size}", "none", folder],
                           stderr=subprocess.DEVNULL, check=False)
    try:
        if mount.returncode != 0:
            pytest.skip("hugetlbfs cannot be mounted here")
        yield [f"--file-prefix={name}", f"--huge-dir={folder}"]
    finally:
        # Lazily: the other side may not have noticed yet that its client has ended.
        subprocess.run(["umount", "-l", folder], stderr=subprocess.DEVNULL, check=False)
        os.rmdir(folder)
        shutil.rmtree(harness.runtime_dir(name), ignore_errors=True)


@pytest.fixture
def pages_1g():
    """Memory arguments for pages of 1 GiB, of which there must be some."""
    with mounted_pages("1G") as memory:
        yield memory


@pytest.fixture
def prefix(hugepages):
    """EAL arguments of processes that belong together. With a mount of their own, because EAL locks
    a mount while it starts and so waits for whoever else starts there. To be asked for before
    the processes, which must be gone when it goes."""
    with mounted_pages("2M") as memory:
        # An address that is free in each process, also beside the shadow memory of a sanitizer.
        yield [*memory, "--base-virtaddr=0x400000000000"]


@pytest.fixture
def dice(request):
    """Random numbers of the test's own."""
    print(f"HISI_SEED={any_time.SEED}")
    return random.Random(f"{any_time.SEED} {request.node.name}")


def _text(length):
    data = b""
    for path in sorted(Path("/usr/include/dpdk").glob("*.h")):
        data += path.read_bytes()
        if len(data) >= length:
            break
    return data[:length]


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    """Files of each kind of data, by name."""
    folder = tmp_path_factory.mktemp("corpus")
    length = 192 * 1024
    text = _text(length)
    contents = {
        "text": text,
        "binary": Path("/bin/bash").read_bytes()[:length],
        "random": random.Random(1).randbytes(length),
        "compressed": gzip.compress(_text(8 * length), mtime=0)[:length],
        "zeros": bytes(length),
    }
    for name, data in contents.items():
        assert len(data) >= 59460, f"too little data for {name}"
        (folder / name).write_bytes(data)
    return folder


def pytest_terminal_summary(terminalreporter):
    """Which drivers these were; the guest tests say the same of theirs."""
    for path in sorted((harness.BUILD / "drivers").glob("librte_*.so")):
        value = hashlib.sha256(path.read_bytes()).hexdigest()
        terminalreporter.write_line(f"{value}  {path.name}")
    for line in fault_matrix.write():
        terminalreporter.write_line(line)
