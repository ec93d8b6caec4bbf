# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Trace points of the drivers, as babeltrace2 reads them."""

import re
import shutil

import pytest

from harness import BUILD, run
from testacc import argv

pytestmark = pytest.mark.skipif(shutil.which("babeltrace2") is None, reason="needs babeltrace2")


def events(folder):
    """(name, fields as text) of each, in their order."""
    (trace,) = folder.iterdir()
    result = run(["babeltrace2", trace])
    assert result.rc == 0, str(result)
    found = re.findall(r" pmd\.common\.hisi_qm\.(\w+): \{.*?\}, \{ (.*) \}$", result.out, re.M)
    assert len(found) == len(result.out.splitlines()), str(result)
    return found


def test_control_path(emulator, tmp_path):
    """Of the driver as it is: what it did, and nothing of a burst."""
    eal = [*emulator().eal(), "--trace=pmd.common.hisi_qm.*", f"--trace-dir={tmp_path}"]
    result = run(argv(eal, "-e", "start 1; queue 0 reset"))
    assert result.rc == 0, str(result)
    found = events(tmp_path)
    assert ("bringup", 'device = "compress_hisi_zip0", step = "read capabilities", result = 0') \
        in found, found
    names = {name for name, _ in found}
    assert names == {"bringup", "mailbox", "queue_state", "reset"}, names
    states = [fields.rsplit(" ", 1)[1] for name, fields in found
              if name == "queue_state" and "queue = 0x0," in fields]
    # Running, stopping, quiesced, running again; then the end.
    assert states[:4] == ["0x1", "0x2", "0x3", "0x1"], found


def test_data_path(tmp_path):
    """Compiled in: a burst of 40, its doorbells, each operation."""
    result = run([BUILD / "app/test/unit/hisi_qm/test_qm_trace", tmp_path])
    assert result.rc == 0, str(result)
    found = [event for event in events(tmp_path)
             if event[0] in ("enqueue", "doorbell", "completion", "returned")]
    assert [name for name, _ in found] == \
        ["enqueue", "doorbell", "completion", *["returned"] * 40, "doorbell"], found
    assert "count = 0x28" in found[0][1] and "count = 0x28" in found[2][1], found
    assert len({fields for name, fields in found if name == "returned"}) == 40, found
