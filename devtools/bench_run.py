#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""compress_hisi_zip on the model beside compress_isal and compress_zlib; called by bench.sh.

Everybody gets the same two CPUs: the lcores of the program are both on CPU 0, where a preloaded
shim lets the main one sleep, the model's worker is on CPU 1. Drivers take turns, so that what else
the machine does meets all of them."""

import argparse
import json
import os
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import bench_crypto
import bench_report

TOP = Path(__file__).resolve().parents[1]
BUILD = Path(os.environ.get("HISI_BUILD") or TOP / "build").resolve()
BENCH = BUILD / "app/test/bench"
HISI = "compress_hisi_zip"
DRIVERS = [HISI, "compress_isal", "compress_zlib"]
# Those that need the model, and which engine of it.
ENGINES = {HISI: "zip", bench_crypto.HISI: "sec"}
DIRECTIONS = ["compress", "decompress"]
QUIET_PERCENT = 5  # of the CPUs, used by others: less than that disturbs nobody
FREE_HUGEPAGES = Path("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages")
# Debian's programs, whatever else comes first in PATH.
ENV = dict(os.environ, HISI_BUILD=str(BUILD), PATH="/usr/sbin:/usr/bin:/sbin:/bin")


class Scope:
    """How much of everything is measured."""

    def __init__(self, quick, pairs):
        self.quick = quick
        self.pairs = pairs or (1 if quick else 5)
        self.input_len = (1 if quick else 36) << 20
        self.patience = 1 if quick else 3
        self.iterations = 1 if quick else 3
        # Size of a segment and segments of an op; 59460 is the longest segment of the program.
        self.shapes = [(4096, 1), (16384, 4)] if quick else [
            (512, 1), (4096, 1), (16384, 1), (59460, 1), (16384, 4)]
        self.cycle_sizes = [4096] if quick else [512, 4096, 16384]
        self.versions = ["v3"] if quick else ["v3", "v2"]
        self.segments = [1, 4] if quick else [1, 4, 16]
        self.latency_sizes = [4096] if quick else [512, 4096, 16384, 59460]
        self.queue_pairs = [1, 2] if quick else [1, 2, 4, 8]
        self.depths = [1, 32] if quick else [1, 2, 4, 16, 64, 256]
        self.ops = 500 if quick else 20000
        self.crypto_sizes = [4096] if quick else [64, 1024, 8192, 65536]


class Bench:
    """What all measurements need."""

    def __init__(self, args, folder):
        self.scope = Scope(args.quick, args.pairs)
        self.version = args.version
        self.input = folder / "input"
        self.memory = "--no-huge --no-shconf -m 1024"
        self.others = 0  # percent of the CPUs that others had during the last run
        if not args.quick and os.geteuid() == 0 and FREE_HUGEPAGES.exists() \
                and int(FREE_HUGEPAGES.read_text()) >= 512:
            self.memory = "--in-memory --single-file-segments"

    def run(self, driver, lcores, program, shim=False):
        """Output of a DPDK program that finds one device of the driver."""
        eal = f"{lcores} --no-pci --no-telemetry --log-level=4"
        preload = f"LD_PRELOAD={BENCH}/quiet_main.so " if shim else ""
        name, _, rest = program.partition(" ")
        script = f"{preload}exec {name} $HISI_EAL_ARGS {eal} -- {rest}"
        env = dict(ENV, HISI_EAL_MEM=self.memory)
        if driver in ENGINES:
            device = f"{ENGINES[driver]},version={self.version},queues=16,workers=1,cpus=1"
            argv = [TOP / "devtools/with-emu.sh", device, "--", "sh", "-c", script]
        else:
            argv = ["sh", "-c", script]
            env["HISI_EAL_ARGS"] = f"{self.memory} --vdev={driver}"
        before = cpu_seconds()
        done = subprocess.run(argv, env=env, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=300, check=False)
        busy, own, elapsed = (b - a for a, b in zip(before, cpu_seconds()))
        self.others = max(0, 100 * (busy - own) / elapsed / os.cpu_count())
        if done.returncode != 0:
            raise SystemExit(f"bench.sh: {driver}: {script}\nended with {done.returncode}:\n"
                             f"{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    def compress_perf(self, driver, test, shape, more):
        text = self.run(driver, "--lcores=0@0,1@0", "dpdk-test-compress-perf "
                        f"--driver-name {driver} --ptest {test} --seg-sz {shape[0]} "
                        f"--max-num-sgl-segs {shape[1]} --compress-level 1 --pool-sz 8192 {more}",
                        shim=True)
        row = text.strip().splitlines()[-1].replace("|", " ").split()
        if not all(re.fullmatch(r"-?[\d.]+", field) for field in row):
            raise SystemExit(f"bench.sh: {driver} printed no figures:\n{text}")
        return [float(field) for field in row]

    def load(self, driver, direction, size, queue_pairs, depth, ops):
        text = self.run(driver, "-l 0", f"{shlex.quote(str(BENCH / 'load'))} {driver} {direction} "
                        f"{size} 1 {queue_pairs} {depth} {ops} {shlex.quote(str(self.input))}")
        return json.loads(text.strip().splitlines()[-1])


def cpu_seconds():
    """CPU time that was used on the machine, and by our children; and the clock."""
    user, nice, system, _, _, irq, softirq, steal = map(
        int, Path("/proc/stat").read_text().split()[1:9])
    own = os.times()
    return ((user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK"),
            own.children_user + own.children_system, own.elapsed)


def taking_turns(pairs, drivers=None):
    """Every driver once a round, each second round backwards."""
    drivers = drivers or DRIVERS
    for i in range(pairs):
        for driver in drivers if i % 2 == 0 else drivers[::-1]:
            yield driver


def throughput_round(bench, shape, drivers):
    """Every driver once. @return its figures, and the most that others had of the CPUs"""
    more = f"--input-file {bench.input} --num-iter {bench.scope.iterations}"
    found, others = {}, 0
    for driver in drivers:
        row = bench.compress_perf(driver, "throughput", shape, more)
        found[driver] = {"ratio_percent": row[3], "compress": row[4], "decompress": row[5]}
        others = max(others, bench.others)
    return {"runs": found, "others_percent": others}


def throughput(bench):
    """Gbit/s of plain data by dpdk-test-compress-perf, and ratios round by round. A round in which
    others had the CPUs for too long is repeated, within limits; the quietest ones count."""
    result = []
    for shape in bench.scope.shapes:
        rounds = []
        while sum(r["others_percent"] < QUIET_PERCENT for r in rounds) < bench.scope.pairs and \
                len(rounds) < bench.scope.pairs * bench.scope.patience:
            drivers = DRIVERS if len(rounds) % 2 == 0 else DRIVERS[::-1]
            rounds.append(throughput_round(bench, shape, drivers))
        rounds.sort(key=lambda r: r["others_percent"])
        result.append(summary(shape, rounds[:bench.scope.pairs]))
        print(bench_report.throughput_line(result[-1]), flush=True)
    return result


def summary(shape, rounds):
    runs = {driver: [r["runs"][driver] for r in rounds] for driver in DRIVERS}
    entry = {"seg_size": shape[0], "segments": shape[1], "runs": runs, "gbps": {}, "ratio": {},
             "others_percent": max(r["others_percent"] for r in rounds)}
    for direction in DIRECTIONS:
        entry["gbps"][direction] = {
            driver: statistics.median(run[direction] for run in runs[driver]) for driver in DRIVERS}
        entry["ratio"][direction] = {
            driver: statistics.median(a[direction] / b[direction] if b[direction] else 0
                                      for a, b in zip(runs[HISI], runs[driver]))
            for driver in DRIVERS[1:]}
    entry["packed_percent"] = {driver: runs[driver][0]["ratio_percent"] for driver in DRIVERS}
    return entry


def cycles(bench):
    """TSC cycles per op by pmd-cyclecount. compress_zlib crashes the program in this mode: it adds
    to results of ops that were not reset."""
    result = []
    small = bench.input.with_name("small")
    small.write_bytes(bench.input.read_bytes()[:256 << 10])
    for size in bench.scope.cycle_sizes:
        runs = {driver: [] for driver in DRIVERS[:2]}
        for driver in taking_turns(bench.scope.pairs, DRIVERS[:2]):
            # Time for the model to finish a burst of 32 at 1 Gbit/s.
            delay_us = 32 * size * 8 // 1000 + 200 if driver == HISI else 0
            row = bench.compress_perf(driver, "pmd-cyclecount", (size, 1),
                                      f"--input-file {small} --num-iter 10 --burst-sz 32 "
                                      f"--cc-delay-us {delay_us}")
            runs[driver].append(row[9:13])
        medians = {driver: [statistics.median(column) for column in zip(*rows)]
                   for driver, rows in runs.items()}
        result.append({"size": size, "runs": runs, "cycles": medians})
    return result


def instructions(bench):
    """By bench.sh itself: enqueue plus dequeue for each number of segments, and what one more
    segment costs."""
    result = []
    for version in bench.scope.versions:
        counts = {direction: {} for direction in DIRECTIONS}
        for segments in bench.scope.segments:
            text = subprocess.run(
                [TOP / "devtools/bench.sh", "--version", version, "--segs", str(segments),
                 "--recorder", "on", "--limit", "1000000"],
                env=ENV, check=True, capture_output=True, text=True).stdout
            for direction, *fields in re.findall(
                    r"^(\w+) +([\d.]+) +([\d.]+) +([\d.]+)(.*)$", text, re.M):
                counts[direction][segments] = {
                    "enqueue": float(fields[0]), "dequeue": float(fields[1]),
                    "sum": float(fields[2]), "software": "software" in fields[3]}
        for direction in DIRECTIONS:
            few, many = bench.scope.segments[-2:]
            by_segments = counts[direction]
            extra = (by_segments[many]["sum"] - by_segments[few]["sum"]) / (2 * (many - few))
            result.append({"version": version, "direction": direction, "segments": by_segments,
                           "per_extra_segment": extra})
    return result


def latency(bench):
    """One op in flight."""
    result = []
    for size in bench.scope.latency_sizes:
        for direction in DIRECTIONS:
            runs = {driver: [] for driver in DRIVERS}
            for driver in taking_turns(bench.scope.pairs):
                runs[driver].append(bench.load(driver, direction, size, 1, 1,
                                               bench.scope.ops // 4))
            medians = {driver: {key: statistics.median(run[key] for run in runs[driver])
                                for key in ["min_us", "median_us", "p99_us"]}
                       for driver in DRIVERS}
            result.append({"size": size, "direction": direction, "runs": runs, "us": medians})
    return result


def scaling(bench):
    """Gbit/s at 4096 bytes over queue pairs and depth of each, polled by one lcore."""
    result = []
    for driver in DRIVERS[:2]:
        for queue_pairs in bench.scope.queue_pairs:
            for depth in bench.scope.depths:
                run = bench.load(driver, "compress", 4096, queue_pairs, depth, bench.scope.ops)
                result.append({"driver": driver, "queue_pairs": queue_pairs, "depth": depth, **run})
    return result


def crypto(bench):
    return bench_crypto.measure(bench, TOP, ENV)


PARTS = {"throughput": throughput, "cycles": cycles, "instructions": instructions,
         "latency": latency, "scaling": scaling, "crypto": crypto}


def make_input(path, length):
    """Half text, half machine code: the machine's own files, in the same order every time."""
    texts = sorted(Path("/usr/include").rglob("*.h"))
    libraries = sorted(Path("/usr/lib").glob("*-linux-gnu/*.so*"))
    with open(path, "wb") as out:
        for files, end in [(texts, length // 2), (libraries, length)]:
            for file in files:
                if out.tell() < end and file.is_file():
                    out.write(file.read_bytes()[:end - out.tell()])
        if out.tell() < length:
            print(f"bench.sh: only {out.tell()} bytes of input on this machine", file=sys.stderr)


def machine(bench):
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    versions = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${Version}\n", "dpdk", "libisal2", "zlib1g"],
        check=False, capture_output=True, text=True).stdout.split("\n")
    return {"time": time.strftime("%Y-%m-%d %H:%M:%S %Z"), "cpu": cpu.group(1) if cpu else "?",
            "cpus": os.cpu_count(), "packages": [v for v in versions if v],
            "memory": bench.memory, "pairs": bench.scope.pairs, "model": bench.version,
            "input_bytes": bench.input.stat().st_size, "load_before": os.getloadavg()}


def number_of_pairs(text):
    if not re.fullmatch("[0-9]{1,4}", text) or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text}: a number from 1 to 9999 is needed")
    return int(text)


def main():
    parser = argparse.ArgumentParser(prog="bench.sh")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--version", choices=["v2", "v3"], default="v3")
    parser.add_argument("--pairs", type=number_of_pairs)
    parser.add_argument("--out", type=Path, default=BUILD / "bench-results")
    args = parser.parse_args()
    if not (BENCH / "load").exists():
        raise SystemExit(f"bench.sh: no {BENCH}/load: build with -Dtests=true")
    if os.cpu_count() < 2:
        raise SystemExit("bench.sh: two CPUs are needed")
    args.out.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="hisi-bench."))
    try:
        bench = Bench(args, folder)
        make_input(bench.input, bench.scope.input_len)
        results = {"machine": machine(bench)}
        for part in args.only or PARTS:
            print(f"measuring {part}", flush=True)
            results[part] = PARTS[part](bench)
        results["machine"]["load_after"] = os.getloadavg()
    finally:
        shutil.rmtree(folder)
    bench_report.write(results, args.out)


if __name__ == "__main__":
    main()
