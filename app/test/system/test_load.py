# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""As many queue pairs, lcores and devices as there are; every result is checked."""

import pytest

from harness import DRIVER, HUGE, NO_HUGE, PROBE, run, sanitizers, scope


def eal(devices, lcores="0", memory=None):
    return ["-d", f"librte_{DRIVER}.so", *(memory or NO_HUGE), "--no-pci", "-l", lcores, *devices]


def check_reports(result, what, count):
    """So many of them, each with some good ops and no other."""
    assert result.rc == 0, str(result)
    reports = [r for r in result.json_lines() if r.get("what") == what]
    assert len(reports) == count, str(result)
    for report in reports:
        assert report["good"] > 0, str(result)
        assert not any(report[k] for k in ("failed", "wrong", "missing", "stale")), str(result)
    return reports


def pairs(emu, memory, depth, rounds):
    """All queue pairs of the function, each with ops in flight at the same time."""
    result = run([PROBE, *emu.eal(lcores="0", memory=memory), "--", "pairs", DRIVER, "0",
                  str(depth), str(rounds)])
    [report] = check_reports(result, "pairs", 1)
    lines = {line["what"]: line for line in result.json_lines()}
    assert report["good"] == 2 * rounds * lines["start"]["max"], str(result)
    return lines, result


@pytest.mark.parametrize("version", ["v2", "v3", "v4", "v5"])
def test_all_queue_pairs(emulator, version):
    emu = emulator(queues=64, version=version)
    lines, _ = pairs(emu, None, 64, scope(2, 10))
    assert lines["start"]["max"] == 32


def test_all_queue_pairs_of_a_large_function(emulator):
    emu = emulator(queues=1024)
    lines, _ = pairs(emu, [*NO_HUGE[:-1], "2048"], 32, scope(1, 3))
    assert lines["start"]["max"] == 512


@pytest.mark.parametrize("memory", ["pages", "hugepages"])
def test_deep_queue_pairs_fit_in_512_mb(emulator, request, memory):
    """64 queue pairs of 4096 requested ops each."""
    emu = emulator(queues=128)
    arguments = [*NO_HUGE[:-1], "512"]
    if memory == "hugepages":
        request.getfixturevalue("hugepages")
        arguments = [*HUGE, "-m", "512", "--socket-limit", "512"]
    lines, result = pairs(emu, arguments, 4096, 1)
    assert lines["start"]["max"] == 64
    assert lines["heap"]["used"] <= 512 << 20, str(result)
    # Said once, not for each of them.
    assert result.err.count("operations in flight asked for") == 1, str(result)


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_lcores_on_their_own_queue_pairs(emulator, version):
    emu = emulator(version=version)
    result = run([PROBE, *emu.eal(lcores="0,1"), "--", "lcores", DRIVER, str(scope(1000, 5000))])
    reports = check_reports(result, "lcore", 2)
    assert {r["queue_pair"] for r in reports} == {0, 1}


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_one_lcore_enqueues_another_dequeues(emulator, version):
    emu = emulator(version=version)
    result = run([PROBE, *emu.eal(lcores="0,1"), "--", "split", DRIVER, str(scope(1000, 5000))])
    check_reports(result, "split", 1)


def test_generations_in_one_process(emulator):
    """V2 beside V3, V4 and V5: each is driven its own way."""
    devices = [emulator(version=version).vdev(instance=i)
               for i, version in enumerate(["v2", "v3", "v4", "v5"])]
    result = run([PROBE, *eal(devices), "--", "devices", DRIVER, str(scope(5, 50))])
    check_reports(result, "device", 4)
    for version in ["V2", "V3", "V4", "V5"]:
        assert f"ZIP {version} PF" in result.err, str(result)
    assert result.complaints() == [], str(result)


def test_functions_of_one_device_in_one_process(emulator):
    emu = emulator("vf", queues=16, vfs=3)
    devices = [emu.vdev(index=i, instance=i) for i in range(3)]
    result = run([PROBE, *eal(devices), "--", "devices", DRIVER, str(scope(5, 50))])
    check_reports(result, "device", 3)


def test_functions_of_one_device_in_three_processes(emulator, program):
    """At the same time; one that is killed disturbs no other."""
    emu = emulator("vf", queues=16, vfs=3)
    ms = scope(2000, 6000)
    processes = [program([PROBE, *emu.eal(lcores="0", index=i, memory=[*NO_HUGE[:-1], "256"]),
                          "--", "primary", DRIVER, "1", str(ms)]) for i in range(3)]
    for process in processes:
        process.wait_output('"running": true')
    processes[1].kill()
    for process in [processes[0], processes[2]]:
        check_reports(process.wait(), "primary", 1)
    # The function of the killed one is free again.
    result = run([PROBE, *emu.eal(lcores="0", index=1), "--", "primary", DRIVER, "1", "200"])
    check_reports(result, "primary", 1)


def test_vf_of_a_pf_that_gave_it_nothing(emulator):
    """The PF in this process has all queues: the VF is told so, and the PF is not disturbed."""
    emu = emulator(keys=",vfs=1,vf_socket={dir}/vf%d.sock")
    vf = f"--vdev={DRIVER}1,socket={emu.dir}/vf0.sock"
    result = run([PROBE, *eal([emu.vdev(), vf]), "--", "devices", DRIVER, "2"])
    assert "this VF has no queues" in result.err, str(result)
    check_reports(result, "device", 1)


@pytest.mark.skipif(bool(sanitizers()), reason="sanitizers keep freed memory for a while")
def test_added_and_removed_100_times(emulator):
    """Descriptors and memory are flat, here and in the emulator."""
    emu = emulator()
    result = run([PROBE, "-d", f"librte_{DRIVER}.so", *NO_HUGE, "--no-pci", "-l", "0", "--",
                  "hotplug", DRIVER, f"socket={emu.sockets[0]}", "100"])
    assert result.rc == 0, str(result)
    rounds = [step for step in result.json_lines() if step["step"] == "remove"]
    assert len(rounds) == 100 and all(r["ret"] == 0 for r in rounds), str(result)
    assert all(s["good"] == s["wanted"] for s in result.json_lines() if s["step"] == "added")
    # The first rounds allocate what the libraries keep.
    flat = [(r["descriptors"], r["heap"]) for r in rounds[3:]]
    assert len(set(flat)) == 1, sorted(set(flat))
    assert result.complaints() == [], str(result)
    before = emu.descriptors()
    run([PROBE, "-d", f"librte_{DRIVER}.so", *NO_HUGE, "--no-pci", "-l", "0", "--",
         "hotplug", DRIVER, f"socket={emu.sockets[0]}", "5"])
    assert emu.descriptors() == before


def test_removed_in_another_order(emulator):
    """The first of two devices goes before the second, which works on; both can come again."""
    emus = [emulator(), emulator(version="v2")]
    devargs = [f"socket={emus[0].sockets[0]}", f"socket={emus[1].sockets[0]},queues=64"]
    before = [emu.descriptors() for emu in emus]
    result = run([PROBE, "-d", f"librte_{DRIVER}.so", *NO_HUGE, "--no-pci", "-l", "0", "--",
                  "gaps", DRIVER, *devargs, "3"])
    assert result.rc == 0, str(result)
    steps = result.json_lines()
    assert len(steps) == 9, str(result)
    assert all(s["good"] == s["wanted"] for s in steps if "good" in s), str(result)
    assert all(s["ret"] == 0 and s["devices"] == 0 for s in steps if "ret" in s), str(result)
    assert [emu.descriptors() for emu in emus] == before
