# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""What telemetry tells of a queue pair, against what the program knows."""

import json
import os
import shutil
import socket
import time

import pytest

from harness import DRIVER, PROBE, scope

STATS = "/hisi_zip/queue_pair/stats"
DEVICE = "/hisi_zip/device/stats"


class Telemetry:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.settimeout(10)
        self.socket.connect(path)
        self.socket.recv(16384)

    def ask(self, command):
        self.socket.send(command.encode())
        return json.loads(self.socket.recv(65536))[command.split(",")[0]]


@pytest.fixture
def counting(emulator, program):
    """A maker of programs that do so many bursts and tell; and their telemetry."""
    name = f"hisi-test-{os.getpid()}-{time.monotonic_ns()}"

    def start(version, bursts):
        emu = emulator(version=version)
        memory = ["--no-huge", "-m", "256", f"--file-prefix={name}"]
        process = program([PROBE, *emu.eal(lcores="0", memory=memory), "--", "count", DRIVER,
                           str(bursts)])
        process.wait_output('"running": true')
        return process, Telemetry(f"/var/run/dpdk/{name}/dpdk_telemetry.v2")

    yield start
    shutil.rmtree(f"/var/run/dpdk/{name}", ignore_errors=True)


def flat(stats):
    """One level of names, numbers only."""
    out = {}
    for name, value in stats.items():
        if isinstance(value, dict):
            out.update({f"{name}.{key}": v for key, v in value.items()})
        else:
            out[name] = value
    return out


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_counters(counting, version):
    bursts = scope(200, 2000)
    process, telemetry = counting(version, bursts)
    # While it runs nothing goes backwards.
    before = flat(telemetry.ask(STATS + ",0,0"))
    looks = 0
    while '"what": "count"' not in process.stdout():
        now = flat(telemetry.ask(STATS + ",0,0"))
        assert all(now[name] >= before[name] for name in before), (before, now)
        before = now
        looks += 1
        assert looks < 100000
    process.wait_output('"what": "count"', 60)
    told = {line.get("what"): line for line in process.result().json_lines()}
    counted, report = told["counted"], told["count"]
    stats = telemetry.ask(STATS + ",0,0")
    compress, decompress = stats["compress_queue"], stats["decompress_queue"]

    ops = 32 * bursts + 1
    assert stats["enqueued"] == ops and stats["dequeued"] == ops, stats
    assert stats["errors"] == report["failed"] == bursts, (stats, report)
    assert stats["status_invalid_args"] == bursts and stats["status_error"] == 0, stats
    assert stats["bytes_in"] == counted["bytes_in"], (stats, counted)
    assert stats["bytes_out"] == counted["bytes_out"], (stats, counted)
    # Each odd op by its reason.
    assert stats["empty"] == stats["tiny"] == stats["invalid"] == bursts, stats
    assert stats["chained"] == bursts, stats
    assert stats["inflate"] == (16 * bursts if version == "v2" else 0), stats
    assert stats["dead"] == stats["stopped"] == 0, stats
    # One doorbell for a burst and a hardware queue, one for 32 completions or more.
    on_compress = 13 * bursts + 1
    on_decompress = 0 if version == "v2" else 16 * bursts
    assert compress["doorbells"] <= counted["calls"], (stats, counted)
    assert decompress["doorbells"] <= counted["calls"], (stats, counted)
    assert on_compress // 64 <= compress["cq_doorbells"] <= on_compress // 32, stats
    assert on_decompress // 64 <= decompress["cq_doorbells"] <= on_decompress // 32, stats
    for queue in (compress, decompress):
        assert queue["bad_cqes"] == queue["timeouts"] == queue["returned"] == 0, stats
        assert queue["unordered"] == queue["full"] == 0, stats
        assert queue["foreign_enqueues"] == queue["foreign_dequeues"] == 0, stats
    assert compress["queue"] != decompress["queue"]
    assert compress["depth"] == 512


def test_names_that_are_none(counting):
    _, telemetry = counting("v3", 1)
    for parameters in ["", ",", ",0", ",0,", ",x,0", ",0,x", ",0,0x", ",1,0", ",0,1", ",255,0",
                       ",-1,0", ",0,-1", ",99999999999999999999,0", ",63,0", ",64,0"]:
        assert not telemetry.ask(STATS + parameters), parameters
    assert telemetry.ask(STATS + ",0,0")["dequeued"] > 0
    for parameters in ["", ",", ",x", ",0,", ",0,0", ",1", ",-1", ",99999999999999999999"]:
        assert not telemetry.ask(DEVICE + parameters), parameters


def test_state_of_a_device(counting):
    _, telemetry = counting("v3", 1)
    device = telemetry.ask(DEVICE + ",0")
    assert device["name"] == f"{DRIVER}0" and device["state"] == "ready", device
    assert device["hardware_queues"] == 64 and device["resets"] == 1, device
    assert device["mailbox_commands"] >= 4 + 4, device
    assert device["async_events"] == device["hardware_errors"] == 0, device
    assert device["mailbox_errors"] == device["queue_stops"] == 0, device
