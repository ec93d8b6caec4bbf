# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""Streams of other people's compressors are inflated, and their readers take ours."""

import shutil
import subprocess
import zlib

import pytest

from harness import BUILD, DRIVER, full, run, scope

RELEASE_ONLY = True

GZIP = BUILD / "app/test/diff/comp_gzip"
# Each with the levels of the quick set and of the whole one.
WRITERS = {
    "gzip": scope([1, 6, 9], range(1, 10)),
    "pigz": scope([1, 9], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
    "pigz -i -b 32": [6],
    "libdeflate-gzip": scope([1, 12], range(1, 13)),
    "zopfli --i1": [None],
}


@pytest.fixture
def files(corpus, tmp_path):
    """The corpus, and the edges. zopfli is slow: the quick set has less for it."""
    contents = {path.name: path.read_bytes()[:scope(60000, None)] for path in corpus.iterdir()}
    contents.update({"one": b"x", "page": contents["text"][:4096]})
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    return [tmp_path / name for name in sorted(contents)]


def comp_gzip(emu, jobs):
    args = [str(part) for job in jobs for part in job]
    result = run([GZIP, *emu.eal(lcores="0"), "--", DRIVER, *args])
    assert result.rc == 0, str(result)
    assert len(result.json_lines()) == len(jobs), str(result)


def write(command, level, path):
    argv = command.split()
    if shutil.which(argv[0]) is None:
        pytest.skip(f"{argv[0]} is not installed")
    argv += [] if level is None else [f"-{level}"]
    packed = subprocess.run([*argv, "-c", path], check=True, stdout=subprocess.PIPE).stdout
    target = path.with_name(f"{path.name}.{level}.gz")
    target.write_bytes(packed)
    return target


@pytest.mark.parametrize("version", ["v2", "v3"])
@pytest.mark.parametrize("command", WRITERS)
def test_what_they_write(emulator, files, command, version):
    packed = [(path, write(command, level, path)) for path in files for level in WRITERS[command]]
    jobs = [("inflate", target, f"{target}.out") for _, target in packed]
    comp_gzip(emulator(version=version), jobs)
    for path, target in packed:
        assert path.read_bytes() == target.with_name(target.name + ".out").read_bytes(), target


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_what_they_read(emulator, files, version):
    readers = [["gzip", "-t"], ["pigz", "-t"], ["libdeflate-gunzip", "-c"]]
    missing = [r[0] for r in readers if shutil.which(r[0]) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    comp_gzip(emulator(version=version), [("deflate", path, f"{path}.gz") for path in files])
    for path in files:
        packed = path.with_name(path.name + ".gz")
        for reader in readers:
            out = subprocess.run([*reader, packed], check=True, stdout=subprocess.PIPE).stdout
            assert "-c" not in reader or out == path.read_bytes(), (reader, path)
        assert zlib.decompress(packed.read_bytes(), 31) == path.read_bytes()


@pytest.mark.skipif(not full(), reason="long: only with --all")
@pytest.mark.parametrize("version", ["v2", "v3"])
def test_large_files(emulator, tmp_path, version):
    """Chains of a thousand segments, and beyond the 8 MiB of a flat buffer (zip.md 3.9)."""
    path = tmp_path / "large"
    path.write_bytes((open("/bin/bash", "rb").read() * 20)[:10_000_000])
    packed = write("gzip", 6, path)
    ours = tmp_path / "ours.gz"
    comp_gzip(emulator(version=version), [("inflate", packed, tmp_path / "out"),
                                          ("deflate", path, ours)])
    assert (tmp_path / "out").read_bytes() == path.read_bytes()
    assert zlib.decompress(ours.read_bytes(), 31) == path.read_bytes()
