# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""The guide "In a container", by podman. In place of an image is a folder with this machine's /usr,
which is Debian's too; that the packages of the image are enough is looked at on their own."""

import contextlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from fake_root import PF, Root
from guide_blocks import GUIDES, block_with
from harness import BUILD, full, run, sanitizers

pytestmark = [pytest.mark.skipif(not full(), reason="long: only with --all"),
              pytest.mark.skipif(bool(sanitizers()), reason="about the programs as they are")]
PAGE = GUIDES / "howto/containers.rst"
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
# What root may have without the right to raise limits: as much as the kernel gives anybody.
MEMLOCK = 4 << 20
# Limits that every machine allows, and none but what the commands themselves say.
CONTAINERS_CONF = """\
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096", "memlock=65536:65536"]
netns = "none"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "none"
tmp_dir = "{folder}/tmp"
"""
# The command line's --ulimit is instead of the file's, not beside them.
LIMITS = "--ulimit nofile=1024:1024 --ulimit nproc=4096:4096"
STORAGE_CONF = """\
[storage]
driver = "vfs"
graphroot = "{folder}/graph"
runroot = "{folder}/run"
"""


class Containers:
    """Runs a script in which podman finds the image "accel". All of it, the containers too, is in
    namespaces that end with it."""

    def __init__(self, folder, installed):
        self.folder = folder
        self.root = folder / "root"
        self.env = dict(os.environ, PATH=PATH, CONTAINERS_CONF=str(folder / "containers.conf"),
                        CONTAINERS_STORAGE_CONF=str(folder / "storage.conf"))
        (folder / "containers.conf").write_text(CONTAINERS_CONF.format(folder=folder))
        (folder / "storage.conf").write_text(STORAGE_CONF.format(folder=folder))
        for name in ["usr", "etc", "proc", "sys", "dev", "tmp", "run", "var", "root"]:
            (self.root / name).mkdir(parents=True)
        for name in ["bin", "sbin", "lib", "lib64"]:
            (self.root / name).symlink_to(f"usr/{name}")
        (self.root / "var/run").symlink_to("../run")
        for name in ["passwd", "group", "ld.so.cache"]:
            shutil.copy(Path("/etc") / name, self.root / "etc" / name)
        self.before = f"mount -t overlay overlay -o lowerdir={installed}/usr:/usr {self.root}/usr"

    def run(self, script):
        script = re.sub(r"(?<= )accel(?= )", f"--read-only --rootfs {self.root}", script)
        try:
            return self.run_in_namespaces(script)
        finally:
            # podman makes them anew; those of somebody else's containers cannot be removed.
            for parent in Path("/sys/fs/cgroup").glob("**/libpod_parent"):
                for folder in [parent / "conmon", parent]:
                    with contextlib.suppress(OSError):
                        folder.rmdir()

    def run_in_namespaces(self, script):
        return run(["unshare", "--mount", "--propagation", "private", "--pid", "--fork",
                    "--kill-child", "--mount-proc", "bash", "-c",
                    f"set -e\n{self.before}\n{script}"], env=self.env)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("out")
    subprocess.check_call(["meson", "install", "-C", BUILD, "--no-rebuild", "--quiet"],
                          env=dict(os.environ, DESTDIR=str(folder)))
    return folder


@pytest.fixture(scope="module")
def containers(installed, tmp_path_factory):
    if os.getuid() != 0:
        pytest.skip("needs root")
    for name in ["podman", "runc"]:
        if shutil.which(name, path=PATH) is None:
            pytest.skip(f"{name} is not installed")
    made = Containers(tmp_path_factory.mktemp("containers"), installed)
    result = made.run("podman run --rm accel true")
    if result.rc != 0:
        pytest.skip(f"podman starts nothing here: {result.err.strip()}")
    return made


def commands(block):
    """Its commands, one string each."""
    return re.sub(r"\\\n\s*", "", block.script).strip().splitlines()


def test_the_model(containers):
    """The page's two commands: the emulator in one container, its client in another."""
    model, client = commands(block_with("howto/containers", "--name model"))
    wait = "until podman logs model 2>&1 | grep -q ready; do sleep 0.1; done"
    result = containers.run(f"{model}\n{wait}\n{client}\npodman rm -f -t 0 model\n")
    assert result.rc == 0, str(result)
    row = re.search(r"^compress .* (\d+) +(\d+)$", result.out, re.M)
    assert row and row.groups() == ("0", "0"), str(result)
    assert "hardware queues, over vfio-user" in result.err, str(result)


# What a container is given, and what doctor says to be missing without it: check, subject, cure.
GIVEN = {
    "--device /dev/null:/dev/vfio/vfio":
        ("group", PF, "docker run --device=/dev/vfio/vfio ..."),
    "--device /dev/null:/dev/vfio/5":
        ("group", PF, "docker run --device=/dev/vfio/5 ..."),
    f"--ulimit memlock={MEMLOCK}":
        ("memlock", "", f"docker run --ulimit memlock={MEMLOCK} ..."),
    "-v {hugepages}:/dev/hugepages":
        ("hugepages", "", "docker run -v /dev/hugepages:/dev/hugepages ..."),
}


def test_what_doctor_misses(containers, tmp_path):
    """With all that the page gives a container, and with all but one. The device is made up; its
    nodes are nodes."""
    root = Root(tmp_path / "machine")
    root.pages("sys/kernel/mm/hugepages", 2048, MEMLOCK >> 21, 1)
    sys = root.path / "sys"
    hugepages = tmp_path / "hugepages"
    hugepages.mkdir()
    machine = "".join(f" -v {sys}/{name}:/sys/{name}:ro"
                      for name in ["bus/pci", "kernel/mm/hugepages", "kernel/iommu_groups"]
                      if Path("/sys", name).exists())
    lines = [f"mount -t hugetlbfs none {hugepages}"]
    for left_out in [None, *GIVEN]:
        given = " ".join(flag.format(hugepages=hugepages) for flag in GIVEN if flag != left_out)
        limits = LIMITS if "memlock" in given else ""
        lines.append(f"podman run --rm{machine} {given} {limits} accel "
                     "dpdk-testacc doctor --json || true")
    result = containers.run("\n".join(lines))
    answers = [row["doctor"] for row in result.json_lines()]
    assert len(answers) == 1 + len(GIVEN), str(result)
    for left_out, findings in zip([None, *GIVEN], answers):
        assert [row for row in findings if row["check"] == "container"], findings
        missed = [(row["check"], row["subject"], row["cure"]) for row in findings
                  if row["cure"].startswith("docker run ")]
        if left_out is None:
            assert missed == [] and "group 5 may be opened" in json.dumps(findings), findings
            continue
        check, subject, cure = GIVEN[left_out]
        assert len(missed) == 1 and missed[0][:2] == (check, subject), findings
        assert missed[0][2] == cure, findings


def libraries_of(folder):
    """Packages of the libraries that the programs and drivers below a folder need."""
    files = [path for path in folder.rglob("*") if path.is_file() and
             path.read_bytes()[:4] == b"\x7fELF"]
    assert files
    drivers = {path.parent for path in files if path.suffix == ".so"}
    out = run(["ldd", *files], env=dict(os.environ, LD_LIBRARY_PATH=":".join(map(str, drivers))))
    paths = {os.path.realpath(path) for path in re.findall(r"=> (/\S+)", out.out)}
    paths = {path for path in paths if not path.startswith(str(folder))}
    owners = {}
    for listed in Path("/var/lib/dpkg/info").glob("*.list"):
        # Some packages have them below /lib, which is /usr/lib.
        for path in re.findall(r"/\S+\.so\S*", listed.read_text()):
            owners[f"/usr{path}" if path.startswith("/lib") else path] = \
                listed.stem.split(":")[0]
    return {owners[path] for path in paths}


def test_packages_of_the_image(installed):
    """What the second half of the recipe installs brings all libraries along."""
    recipe = PAGE.read_text().split("FROM debian:bookworm\n")[1]
    words = re.search(r"--no-install-recommends \\\n(.*)\n", recipe)[1].split()
    result = run(["apt-cache", "depends", "--recurse", "--no-recommends", "--no-suggests",
                  "--no-conflicts", "--no-breaks", "--no-replaces", "--no-enhances", *words])
    assert result.rc == 0, str(result)
    brought = set(re.findall(r"^(\w[\w.+-]*)", result.out, re.M))
    needed = libraries_of(installed)
    assert "librte-eal23" in needed and needed <= brought, needed - brought
