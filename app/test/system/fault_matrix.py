# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""What the cells of a run came to: printed at its end, and left in the build folder."""

import threading

from fault_rows import REPLAYED, ROWS, WANTED_ROWS
from faults import KINDS, USABLE
from harness import BUILD

FILE = BUILD / "test-logs/fault-matrix.txt"
COLUMNS = [("pf", "v2"), ("vf", "v2"), ("pf", "v3"), ("vf", "v3")]
WIDTH = 24
# Mixed operations with on_error=replay.
REPLAY = "replay"

_lock = threading.Lock()
_cells = {}
_reports = []
_lines = []


def note(function, version, kind, fault, reports, wrong):
    """The reports of a cell's rules, and what was wrong with it."""
    with _lock:
        _cells[fault.name, function, version, kind] = _text(reports, wrong)
        _reports.extend(reports)


def note_report(line, report):
    """A run that is not of the matrix, and what to say about it."""
    with _lock:
        _lines.append(line)
        _reports.append(report)


def _text(reports, wrong):
    if wrong:
        return "FAILED"
    failed = sum(report["failed"] for report in reports)
    text = f"{failed} err" if failed else "ok"
    if any(report["state"] != USABLE for report in reports):
        return f"{text}, dead"
    text += f", {max(report['back_ms'] for report in reports)} ms"
    if any(report["counted"]["resets"] for report in reports):
        return f"{text}, reset"
    return f"{text}, stop" if any(r["counted"]["queue_stops"] for r in reports) else text


def empty_cells(function, version, kinds):
    """Neither run nor with a reason."""
    return [(fault.name, kind) for fault in ROWS for kind in kinds
            if not fault.reason(function, version, kind)
            and (fault.name, function, version, kind) not in _cells]


def _cell(fault, column, kind, reasons):
    reason = fault.reason(*column, kind)
    if not reason:
        reason = "not in this set of tests"
        if (fault.name, *column, kind) in _cells:
            return _cells[fault.name, *column, kind]
    if reason not in reasons:
        reasons.append(reason)
    return f"- ({reasons.index(reason) + 1})"


def lines():
    """The matrix as text; nothing when no cell was run."""
    if not _cells:
        return []
    reasons = []
    names = "".join(f"{f'{function} {version}'.upper():{WIDTH}}" for function, version in COLUMNS)
    text = ["fault matrix: operations returned with an error, after how many ms others were good "
            "again, and whether queues were stopped or the function reset for it",
            f"{'':38}{'':12}{names}".rstrip()]
    for fault in ROWS:
        if WANTED_ROWS not in fault.name:
            continue
        for kind in KINDS + ([REPLAY] if fault in REPLAYED else []):
            cells = "".join(f"{_cell(fault, column, kind, reasons):{WIDTH}}"
                            for column in COLUMNS)
            name = fault.name if kind == KINDS[0] else ""
            text.append(f"{name:38}{kind:12}{cells}".rstrip())
    return text + [f"({i + 1}) {reason}" for i, reason in enumerate(reasons)]


def call_lines():
    """The longest burst calls, and what the machine did to loops of the same length without one."""
    if not _reports:
        return []

    def most(name):
        return max(report[name] for report in _reports)

    def total(name):
        return sum(report[name] for report in _reports)

    return [f"longest burst call: {most('call_us'):.0f} us, of which {most('call_cpu_us'):.0f} us "
            f"or less were CPU time; {total('calls_over_1ms')} took more than 1 ms, "
            f"{total('slept')} slept",
            f"longest loop without a call in it: {most('noise_us'):.0f} us, CPU time "
            f"{most('noise_cpu_us'):.0f} us; {total('noise_over_1ms')} took more than 1 ms",
            f"{total('enqueued')} operations enqueued, {total('returned')} returned, "
            f"{total('failed')} of them with an error, {total('wrong')} with wrong data"]


def write():
    """Leaves it in the build folder."""
    text = lines() + _lines + call_lines()
    if text:
        FILE.parent.mkdir(exist_ok=True)
        FILE.write_text("\n".join(text) + "\n")
    return text
