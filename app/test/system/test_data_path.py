# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""No system call on the way of an operation."""

import re
import shutil

import pytest

from harness import compress_perf, perf_row, run, sanitizers

# The main thread names it.
NAMED = re.compile(r'"/proc/self/task/(\d+)/comm".*\nwrite\(\d+, "\S*worker-1"')
# EAL hands a worker its function through a pipe, a byte each way, and there is nothing else.
HANDED = re.compile(r'(read|write)\(\d+, "\\0", 1\) += 1')
# The worker waits for another one, and goes with the process.
IDLE = re.compile(r"read\(\d+, .*|\+\+\+ exited with 0 \+\+\+")


def worker_calls(folder):
    """System calls of the worker lcore's thread, from where it waits for its first function.
    Other threads are left out: the main lcore waits for this one in sleeps, as many as the machine
    is busy, and the control thread looks at the device ten times a second."""
    logs = list(folder.glob("strace.*"))
    named = [NAMED.search(log.read_text()) for log in logs]
    threads = [match[1] for match in named if match]
    assert len(threads) == 1, logs
    lines = (folder / f"strace.{threads[0]}").read_text().splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("read("))
    return lines[start:]


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.skipif(bool(sanitizers()), reason="sanitizers make system calls of their own")
@pytest.mark.parametrize("function", ["pf", "vf"])
def test_no_system_call_per_op(emulator, corpus, tmp_path, function):
    """Not one, in 20 rounds of 16 ops each way: this is not about how many there are."""
    # A device that is slow on a busy machine is not one that hangs, of which the driver would tell.
    emu = emulator(function)
    path = tmp_path / "text"
    path.write_bytes((corpus / "text").read_bytes()[:65536])
    argv = compress_perf(emu.eal("timeout_ms=60000"), path, "throughput", 4096, 20)
    result = run(["strace", "-ff", "-o", tmp_path / "strace", *argv], timeout=240)
    assert result.rc == 0, str(result)
    assert perf_row(result), str(result)
    *handed, last, end = worker_calls(tmp_path)
    assert IDLE.fullmatch(last) and IDLE.fullmatch(end), (last, end)
    # One function that looks at the results, and the one that measures.
    assert [line.partition("(")[0] for line in handed] == ["read", "write"] * 2, handed[:40]
    assert all(HANDED.fullmatch(line) for line in handed), handed
