# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""What a developer or a packager types."""

import json
import os
import re
import shutil
import signal
import subprocess
import time

import pytest

from harness import BUILD, DRIVER, HANG_S, TOP, program_env, run, sanitizers

BESIDE = True

WITH_EMU = TOP / "devtools/with-emu.sh"


def shell(device, script, env=None, timeout=HANG_S):
    return run([WITH_EMU, device, "--", "sh", "-c", script],
               env=program_env({"HISI_BUILD": str(BUILD), **(env or {})}), timeout=timeout)


def test_with_emu_environment(tmp_path):
    blank = tmp_path / "a b"
    blank.mkdir()
    result = shell("zip,queues=8,workers=1,cpus=0", 'echo "$HISI_EAL_ARGS"; test -S "$HISI_SOCKET"'
                   ' && kill -0 "$HISI_EMU_PID" && dirname "$HISI_SOCKET"; exit 42',
                   env={"TMPDIR": str(blank)})
    assert result.rc == 42, str(result)
    eal, folder = result.out.splitlines()
    # It is used unquoted.
    assert " " not in folder, folder
    assert f"-d librte_{DRIVER}.so" in eal and f"--vdev={DRIVER}0,socket={folder}" in eal
    assert not os.path.exists(folder)


def test_with_emu_refuses():
    assert shell("warp", "true").rc == 2
    assert shell("zip,function=qf", "true").rc == 2
    result = shell("zip,queues=4,queues=8", "true")
    assert result.rc == 2 and "queues" in result.err, str(result)
    result = shell("zip,version=v1", "echo started")
    assert result.rc != 0 and "started" not in result.out and "v1" in result.err, str(result)


@pytest.mark.parametrize("pid", ["$$", "$HISI_EMU_PID"], ids=["command", "model"])
def test_with_emu_says_nothing_of_a_kill(pid):
    """The shell's own line with its number in the script helps nobody."""
    result = shell("zip", f"kill -KILL {pid}; sleep 0.2")
    assert result.err == "", str(result)
    assert result.rc == (137 if pid == "$$" else 0), str(result)


@pytest.mark.parametrize("script", ["test.sh", "quickstart.sh"])
def test_unknown_option_is_named(script):
    result = run([TOP / "devtools" / script, "--colour"])
    assert result.rc == 2 and "--colour" in result.err, str(result)
    assert len(result.err.splitlines()) == 1, str(result)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_emulators_end_with_the_tests(program, number):
    """Also when nobody is left to end them."""
    script = ("import sys, time; sys.path.insert(0, sys.argv[1]); import harness\n"
              "emu = harness.Emulator(); print(emu.pid, emu.dir, flush=True); time.sleep(60)")
    tests = program(["/usr/bin/python3", "-c", script, TOP / "app/test/system"],
                    env=dict(os.environ, HISI_BUILD=str(BUILD)))
    tests.wait_output("hisi-test")
    pid, folder = tests.stdout().split()
    assert os.path.exists(f"/proc/{pid}")
    tests.process.send_signal(number)
    tests.process.wait(HANG_S)
    end = time.monotonic() + HANG_S
    while os.path.exists(f"/proc/{pid}"):
        assert time.monotonic() < end, "the emulator is still there"
        time.sleep(0.05)
    assert not os.path.exists(f"{folder}/pf.sock")
    shutil.rmtree(folder)


@pytest.mark.parametrize("script, words", [
    ("quickstart.sh", "unknown option '--bogus'"), ("test.sh", "unknown option '--bogus'"),
    ("check-style.sh", "usage: "), ("check-docs.sh", "usage: "), ("with-emu.sh", "usage: "),
])
def test_a_wrong_word(script, words):
    """And what they do is told on request."""
    result = run([TOP / "devtools" / script, "--bogus"])
    assert result.rc == 2 and words in result.err and not result.out, str(result)
    told = run([TOP / "devtools" / script, "--help"])
    assert told.rc == 0 and told.out.startswith(f"usage: {script}") and not told.err, str(told)


@pytest.mark.parametrize("script, option, expected", [
    ("bench.sh", "--size", "from 1 to 1048576"), ("bench.sh", "--recorder", "on off"),
    ("bench.sh", "--pairs", "from 1 to 9999"), ("fuzz.sh", "--seconds", "from 1 to 86400"),
])
def test_a_wrong_value(script, option, expected):
    """Refused before anything runs."""
    for value in ["", "-1", "1x"]:
        result = run([TOP / "devtools" / script, option, value])
        assert result.rc == 2 and not result.out, str(result)
        for word in [option, expected]:
            assert word in result.err, str(result)


@pytest.mark.parametrize("function", ["pf", "vf"])
def test_with_emu_runs_a_program(corpus, function):
    result = shell(f"zip,function={function},queues=8",
                   "exec dpdk-test-compress-perf $HISI_EAL_ARGS -l 0,1 -- --driver-name "
                   f"{DRIVER} --input-file {corpus}/text --ptest verify --seg-sz 4096 --num-iter 1")
    assert result.rc == 0, str(result)


def test_pmdinfo():
    """Driver, PCI ids and devargs are readable from the file."""
    library = BUILD / f"drivers/librte_{DRIVER}.so"
    # The tool takes the first python3, which has to be Debian's.
    env = dict(os.environ, PATH="/usr/bin:/bin:/usr/sbin:/sbin")
    drivers = json.loads(subprocess.check_output(["dpdk-pmdinfo.py", library], env=env))
    text = json.dumps(drivers)
    assert DRIVER in text and "socket=" in text, text
    ids = {(i["vendor"], i["device"]) for d in drivers for i in d.get("pci_ids", [])}
    assert ids == {("19e5", "a250"), ("19e5", "a251")}, text


def test_exports():
    """A PMD has no symbols of its own; the common library has those of its public header, as
    experimental ones, and for the classes those of its INTERNAL node, trace points with them."""
    def symbols(name):
        text = subprocess.check_output(
            ["nm", "-D", "--defined-only", BUILD / f"drivers/librte_{name}.so"], text=True)
        return {line.split()[-1] for line in text.splitlines() if " A " not in line}
    assert symbols(DRIVER) == set()
    header = (TOP / "drivers/common/hisi_qm/rte_pmd_hisi_accel.h").read_text()
    public = set(re.findall(r"^int (rte_pmd_hisi_accel_\w+)\(", header, re.M))
    exported = symbols("common_hisi_qm")
    assert {s for s in exported if s.startswith("rte_")} == \
        {f"{name}@@EXPERIMENTAL" for name in public}
    assert public and all(re.fullmatch(r"(__)?hisi_qm_\w+@@INTERNAL", s) for s in exported
                          if not s.startswith("rte_"))


@pytest.mark.skipif(bool(sanitizers()), reason="an instrumented build is not for installing")
def test_install(tmp_path):
    """Into a staging folder: drivers where EAL looks, the common library beside them."""
    subprocess.check_call(["meson", "install", "-C", BUILD, "--no-rebuild", "--quiet"],
                          env=dict(os.environ, DESTDIR=str(tmp_path)))
    installed = {p.name: p for p in tmp_path.rglob("*") if p.is_file()}
    pmd = installed[f"librte_{DRIVER}.so"]
    assert re.fullmatch(r"pmds-[\d.]+", pmd.parent.name), pmd
    assert installed["librte_common_hisi_qm.so"].parent == pmd.parent
    assert installed["dpdk-hisi-emu"].stat().st_mode & 0o111
    env = {k: v for k, v in os.environ.items() if k != "LD_LIBRARY_PATH"}
    linked = subprocess.check_output(["ldd", pmd], text=True, env=env)
    assert "not found" not in linked and str(pmd.parent / "librte_common_hisi_qm.so") in linked


def messages_of(tree, path, old, new):
    """check_messages.py on a copy of the tree, with a change."""
    for folder in ("drivers", "lib/hisi_model", "lib/vfio_user", "app/hisi_emu",
                   "doc/guides/howto"):
        shutil.copytree(TOP / folder, tree / folder)
    (tree / "devtools").mkdir()
    script = tree / "devtools/check_messages.py"
    shutil.copy(TOP / "devtools/check_messages.py", script)
    text = (tree / path).read_text()
    assert old in text, f"{path} has no {old!r}"
    (tree / path).write_text(text.replace(old, new, 1))
    return run([script])


@pytest.mark.parametrize("path, old, new, words", [
    ("../../../lib/hisi_model/model_ras.c", '"all DMA is blocked', '"DMA is blocked',
     ["'DMA is blocked until the PF is reset': not in", "begins with 'all DMA"]),
    ("hisi_qm_recover.c", '"answers again"', '"is here again"',
     ["NOTICE 'is here again': no row", "no message 'answers again'"]),
    ("hisi_qm_recover.c", '"the device is gone"', '"the device has left"',
     ["the device has left; %u", "no message 'the device is gone"]),
    ("hisi_qm_dev.c", 'DEV_LOG(ERR, dev, "function reset', 'DEV_LOG(WARNING, dev, "function reset',
     ["function reset failed", "says ERR"]),
    ("hisi_qm_dev.c", '"%s: no memory', '"no memory', ["begin with the device's name"]),
    ("hisi_qm_messages_table.c", '"Recovery of this queue is over."', '""',
     ["cause is no sentence"])], ids=["emulator", "row", "handed-on", "level", "name", "form"])
def test_messages_without_a_row(tmp_path, path, old, new, words):
    result = messages_of(tmp_path, f"drivers/common/hisi_qm/{path}", old, new)
    assert result.rc == 1, str(result)
    for word in words:
        assert word in result.err, f"no {word!r}: {result}"


def test_example_makes_gzip(corpus, tmp_path):
    """examples/compress_file as a stranger builds it, and gunzip as the judge."""
    source = tmp_path / "example"
    shutil.copytree(TOP / "examples/compress_file", source, ignore=shutil.ignore_patterns("build"))
    subprocess.check_call(["make", "-s", "-C", source], env=dict(os.environ, CFLAGS="-Werror"))
    for kind in ["text", "random"]:
        out = tmp_path / f"{kind}.gz"
        result = shell("zip", f"exec {source}/build/compress_file $HISI_EAL_ARGS -l 0 -- "
                              f"{corpus}/{kind} {out}")
        assert result.rc == 0, str(result)
        plain = subprocess.check_output(["gunzip", "-c", out])
        assert plain == (corpus / kind).read_bytes()
        assert out.stat().st_size < len(plain) * (0.6 if kind == "text" else 1.15)
    # A file that cannot be had in full is not left in part.
    out, seen, big = tmp_path / "part.gz", tmp_path / "seen", tmp_path / "big"
    with open(big, "wb") as file:
        file.truncate(1 << 36)
    result = shell("zip", f"(while ! test -s {out}; do sleep 0.1; done; touch {seen}; kill -KILL "
                          f"$HISI_EMU_PID) & exec {source}/build/compress_file $HISI_EAL_ARGS "
                          f"-l 0 -- {big} {out}")
    assert result.rc == 1 and seen.exists() and not out.exists(), str(result)
