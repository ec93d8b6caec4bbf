# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Starts real programs, the emulator and DPDK applications, and ends what it started."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

TOP = Path(__file__).resolve().parents[3]
BUILD = Path(os.environ.get("HISI_BUILD", TOP / "build")).resolve()
EMULATOR = BUILD / "app/hisi_emu/dpdk-hisi-emu"
PROBE = BUILD / "app/test/system/compdev_probe"
# The same on a cryptodev, as far as it knows nothing of compression.
PROBES = {"zip": PROBE, "sec": BUILD / "app/test/system/cryptodev_probe"}
DRIVER = "compress_hisi_zip"
SEC_DRIVER = "crypto_hisi_sec"
# The driver of each engine, as the emulator names it.
DRIVERS = {"zip": DRIVER, "sec": SEC_DRIVER}

# Memory that every machine has. Without files shared between processes, so that runs leave nothing,
# and without the telemetry of one prefix: EAL connects to whoever has its socket, and where that
# one is stopped just then, it waits for as long.
NO_HUGE = ["--no-huge", "--no-shconf", "--no-telemetry", "-m", "1024"]
HUGE = ["--in-memory", "--single-file-segments", "--no-telemetry"]

# What an instrumented program ends with when its sanitizer ends it.
SANITIZER_EXIT = 99

# What takes longer than this hangs: a busy machine is given time.
HANG_S = 180

# What EAL says on any machine, and which is no fault of the driver.
HARMLESS = re.compile(
    r"No available \d+ kB hugepages|No legacy callbacks|No free \d+ kB hugepages"
    r"|Detected CPU lcores|Detected NUMA|Detected (shared|static) linkage|Selected IOVA mode"
    r"|Physical addresses are unavailable|Probing VFIO|VFIO support initialized"
    r"|TSC frequency|Probe PCI driver|which may result in sub-optimal|DPDK is running on a NUMA"
)
COMPLAINT = re.compile(r"error|fail|warn|cannot|invalid|timed? ?out|refus|unable", re.I)


def full():
    """The whole set, or each test in its smallest form?"""
    return os.environ.get("HISI_TEST_ALL") == "1"


def scope(quick, everything):
    return everything if full() else quick


def runtime_dir(prefix):
    """What EAL keeps of a file prefix's processes, as long as one of them is there."""
    return Path(os.environ["RUNTIME_DIRECTORY"], "dpdk", prefix)


def sanitizers():
    options = json.loads((BUILD / "meson-info/intro-buildoptions.json").read_text())
    value = next(o["value"] for o in options if o["name"] == "b_sanitize")
    return [] if value == "none" else value.split(",")


def _library(name):
    return subprocess.check_output(["gcc", "-print-file-name=" + name], text=True).strip()


def program_env(extra=None):
    """Environment of a DPDK program. An instrumented driver in a program that is not instrumented
    needs the sanitizer's library in front; leaks of such a program are its own business."""
    env = dict(os.environ)
    env["LD_LIBRARY_PATH"] = str(BUILD / "drivers")
    preload = []
    if "address" in sanitizers():
        preload = [_library("libasan.so"), _library("libubsan.so")]
        env["ASAN_OPTIONS"] = f"detect_leaks=0:abort_on_error=0:exitcode={SANITIZER_EXIT}"
    env["UBSAN_OPTIONS"] = f"print_stacktrace=1:halt_on_error=1:exitcode={SANITIZER_EXIT}"
    extra = dict(extra or {})
    if "LD_PRELOAD" in extra:
        preload.append(extra.pop("LD_PRELOAD"))
    if preload:
        env["LD_PRELOAD"] = ":".join(preload)
    env.update(extra)
    return env


class Result:
    """What a program left behind when it ended."""

    def __init__(self, argv, rc, out, err, seconds):
        self.argv, self.rc, self.out, self.err, self.seconds = argv, rc, out, err, seconds

    def __str__(self):
        return (f"{' '.join(map(str, self.argv))}\n"
                f"ended with {self.rc} after {self.seconds:.1f} s\n"
                f"--- stdout\n{self.out[-4000:]}\n--- stderr\n{self.err[-4000:]}")

    def json_lines(self):
        return [json.loads(line) for line in self.out.splitlines() if line.startswith("{")]

    def complaints(self):
        """Lines a person would stop at."""
        return [line for line in self.err.splitlines()
                if COMPLAINT.search(line) and not HARMLESS.search(line)]

    def driver_lines(self):
        """Lines that our driver logged, without EAL's own about the same thing and without the
        one that greets a device."""
        return [line for line in self.err.splitlines()
                if re.search(r"hisi", line, re.I)
                and not re.search(r"\d+ hardware queues?, over", line)
                and not re.match(r"(EAL|VDEV|CRYPTODEV|vdev_probe|rte_|BUS|  Cause:)", line)]


# What a test started does not outlive the tests, however they end. Signals are as at a prompt, also
# where the tests run in the background of a script, which has some ignored.
WITH_US = ["env", "--default-signal", "setpriv", "--pdeathsig", "KILL"]


class Program:
    """A program in its own process group, with its output in files, so that no pipe fills up."""

    def __init__(self, argv, env=None, stdin=subprocess.DEVNULL):
        self.argv = [str(a) for a in argv]
        self.out = tempfile.TemporaryFile("w+", errors="replace")
        self.err = tempfile.TemporaryFile("w+", errors="replace")
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [*WITH_US, *self.argv], stdin=stdin, stdout=self.out, stderr=self.err,
            env=env or program_env(), start_new_session=True)
        self.pid = self.process.pid

    @staticmethod
    def _text(file):
        # By descriptor offset 0 of a duplicate read: the child goes on writing at its own place.
        return os.pread(file.fileno(), 1 << 24, 0).decode(errors="replace")

    def stdout(self):
        return self._text(self.out)

    def stderr(self):
        return self._text(self.err)

    def wait_output(self, text, timeout=HANG_S, where="stdout", times=1):
        end = time.monotonic() + timeout
        while True:
            # In this order: what it says last is read when it has ended.
            has_ended = self.process.poll() is not None
            if getattr(self, where)().count(text) >= times:
                return
            assert not has_ended, f"ended before it said {text!r}:\n{self.result()}"
            assert time.monotonic() < end, f"did not say {text!r}:\n{self.stdout()}{self.stderr()}"
            time.sleep(0.02)

    def result(self):
        return Result(self.argv, self.process.returncode, self.stdout(), self.stderr(),
                      time.monotonic() - self.started)

    def wait(self, timeout=HANG_S):
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"still running after {timeout} s: {self.result()}") from None
        result = self.result()
        assert "ERROR: AddressSanitizer" not in result.err, str(result)
        assert "runtime error:" not in result.err, str(result)
        return result

    def kill(self):
        if self.process.poll() is None:
            os.killpg(self.pid, signal.SIGKILL)
            self.process.wait()


def holds(pid, but="nothing"):
    """Descriptors, threads and shared mappings of a process, without those of files in the folder
    `but`. A mapping counts when no path leads to its file, or it is EAL's memory."""
    links = []
    for number in os.listdir(f"/proc/{pid}/fd"):
        # EAL opens and closes some as it works.
        with contextlib.suppress(OSError):
            links.append(os.readlink(f"/proc/{pid}/fd/{number}"))
    maps = Path(f"/proc/{pid}/maps").read_text(encoding="ascii", errors="replace").splitlines()
    return (sum(not link.startswith(but) for link in links),
            len(os.listdir(f"/proc/{pid}/task")),
            sum(bool(re.search(r"/memfd:|map_\d+$|\(deleted\)", line)) and but not in line
                for line in maps))


def come_to(value, get, seconds=HANG_S):
    """Wait until get() is the value: the other side notices an end a moment later."""
    end = time.monotonic() + seconds
    while (now := get()) != value:
        assert time.monotonic() < end, f"{now}, it was {value} before"
        time.sleep(0.01)


def run(argv, timeout=HANG_S, env=None):
    return Program(argv, env).wait(timeout)


class Emulator:
    """dpdk-hisi-emu with one device in a private folder: a PF ("pf"), VFs of a PF that the
    model drives itself ("vf"), or a PF and its VFs ("all"), at sockets 0 and 1 to vfs."""

    def __init__(self, function="pf", queues=64, vfs=1, options=(), keys="", version="v3",
                 vf_queues=16, engine="zip"):
        assert EMULATOR.exists(), f"no {EMULATOR}: build first"
        self.driver, self.probe = DRIVERS[engine], PROBES[engine]
        self.dir = Path(tempfile.mkdtemp(prefix="hisi-test."))
        self.err = open(self.dir / "stderr", "w+")
        pf = self.dir / "pf.sock"
        self.devargs = ""
        self.sockets = [self.dir / f"vf{i}.sock" for i in range(vfs)]
        if function != "vf":
            device = f"{engine},version={version},socket={pf}"
            # The number of a V2 chip is a constant: there its driver claims no more than that.
            if version == "v2":
                self.devargs = f"queues={queues}"
            else:
                device += f",queues={queues}"
            if function == "all":
                device += f",vfs={vfs},vf_queues={vf_queues},vf_socket={self.dir}/vf%d.sock"
            self.sockets = [pf, *self.sockets] if function == "all" else [pf]
        else:
            device = (f"{engine},version={version},vfs={vfs},vf_queues={queues},socket={pf},"
                      f"vf_socket={self.dir}/vf%d.sock")
            options = [*options, "--pf=self"]
        self.argv = [*WITH_US[:-1], "TERM", EMULATOR,
                     "--device", device + keys.replace("{dir}", str(self.dir)),
                     *(word.replace("{dir}", str(self.dir)) for word in options)]
        self.start()

    def start(self):
        """Starts it, or another one with the same arguments after that has ended."""
        ready, told = os.pipe()
        self.process = subprocess.Popen(
            [*self.argv, f"--ready-fd={told}"], stdin=subprocess.DEVNULL, stdout=self.err,
            stderr=self.err, pass_fds=[told], start_new_session=True)
        self.pid = self.process.pid
        os.close(told)
        with os.fdopen(ready, "rb") as pipe:
            if pipe.read(1) == b"":
                self.process.wait()
                text = self.log()
                self.remove()
                raise AssertionError(f"the emulator did not start: {text}")
            # It closes its end behind the byte: from here on its descriptors can be counted.
            pipe.read()
        self.at_start = holds(self.pid)

    def restart(self, number=signal.SIGKILL):
        """Another process in its place."""
        self.signal(number)
        self.process.wait(HANG_S)
        self.start()

    def log(self):
        return (self.dir / "stderr").read_text(errors="replace")

    def vdev(self, devargs="", index=0, instance=0):
        args = "".join(f",{a}" for a in [self.devargs, devargs] if a)
        return f"--vdev={self.driver}{instance},socket={self.sockets[index]}{args}"

    def eal(self, devargs="", memory=None, lcores="0,1", index=0):
        return ["-d", f"librte_{self.driver}.so", *(memory or NO_HUGE), "--no-pci", "-l", lcores,
                self.vdev(devargs, index)]

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def cpu_seconds(self):
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def private_dirty(self):
        text = Path(f"/proc/{self.pid}/smaps_rollup").read_text()
        return int(re.search(r"Private_Dirty:\s+(\d+) kB", text).group(1)) * 1024

    def signal(self, number):
        self.process.send_signal(number)

    def remove(self):
        self.err.close()
        shutil.rmtree(self.dir)

    def stop(self):
        """Ends it as a person would, and looks at how it ends."""
        rc = self.process.poll()
        killed = rc == -signal.SIGKILL
        if rc is None:
            # A test may have stopped it. In this order: a leak check at the end, which traces the
            # process, does not survive a SIGCONT.
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            try:
                rc = self.process.wait(HANG_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                rc = f"no end within {HANG_S} s"
        log = self.log()
        leftover = [] if killed else [s for s in self.sockets if s.exists()]
        self.remove()
        assert killed or rc == 0, f"the emulator ended with {rc}:\n{log[-4000:]}"
        assert "ERROR: AddressSanitizer" not in log, log
        assert "runtime error:" not in log, log
        assert not leftover, f"sockets left behind: {leftover}"


def compress_perf(eal, path, test, size=4096, iterations=2, more=()):
    return ["dpdk-test-compress-perf", *eal, "--", "--driver-name", DRIVER,
            "--input-file", str(path), "--ptest", test, "--seg-sz", str(size),
            "--max-num-sgl-segs", "1", "--compress-level", "1", "--num-iter", str(iterations),
            "--pool-sz", "8192", *more]


def perf_row(result):
    """The last row of the program's table as numbers, without the bars."""
    row = result.out.strip().splitlines()[-1].replace("|", " ").split()
    assert all(re.fullmatch(r"-?[\d.]+", field) for field in row), str(result)
    return [float(field) for field in row]


def crypto_perf(emu, test, shape, sizes, ops):
    return ["dpdk-test-crypto-perf", *emu.eal(), "--", "--devtype", emu.driver, "--ptest", test,
            "--buffer-sz", ",".join(map(str, sizes)), "--total-ops", str(ops), "--burst-sz", "32",
            "--pool-sz", "4096", "--silent", *map(str, shape)]


def perf_rows(result):
    """The rows of numbers that the program printed."""
    rows = [line.split() for line in result.out.splitlines()]
    return [[float(field) for field in row] for row in rows
            if len(row) > 3 and all(re.fullmatch(r"-?[\d.]+", field) for field in row)]


def free_hugepages():
    try:
        return int(Path("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages").read_text())
    except OSError:
        return 0
