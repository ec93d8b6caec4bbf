# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Buffers in the application's own memory: rte_dev_dma_map()."""

import errno

import pytest

from harness import BUILD, DRIVER, run

EXTMEM = BUILD / "app/test/diff/comp_extmem"
OP_ERROR = 3


def extmem(emu, what):
    result = run([EXTMEM, *emu.eal("timeout_ms=500", lcores="0"), "--", what, DRIVER])
    assert result.rc == 0, str(result)
    return result


def test_kinds_of_memory(emulator):
    """A file, mapped shared, whose descriptor or name may be gone; and nothing else."""
    result = extmem(emulator(), "kinds")
    kinds = {line.pop("memory"): line for line in result.json_lines()}
    assert len(kinds) == 7, str(result)
    private = kinds.pop("private")
    assert private["map"] == -errno.ENOTSUP, str(result)
    assert result.err.count("it is private; map a file or a memfd with MAP_SHARED") == 1
    for name, line in kinds.items():
        assert line == {"map": 0, "use": 1, "unmap": 0, "again": 0}, (name, str(result))


def test_odd_calls(emulator):
    """Each is answered; none does harm to what is mapped."""
    result = extmem(emulator(), "odd")
    calls = {line["call"]: line["ret"] for line in result.json_lines()}
    assert calls["unaligned address"] == -errno.EINVAL
    assert calls["unaligned length"] == -errno.EINVAL
    assert calls["no length"] < 0
    assert calls["map"] == 0 and calls["map a part again"] < 0
    assert calls["unmap a part"] == -errno.ENOTSUP
    assert calls["unmap EAL's memory"] == -errno.EINVAL
    assert calls["still of use"] == 1 and calls["unmap"] == 0
    assert calls["unmap of what was never mapped"] == calls["unmap twice"] == -errno.EINVAL
    assert calls["map two files"] == 0 and calls["unmap two files"] == 0
    assert calls["unmap one of two files"] == -errno.ENOTSUP
    assert calls["beyond the end of a mapping"] == -errno.ENOTSUP
    assert calls["where nothing is"] == -errno.ENOTSUP
    assert "nothing is mapped there" in result.err


@pytest.mark.parametrize("fault", ["device", "op"])
@pytest.mark.parametrize("what", ["gone", "never"])
def test_memory_that_the_device_has_not(emulator, what, fault):
    """Unmapped, or never mapped: an error, nothing written, and the device works again."""
    first, second = extmem(emulator(options=[f"--dma-fault={fault}"]), what).json_lines()
    assert first["use"] == 0 and first["status"] == OP_ERROR
    assert second == {"map": 0, "use": 1}
