# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""The ways in which an application takes the drivers in (doc/guides/howto/embedding.rst)."""

import filecmp
import os
import re
import shutil
import subprocess
import textwrap

import pytest

import dpdk_source
from guide_blocks import block_with
from harness import BUILD, DRIVER, NO_HUGE, TOP, compress_perf, full, run, sanitizers

BESIDE = True

pytestmark = pytest.mark.skipif(bool(sanitizers()), reason="an instrumented build is for tests")
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
HEADER = "/usr/include/dpdk/rte_mbuf.h"


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """What meson install puts on a machine, in a folder; its .pc files name that folder."""
    root = tmp_path_factory.mktemp("root")
    subprocess.check_call(["meson", "install", "-C", BUILD, "--no-rebuild", "--quiet"],
                          env=dict(os.environ, DESTDIR=str(root)))
    for path in root.rglob("*.pc"):
        text = re.sub(r"^(prefix|pmddir)=/", rf"\1={root}/", path.read_text(), flags=re.M)
        path.write_text(text)
    return root


def pkg_env(root):
    folder = next(root.rglob("hisi-accel.pc")).parent
    return dict(os.environ, PATH=PATH, PKG_CONFIG_PATH=str(folder))


def compresses(emu, binary, tmp_path, before=(), env=None):
    """compress_file, without -d: the drivers have to be there already."""
    out = tmp_path / "out.gz"
    result = run([*before, binary, *NO_HUGE, "--no-pci", "-l", "0", emu.vdev(), "--", HEADER, out],
                 env=env or dict(os.environ))
    assert result.rc == 0 and result.complaints() == [], str(result)
    assert subprocess.check_output(["gunzip", "-c", out]) == open(HEADER, "rb").read()
    return result


def build_example(target, folder, env, name="compress_file"):
    subprocess.check_call(["make", "-s", "-C", TOP / "examples" / name, f"BUILD={folder}",
                           *target], env=dict(env, CFLAGS="-Werror"))


@pytest.mark.parametrize("name, usage", [("compress_file", "IN OUT [DRIVER [QUEUE_PAIR]]"),
                                         ("seal_file", "seal|open KEY IN OUT [DRIVER]")])
def test_help(tmp_path, name, usage):
    """Behind -- its own, without EAL; in front of it behind EAL's, as of any DPDK application."""
    build_example([], tmp_path, dict(os.environ, PATH=PATH), name)
    for words in [["--help"], ["-l", "0", "--", "--help"]]:
        result = run([tmp_path / name, *words])
        assert result.rc == 0 and usage in result.out, str(result)
        assert ("--vfio-intr" in result.out) == (len(words) == 1), str(result)


def test_odd_inputs(emulator, tmp_path):
    """What cannot be read is told for what it is, and leaves no output; no data is a gzip."""
    build_example([], tmp_path, dict(os.environ, PATH=PATH))
    out = tmp_path / "out.gz"
    for name, why in [(tmp_path / "none", "cannot open {}: No such file"),
                      (tmp_path, "cannot read {}: Is a dir"), ("/dev/null", None)]:
        result = run([tmp_path / "compress_file", *emulator().eal(lcores="0"), "--", name, out])
        if why:
            assert result.rc == 1 and why.format(name) in result.err, str(result)
            assert not out.exists(), name
        else:
            assert result.rc == 0 and result.complaints() == [], str(result)
            assert subprocess.check_output(["gunzip", "-c", out]) == b""


def test_static(emulator, installed, tmp_path):
    """One file with DPDK and the drivers in it, by the commands of the guide."""
    emu = emulator()
    (tmp_path / "examples").symlink_to(TOP / "examples")
    shutil.copy(HEADER, tmp_path / "in")
    script = block_with("howto/embedding", "compress_file static").script
    script = script.replace("/run/hisi/pf.sock", str(emu.sockets[0]))
    result = run(["bash", "-c", f"set -e\ncd {tmp_path}\n{script}"], env=pkg_env(installed))
    assert result.rc == 0 and "Detected static linkage of DPDK" in result.err, str(result)
    assert subprocess.check_output(["gunzip", "-c", tmp_path / "out.gz"]) == \
        open(HEADER, "rb").read()
    linked = subprocess.check_output(
        ["ldd", tmp_path / "build/examples/compress_file-static"], text=True)
    assert "librte" not in linked and "hisi" not in linked, linked


def test_cryptodev(emulator, installed, tmp_path):
    """By the commands of the guide for a file of one's own, shared and static; what one driver
    sealed another opens."""
    shutil.copy(TOP / "examples/seal_file/seal_file.c", tmp_path / "app.c")
    for word in ["--libs libdpdk)", "app-static"]:
        script = block_with("howto/embedding", word).script
        built = run(["bash", "-c", f"set -e\ncd {tmp_path}\n{script}"], env=pkg_env(installed))
        assert built.rc == 0 and built.err == "", str(built)
    (tmp_path / "key").write_bytes(bytes(range(32)))
    emu = emulator(engine="sec")
    common = [*NO_HUGE, "--no-pci", "-l", "0"]
    static = [tmp_path / "app-static", *common, emu.vdev()]
    openssl = [tmp_path / "app", *common, "--vdev=crypto_openssl0"]

    def pass_file(app, how, in_name, out_name):
        driver = ["crypto_openssl"] if app is openssl else []
        return run([*app, "--", how, tmp_path / "key", in_name, tmp_path / out_name, *driver])

    for index, (sealer, opener) in enumerate([(static, openssl), (openssl, static)]):
        sealed, plain = f"sealed{index}", f"plain{index}"
        for result in [pass_file(sealer, "seal", HEADER, sealed),
                       pass_file(opener, "open", tmp_path / sealed, plain)]:
            assert result.rc == 0 and result.complaints() == [], str(result)
        assert filecmp.cmp(tmp_path / plain, HEADER, shallow=False)
    data = bytearray((tmp_path / "sealed0").read_bytes())
    for change, why in [(lambda: data.__setitem__(-20, data[-20] ^ 1), "record 3 is not what"),
                        (lambda: data.__delitem__(slice(3 * 16400 + 8, None)), "record 2 is not"),
                        (lambda: data.__delitem__(slice(12, None)), "record 0 is cut off"),
                        (lambda: data.__delitem__(slice(7, None)), "nothing is sealed")]:
        change()
        (tmp_path / "bad").write_bytes(data)
        result = pass_file(static, "open", tmp_path / "bad", "none")
        assert result.rc == 1 and why in result.err, str(result)
        assert not (tmp_path / "none").exists()


def test_loaded_by_itself(emulator, installed, tmp_path):
    """In the folder from which EAL loads drivers, they need no -d. That of this machine stays as it
    is: a namespace has another one."""
    pmds = next(installed.rglob(f"librte_{DRIVER}.so")).parent
    target = "/" + str(pmds.relative_to(installed))
    if os.getuid() != 0:
        pytest.skip("needs root, for a mount namespace")
    build_example([], tmp_path, dict(os.environ, PATH=PATH))
    script = f"mount -t overlay overlay -o lowerdir={pmds}:{target} {target} && exec \"$@\""
    env = {k: v for k, v in os.environ.items() if k != "LD_LIBRARY_PATH"}
    probe = run(["unshare", "-m", "sh", "-c", script, "-", "ls", target])
    if probe.rc != 0:
        pytest.skip(f"no overlay mount here: {probe.err.strip()}")
    compresses(emulator(), tmp_path / "compress_file", tmp_path,
               before=["unshare", "-m", "sh", "-c", script, "-"], env=env)


def test_functions_of_the_driver(emulator, installed, tmp_path):
    """rte_pmd_hisi_accel.h by pkg-config, and the same library that EAL loads."""
    (tmp_path / "app.c").write_text(textwrap.dedent("""\
        #include <stdio.h>
        #include <rte_eal.h>
        #include <rte_pmd_hisi_accel.h>
        int main(int argc, char **argv)
        {
            if (rte_eal_init(argc, argv) < 0)
                return 1;
            printf("counters %d\\n",
                rte_pmd_hisi_accel_xstats_get("compress_hisi_zip0", NULL, 0));
            return rte_eal_cleanup();
        }
        """))
    env = pkg_env(installed)
    script = block_with("howto/embedding", "--libs hisi-accel)").script
    built = run(["bash", "-c", f"set -e\ncd {tmp_path}\n{script}"], env=env)
    assert built.rc == 0 and built.err == "", str(built)
    pmd = next(installed.rglob(f"librte_{DRIVER}.so"))
    env = {k: v for k, v in os.environ.items() if k != "LD_LIBRARY_PATH"}
    env["LD_LIBRARY_PATH"] = str(pmd.parent)
    result = run([tmp_path / "a.out", "-d", pmd.name, *NO_HUGE, "--no-pci", "-l", "0",
                  emulator().vdev()], env=env)
    found = re.search(r"counters (\d+)", result.out)
    assert result.rc == 0 and int(found[1]) > 10, str(result)


@pytest.mark.skipif(not full(), reason="long: only with --all")
def test_subproject(emulator, tmp_path):
    """A meson project of its own that has this one below it."""
    (tmp_path / "subprojects").mkdir()
    (tmp_path / "subprojects/hisi-accel").symlink_to(TOP)
    shutil.copy(TOP / "examples/compress_file/compress_file.c", tmp_path)
    (tmp_path / "meson.build").write_text(textwrap.dedent("""\
        project('data-plane', 'c')
        accel = dependency('hisi-accel', fallback: 'hisi-accel',
            default_options: ['tests=false'])
        executable('compress_file', 'compress_file.c',
            c_args: '-DALLOW_EXPERIMENTAL_API',
            dependencies: [accel, dependency('zlib')])
        """))
    env = dict(os.environ, PATH=PATH)
    build = tmp_path / "build"
    # Without debug information: ccache, where it is, then knows the objects of the last run.
    for argv in [["meson", "setup", build, tmp_path, "-Ddebug=false"],
                 ["ninja", "-C", build, "compress_file"]]:
        result = run(argv, timeout=900, env=env)
        assert result.rc == 0, str(result)
    compresses(emulator(), build / "compress_file", tmp_path)


@pytest.mark.skipif(not full(), reason="long: only with --all")
def test_overlay(emulator, tmp_path, corpus):
    """In DPDK's own tree, with its build system and its checks. Debian's test program then runs on
    that DPDK instead of its own."""
    tree = dpdk_source.unpack(tmp_path)
    before = dpdk_source.digest(tree)
    overlay = TOP / "devtools/overlay.sh"
    for _ in range(2):
        assert run([overlay, tree]).rc == 0
    build = tmp_path / "build"
    ours = re.findall(r"^\t'(\w+/\w+)',$", (TOP / "drivers/meson.build").read_text(), re.M)
    drivers_built = [f"librte_{name.replace('/', '_')}.so.23.0"
                     for name in [*ours, "mempool/ring"] if not name.startswith("common/")]
    drivers = ",".join(["bus/pci,bus/vdev,mempool/ring", *ours])
    # The optimizer is half of the time, and has had the drivers in the build folder already.
    for argv in [["meson", "setup", build, tree, "-Dplatform=generic", "-Dtests=false",
                  "-Doptimization=0", f"-Denable_drivers={drivers}",
                  "-Denable_apps=test-compress-perf", "-Ddeveloper_mode=enabled",
                  "-Denable_docs=false", "-Ddisable_libs=*"],
                 ["ninja", "-C", build, *(f"drivers/{name}" for name in drivers_built)]]:
        result = run(argv, timeout=900, env=dict(os.environ, PATH=PATH))
        assert result.rc == 0, str(result)
    emu = emulator()
    env = dict(os.environ, LD_LIBRARY_PATH=f"{build}/lib:{build}/drivers")
    eal = [word for name in drivers_built for word in ("-d", name)]
    result = run(compress_perf([*eal, *NO_HUGE, "--no-pci", "-l", "0,1", emu.vdev()],
                               corpus / "text", "verify"), env=env)
    assert result.rc == 0 and "hardware queues, over vfio-user" in result.err, str(result)
    assert run([overlay, "--remove", tree]).rc == 0
    assert dpdk_source.digest(tree) == before


def test_overlay_refuses(tmp_path):
    result = run([TOP / "devtools/overlay.sh", tmp_path])
    assert result.rc == 1 and "is no DPDK source tree" in result.err, str(result)
