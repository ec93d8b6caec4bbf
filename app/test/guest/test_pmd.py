# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""The PMD on functions bound to the real vfio-pci: stock programs and ordinary applications."""

import hashlib
import os
import re
import signal
import sys
import time
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "system"))

# pylint: disable=wrong-import-position
from guest import PCI, Device, KernelLog, bind, driver_of, run, unbind
from harness import BUILD, DRIVER, HANG_S, PROBE, Program, compress_perf, perf_row

DEVICES = {
    "v3-pf": "zip,queues=16",
    "v2-vf": "zip,version=v2,function=vf",
    "v2-pf": "zip,version=v2",
    "v3-vf": "zip,function=vf,vfs=2",
    "trio": "zip,queues=8,vfs=2,vf_queues=4",
}
QUICK_DEVICES = ["v3-pf", "v2-vf"]
PATIENT = {"LD_PRELOAD": str(BUILD / "app/test/system/patient.so")}
LONGEST_CALL_US = 1_000_000
# Until it is told to end; a busy machine is given time.
LONG_S = 600
# From outside, one after the other.
RESETS = 5
full = pytest.mark.full


def eal(*functions, memory=("--in-memory", "--single-file-segments"), lcores="0,1",
        driver=DRIVER):
    """EAL arguments for "ADDRESS[,key=value...]" words."""
    arguments = ["-d", f"librte_{driver}.so", *memory, "--no-telemetry", "-l", lcores]
    return arguments + [word for function in functions for word in ("-a", function)]


def device(name):
    return Device(__name__, name)


@pytest.fixture(name="corpus", scope="module")
def corpus_fixture(tmp_path_factory):
    """Text, enough for two rings of operations."""
    path = tmp_path_factory.mktemp("corpus") / "text"
    data = b"".join(p.read_bytes() for p in sorted(Path("/usr/include/dpdk").glob("rte_[a-e]*.h")))
    path.write_bytes(data[:192 * 1024])
    return path


@pytest.fixture(name="program")
def program_fixture():
    """A maker of running programs that ends what still runs."""
    made = []

    def make(*args, **kwargs):
        made.append(Program(*args, **kwargs))
        return made[-1]

    yield make
    for one in made:
        one.kill()
        print(one.result())


def probe(*command, functions, **kwargs):
    return [PROBE, *eal(*functions, **{"lcores": "0", **kwargs}), "--", *map(str, command)]


def check_good(lines, what, count):
    """So many reports, each with some good ops and no other."""
    reports = [line for line in lines if line.get("what") == what]
    assert len(reports) == count
    for report in reports:
        assert report["good"] > 0
        assert not any(report[k] for k in ("failed", "wrong", "missing", "stale")), report
    return reports


def json_lines(done):
    from harness import Result
    return Result(done.args, done.returncode, done.stdout, done.stderr, 0).json_lines()


def works(address):
    """A short round of ops, each checked."""
    done = run(probe("primary", DRIVER, 1, 300, functions=[address]))
    check_good(json_lines(done), "primary", 1)
    return done


def verify(address, corpus, segments=1):
    done = run(compress_perf(eal(address), corpus, "verify", iterations=1, more=[
        "--burst-sz", "32", "--max-num-sgl-segs", segments]))
    # "verify" says the size of what it compressed, and fails where it does not inflate to the same.
    ratio = float(done.stdout.split()[-1])
    assert 10 < ratio < 60
    return done


@pytest.mark.parametrize("name", ["v3-pf", "v2-vf", pytest.param("v2-pf", marks=full),
                                  pytest.param("v3-vf", marks=full)])
def test_compress_perf(name, corpus):
    """Stock dpdk-test-compress-perf by address, and nothing that anybody complains about."""
    log = KernelLog()
    done = verify(device(name).address, corpus)
    version, function = name.upper().split("-")
    assert f"ZIP {version} {function}" in done.stderr and "over vfio-pci" in done.stderr
    assert log.complaints("DMAR", "vfio", device(name).address) == []
    assert device(name).stats()["dma_faults"] == 0


@full
@pytest.mark.parametrize("name", ["v3-pf", "v2-vf"])
def test_compress_perf_chained(name, corpus):
    """Of several mbufs each, which the device reads and writes through lists in EAL's memory."""
    verify(device(name).address, corpus, segments=4)


@full
@pytest.mark.parametrize("name", ["v3-pf", "v2-vf"])
def test_autotest(name):
    """Stock dpdk-test. Its naps are meant for hardware: longer ones here."""
    done = run(["dpdk-test", *eal(device(name).address)], timeout=240,
               env={"DPDK_TEST": "compressdev_autotest", **PATIENT})
    counts = {key: int(value)
              for key, value in re.findall(r"Tests (\w+)\s*:\s*(\d+)", done.stdout + done.stderr)}
    assert counts["Failed"] == 0 and counts["Passed"] == 23


def test_same_driver_on_both_buses():
    """What is loaded here is the very file that the host's tests load."""
    done = run(probe("idle", DRIVER, 1, 0, functions=[device("v3-pf").address]))
    assert "over vfio-pci" in done.stderr
    for name in (DRIVER, "common_hisi_qm"):
        path = BUILD / f"drivers/librte_{name}.so"
        here = hashlib.sha256(path.read_bytes()).hexdigest()
        print(f"{here}  {path.name}")
        assert here == os.environ[f"HISI_SHA256_{name}"]


@full
def test_dpdk_devbind(corpus):
    """Bound, listed and unbound as the guide says."""
    address = device("v3-pf").address
    listed = run(["dpdk-devbind.py", "--status-dev", "baseband"]).stdout
    assert re.search(rf"using DPDK-compatible driver(?s:.*){address}.*drv=vfio-pci", listed)
    run(["dpdk-devbind.py", "-u", address])
    assert driver_of(address) is None
    # driver_override is still vfio-pci's, as bind() of the harness left it.
    (PCI / "devices" / address / "driver_override").write_text("\n")
    run(["dpdk-devbind.py", "-b", "vfio-pci", address])
    assert driver_of(address) == "vfio-pci"
    verify(address, corpus)


@full
def test_driver_override(corpus):
    address = device("v3-vf").address
    unbind(address)
    bind(address, "vfio-pci")
    verify(address, corpus)


@full
@pytest.mark.parametrize("other", ["pci-stub", "uio_pci_generic"])
def test_bound_to_another_driver(other):
    """Asked for by name: one line that says what to do."""
    address = device("v3-pf").address
    run(["modprobe", other])
    bind(address, other)
    try:
        done = run(probe("idle", DRIVER, 1, 0, functions=[address]), check=False)
    finally:
        bind(address, "vfio-pci")
    assert done.returncode == 3
    assert [line for line in done.stderr.splitlines() if "HISI_" in line] == [
        f"HISI_QM: {address}: bound to {other}, not to vfio-pci; "
        f"dpdk-devbind.py -b vfio-pci {address}"]


@full
def test_not_asked_for():
    """A scan passes over a function that the kernel drives, without a word."""
    address = device("v3-pf").address
    run(["modprobe", "pci-stub"])
    bind(address, "pci-stub")
    others = [a for a in os.environ["HISI_FUNCTIONS"].split() if a != address]
    try:
        done = run([PROBE, *eal(lcores="0"), *[word for a in others for word in ("-b", a)], "--",
                    "idle", DRIVER, "1", "0"], check=False)
    finally:
        bind(address, "vfio-pci")
    assert done.returncode == 3 and "HISI_" not in done.stderr


@full
def test_wrong_start():
    """Mistakes on the command line, each with one line."""
    address = device("v3-pf").address
    for keys, memory, words in (
            (",socket=/run/x", (), "unknown key 'socket'; known keys: timeout_ms"),
            (",queues=17", (), "queues=17"),
            ("", ("--iova-mode=pa",), "IOVA mode"),
    ):
        done = run(probe("idle", DRIVER, 1, 0, functions=[address + keys],
                         memory=("--in-memory", *memory)), check=False)
        assert done.returncode == 3
        assert words in done.stderr
    works(address)


@full
def test_two_functions_in_one_process():
    """Of two devices, of two generations."""
    done = run(probe("devices", DRIVER, 5,
                     functions=[device("v3-pf").address, device("v2-vf").address]))
    assert "ZIP V3 PF" in done.stderr and "ZIP V2 VF" in done.stderr
    check_good(json_lines(done), "device", 2)


@full
def test_three_processes_on_a_pf_and_its_vfs(program):
    """The PF gives the VFs their queues. A VF's process that is killed disturbs nobody."""
    pf, *vfs = device("trio").addresses
    processes = []
    for address, keys in ((pf, ",vfs=2,vf_queues=4"), (vfs[0], ""), (vfs[1], "")):
        # The PF first: before it no VF has queues.
        processes.append(program(probe("primary", DRIVER, 1, 600_000, functions=[address + keys])))
        processes[-1].wait_output('"running": true')
    processes[2].kill()
    works(vfs[1])
    # The VF first: with its PF its queues go.
    for process in (processes[1], processes[0]):
        os.kill(process.pid, signal.SIGTERM)
        result = process.wait()
        assert result.rc == 0, str(result)
        check_good(result.json_lines(), "primary", 1)


@full
def test_secondary_processes(program):
    """Three processes share one function, each has a queue pair; all ring the same BAR."""
    shared = ("--file-prefix=guest", "--base-virtaddr=0x400000000000", "-m", "128")
    address = device("v3-pf").address
    first = program(probe("primary", DRIVER, 3, 600_000, functions=[address], memory=shared))
    first.wait_output('"running": true')
    others = [program(probe("secondary", DRIVER, i, 2000, functions=[address],
                            memory=(*shared[:2], "--proc-type=secondary"))) for i in (1, 2)]
    for other in others:
        result = other.wait()
        assert result.rc == 0, str(result)
        check_good(result.json_lines(), "secondary", 1)
    os.kill(first.pid, signal.SIGTERM)
    result = first.wait()
    check_good(result.json_lines(), "primary", 1)


@full
def test_killed_and_started_again(program):
    """A process that dies with ops in flight leaves a function that works, and no mapping."""
    one = device("v3-pf")
    for _ in range(2):
        loop = program(probe("loop", DRIVER, 60, functions=[one.address]))
        loop.wait_output('"running": true')
        loop.kill()
        assert one.stats()["active_queues"] == 0
        works(one.address)
    assert one.stats()["dma_faults"] == 0


def finish(loop, timeout=HANG_S):
    """Told to end once the device works, or is known to be dead: each op came back once, with its
    data right or with an error."""
    if loop.process.poll() is None:
        os.kill(loop.pid, signal.SIGTERM)
    result = loop.wait(timeout)
    report = result.json_lines()[-1]
    assert result.rc == 0, str(result)
    assert report["missing"] == report["strange"] == report["wrong"] == 0, str(result)
    assert report["enqueued"] == report["ok"] + report["failed"], str(result)
    return result, report


@full
@pytest.mark.parametrize("name", ["v3-pf", "v2-vf", "v3-vf"])
def test_reset_from_outside(program, name):
    """FLR by sysfs while a process drives the function, again while the driver sets that right, and
    between two processes. The registers are away for 0.1 s each time, and what bring-up wrote is
    gone, which a V3 VF does not see from its queue."""
    address = device(name).address
    node = PCI / "devices" / address
    assert (node / "reset_method").read_text().split()[0] == "flr"
    loop = program(probe("loop", DRIVER, LONG_S, functions=[address + ",timeout_ms=500"]))
    loop.wait_output('"running": true')
    for _ in range(RESETS):
        (node / "reset").write_text("1")
        time.sleep(0.3)
    loop.wait_output("runs again", where="stderr")
    # All of it comes to be there again: an event of its queue arrives.
    end = time.monotonic() + HANG_S
    while "(type 2) on queue 0" not in loop.stderr():
        assert time.monotonic() < end, loop.stderr()
        device(name).send(f"fault aeqe function={'pf' if 'pf' in name else 'vf0'} type=2")
        time.sleep(3)
    result, report = finish(loop)
    assert report["failed"] > 0, "nothing was in flight when the function was reset"
    assert report["ok"] > 500 and report["ok_since_error"] > 0, str(result)
    assert "runs again" in result.err
    (node / "reset").write_text("1")
    works(address)


@full
def test_hotplug():
    """Added and removed by the application, again and again; descriptors are flat."""
    done = run(probe("hotplug-pci", DRIVER, device("v3-pf").address, 4, functions=[]))
    rounds = [line for line in json_lines(done) if line["step"] == "remove"]
    assert len(rounds) == 4 and all(r["ret"] == 0 for r in rounds)
    assert all(s["good"] == s["wanted"] for s in json_lines(done) if s["step"] == "added")
    assert len({r["descriptors"] for r in rounds[1:]}) == 1


@full
@pytest.mark.parametrize("name", ["v3-pf", "v2-vf"])
def test_doorbells_are_counted(name):
    """Each doorbell is a message to the model here: one SQ doorbell a burst, one CQ doorbell for
    its 32 completions, and those that open the two event queues."""
    one = device(name)
    before, bursts = one.stats(), 40
    done = run(probe("bursts", DRIVER, bursts, functions=[one.address]))
    check_good(json_lines(done), "bursts", 1)
    after = one.stats()
    assert after["sqes"] - before["sqes"] == 32 * bursts
    assert after["shadow_doorbells"] == before["shadow_doorbells"]
    assert after["doorbells"] - before["doorbells"] == 2 * bursts + 2
