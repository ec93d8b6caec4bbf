#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Tells Prometheus what the hisi drivers of DPDK processes tell by telemetry.

    telemetry_exporter.py --once                        the text, to stdout
    telemetry_exporter.py --listen 127.0.0.1:9488       http://127.0.0.1:9488/metrics

Read-only: it asks /DRIVER/list, info, stats, queues, errors and latency of every driver that the
process has, and nothing else. Without --file-prefix it asks the process with EAL's own prefix, rte.
"""

import argparse
import json
import os
import re
import socket
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

TIMEOUT_S = 10
ANSWER_LEN = 1 << 20
DRIVER = re.compile(r"/(\w+_hisi_\w+)/list")

# Counters of /stats: what the metric is, with labels where several are one metric.
REASON = "Operations that did not go to the ring as they stand, by reason"
STATUS = "Operations that came back without success, by status"
REFUSAL = "Operations that on_error=replay did not do again, by reason"
COUNTERS = {
    "enqueued": ("ops_enqueued", "Operations taken from the application"),
    "dequeued": ("ops_dequeued", "Operations given back to the application"),
    "errors": ("ops_failed", "Operations given back without success"),
    "bytes_in": ("in_bytes", "Bytes that operations consumed"),
    "bytes": ("bytes", "Bytes of operations that have one length"),
    "refused": ("ops_refused", "Operations that enqueue did not take, with their reason in them"),
    "bytes_out": ("out_bytes", "Bytes that operations produced"),
    "mailbox_commands": ("mailbox_commands", "Mailbox commands of the function"),
    "mailbox_busy": ("mailbox_busy", "Mailbox commands that found the mailbox busy"),
    "mailbox_errors": ("mailbox_errors", "Mailbox commands that failed"),
    "events": ("events", "Entries of the event queue"),
    "async_events": ("async_events", "Entries of the asynchronous event queue"),
    "hardware_errors": ("hardware_errors", "Error bits of the device that were seen set"),
    "interrupts": ("interrupts", "Interrupts of the device"),
    "resets": ("resets", "Resets of the function, the one of its start included"),
    "queue_stops": ("queue_stops", "Hardware queues that were stopped after trouble"),
    "messages_sent": ("messages_sent", "Messages between PF and VFs, sent"),
    "messages_received": ("messages_received", "Messages between PF and VFs, received"),
    "messages_unknown": ("messages_unknown", "Messages between PF and VFs that make no sense"),
    "losses": ("losses", "Connections to a model that ended"),
    "reconnects": ("reconnects", "Connections to a model that were made again"),
}
BY_PREFIX = [
    ("status_", "ops_by_status", "status", STATUS),
    ("replay_refused_", "replays_refused", "reason", REFUSAL),
]
STATES = ["starting", "ready", "resetting", "dead", "closed"]
# Those of all classes: other names are counters of their own.
REASONS = {"empty", "tiny", "invalid", "dead", "stopped", "inflate", "chained",
           "session", "session_pool_empty", "soft_empty", "soft_ctr", "soft_long", "two_steps",
           "sessionless"}

QUEUE_COUNTERS = {
    "doorbells": "Doorbells of submission queues",
    "cq_doorbells": "Doorbells of completion queues",
    "full": "Bursts cut short because no descriptor was free",
    "empty_polls": "Dequeue bursts that found nothing, with operations in flight",
    "unordered": "Completions out of the order of the ring",
    "bad_cqes": "Completions that cannot be",
    "timeouts": "Times that a queue made no progress for timeout_ms",
    "returned": "Operations handed back without a completion",
    "replayed": "Operations done again (on_error=replay)",
    "foreign_enqueues": "Enqueue calls by an lcore that does not own the queue",
    "foreign_dequeues": "Dequeue calls by an lcore that does not own the queue",
}
QUEUE_GAUGES = {
    "depth": ("queue_depth", "Entries of the rings"),
    "in_flight": ("queue_in_flight", "Operations that dequeue has not returned"),
    "page_bytes": ("queue_page_bytes", "Size of the pages under the rings"),
}

LATENCY = "Time of operations from their doorbell to dequeue, by size of the input"
LATENCY_LEAST_S, LATENCY_MOST_S = 250e-9, 64


def escape_label(text):
    return str(text).replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def escape_help(text):
    return text.replace("\\", "\\\\").replace("\n", "\\n")


class Metrics:
    """Families of samples, written as Prometheus' text format 0.0.4 wants them."""

    def __init__(self):
        self.families = {}

    def add(self, name, kind, text, value, labels, suffix=""):
        family = self.families.setdefault(f"hisi_{name}", (kind, text, []))
        family[2].append((suffix, labels, value))

    def counter(self, name, text, value, labels):
        self.add(f"{name}_total", "counter", text, value, labels)

    def gauge(self, name, text, value, labels):
        self.add(name, "gauge", text, value, labels)

    def text(self):
        lines = []
        for name, (kind, text, samples) in sorted(self.families.items()):
            lines.append(f"# HELP {name} {escape_help(text)}")
            lines.append(f"# TYPE {name} {kind}")
            for suffix, labels, value in samples:
                pairs = ",".join(f'{k}="{escape_label(v)}"' for k, v in labels.items())
                lines.append(f"{name}{suffix}{{{pairs}}} {value}")
        return "\n".join(lines) + "\n"


class Process:
    """Telemetry of a DPDK process."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.settimeout(TIMEOUT_S)
        try:
            self.socket.connect(str(path))
            self.socket.recv(ANSWER_LEN)
        except OSError:
            self.socket.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def ask(self, command, *params):
        """What it answers, None: nothing."""
        self.socket.send(",".join([command, *map(str, params)]).encode())
        return json.loads(self.socket.recv(ANSWER_LEN))[command]

    def rows(self, command, device):
        """Rows of all pages, by their numbers."""
        rows, first = {}, 0
        while first is not None:
            page = self.ask(command, device, first) or {}
            first = page.pop("next", None)
            rows.update(page)
        return rows

    def drivers(self):
        found = (DRIVER.fullmatch(command) for command in self.ask("/"))
        return [match.group(1) for match in found if match]


def add_stats(metrics, stats, labels):
    for name, value in stats.items():
        # Sums of what each queue counts by itself.
        if name.startswith("queue_") and name != "queue_stops":
            continue
        split = next((row for row in BY_PREFIX if name.startswith(row[0])), None)
        if split:
            prefix, metric, label, text = split
            metrics.counter(metric, text, value, {**labels, label: name.removeprefix(prefix)})
        elif name in REASONS:
            metrics.counter("ops_by_reason", REASON, value, {**labels, "reason": name})
        else:
            metric, text = COUNTERS.get(name, (name, f"Counter {name} of the driver"))
            metrics.counter(metric, text, value, labels)


def add_queues(metrics, queues, labels):
    for number, queue in queues.items():
        own = {**labels, "queue": number, "type": queue["type"]}
        metrics.gauge("queue_running", "1 while the queue takes operations",
                      int(queue["state"] == "running"), own)
        for name, (metric, text) in QUEUE_GAUGES.items():
            metrics.gauge(metric, text, queue[name], own)
        for name, text in QUEUE_COUNTERS.items():
            metrics.counter(f"queue_{name}", text, queue[name], own)


def add_info(metrics, info, labels):
    told = {key: info[key] for key in ("engine", "bus", "version", "function", "on_error")}
    metrics.gauge("device_info", "What a device is", 1, {**labels, **told})
    for state in STATES:
        metrics.gauge("device_state", "1 of the state that the device is in",
                      int(info["state"] == state), {**labels, "state": state})
    metrics.gauge("device_hardware_queues", "Hardware queues that the device may use",
                  info["hardware_queues"], labels)
    metrics.gauge("device_queues", "Hardware queues that are set up", info["queues"], labels)


def add_errors(metrics, errors, labels):
    for error in errors.values():
        metrics.counter("errors", "Errors that the device reported", error["count"],
                        {**labels, "source": error["source"], "code": error["code"],
                         "name": error["name"]})


def bounds_of(largest_ns):
    """Bounds of all buckets, in seconds, up and down from the largest that there is, whose number
    of nanoseconds is rounded least. Empty buckets are told too: a sum over devices needs the same
    ones of each."""
    bound = largest_ns / 1e9
    while bound < LATENCY_MOST_S:
        bound *= 2
    bounds = []
    while bound > LATENCY_LEAST_S:
        bounds.insert(0, bound)
        bound /= 2
    return bounds


def add_latency(metrics, rows, labels):
    """Buckets by the time that all of theirs are below; there is no sum of the times."""
    for row in rows.values():
        size = row.get("size") or f"{row['size_from']}-{row.get('size_to', '')}"
        own = {**labels, "type": row["type"], "size": size}
        below = {int(name.split("_")[1]): value for name, value in row.items()
                 if name.startswith("below_")}
        for bound in bounds_of(max(below)):
            ops = sum(value for ns, value in below.items() if ns < bound * 1.01e9)
            metrics.add("op_seconds", "histogram", LATENCY, ops, {**own, "le": f"{bound:.3g}"},
                        "_bucket")
        metrics.add("op_seconds", "histogram", LATENCY, row["ops"], {**own, "le": "+Inf"},
                    "_bucket")
        metrics.add("op_seconds", "histogram", LATENCY, row["ops"], own, "_count")


def add_device(metrics, process, driver, device, labels):
    labels = {**labels, "driver": driver, "device": device}
    info = process.ask(f"/{driver}/info", device)
    if info is None:
        # It went away since it was listed.
        return
    add_info(metrics, info, labels)
    add_stats(metrics, process.ask(f"/{driver}/stats", device) or {}, labels)
    add_queues(metrics, process.rows(f"/{driver}/queues", device), labels)
    add_errors(metrics, process.rows(f"/{driver}/errors", device), labels)
    add_latency(metrics, process.rows(f"/{driver}/latency", device), labels)


def runtime_dir():
    """Where EAL keeps its files."""
    # systemd's RuntimeDirectory= goes first.
    folder = os.environ.get("RUNTIME_DIRECTORY") or (
        "/var/run" if os.geteuid() == 0 else os.environ.get("XDG_RUNTIME_DIR", "/tmp"))
    return Path(folder) / "dpdk"


def complain(text):
    print(f"telemetry_exporter: {text}", file=sys.stderr)


def collect(sockets):
    """(metrics as text, how many processes answered)"""
    metrics, alive = Metrics(), 0
    for name, path in sockets.items():
        labels = {"process": name}
        answers = 0
        try:
            with Process(path) as process:
                for driver in process.drivers():
                    for device in process.ask(f"/{driver}/list") or []:
                        add_device(metrics, process, driver, device, labels)
                answers = 1
        except OSError as error:
            complain(f"{path}: {error.strerror or error}; does a DPDK process with "
                     f"--file-prefix={name} and telemetry run, as this user?")
        except (ValueError, KeyError) as error:
            complain(f"{path}: not an answer of DPDK's telemetry: {error!r}")
        metrics.gauge("up", "1: the process answers", answers, labels)
        alive += answers
    return metrics.text(), alive


def make_handler(sockets):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):  # pylint: disable=invalid-name
            if self.path.partition("?")[0] != "/metrics":
                self.send_error(404, "ask for /metrics")
                return
            text = collect(sockets)[0].encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format, *args):  # pylint: disable=redefined-builtin
            """A scrape is nothing to tell about."""

    return Handler


def make_server(address, sockets):
    """Listens on an address of either family."""
    found = socket.getaddrinfo(*address, type=socket.SOCK_STREAM)

    class Server(ThreadingHTTPServer):
        address_family = found[0][0]

    return Server(address, make_handler(sockets))


def parse_address(text):
    host, _, port = text.rpartition(":")
    if not port.isdigit() or int(port) > 65535:
        raise argparse.ArgumentTypeError(f"{text}: expected: HOST:PORT, such as 127.0.0.1:9488")
    return host.strip("[]") or "127.0.0.1", int(port)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--once", action="store_true", help="write the text to stdout and end")
    what.add_argument("--listen", type=parse_address, metavar="HOST:PORT", help="serve it by HTTP")
    parser.add_argument("--file-prefix", action="append", metavar="PREFIX",
                        help="EAL's --file-prefix of a process; may be given several times")
    options = parser.parse_args()
    sockets = {prefix: runtime_dir() / prefix / "dpdk_telemetry.v2"
               for prefix in options.file_prefix or ["rte"]}
    if options.once:
        text, alive = collect(sockets)
        sys.stdout.write(text)
        sys.exit(0 if alive == len(sockets) else 1)
    try:
        server = make_server(options.listen, sockets)
    except OSError as error:
        complain("--listen {}:{}: {}; give an address of this machine and a free port".format(
            *options.listen, error.strerror or error))
        sys.exit(1)
    host, port = server.server_address[:2]
    host = f"[{host}]" if ":" in host else host
    print(f"telemetry_exporter: http://{host}:{port}/metrics", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
