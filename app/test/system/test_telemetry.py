# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""What telemetry tells of devices and queues, against what the program knows; and Prometheus."""

import contextlib
import importlib.util
import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from any_time import come_to
from harness import DRIVER, HANG_S, PROBE, TOP, run, runtime_dir, scope
from testacc import TESTACC

EXPORTER = TOP / "devtools/telemetry_exporter.py"


def command(verb):
    return f"/{DRIVER}/{verb}"


class Telemetry:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.settimeout(HANG_S)
        self.socket.connect(str(path))
        self.socket.recv(16384)

    def ask(self, command):
        self.socket.send(command.encode())
        return json.loads(self.socket.recv(65536))[command.split(",")[0]]


class Counting:
    """Programs that do so many bursts and tell, with their telemetry."""

    def __init__(self, emulator, program):
        self.prefix = f"hisi-test-{os.getpid()}-{time.monotonic_ns()}"
        self.emulator, self.program = emulator, program

    def __call__(self, version="v3", bursts=1):
        emu = self.emulator(version=version)
        memory = ["--no-huge", "-m", "256", f"--file-prefix={self.prefix}"]
        process = self.program([PROBE, *emu.eal(lcores="0", memory=memory), "--", "count", DRIVER,
                                str(bursts)])
        process.wait_output('"running": true')
        return process, Telemetry(runtime_dir(self.prefix) / "dpdk_telemetry.v2")


@pytest.fixture
def counting(emulator, program):
    one = Counting(emulator, program)
    yield one
    shutil.rmtree(runtime_dir(one.prefix), ignore_errors=True)


def flat(stats):
    """One level of names, numbers only."""
    out = {}
    for name, value in stats.items():
        if isinstance(value, dict):
            out.update({f"{name}.{key}": v for key, v in value.items()})
        elif not isinstance(value, str):
            out[name] = value
    return out


GAUGES = ("in_flight", "type", "state")


def look(telemetry):
    """All counters of the device."""
    stats = telemetry.ask(command("stats") + ",0")
    stats.update(telemetry.ask(command("queues") + ",0"))
    return {name: value for name, value in flat(stats).items() if not name.endswith(GAUGES)}


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_counters(counting, version):
    bursts = scope(200, 2000)
    process, telemetry = counting(version, bursts)
    # While it runs nothing goes backwards.
    before, end = look(telemetry), time.monotonic() + HANG_S
    while '"what": "count"' not in process.stdout():
        now = look(telemetry)
        assert all(now[name] >= before[name] for name in before), (before, now)
        before = now
        assert time.monotonic() < end, str(process.result())
    told = {line.get("what"): line for line in process.result().json_lines()}
    counted, report = told["counted"], told["count"]
    stats = telemetry.ask(command("stats") + ",0")
    queues = telemetry.ask(command("queues") + ",0")
    assert [queue["type"] for queue in queues.values()] == ["compress", "decompress"], queues
    compress, decompress = queues.values()

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
    assert stats["dead"] == stats["stopped"] == stats["queue_replayed"] == 0, stats
    # One doorbell for a burst and a hardware queue, one for 32 completions or more.
    on_compress = 13 * bursts + 1
    on_decompress = 0 if version == "v2" else 16 * bursts
    assert compress["doorbells"] <= counted["calls"], (stats, counted)
    assert decompress["doorbells"] <= counted["calls"], (stats, counted)
    assert on_compress // 64 <= compress["cq_doorbells"] <= on_compress // 32, queues
    assert on_decompress // 64 <= decompress["cq_doorbells"] <= on_decompress // 32, queues
    for queue in (compress, decompress):
        assert queue["bad_cqes"] == queue["timeouts"] == queue["returned"] == 0, queues
        assert queue["unordered"] == queue["full"] == 0, queues
        assert queue["foreign_enqueues"] == queue["foreign_dequeues"] == 0, queues
        assert queue["state"] == "running" and queue["in_flight"] == 0, queues
        # Memory of --no-huge.
        assert queue["page_bytes"] == 4096 and queue["numa_node"] >= -1, queues
    assert compress["depth"] == 512


def test_names_that_are_none(counting):
    process, telemetry = counting()
    process.wait_output('"what": "count"')
    for verb in VERBS:
        for parameters in ["", ",", ",1", ",-1", ",none", ",0,x", ",0,-1", ",0,", ",0,1,2",
                           ",99999999999999999999", ",0,99999999999999999999", "," + "x" * 200]:
            assert not telemetry.ask(command(verb) + parameters), (verb, parameters)
        assert telemetry.ask(command(verb) + ",0") == \
            telemetry.ask(f"{command(verb)},{DRIVER}0") or verb in ("mailbox", "dump"), verb
    assert telemetry.ask(command("stats") + ",0")["dequeued"] > 0


VERBS = ["info", "stats", "queues", "errors", "latency", "dump", "mailbox"]


def test_what_a_device_is(counting):
    _, telemetry = counting()
    assert telemetry.ask(command("list")) == [f"{DRIVER}0"]
    listed = telemetry.ask("/")
    assert {command(verb) for verb in ["list", *VERBS]} <= set(listed), listed
    info = telemetry.ask(command("info") + ",0")
    assert info == {
        "name": f"{DRIVER}0", "driver": DRIVER, "engine": "ZIP", "bus": "vfio-user",
        "version": "V3", "function": "pf", "state": "ready", "numa_node": info["numa_node"],
        "hardware_queues": 64, "queues": 2, "timeout_ms": info["timeout_ms"],
        "on_error": "report", "fallback": 1}, info
    stats = telemetry.ask(command("stats") + ",0")
    assert stats["resets"] == 1 and stats["mailbox_commands"] >= 4 + 4, stats
    assert stats["async_events"] == stats["hardware_errors"] == stats["losses"] == 0, stats
    assert stats["mailbox_errors"] == stats["queue_stops"] == 0, stats
    assert telemetry.ask(command("errors") + ",0") == {}
    mailbox = telemetry.ask(command("mailbox") + ",0")
    assert len(mailbox) == stats["mailbox_commands"], (mailbox, stats)
    assert {row["result"] for row in mailbox.values()} == {"ok"}, mailbox
    assert {"sqc", "cqc"} <= {row["command"] for row in mailbox.values()}, mailbox


@pytest.fixture
def asked(emulator, program):
    """A dpdk-testacc with telemetry, on so many queue pairs; a script of commands by stdin."""
    prefix = f"hisi-test-{os.getpid()}-{time.monotonic_ns()}"

    def start(commands, options=(), **keys):
        emu = emulator(options=options, **keys)
        memory = ["--no-huge", "-m", "256", f"--file-prefix={prefix}"]
        process = program([TESTACC, *emu.eal(memory=memory), "--", f"--control={emu.dir}/control",
                           "-e", f"{commands}; show lcores; wait 1000"])
        process.wait_output("worker")
        return Telemetry(runtime_dir(prefix) / "dpdk_telemetry.v2"), prefix

    yield start
    shutil.rmtree(runtime_dir(prefix), ignore_errors=True)


def test_many_queues(asked):
    """More than one answer holds: page after page, each queue once."""
    telemetry, _ = asked("set queues 20; set depth 4; start 1")
    pages, first = [], 0
    while first is not None:
        page = telemetry.ask(f"{command('queues')},0,{first}")
        first = page.pop("next", None)
        pages.append(list(map(int, page)))
    assert [len(page) for page in pages] == [16, 16, 8] and sum(pages, []) == list(range(40)), pages
    assert telemetry.ask(f"{command('queues')},0,40") == {}


def test_error_and_remedy(asked):
    """A fault of the model's by its name, with what to do about it, uncut."""
    telemetry, prefix = asked("inject ras block=engine bit=3; start 1",
                              options=["--control={dir}/control"])
    come_to(1, lambda: len(telemetry.ask(command("errors") + ",0")))
    row, = telemetry.ask(command("errors") + ",0").values()
    assert (row["source"], row["code"], row["name"], row["count"]) == \
        ("ZIP", 3, "axi_bresp", 1), row
    remedy = " ".join(row["what_to_do"])
    assert len(remedy) > 127 and remedy.endswith("register that memory."), row
    metrics = parse(run([EXPORTER, "--once", f"--file-prefix={prefix}"]).out)
    labels = {"process": prefix, "driver": DRIVER, "device": f"{DRIVER}0",
              "source": "ZIP", "code": "3", "name": "axi_bresp"}
    assert (labels, 1) in metrics["hisi_errors_total"], metrics


def test_latency_and_dump(asked):
    """Each operation counts once, where its size belongs; a dump is one that decode takes."""
    telemetry, prefix = asked("set size 4k; start 1; set size 300,9000; start 1")
    stats = telemetry.ask(command("stats") + ",0")
    rows = list(telemetry.ask(command("latency") + ",0").values())
    assert {row["type"] for row in rows} == {"compress"}, rows
    assert sum(row["ops"] for row in rows) == stats["dequeued"], (rows, stats)
    for row in rows:
        buckets = {name: value for name, value in row.items() if name.startswith("below_")}
        assert buckets and sum(buckets.values()) == row["ops"], row
    result = run([EXPORTER, "--once", f"--file-prefix={prefix}"])
    samples = parse(result.out)
    counts = [value for labels, value in samples["hisi_op_seconds_bucket"]
              if labels["le"] == "+Inf"]
    assert sum(counts) == stats["dequeued"], samples
    path = telemetry.ask(command("dump") + ",0")["file"]
    result = run([TESTACC, "decode", path])
    assert result.rc == 0 and "somebody asked for it" in result.out, str(result)
    os.unlink(path)


LOOKS = 100


def say(process, *lines):
    """Commands to a dpdk-testacc without a terminal."""
    process.process.stdin.write("".join(line + "\n" for line in lines).encode())
    process.process.stdin.flush()


def ask_queues(clients):
    """How many queues there are, as each client sees it."""
    answers = [client.ask(command("queues") + ",0") for client in clients]
    clients[0].ask(command("stats") + ",0")
    for queues in filter(None, answers):
        assert all(len(queue) == 17 for queue in queues.values()), queues
    return {len(queues or ()) for queues in answers}


def test_queues_come_and_go(emulator, program):
    """While it is asked without a pause, by several; each answer is whole, or none."""
    prefix = f"hisi-test-{os.getpid()}-{time.monotonic_ns()}"
    try:
        memory = ["--no-huge", "-m", "256", f"--file-prefix={prefix}"]
        process = program([TESTACC, *emulator().eal(memory=memory)], stdin=subprocess.PIPE)
        say(process, "set depth 16", "show lcores")
        process.wait_output("worker")
        clients = [Telemetry(runtime_dir(prefix) / "dpdk_telemetry.v2") for _ in range(3)]
        for count in [1, 8] * scope(2, 5):
            say(process, f"set queues {count}", "start")
            seen, end = 0, time.monotonic() + HANG_S
            while seen < LOOKS:
                seen += ask_queues(clients) == {2 * count}
                assert time.monotonic() < end, str(process.result())
            say(process, "stop")
        process.process.stdin.close()
        with contextlib.suppress(OSError, ValueError):
            # Until it ends.
            while process.process.poll() is None:
                ask_queues(clients)
        assert process.wait().rc == 0
    finally:
        shutil.rmtree(runtime_dir(prefix), ignore_errors=True)


def test_secondary(emulator, prefix, program):
    """EAL serves telemetry in a primary only: what a secondary counts is told there."""
    emu = emulator()
    argv = [PROBE, *emu.eal(lcores="0", memory=prefix)]
    first = program([*argv, "--", "primary", DRIVER, "2", "3600000"])
    first.wait_output('"running": true')
    name = prefix[0].partition("=")[2]
    telemetry = Telemetry(runtime_dir(name) / "dpdk_telemetry.v2")

    def doorbells():
        return [queue["doorbells"] for queue in telemetry.ask(command("queues") + ",0").values()]

    before = doorbells()
    second = program([*argv, "--proc-type=secondary", "--", "secondary", DRIVER, "1", "500"])
    assert second.wait().rc == 0
    after = doorbells()
    assert len(after) == 4 and after[2] > before[2] and after[3] > before[3], (before, after)


def load_exporter():
    spec = importlib.util.spec_from_file_location("telemetry_exporter", EXPORTER)
    exporter = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(exporter)
    return exporter


SAMPLE = re.compile(r'([a-z_:][a-z0-9_:]*)\{((?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)*)\} (\S+)')
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')


def parse(text):
    """Prometheus' text format 0.0.4, strictly: {name: [(labels, value)]}."""
    samples, helped, typed = {}, set(), {}
    assert text.endswith("\n")
    for line in text.splitlines():
        if line.startswith("# HELP "):
            name = line.split()[2]
            assert name not in helped and len(line.split()) > 3, line
            helped.add(name)
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split()
            assert name in helped and name not in typed, line
            assert kind in ("counter", "gauge", "histogram"), line
            typed[name] = kind
        else:
            match = SAMPLE.fullmatch(line)
            assert match, line
            name, labels, value = match.groups()
            family = name if name in typed else re.sub("_(bucket|sum|count)$", "", name)
            assert list(typed)[-1] == family, f"{line}: not behind its own TYPE"
            assert (typed[family] == "counter") == name.endswith("_total"), line
            pairs = {key: re.sub(r"\\(.)", lambda m: {"n": "\n"}.get(m[1], m[1]), text)
                     for key, text in LABEL.findall(labels)}
            assert all(pairs != other for other, _ in samples.get(name, [])), f"{line}: twice"
            samples.setdefault(name, []).append((pairs, float(value)))
    return samples


def test_exporter(counting, program):
    """What telemetry says, in Prometheus' words: once, and by HTTP."""
    process, telemetry = counting("v3", 10)
    process.wait_output('"what": "count"')
    prefix = counting.prefix
    result = run([EXPORTER, "--once", f"--file-prefix={prefix}"])
    assert result.rc == 0 and not result.err, str(result)
    once = parse(result.out)
    server = program([EXPORTER, "--listen", "127.0.0.1:0", f"--file-prefix={prefix}"])
    server.wait_output("/metrics")
    url = server.stdout().split()[1]
    with urllib.request.urlopen(url, timeout=HANG_S) as answer:
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4"), answer
        served = parse(answer.read().decode())
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(url.replace("metrics", "other"), timeout=HANG_S)
    assert error.value.code == 404
    device = {"process": prefix, "driver": DRIVER, "device": f"{DRIVER}0"}
    stats = telemetry.ask(command("stats") + ",0")
    for metrics in (once, served):
        assert metrics["hisi_up"] == [({"process": prefix}, 1)], metrics
        assert metrics["hisi_ops_dequeued_total"] == [(device, stats["dequeued"])], metrics
        assert ({**device, "reason": "tiny"}, 10) in metrics["hisi_ops_by_reason_total"], metrics
        assert ({**device, "status": "invalid_args"}, 10) in \
            metrics["hisi_ops_by_status_total"], metrics
        assert len(metrics["hisi_queue_page_bytes"]) == 2, metrics
        assert sum(value for _, value in metrics["hisi_op_seconds_count"]) > 100, metrics
        states = {labels["state"]: value for labels, value in metrics["hisi_device_state"]}
        assert states.pop("ready") == 1 and set(states.values()) == {0}, metrics
        # Every counter of the driver has a text of its own.
    assert "of the driver" not in result.out, result.out
    assert once.keys() == served.keys()


def test_exporter_of_crypto(emulator, program):
    """The same commands for another class, and no counter without a text."""
    prefix = f"hisi-test-{os.getpid()}-{time.monotonic_ns()}"
    memory = ["--no-huge", "-m", "256", f"--file-prefix={prefix}"]
    try:
        emu = emulator(engine="sec")
        process = program([TESTACC, *emu.eal(memory=memory), "--", "-e",
                           "set op cipher; set depth 16; start 1; show lcores; wait 1000"])
        process.wait_output("worker")
        result = run([EXPORTER, "--once", f"--file-prefix={prefix}"])
    finally:
        shutil.rmtree(runtime_dir(prefix), ignore_errors=True)
    metrics = parse(result.out)
    device = {"process": prefix, "driver": "crypto_hisi_sec", "device": "crypto_hisi_sec0"}
    [(labels, ops)] = metrics["hisi_ops_dequeued_total"]
    assert labels == device and ops > 0, metrics
    assert metrics["hisi_bytes_total"] == [(device, 4096 * ops)], metrics
    assert "of the driver" not in result.out, result.out


def test_exporter_latency():
    """Cumulative, complete, and of bounds that stay: by numbers that are known."""
    metrics = load_exporter()
    out = metrics.Metrics()
    rows = {"0": {"type": "compress", "size_from": 4096, "size_to": 8191, "ops": 7,
                  "below_1578_ns": 2, "below_12622_ns": 4, "below_25244_ns": 1},
            "1": {"type": "compress", "size": "chained", "ops": 1, "below_25244_ns": 1}}
    metrics.add_latency(out, rows, {"device": "d"})
    told = parse(out.text())
    for size, ops in [("4096-8191", 7), ("chained", 1)]:
        buckets = [(labels["le"], value) for labels, value in told["hisi_op_seconds_bucket"]
                   if labels["size"] == size]
        values = [value for _, value in buckets]
        assert values == sorted(values) and buckets[-1] == ("+Inf", ops), buckets
        assert len(buckets) > 20 and len({le for le, _ in buckets}) == len(buckets), buckets
        bounds = [float(le) for le, _ in buckets]
        assert bounds == sorted(bounds), buckets
    found = {labels["le"]: value for labels, value in told["hisi_op_seconds_bucket"]
             if labels["size"] == "4096-8191"}
    assert [found[le] for le in ("7.89e-07", "1.58e-06", "3.16e-06", "6.31e-06", "1.26e-05",
                                 "2.52e-05")] == [0, 2, 2, 2, 6, 7], found
    assert [value for _, value in told["hisi_op_seconds_count"]] == [7, 1], told


def test_exporter_without_process():
    """It says so, and that is a sample too."""
    result = run([EXPORTER, "--once", "--file-prefix=hisi-test-none"])
    assert result.rc == 1 and "hisi-test-none" in result.err, str(result)
    assert parse(result.out) == {"hisi_up": [({"process": "hisi-test-none"}, 0)]}, str(result)
    assert re.fullmatch(r"telemetry_exporter: .*: No such file or directory; does .*\n",
                        result.err), str(result)
    result = run([EXPORTER, "--listen", "192.0.2.1:80"])
    assert result.rc == 1 and result.err.count("\n") == 1, str(result)
    assert "--listen 192.0.2.1:80: " in result.err, str(result)
    result = run([EXPORTER, "--listen", "nowhere"])
    assert result.rc == 2 and "127.0.0.1:9488" in result.err, str(result)


def test_exporter_listens(program):
    """On an address of the other family too."""
    server = program([EXPORTER, "--listen", "[::1]:0", "--file-prefix=hisi-test-none"])
    server.wait_output("/metrics")
    url = server.stdout().split()[1]
    assert url.startswith("http://[::1]:"), url
    with urllib.request.urlopen(url, timeout=HANG_S) as answer:
        assert list(parse(answer.read().decode())) == ["hisi_up"]
    result = run([EXPORTER, "--listen", url.split("/")[2]])
    assert result.rc == 1 and "in use" in result.err, str(result)


def test_exporter_runtime_directory(tmp_path):
    """Of a service of systemd, as EAL has it."""
    result = run([EXPORTER, "--once"], env={**os.environ, "RUNTIME_DIRECTORY": str(tmp_path)})
    assert result.rc == 1 and f"{tmp_path}/dpdk/rte/dpdk_telemetry.v2" in result.err, str(result)


def test_exporter_escapes():
    metrics = load_exporter().Metrics()
    label = 'a "b" \\ c\nd'
    metrics.gauge("odd", "one\ntwo \\", 1, {"name": label})
    assert parse(metrics.text()) == {"hisi_odd": [({"name": label}, 1)]}
