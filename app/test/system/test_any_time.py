# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Either side ends at any time, in any way: nothing of it stays, and the other one lives on.

HISI_SEED repeats the random instants, HISI_ANY_TIME_N sets their number."""

import os
import signal
import subprocess
import time

import pytest

from any_time import check_served, in_storm, members, no_trace, rounds, signals_taken
from harness import (DRIVER, HANG_S, NO_HUGE, PROBE, WITH_US, compress_perf, run, runtime_dir,
                     scope)

BESIDE = True

SIGNALS = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1]


def probe(emu, *command, devargs="", memory=None):
    return [PROBE, *emu.eal(devargs, lcores="0", memory=memory), "--", command[0], DRIVER,
            *map(str, command[1:])]


def hotplug(emu, count, devargs=""):
    """The device comes, works and goes, again and again."""
    return [PROBE, "-d", f"librte_{DRIVER}.so", *NO_HUGE, "--no-pci", "-l", "0", "--", "hotplug",
            DRIVER, f"socket={emu.sockets[0]}{devargs}", str(count)]


def files(prefix):
    """Names of the hugepage files of a file prefix, and of what is in its runtime folder."""
    name, folder = (word.split("=")[1] for word in prefix[:2])
    return sorted(os.listdir(folder)), sorted(os.listdir(runtime_dir(name)))


# ---- signals ----

def test_signal_that_asks_for_the_end(emulator, program, dice):
    """With a handler that sets a flag: what is in flight is taken back, all of it."""
    emu = emulator()
    with no_trace(emu):
        for number in scope(dice.sample(SIGNALS, 2), SIGNALS):
            process = program(probe(emu, "end", "signal"))
            process.wait_output('"running": true')
            time.sleep(dice.random() / 20)
            os.kill(process.pid, number)
            result = process.wait()
            assert result.rc == 0 and result.complaints() == [], str(result)
            report = result.json_lines()[-1]
            assert report["signal"] == number, report
            assert report["at_signal"] > 0 and report["good"] > report["at_signal"], report
            assert not any(report[key] for key in ("failed", "wrong", "missing")), report


def test_signal_that_kills(emulator, program, dice):
    """The default action, with operations in flight."""
    emu = emulator()
    for number in scope(dice.sample(SIGNALS, 2), SIGNALS):
        with no_trace(emu):
            process = program(probe(emu, "end", "default"))
            process.wait_output('"running": true')
            time.sleep(dice.random() / 20)
            os.kill(process.pid, number)
            assert process.wait().rc == -number
            assert members(process.pid) == []
        check_served(emu)


STORMS = {
    "life": lambda emu: probe(emu, "life"),
    "hotplug": lambda emu: hotplug(emu, 3),
    "bursts": lambda emu: probe(emu, "bursts", scope(20, 1000)),
}


@pytest.mark.parametrize("kind", STORMS)
def test_signals_all_the_time(emulator, kind):
    """Bring-up, traffic and close where every call that waits comes back with EINTR. (EAL's
    telemetry thread is one that gives up then: "Error with accept".)"""
    emu = emulator()
    with no_trace(emu):
        result = run(in_storm(STORMS[kind](emu)))
    assert result.rc == 0, str(result)
    for line in result.json_lines():
        assert line.get("good") == line.get("wanted", line.get("good")), str(result)
        assert not any(line.get(key) for key in ("failed", "wrong", "missing", "ret")) or \
            line.get("step") == "statistics", str(result)
    assert [c for c in result.complaints() if "TELEMETRY" not in c] == [], str(result)
    taken, threads = signals_taken(result.err)
    assert taken > 20 and threads >= 3, str(result)


def test_signals_all_the_time_for_a_stock_program(emulator, corpus):
    emu = emulator()
    with no_trace(emu):
        result = run(in_storm(compress_perf(emu.eal(), corpus / "text", "verify", iterations=1)))
    assert result.rc == 0, str(result)
    assert [c for c in result.complaints() if "TELEMETRY" not in c] == [], str(result)
    assert signals_taken(result.err)[0] > 20, str(result)


def test_signals_all_the_time_for_the_emulator(emulator):
    emu = emulator()
    emu.argv[len(WITH_US):] = in_storm(emu.argv[len(WITH_US):])
    emu.restart()
    with no_trace(emu):
        check_served(emu)
        check_served(emu)
    emu.signal(signal.SIGTERM)
    assert emu.process.wait(HANG_S) == 0, emu.log()
    taken, threads = signals_taken(emu.log())
    assert taken > 20 and threads >= 2, emu.log()


# ---- ends without a close ----

ENDS = {
    # A device that is started and has operations in flight is the driver's to stop.
    "cleanup": (0, [{"cleanup": 0}]),
    # The library refuses to close what is started, the driver what is not dequeued.
    "close": (0, [{"close": -16}, {"cleanup": 0}]),
    "stop": (0, [{"close": -11}, {"cleanup": 0}]),
    "rte_exit": (0, []),
    "return": (0, []),
    "exit": (0, []),
    # From a thread, while the main one goes on.
    "thread": (0, []),
    "_exit": (0, []),
    "abort": (-signal.SIGABRT, []),
    # Another program in the same process: it runs on after the device was let go.
    "exec": (0, []),
}


def test_end_without_close(emulator, program, dice):
    emu = emulator(dice.choice(["pf", "vf"]))
    for how in scope(["cleanup", "stop", "thread", "abort", "exec"], ENDS):
        rc, steps = ENDS[how]
        with no_trace(emu):
            process = program(probe(emu, "end", how))
            result = process.wait()
            assert result.rc == rc, str(result)
            told = [line for line in result.json_lines() if "running" not in line]
            assert told == steps, str(result)
            assert result.complaints() == [], str(result)
            assert members(process.pid) == []
    check_served(emu)


def test_files_after_ends(emulator, prefix):
    """Hugepage files and the runtime folder are EAL's, and stay when a process just ends. The next
    start takes them over, and after a clean end there are no more than without a device."""
    emu = emulator()
    no_device = ["-d", f"librte_{DRIVER}.so", *prefix, "--no-pci", "-l", "0"]
    assert run([PROBE, *no_device, "--", "end", DRIVER, "return"]).rc == 3
    before = files(prefix)
    for how in scope(["return", "abort"], ENDS):
        with no_trace(emu):
            run(probe(emu, "end", how, memory=prefix))
    check_served(emu, prefix)
    assert files(prefix) == before


# ---- killed at any instant ----

def test_kill_the_application(emulator, program, dice):
    """From before it has its connection to after it has closed it."""
    emu = emulator(dice.choice(["pf", "vf"]))
    once = probe(emu, "bursts", 20)
    whole = run(once).seconds
    count, early = rounds(3, 20), 0
    for _ in range(count):
        with no_trace(emu):
            process = program(dice.choice([once, hotplug(emu, 1000)]))
            time.sleep(dice.uniform(0, 1.3 * whole))
            early += process.stdout() == ""
            process.process.kill()
            process.wait()
            assert members(process.pid) == []
        check_served(emu)
    print(f"application killed {count} times, {early} of them before its first burst")


def test_kill_the_application_with_files(emulator, prefix, program, dice):
    """The same with memory in files, which the next start finds."""
    emu = emulator()
    whole = run(probe(emu, "bursts", "20", memory=prefix)).seconds
    before = files(prefix)
    for _ in range(rounds(2, 12)):
        with no_trace(emu):
            process = program(probe(emu, "bursts", "20", memory=prefix))
            time.sleep(dice.uniform(0, 1.1 * whole))
            process.process.kill()
            process.wait()
        check_served(emu, prefix)
        assert files(prefix) == before


def judge(result):
    """An application whose device may have died: it ends by itself with all that it gave, or says
    why it does not work. Nothing is said twice."""
    told = result.driver_lines()
    assert len(set(told)) == len(told), str(result)
    if result.rc != 0:
        # A lost connection, two stopped queues, and why there is no other one.
        assert result.rc in (1, 3) and 1 <= len(told) <= 8, str(result)
        return "not started"
    last = result.json_lines()[-1]
    if "enqueued" not in last:
        # All rounds of a device that comes and goes.
        return "back" if told else "unharmed"
    assert not any(last[key] for key in ("missing", "strange", "wrong")), str(result)
    assert last["enqueued"] == last["ok"] + last["failed"], str(result)
    if last["failed"] == 0:
        return "unharmed"
    assert result.err.count("the connection is lost") == 1, str(result)
    if last["ok_since_error"]:
        assert result.err.count("connected again") == 1, str(result)
        return "back"
    return "gone"


def test_kill_the_emulator(emulator, program, dice):
    """At bring-up, in traffic, while it closes; another one comes at once, later, or never."""
    emu = emulator(dice.choice(["pf", "vf"]))
    names = sorted(os.listdir(emu.dir))
    seen = dict.fromkeys(("unharmed", "back", "gone", "not started"), 0)
    for _ in range(rounds(3, 12)):
        process = program(dice.choice([probe(emu, "loop", 1, devargs="reconnect=1"),
                                       hotplug(emu, 10, ",reconnect=1")]))
        time.sleep(dice.uniform(0, 1.2))
        emu.signal(signal.SIGKILL)
        emu.process.wait()
        comes_after = dice.choice([0, dice.random(), None])
        if comes_after is not None:
            time.sleep(comes_after)
            emu.start()
        seen[judge(process.wait())] += 1
        assert members(process.pid) == []
        if comes_after is None:
            emu.start()
        assert sorted(os.listdir(emu.dir)) == names
        check_served(emu)
    print(f"emulator killed; the application was {seen}")


def test_kill_the_emulator_at_its_start(emulator, dice):
    """It leaves sockets, or part of them; the next one takes them over."""
    emu = emulator("all", vfs=3, options=["--control={dir}/control"])
    for _ in range(rounds(5, 50)):
        emu.signal(signal.SIGKILL)
        emu.process.wait()
        early = subprocess.Popen([str(word) for word in emu.argv], stderr=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL)
        time.sleep(dice.uniform(0, 0.03))
        early.kill()
        early.wait()
        emu.start()
        assert sorted(os.listdir(emu.dir)) == ["control", "pf.sock", "stderr", "vf0.sock",
                                               "vf1.sock", "vf2.sock"]
    check_served(emu)
