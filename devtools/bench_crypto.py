# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""crypto_hisi_sec on the model beside crypto_openssl and crypto_aesni_mb, and crypto_null as the
least that a driver can cost: the part "crypto" of bench_run.py."""

import re
import statistics
import subprocess

HISI, NULL = "crypto_hisi_sec", "crypto_null"
DRIVERS = [HISI, "crypto_openssl", "crypto_aesni_mb"]
CBC = "--cipher-algo aes-cbc --cipher-op encrypt --cipher-key-sz 16 --cipher-iv-sz 16"
HMAC = "--auth-algo sha2-256-hmac --auth-op generate --auth-key-sz 32 --digest-sz 32"
# As bench.sh names them, and what dpdk-test-crypto-perf takes them for.
KINDS = {
    "aes-cbc": f"--optype cipher-only {CBC}",
    "sha256-hmac": f"--optype auth-only {HMAC}",
    "aes-cbc-sha256-hmac": f"--optype cipher-then-auth {CBC} {HMAC}",
    "aes-gcm": "--optype aead --aead-algo aes-gcm --aead-op encrypt --aead-key-sz 16 "
               "--aead-iv-sz 12 --aead-aad-sz 16 --digest-sz 16",
}


def _gbps(bench, driver, kind, size):
    text = bench.run(driver, "--lcores=0@0,1@0",
                     f"dpdk-test-crypto-perf --devtype {driver} --ptest throughput {KINDS[kind]} "
                     f"--buffer-sz {size} --total-ops {bench.scope.ops} --burst-sz 32 "
                     "--pool-sz 8192 --silent", shim=True)
    rows = [line.split() for line in text.splitlines()
            if re.fullmatch(r"[\s\d.]+", line) and len(line.split()) == 10]
    if len(rows) != 1:
        raise SystemExit(f"bench.sh: {driver} printed no figures:\n{text}")
    return float(rows[0][8])


def throughput(bench):
    """Gbit/s by kind and size, and ratios round by round; drivers take turns."""
    result = []
    for kind in ["aes-cbc", "aes-gcm"] if bench.scope.quick else KINDS:
        for size in bench.scope.crypto_sizes:
            rounds = []
            for i in range(bench.scope.pairs):
                found = {}
                for driver in DRIVERS if i % 2 == 0 else DRIVERS[::-1]:
                    found[driver] = _gbps(bench, driver, kind, size)
                rounds.append(found)
            result.append({
                "kind": kind, "size": size, "runs": rounds,
                "gbps": {driver: statistics.median(r[driver] for r in rounds)
                         for driver in DRIVERS},
                "ratio": {driver: statistics.median(r[HISI] / r[driver] if r[driver] else 0
                                                    for r in rounds) for driver in DRIVERS[1:]}})
    return result


def _count(top, env, *args):
    """The last table that bench.sh --crypto printed: instructions per op by kind."""
    text = subprocess.run([top / "devtools/bench.sh", "--crypto", "--limit", "1000000", *args],
                          env=env, check=True, capture_output=True, text=True).stdout
    return {kind: {"enqueue": float(enqueue), "dequeue": float(dequeue), "sum": float(total)}
            for kind, enqueue, dequeue, total in
            re.findall(r"^([\w-]+) +([\d.]+) +([\d.]+) +([\d.]+)$", text, re.M)}


def instructions(bench, top, env):
    """Of each driver by kind; a software driver's work is in them."""
    kinds = list(KINDS)[:1] if bench.scope.quick else list(KINDS)
    words = [word for kind in kinds for word in ("--kind", kind)]
    found = {HISI: _count(top, env, "--version", bench.version, "--recorder", "on", *words),
             NULL: _count(top, env, "--pmd", NULL, "--kind", "null")}
    # Long under callgrind, and nothing that the first two would not show to work.
    for driver in [] if bench.scope.quick else DRIVERS[1:]:
        found[driver] = _count(top, env, "--pmd", driver, *words)
    return found


def measure(bench, top, env):
    return {"throughput": throughput(bench), "instructions": instructions(bench, top, env)}


def report(found):
    names = [driver.removeprefix("crypto_") for driver in DRIVERS]
    yield "Crypto, Gbit/s (ratios: hisi_sec to the other, median of pairs)"
    yield (f"{'kind':<20} {'op':>6} " + " ".join(f"{name:>9}" for name in names) + " "
           + " ".join(f"{'/' + name:>10}" for name in names[1:]))
    for entry in found["throughput"]:
        yield (f"{entry['kind']:<20} {entry['size']:>6} "
               + " ".join(f"{entry['gbps'][driver]:>9.3f}" for driver in DRIVERS) + " "
               + " ".join(f"{entry['ratio'][driver]:>10.2f}" for driver in DRIVERS[1:]))
    yield "Crypto, instructions per op, 4096 bytes, burst 32 (with a software driver's work)"
    yield f"{'driver':<18} {'kind':<20} {'enqueue':>9} {'dequeue':>9} {'sum':>9}"
    for driver, kinds in found["instructions"].items():
        for kind, count in kinds.items():
            yield (f"{driver:<18} {kind:<20} {count['enqueue']:>9.1f} {count['dequeue']:>9.1f} "
                   f"{count['sum']:>9.1f}")
