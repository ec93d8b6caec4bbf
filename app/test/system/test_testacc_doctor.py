# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 The hisi-accel authors
"""dpdk-testacc doctor: on machines that are made up, and on this one."""

import os
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path

import pytest

from fake_root import OTHER, PF, VF, Root
from harness import run
from testacc import TESTACC, ask, zlib_eal

NODE0, NODE1 = (f"sys/devices/system/node/node{node}/hugepages" for node in (0, 1))
SYS = f"sys/bus/pci/devices/{PF}"


@pytest.fixture
def root(tmp_path):
    return Root(tmp_path)


def examine(root, *options):
    result = run([TESTACC, "doctor", "--json", f"--root={root.path}", *options])
    assert not result.err, str(result)
    (line,) = result.json_lines()
    return result.rc, line["doctor"]


def only_cure(root):
    """The one thing that is to be cured."""
    rc, findings = examine(root)
    cures = [finding for finding in findings if finding["state"] == "cure"]
    assert rc == 1 and len(cures) == 1, findings
    return cures[0]


def find(root, check, subject=""):
    rc, findings = examine(root)
    assert rc == 0, findings
    return [row for row in findings if (row["check"], row["subject"]) == (check, subject)]


def test_all_is_well(root):
    rc, findings = examine(root)
    assert rc == 0 and {row["state"] for row in findings} == {"ok"}, findings
    assert {row["check"] for row in findings} == {
        "platform", "iommu", "vfio", "hugepages", "memlock", "device", "binding", "group",
        "function", "numa"}, findings
    assert not [row for row in findings if row["cure"] or not row["cause"]], findings


# What is broken, and then: check, subject, words of the cause, the command.
BROKEN = {
    "no iommu": (
        lambda root: root.remove("sys/kernel/iommu_groups"),
        "iommu", "", "off", "sed -i 's/^GRUB_CMDLINE_LINUX=\"/&iommu.passthrough=1 /' "
        "/etc/default/grub && update-grub"),
    "no vfio": (
        lambda root: (root.remove("sys/bus/pci/drivers/vfio-pci"), root.bind(PF, None),
                      root.bind(PF, "vfio-pci")),
        "vfio", "", "vfio-pci is not loaded", "modprobe -a vfio-pci vfio_iommu_type1"),
    "no vfio type": (
        lambda root: root.remove("sys/module/vfio_iommu_type1"),
        "vfio", "", "vfio_iommu_type1 is not loaded", "modprobe -a vfio-pci vfio_iommu_type1"),
    "no hugepages on its node": (
        lambda root: root.pages(NODE1, 2048, 0, 0),
        "hugepages", "node1", f"no hugepages are set aside, and {PF} is on this node",
        f"echo 512 > /{NODE1}/hugepages-2048kB/nr_hugepages"),
    "no hugepages": (
        lambda root: (root.pages(NODE1, 2048, 0, 0), root.remove(NODE0)),
        "hugepages", "node1", "no hugepages are set aside: a program does not start",
        f"echo 512 > /{NODE1}/hugepages-2048kB/nr_hugepages"),
    "all in use": (
        lambda root: root.pages(NODE1, 2048, 100, 0),
        "hugepages", "node1", f"all 200 MiB in hugepages are in use, and {PF} is on this node",
        f"echo 612 > /{NODE1}/hugepages-2048kB/nr_hugepages"),
    "large pages only": (
        lambda root: (root.remove(f"{NODE1}/hugepages-2048kB"),
                      root.pages(NODE1, 524288, 0, 0)),
        "hugepages", "node1", "no hugepages", f"echo 2 > /{NODE1}/hugepages-524288kB/nr_hugepages"),
    "no hugetlbfs": (
        lambda root: root.write("proc/mounts", "proc /proc proc rw 0 0"),
        "hugepages", "", "hugetlbfs is mounted nowhere",
        "mkdir -p /dev/hugepages && mount -t hugetlbfs hugetlbfs /dev/hugepages"),
    "memlock": (
        lambda root: root.limit(8 << 20),
        "memlock", "", "8192 KiB may be locked, 4194304 KiB are needed",
        f"prlimit --pid {os.getpid()} --memlock={4 << 30}"),
    "no hugetlbfs in a container": (
        lambda root: (root.write(".dockerenv", ""),
                      root.write("proc/mounts", "proc /proc proc rw 0 0")),
        "hugepages", "", "hugetlbfs is mounted nowhere",
        "docker run -v /dev/hugepages:/dev/hugepages ..."),
    "memlock in a container": (
        lambda root: (root.write("proc/1/environ", "A=b\0container=lxc\0"), root.limit(8 << 20)),
        "memlock", "", "8192 KiB may be locked, 4194304 KiB are needed",
        f"docker run --ulimit memlock={4 << 30} ..."),
    "unbound": (
        lambda root: root.bind(PF, None),
        "binding", PF, "bound to no driver", f"dpdk-devbind.py --bind=vfio-pci {PF}"),
    "kernel": (
        lambda root: root.bind(PF, "hisi_zip"),
        "binding", PF, "the kernel's hisi_zip has it", f"dpdk-devbind.py --bind=vfio-pci {PF}"),
    "uacce": (
        lambda root: (root.bind(PF, "hisi_zip"),
                      root.write(f"{SYS}/uacce/hisi_zip-0/available_instances", "250")),
        "binding", PF, "uacce (/dev/hisi_zip-0)", f"dpdk-devbind.py --bind=vfio-pci {PF}"),
    "shared group": (
        lambda root: root.function(OTHER, 0xa222, "hns3", "5", kind="0x020000"),
        "group", PF, f"shares group 5 with {OTHER}, which hns3 has",
        f"dpdk-devbind.py --bind=vfio-pci {OTHER}"),
    "no node": (
        lambda root: root.remove("dev/vfio/5"),
        "group", PF, "/dev/vfio/5 is not there", "modprobe -a vfio-pci && udevadm trigger"),
    "no node in a container": (
        lambda root: (root.write(".dockerenv", ""), root.remove("dev/vfio/5")),
        "group", PF, "/dev/vfio/5 is not there", "docker run --device=/dev/vfio/5 ..."),
    "no container": (
        lambda root: root.remove("dev/vfio/vfio"),
        "group", PF, "/dev/vfio/vfio is not there", "modprobe -a vfio-pci && udevadm trigger"),
    "no pf": (
        lambda root: root.add_vf(None),
        "function", VF, f"nobody drives its PF {PF}", f"dpdk-devbind.py --bind=hisi_zip {PF}"),
    "far CPUs": (
        lambda root: root.write("proc/self/status", "CapEff:\t0\nCpus_allowed_list:\t0-3,60-63"),
        "numa", PF, "on node 1 (CPUs 64-127), but this shell may use CPUs 0-3,60-63 only",
        f"taskset -apc 64-127 {os.getpid()}"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken(root, name):
    """One thing, one line of cause, one command; all else stays well."""
    damage, check, subject, words, cure = BROKEN[name]
    damage(root)
    found = only_cure(root)
    assert (found["check"], found["subject"], found["cure"]) == (check, subject, cure), found
    assert words in found["cause"] and "\n" not in found["cause"], found
    # The command is one that a shell takes.
    subprocess.run(["bash", "-n", "-c", found["cure"]], check=True)


def test_hugepages_of_one_node(root):
    """Set aside where the device is, as the guide has it: the other nodes need none."""
    root.pages(NODE0, 2048, 0, 0)
    (told,) = find(root, "hugepages", "node0")
    assert told["state"] == "note" and "lcores of a node that has some" in told["cause"], told
    root.pages(NODE0, 2048, 100, 0)
    assert "all 200 MiB" in find(root, "hugepages", "node0")[0]["cause"]


def allow(path, user):
    """As setfacl -m u:USER:rw does: an access control list, its entries are tag, rights and id."""
    anybody = 0xffffffff
    entries = [(1, 6, anybody), (2, 6, user), (4, 6, anybody), (16, 6, anybody), (32, 0, anybody)]
    os.setxattr(path, "system.posix_acl_access",
                struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *row) for row in entries))


def test_permission():
    """Of the user who asks, whoever owns the node; what doctor advises is a cure."""
    folder = Path(tempfile.mkdtemp(prefix="hisi-test."))
    try:
        root = Root(folder)
        folder.chmod(0o755)
        shutil.copy(TESTACC, folder / "dpdk-testacc")
        for name in ("vfio", "5"):
            (folder / "dev/vfio" / name).chmod(0o660)
        (folder / "dev/vfio/vfio").chmod(0o666)
        if os.geteuid() != 0:
            pytest.skip("another user needs root")
        argv = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                f"{folder}/dpdk-testacc", "doctor", f"--root={folder}"]
        libraries = folder / "lib"
        shutil.copytree(TESTACC.parents[2] / "drivers", libraries,
                        ignore=lambda where, names: [n for n in names if ".so" not in n])
        env = dict(os.environ, LD_LIBRARY_PATH=str(libraries))
        result = run(argv, env=env)
        assert result.rc == 1 and f"group      {PF}  /dev/vfio/5 may not be opened" in result.out, \
            str(result)
        assert "      # setfacl -m u:65534:rw /dev/vfio/5\n" in result.out, str(result)
        allow(root.path / "dev/vfio/5", 65534)
        assert run(argv, env=env).rc == 0
    finally:
        shutil.rmtree(folder)


def test_functions_of_a_pf(root):
    """The kernel's driver on a PF is right where it gives queues to VFs."""
    root.add_vf("hisi_zip")
    root.write("sys/module/hisi_zip/parameters/pf_q_num", "256")
    assert "gives queues to its 1 VF" in find(root, "binding", PF)[0]["cause"]
    assert "1 of 63 VFs" in find(root, "function", PF)[0]["cause"]
    root.write(f"{SYS}/sriov_totalvfs", "0")
    assert "can have no VFs" in find(root, "function", PF)[0]["cause"]
    assert "driven by the kernel's hisi_zip" in find(root, "function", VF)[0]["cause"]
    assert "keeps 256 queues" in find(root, "queues", PF)[0]["cause"]
    root.bind(PF, "vfio-pci")
    root.write("dev/vfio/5", "")
    assert f"-a {PF},vfs=N" in find(root, "function", VF)[0]["cause"]
    root.remove(f"sys/bus/pci/devices/{VF}/physfn")
    assert "its PF is not here" in find(root, "function", VF)[0]["cause"]


OWN_PIDS = ("proc/self/ns/pid", "pid:[4026532000]")
OVERLAY = "overlay / overlay rw,relatime 0 0\nnone /h hugetlbfs rw 0 0"


@pytest.mark.parametrize("files, hint", [
    ({".dockerenv": ""}, "(/.dockerenv)"),
    ({"run/.containerenv": "", "proc/1/environ": "A=b\0container=podman\0"},
     "(/run/.containerenv, container=podman of process 1)"),
    ({"proc/1/environ": "KUBERNETES_SERVICE_HOST=10.0.0.1\0"},
     "(KUBERNETES_SERVICE_HOST=10.0.0.1 of process 1)"),
    ({"proc/1/cgroup": "0::/kubepods/burstable/pod1"}, "(kubepods in /proc/1/cgroup)"),
    ({"proc/mounts": OVERLAY, "link": OWN_PIDS}, "(own process numbers on an overlay)"),
    # unshare -p, a service with PrivatePIDs; a live system; a variable of another name.
    ({"link": OWN_PIDS}, None),
    ({"proc/mounts": OVERLAY, "link": ("proc/self/ns/pid", "pid:[4026531836]")}, None),
    ({"proc/1/environ": "container_x=1\0xcontainer=2\0container=\0",
      "proc/1/cgroup": "0::/init.scope"}, None),
])
def test_container(root, files, hint):
    """What of it was seen is said."""
    for name, content in files.items():
        if name == "link":
            root.link(*content)
        else:
            root.write(name, content)
    found = find(root, "container")
    assert len(found) == (hint is not None), found
    assert hint is None or f"a container {hint}: devices" in found[0]["cause"], found


def test_notes(root):
    """What is to be known and not to be cured."""
    root.write("proc/42/comm", "dpdk-test")
    root.link("proc/42/fd/7", "/dev/vfio/5")
    assert "in use by process 42 (dpdk-test)" in find(root, "group", PF)[0]["cause"]
    # A process may call itself anything, and have a terminal with the number of the group.
    root.link("proc/41/fd/0", "/dev/pts/5")
    root.write("proc/42/comm", "a\x1b[2Jb")
    assert "in use by process 42 (a?[2Jb)" in find(root, "group", PF)[0]["cause"]
    root.write("proc/sys/kernel/arch", "x86_64")
    assert "the model runs anywhere" in find(root, "platform")[0]["cause"]
    root.write("run/.containerenv", "")
    root.write("proc/mounts", "sysfs /sys sysfs ro,nosuid 0 0\nnone /h hugetlbfs rw 0 0")
    assert "cures are for its host" in find(root, "container")[0]["cause"]
    root.write(f"{SYS}/numa_node", "-1")
    assert "does not tell its NUMA node" in find(root, "numa", PF)[0]["cause"]
    root.write("sys/module/vfio/parameters/enable_unsafe_noiommu_mode", "Y")
    root.write("dev/vfio/noiommu-0", "")
    assert "refuse devices in it" in find(root, "vfio")[1]["cause"]
    # Who may lock all memory needs no limit; a bridge in the group is nobody's.
    root.limit(0)
    root.write("proc/self/status", "CapEff:\t0000000000004000")
    root.function(OTHER, 1, "pcieport", "5", vendor=1, kind="0x060400")
    assert "may lock all memory" in find(root, "memlock")[0]["cause"]
    # A node of CPUs only has no hugepages to miss.
    root.pages(NODE1, 2048, 0, 0)
    root.write("sys/devices/system/node/node1/meminfo", "Node 1 MemTotal:       0 kB")
    assert not find(root, "hugepages", "node1")


def test_many(root):
    """A folder is read once for all of its entries: this would take minutes otherwise."""
    vfs = [f"0000:76:{number // 8:02x}.{number % 8}" for number in range(63)]
    for number, vf in enumerate(vfs):
        root.function(vf, 0xa251, "vfio-pci", str(100 + number), numa=1)
        root.function(vf.replace("0000:76", "0000:01"), 0x1234, None, None, vendor=1)
    for number in range(1000):
        root.link(f"proc/{50 + number % 20}/fd/{number}", f"/dev/pts/{number}")
    rc, findings = examine(root)
    assert rc == 0, findings
    for check in ("device", "binding", "group", "function", "numa"):
        told = [row["subject"] for row in findings if row["check"] == check]
        assert told == [PF, *vfs], check


def test_other_engines(root):
    root.function("0000:76:00.0", 0xa255, "vfio-pci", "7", numa=0)
    root.function("0000:79:00.0", 0xa259, "vfio-pci", "8", numa=0)
    assert find(root, "device", "0000:76:00.0")[0]["cause"] == "sec, a PF"
    assert find(root, "device", "0000:79:00.0")[0]["cause"] == "hpre, a VF"


def test_no_device(tmp_path):
    """Nothing at all: what the model needs, too, and nothing else, is to be cured."""
    rc, findings = examine(Root(tmp_path / "whole"))
    assert rc == 0
    empty = Root.__new__(Root)
    empty.path = tmp_path / "empty"
    empty.path.mkdir()
    rc, findings = examine(empty)
    assert rc == 1 and [row["cure"][:5] for row in findings if row["cure"]] == ["mkdir"], findings


def test_this_machine():
    """Whatever is wrong with it: the same by each way, and the exit status says it."""
    alone = run([TESTACC, "doctor"])
    last = alone.out.splitlines()[-1]
    assert alone.rc == (0 if last == "all is well" else 1) and not alone.err, str(alone)
    rows = [line for line in alone.out.splitlines()[:-1] if not line.startswith("      # ")]
    assert {line.split()[0] for line in rows} <= {"ok", "note", "cure"}, str(alone)
    assert len(rows) >= 6, str(alone)
    prompt = ask(zlib_eal(), "doctor")
    assert prompt.rc == alone.rc and prompt.out.splitlines()[0] == rows[0], str(prompt)


def test_usage():
    result = run([TESTACC, "doctor", "--help"])
    assert result.rc == 0 and "Exit status" in result.out, str(result)
    for wrong in ["--colour", "now", "--root"]:
        result = run([TESTACC, "doctor", wrong])
        assert result.rc == 2 and f"doctor '{wrong}': expected: " in result.err, str(result)
        assert result.err.count("\n") == 1 and not result.out, str(result)
    result = run([TESTACC, "doctor", "--root=/not/there"])
    assert result.rc == 2 and "/not/there: No such file" in result.err, str(result)
    assert not result.out, str(result)
