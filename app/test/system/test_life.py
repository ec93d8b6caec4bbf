# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""A device's life in the hands of an application."""

from harness import DRIVER, NO_HUGE, PROBE, run, scope


def check_good(result):
    assert result.rc == 0, str(result)
    steps = result.json_lines()
    for step in steps:
        if "wanted" in step:
            assert step["good"] == step["wanted"], str(result)
    return steps


def test_set_up_again_and_again(emulator):
    emu = emulator()
    steps = check_good(run([PROBE, *emu.eal(lcores="0"), "--", "life", DRIVER]))
    assert len(steps) == 6
    stats = {step.pop("step"): step for step in steps if "enqueued" in step}
    assert stats["statistics"] == {"ret": 0, "enqueued": 32, "dequeued": 32, "enqueue_errors": 0,
                                   "dequeue_errors": 0}
    assert stats["statistics after a reset"] == {"ret": 0, "enqueued": 0, "dequeued": 0,
                                                 "enqueue_errors": 0, "dequeue_errors": 0}


def test_added_and_removed(emulator):
    """At run time, and the same name again and again."""
    emu = emulator()
    rounds = scope(3, 10)
    result = run([PROBE, "-d", f"librte_{DRIVER}.so", *NO_HUGE, "--no-pci", "-l", "0", "--",
                  "hotplug", DRIVER, f"socket={emu.sockets[0]}", str(rounds)])
    steps = check_good(result)
    assert len(steps) == 2 * rounds, str(result)
    assert all(s["ret"] == 0 and s["devices"] == 0 for s in steps if s["step"] == "remove")
    assert result.complaints() == [], str(result)


def test_memory_that_comes_and_goes(emulator, hugepages):
    emu = emulator()
    for memory in [hugepages, ["--in-memory", "--no-telemetry"]]:
        result = run([PROBE, *emu.eal(lcores="0", memory=memory), "--", "grow", DRIVER, "3"])
        assert len(check_good(result)) == 6
        assert result.complaints() == [], str(result)


def test_secondary_leaves_the_primary_alone(emulator, program, prefix):
    """It attaches or says once why it cannot; the primary does not notice."""
    emu = emulator()
    eal = emu.eal(lcores="0", memory=prefix)
    first = program([PROBE, *eal, "--", "loop", DRIVER, "3600"])
    first.wait_output('"running": true')
    second = run([PROBE, *eal, "--proc-type=secondary", "--", "idle", DRIVER, "0", "0"])
    assert second.rc >= 0, f"died of a signal: {second}"
    assert len(second.driver_lines()) <= 1, str(second)
    first.process.terminate()
    report = first.wait().json_lines()[-1]
    assert report["failed"] == 0 and report["missing"] == 0 and report["ok"] > 0, report
